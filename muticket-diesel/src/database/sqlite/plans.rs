//! The query plans of SQLite: every statement uses an index, whatever the size of the tables.

mod labels;
mod lists;

use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use diesel::connection::{InstrumentationEvent, SimpleConnection as _};
use diesel::prelude::*;
use diesel::sql_types::Text;
use muticket_core::blob::{BlobKey, Digest};
use muticket_core::figures::{Period, Wait};
use muticket_core::id::{
    AttachmentId, IncomingId, LabelId, LetterId, MessageNumber, Nonce, NoteFileId, NoteNumber, SavedViewId, SupporterId, UserId,
};
use muticket_core::incoming::{Verdict, VerdictGroup};
use muticket_core::label::{Label, LabelColour, LabelName};
use muticket_core::mailbox::MailboxState;
use muticket_core::notification::LetterState;
use muticket_core::rating::Score;
use muticket_core::storage::{AnswerCursor, FirstAnswerQuery, Pulse, RatedQuery, Rollback, StorageError, Unit, Work};
use muticket_core::ticket::{Subject, UnnumberedTicket};
use muticket_core::viewer::Side;
use tempfile::TempDir;
use uuid::Uuid;

use super::Conn;
use super::file::DatabaseFile;
use crate::database::lists::{now, number};
use crate::retry::{Purpose, UnitOutcome};

/// The SQL of the statements that the work runs, with one line per step of their plans.
fn plans(work: fn(&mut dyn Unit) -> Result<(), StorageError>) -> Vec<(String, String)> {
    plans_after("", work)
}

/// The same for a database in which these statements ran first.
fn plans_after(first: &str, work: fn(&mut dyn Unit) -> Result<(), StorageError>) -> Vec<(String, String)> {
    Opened::after(first).plans(work)
}

/// A database of its own.
struct Opened {
    conn: Conn,
    _folder: TempDir,
}

impl Opened {
    fn after(first: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = DatabaseFile::at(&folder.path().join("tickets.db")).unwrap();
        let mut conn = file.migrated().unwrap();
        conn.batch_execute(first).unwrap();
        Self { conn, _folder: folder }
    }

    fn plans(
        &mut self,
        mut work: impl FnMut(&mut dyn Unit) -> Result<(), StorageError> + Send + 'static,
    ) -> Vec<(String, String)> {
        let conn = &mut self.conn;
        let statements = Arc::new(Mutex::new(Vec::new()));
        let seen = statements.clone();
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                let query = query.to_string();
                seen.lock().unwrap().push(query.split(" -- binds").next().unwrap().to_owned());
            }
        });
        let mut work: Work = Box::new(move |unit| work(unit).map_err(Rollback::Failed));
        let (UnitOutcome::Returned(result), _) = super::pool::run(conn, Purpose::Write, &mut work) else {
            panic!("the work panicked")
        };
        result.unwrap();
        conn.set_instrumentation(|_: InstrumentationEvent<'_>| ());
        let statements = std::mem::take(&mut *statements.lock().unwrap());
        let of_tables = statements.into_iter().filter(|sql| sql.contains("muticket_"));
        of_tables.flat_map(|sql| plan(conn, &sql).into_iter().map(move |step| (sql.clone(), step))).collect()
    }
}

fn plan(conn: &mut Conn, sql: &str) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = Text)]
        detail: String,
    }
    let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(conn).unwrap();
    steps.into_iter().map(|step| step.detail).collect()
}

/// Whether the step belongs to a count or to a list of several parts, and reads no table itself.
fn is_around(step: &str) -> bool {
    const AROUND: [&str; 14] = [
        "CO-ROUTINE",
        "SCAN counted",
        "SCAN part_",
        "SCAN assigned",
        "SCAN CONSTANT ROW",
        "SCALAR SUBQUERY",
        "LIST SUBQUERY",
        "CREATE BLOOM FILTER",
        "CORRELATED SCALAR SUBQUERY",
        "COMPOUND",
        "LEFT-MOST",
        "UNION ALL",
        "SETUP",
        "RECURSIVE STEP",
    ];
    AROUND.iter().any(|words| step.starts_with(words))
}

fn new_ticket(subject: &str) -> UnnumberedTicket {
    let subject = Subject::parse(subject).unwrap();
    UnnumberedTicket::new(UserId::new("anna"), subject, now())
}

fn label() -> Label {
    Label { id: LabelId(Uuid::nil()), name: LabelName::parse("VIP").unwrap(), colour: LabelColour::Red }
}

#[test]
fn no_statement_reads_a_whole_table_that_grows() {
    let plans = plans(|unit| {
        let (anna, uuid, place) = (UserId::new("anna"), Uuid::nil(), MessageNumber::FIRST);
        let key = BlobKey::from_stored(&"0".repeat(32)).unwrap();
        unit.tickets().find(number())?;
        unit.tickets().list_customers(&[number(), number()])?;
        unit.tickets().delete(number())?;
        unit.messages().find(number(), place)?;
        unit.messages().find_by_nonce(Nonce(uuid))?;
        unit.messages().list(number(), Some(place), 20)?;
        unit.messages().beginnings(&[(number(), place), (number(), MessageNumber::new(2).unwrap())])?;
        unit.attachments().find(AttachmentId(uuid))?;
        unit.attachments().list(number())?;
        unit.attachments().without_digest(Some(AttachmentId(uuid)), 20)?;
        unit.attachments().set_digest(AttachmentId(uuid), &Digest::of(b""))?;
        unit.notes().list(number(), place, place)?;
        unit.notes().list_files(number(), NoteNumber::FIRST, NoteNumber::FIRST)?;
        unit.notes().find_file(NoteFileId(uuid))?;
        unit.notes().file_keys(number(), None)?;
        unit.notes().file_keys(number(), Some(NoteNumber::FIRST))?;
        unit.notes().delete_files(&[NoteFileId(uuid), NoteFileId(uuid)])?;
        unit.notes().delete(number(), NoteNumber::FIRST)?;
        unit.ratings().find(number(), place)?;
        unit.ratings().list(number())?;
        unit.ratings().tally(&anna)?;
        unit.ratings().last_active(&anna, now())?;
        unit.histories().list(number(), Side::Desk, None)?;
        unit.overviews().count(&lists::views())?;
        unit.overviews().assignees()?;
        unit.marks().list(&UserId::new("anna"), &[number()])?;
        unit.labels().update(&label())?;
        unit.labels().take_off(number(), label().id)?;
        unit.labels().of(&[number()])?;
        unit.labels().count(&[label().id, label().id])?;
        unit.labels().delete(label().id)?;
        unit.supporters().find(SupporterId(uuid))?;
        unit.saved_views().find(SavedViewId(uuid))?;
        unit.saved_views().first(&anna)?;
        unit.saved_views().delete(SavedViewId(uuid))?;
        unit.outbox().claim(now(), now(), 20)?;
        unit.outbox().settle(LetterId(uuid), 1, &LetterState::Sent { at: now() })?;
        unit.outbox().came_back(LetterId(uuid), now(), "a")?;
        unit.outbox().retry(LetterId(uuid), now())?;
        unit.outbox().put_back(LetterId(uuid), 1, &LetterState::Held)?;
        unit.outbox().hold()?;
        unit.outbox().end_hold(&LetterState::Sent { at: now() })?;
        unit.outbox().held()?;
        unit.outbox().pulse()?;
        unit.outbox().set_pulse(&Pulse { beat: 1, at: now(), stopped: false })?;
        unit.outbox().next_due()?;
        unit.outbox().list_unsent(20)?;
        unit.outbox().delete_ended(now())?;
        unit.incoming().find(IncomingId(uuid))?;
        unit.incoming().find_by_digest(&Digest::of(b""))?;
        unit.incoming().claim(now(), now(), 20)?;
        unit.incoming().claim_one(IncomingId(uuid), 1, now())?;
        unit.incoming().taken(&UserId::new("anna"), Some(number()), (now(), now()), 20)?;
        unit.incoming().taken(&UserId::new("anna"), None, (now(), now()), 20)?;
        unit.incoming().told(&UserId::new("anna"), now(), 3)?;
        unit.incoming().bring_forward(Verdict::SupportOff, now())?;
        unit.incoming().told_supporters(number(), now())?;
        unit.incoming().next_due()?;
        for group in VerdictGroup::ALL {
            unit.incoming().list_recent(*group, None, 20)?;
            unit.incoming().list_recent(*group, Some((now(), IncomingId(uuid))), 20)?;
        }
        unit.incoming().count()?;
        unit.senders().find("a@x.example")?;
        unit.senders().delete("a@x.example")?;
        unit.incoming().list_messages(number(), place, place)?;
        unit.incoming().list_of_ticket(number(), Verdict::NotConfirmed, 20)?;
        unit.incoming().keys(number())?;
        unit.incoming().delete_useless(now(), 20)?;
        unit.incoming().delete_unknown(now(), 20)?;
        unit.mailboxes().find("imaps://mail.example/INBOX")?;
        unit.mailboxes().update(&MailboxState::new("imaps://mail.example/INBOX"))?;
        unit.orphans().insert(std::slice::from_ref(&key), now())?;
        unit.orphans().adopt(&key, now())?;
        unit.orphans().due(now(), 20)?;
        unit.orphans().delete(&[key])?;
        unit.secrets().find("csrf").map(drop)
    });
    for (sql, step) in plans {
        // The notes between some messages of one ticket are few.
        let sorts_notes = step == "USE TEMP B-TREE FOR ORDER BY" && sql.contains("FROM `muticket_note` WHERE");
        assert!(step.starts_with("SEARCH") || is_around(&step) || sorts_notes || sql.starts_with("INSERT"), "{step}\n{sql}");
    }
}

fn january() -> Period {
    Period { begins: now() - TimeDelta::days(31), ends: now() - TimeDelta::microseconds(1) }
}

fn february() -> Period {
    Period { begins: now(), ends: now() + TimeDelta::days(28) }
}

/// The answers of a supporter who has many are listed and counted from an index alone, except for the grouping of twelve months.
#[test]
fn figures_are_read_from_indexes_alone() {
    let plans = plans(|unit| {
        let anna = UserId::new("anna");
        unit.ratings().tally(&anna)?;
        unit.ratings().last_active(&anna, now())?;
        unit.ratings().tally_periods(&anna, &[january(), february()])?;
        unit.first_answers().tally(&anna, now()).map(drop)
    });
    for (sql, step) in plans {
        let is_grouping = step == "USE TEMP B-TREE FOR GROUP BY" || is_around(&step);
        assert!(step.contains("USING COVERING INDEX") || is_grouping, "{step}\n{sql}");
    }
}

#[test]
fn lists_of_answers_follow_an_index_from_the_cursor_on() {
    let plans = plans(|unit| {
        let author = UserId::new("anna");
        let cursor = AnswerCursor { at: now(), ticket: number(), message: MessageNumber::FIRST };
        for after in [None, Some(cursor)] {
            for (score, period) in
                [(None, None), (Score::new(5), None), (None, Some(january())), (Score::new(5), Some(january()))]
            {
                unit.ratings().list_by_author(&RatedQuery { author: author.clone(), score, period, after, limit: 20 })?;
            }
            for wait in [None, Some(Wait::Day)] {
                unit.first_answers().list(&FirstAnswerQuery { author: author.clone(), wait, after, limit: 20 })?;
            }
        }
        Ok(())
    });
    for (sql, step) in plans {
        // The rows of one range of waits are found by the wait and then sorted. They are few where it matters, for the longest waits.
        let is_sorted_later = step == "USE TEMP B-TREE FOR ORDER BY" && sql.contains("`seconds` BETWEEN");
        assert!(step.starts_with("SEARCH") || is_sorted_later, "{step}\n{sql}");
    }
}

#[test]
fn letters_are_counted_in_an_index() {
    for (sql, step) in plans(|unit| unit.outbox().count().map(drop)) {
        assert_eq!(step, "SCAN muticket_outbox USING COVERING INDEX muticket_outbox_state", "{sql}");
    }
}

/// M-03: strangers can send any number of letters for a ticket. The wanted ones are found in an index that begins with the ticket.
#[test]
fn letters_of_a_ticket_are_found_by_message_and_by_verdict() {
    let by_verdict = plans(|unit| unit.incoming().list_of_ticket(number(), Verdict::NotConfirmed, 20).map(drop));
    let by_message = plans(|unit| unit.incoming().list_messages(number(), MessageNumber::FIRST, MessageNumber::FIRST).map(drop));
    assert_eq!((by_verdict.len(), by_message.len()), (1, 1));
    let told = plans(|unit| unit.incoming().told_supporters(number(), now()).map(drop));
    assert!(!told.is_empty());
    for (sql, step) in told {
        assert!(step.contains("USING INDEX muticket_incoming_told (writer=?"), "{step}\n{sql}");
    }
    let with = |name, plans: Vec<_>| plans.into_iter().map(move |plan| (name, plan)).collect::<Vec<_>>();
    for (name, (sql, step)) in [with("of_ticket", by_verdict), with("message", by_message)].concat() {
        assert!(step.contains(&format!("USING INDEX muticket_incoming_{name} (ticket=?")), "{step}\n{sql}");
    }
}
