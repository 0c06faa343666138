//! The query plans of SQLite: every statement uses an index, whatever the size of the tables.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use diesel::connection::{InstrumentationEvent, SimpleConnection as _};
use diesel::prelude::*;
use diesel::sql_types::Text;
use muticket_core::blob::{BlobKey, Digest};
use muticket_core::figures::{Period, Wait};
use muticket_core::id::{AttachmentId, CategoryId, LabelId, LetterId, MessageNumber, Nonce, SupporterId, TicketNumber, UserId};
use muticket_core::label::{Label, LabelColour, LabelName};
use muticket_core::notification::LetterState;
use muticket_core::rating::Score;
use muticket_core::search::Search;
use muticket_core::storage::{
    Among, AnswerCursor, Cursor, FirstAnswerQuery, Order, OverviewQuery, Pulse, RatedQuery, Reach, Rollback, SortKey,
    StateFilter, StorageError, Unit, View, WaitingFilter, Work,
};
use muticket_core::ticket::{Subject, UnnumberedTicket, Waiting};
use muticket_core::viewer::Side;
use uuid::Uuid;

use super::Conn;
use super::file::DatabaseFile;
use crate::retry::{Purpose, UnitOutcome};

/// The SQL of the statements that the work runs, with one line per step of their plans.
fn plans(work: fn(&mut dyn Unit) -> Result<(), StorageError>) -> Vec<(String, String)> {
    plans_after("", work)
}

/// The same for a database in which these statements ran first.
fn plans_after(first: &str, work: fn(&mut dyn Unit) -> Result<(), StorageError>) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let file = DatabaseFile::at(&folder.path().join("tickets.db")).unwrap();
    let mut conn = file.migrated().unwrap();
    conn.batch_execute(first).unwrap();

    let statements = Arc::new(Mutex::new(Vec::new()));
    let seen = statements.clone();
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let query = query.to_string();
            seen.lock().unwrap().push(query.split(" -- binds").next().unwrap().to_owned());
        }
    });
    let mut work: Work = Box::new(move |unit| work(unit).map_err(Rollback::Failed));
    let (UnitOutcome::Returned(result), _) = super::pool::run(&mut conn, Purpose::Write, &mut work) else {
        panic!("the work panicked")
    };
    result.unwrap();
    conn.set_instrumentation(|_: InstrumentationEvent<'_>| ());

    let statements = std::mem::take(&mut *statements.lock().unwrap());
    let of_tables = statements.into_iter().filter(|sql| sql.contains("muticket_"));
    of_tables.flat_map(|sql| plan(&mut conn, &sql).into_iter().map(move |step| (sql.clone(), step))).collect()
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

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn new_ticket(subject: &str) -> UnnumberedTicket {
    let subject = Subject::parse(subject).unwrap();
    UnnumberedTicket::new(UserId::new("anna"), subject, now())
}

fn label() -> Label {
    Label { id: LabelId(Uuid::nil()), name: LabelName::parse("VIP").unwrap(), colour: LabelColour::Red }
}

fn number() -> TicketNumber {
    TicketNumber::new(7).unwrap()
}

/// The whole list, that of a customer, of a category, and of what waits for an answer.
fn views() -> [View; 4] {
    let all = || View::of(Reach::All);
    let categories = Among::In(BTreeSet::from([CategoryId::new("b")]));
    [
        all(),
        View::of(Reach::Own(UserId::new("anna"))),
        View { categories, ..all() },
        View { state: StateFilter::Open, waiting: WaitingFilter::For(Waiting::New), ..all() },
    ]
}

fn query(view: View, sort: SortKey, order: Order) -> OverviewQuery {
    OverviewQuery { view, sort, order, after: None, limit: 20 }
}

/// Whether the statement looks for tickets of an unknown state, which the list of all tickets does first.
fn looks_for_unknown_states((sql, _): &(String, String)) -> bool {
    sql.contains("min(`muticket_ticket`.`state`)")
}

#[test]
fn to_look_for_unknown_states_reads_only_the_ends_of_an_index() {
    let plans = plans(|unit| unit.overviews().list(&query(View::of(Reach::All), SortKey::Activity, Order::Descending)).map(drop));
    let steps: Vec<_> = plans.iter().filter(|plan| looks_for_unknown_states(plan)).map(|(_, step)| step).collect();
    let (reads, around): (Vec<_>, Vec<_>) = steps.into_iter().partition(|step| step.contains("muticket_ticket"));
    assert!(
        reads.len() == 3 && reads.iter().all(|step| step.starts_with("SEARCH muticket_ticket USING COVERING INDEX")),
        "{reads:?}"
    );
    assert!(around.iter().all(|step| is_around(step)), "{around:?}");
}

#[test]
fn a_ticket_of_an_unknown_state_does_not_make_lists_by_activity_read_all_tickets() {
    const ODD: &str = "INSERT INTO muticket_ticket \
        (customer, subject, state, turn, last_message, answers, last_role, opened_at, last_activity_at, version) \
        VALUES ('anna', 'Ticket', 'odd', 'new', 1, 0, 'customer', '2026-01-15 08:00:00', '2026-01-15 08:00:00', 1)";
    let plans = plans_after(ODD, |unit| {
        for view in views() {
            for order in [Order::Descending, Order::Ascending] {
                unit.overviews().list(&query(view.clone(), SortKey::Activity, order))?;
            }
        }
        Ok(())
    });
    let of_ranges = |(sql, _): &&(String, String)| sql.contains("`state` <") || sql.contains("`state` >");
    let steps: Vec<_> = plans.iter().filter(of_ranges).filter(|plan| !looks_for_unknown_states(plan)).collect();
    assert!(steps.len() >= 18, "{steps:#?}");
    for (sql, step) in steps {
        assert!(step.starts_with("SEARCH muticket_ticket") || step == "USE TEMP B-TREE FOR ORDER BY", "{step}\n{sql}");
    }
}

#[test]
fn lists_by_activity_follow_an_index_from_the_cursor_on() {
    let plans = plans(|unit| {
        for view in views() {
            for order in [Order::Descending, Order::Ascending] {
                let first = query(view.clone(), SortKey::Activity, order);
                unit.overviews().list(&first)?;
                let after = Some(Cursor { activity: now(), number: number() });
                unit.overviews().list(&OverviewQuery { after, ..first })?;
            }
        }
        Ok(())
    });
    for (sql, step) in plans.into_iter().filter(|plan| !looks_for_unknown_states(plan)) {
        assert!(step.starts_with("SEARCH muticket_ticket USING INDEX") && !step.contains("TEMP B-TREE"), "{step}\n{sql}");
        assert_eq!(sql.contains("<=") || sql.contains(">="), step.contains("last_activity_at"), "{step}\n{sql}");
    }
}

#[test]
fn lists_by_number_find_their_tickets_by_an_index() {
    let plans = plans(|unit| {
        for view in views() {
            unit.overviews().list(&query(view, SortKey::Number, Order::Descending))?;
        }
        Ok(())
    });
    for (sql, step) in plans.into_iter().filter(|plan| !looks_for_unknown_states(plan)) {
        let is_sorted_later = step == "USE TEMP B-TREE FOR ORDER BY";
        assert!(step.starts_with("SEARCH muticket_ticket") || is_sorted_later, "{step}\n{sql}");
        // The list of all tickets is the largest.
        assert!(
            sql.contains("customer` =") || sql.contains("category` =") || sql.contains("turn` =") || !is_sorted_later,
            "{step}\n{sql}"
        );
    }
}

/// Everything that a search can be used for: lists in every order, from the first page and from a cursor, and counts.
fn look_for(unit: &mut dyn Unit, typed: &str) -> Result<(), StorageError> {
    let search = Search::parse(typed);
    for view in views() {
        let view = View { search: search.clone(), ..view };
        for (sort, order) in [(SortKey::Activity, Order::Descending), (SortKey::Number, Order::Ascending)] {
            let first = query(view.clone(), sort, order);
            unit.overviews().list(&first)?;
            let after = Some(Cursor { activity: now(), number: number() });
            unit.overviews().list(&OverviewQuery { after, ..first })?;
        }
        let tab = |state| View { state, ..view.clone() };
        unit.overviews().count(&[tab(StateFilter::Open), tab(StateFilter::Closed)])?;
    }
    Ok(())
}

/// Tickets with so many words beginning with an `a` that this beginning is common, and one ticket with a rare word.
fn with_words(unit: &mut dyn Unit) -> Result<(), StorageError> {
    for number in 0..65_u32 {
        let words = (0..80).filter_map(|word| char::from_u32(0xac00 + number * 80 + word));
        let subject = words.map(|word| format!("a{word}")).collect::<Vec<_>>().join(" ");
        unit.tickets().insert(&new_ticket(&subject))?;
    }
    unit.tickets().insert(&new_ticket("The printer is silent")).map(drop)
}

#[test]
fn a_rare_word_leads_to_its_tickets() {
    let plans = plans(|unit| {
        with_words(unit)?;
        for typed in ["print", "print a", "#7"] {
            look_for(unit, typed)?;
        }
        Ok(())
    });
    let mut by_word = 0;
    let of_tickets = |(sql, _): &&(String, String)| sql.contains("FROM `muticket_ticket`");
    for (sql, step) in plans.iter().filter(of_tickets).filter(|plan| !looks_for_unknown_states(plan)) {
        let by_customer = sql.contains("`customer` =") && step.contains("muticket_ticket_of_customer (customer=?)");
        let whole = step.starts_with("SCAN muticket_ticket") || step.contains("INDEX muticket_ticket_all");
        assert!(!whole && (by_customer || !step.contains("muticket_ticket USING INDEX")), "{step}\n{sql}");
        by_word += usize::from(step.starts_with("SEARCH muticket_ticket USING INTEGER PRIMARY KEY"));
    }
    assert!(by_word > 20, "{by_word}");
}

/// Whether the step belongs to a count and reads no table itself.
fn is_around(step: &str) -> bool {
    ["CO-ROUTINE", "SCAN counted", "SCAN CONSTANT ROW", "SCALAR SUBQUERY", "COMPOUND", "LEFT-MOST", "UNION ALL"]
        .iter()
        .any(|words| step.starts_with(words))
}

#[test]
fn a_common_word_is_looked_for_in_the_order_of_the_list() {
    let plans = plans(|unit| {
        with_words(unit)?;
        look_for(unit, "a")
    });
    let is_of_tickets = |(sql, _): &&(String, String)| sql.contains("FROM `muticket_ticket`");
    let (follows, probes): (Vec<_>, Vec<_>) =
        plans.iter().filter(is_of_tickets).partition(|(_, step)| step.contains("muticket_ticket USING"));
    assert!(
        follows.len() > 20 && follows.iter().all(|(_, step)| step.starts_with("SEARCH muticket_ticket USING")),
        "{follows:#?}"
    );
    for (sql, step) in probes {
        let is_probe = step.contains("muticket_subject_word_ticket (ticket=? AND word>? AND word<?)");
        let is_sorted_later = step == "USE TEMP B-TREE FOR ORDER BY" && !sql.contains("last_activity_at` DESC");
        assert!(is_probe || is_sorted_later || is_around(step) || step.starts_with("CORRELATED"), "{step}\n{sql}");
    }
}

#[test]
fn no_statement_reads_a_whole_table_that_grows() {
    let plans = plans(|unit| {
        let (anna, uuid, place) = (UserId::new("anna"), Uuid::nil(), MessageNumber::FIRST);
        let key = BlobKey::from_stored(&"0".repeat(32)).unwrap();
        unit.tickets().find(number())?;
        unit.tickets().delete(number())?;
        unit.messages().find(number(), place)?;
        unit.messages().find_by_nonce(Nonce(uuid))?;
        unit.messages().list(number(), Some(place), 20)?;
        unit.attachments().find(AttachmentId(uuid))?;
        unit.attachments().list(number())?;
        unit.attachments().without_digest(Some(AttachmentId(uuid)), 20)?;
        unit.attachments().set_digest(AttachmentId(uuid), &Digest::of(b""))?;
        unit.ratings().find(number(), place)?;
        unit.ratings().list(number())?;
        unit.ratings().tally(&anna)?;
        unit.ratings().last_active(&anna, now())?;
        unit.histories().list(number(), Side::Desk, None)?;
        unit.overviews().count(&views())?;
        unit.marks().list(&UserId::new("anna"), &[number()])?;
        unit.labels().update(&label())?;
        unit.labels().take_off(number(), label().id)?;
        unit.labels().of(&[number()])?;
        unit.labels().count(&[label().id, label().id])?;
        unit.labels().delete(label().id)?;
        unit.supporters().find(SupporterId(uuid))?;
        unit.outbox().claim(now(), now(), 20)?;
        unit.outbox().settle(LetterId(uuid), 1, &LetterState::Sent { at: now() })?;
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
        unit.orphans().insert(std::slice::from_ref(&key), now())?;
        unit.orphans().adopt(&key, now())?;
        unit.orphans().due(now(), 20)?;
        unit.orphans().delete(&[key])?;
        unit.secrets().find("csrf").map(drop)
    });
    for (sql, step) in plans {
        assert!(step.starts_with("SEARCH") || is_around(&step) || sql.starts_with("INSERT"), "{step}\n{sql}");
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
fn the_next_ticket_is_the_first_of_two_indexes() {
    fn some() -> BTreeSet<CategoryId> {
        BTreeSet::from(["a", "b"].map(CategoryId::new))
    }
    let plans = plans(|unit| {
        for categories in [Among::All, Among::In(some()), Among::Outside(some())] {
            for after in [None, Some(Cursor { activity: now(), number: number() })] {
                let view = View { except: Some(UserId::new("sara")), categories: categories.clone(), ..View::of(Reach::All) };
                let view = View { waiting: WaitingFilter::ForSupporters, state: StateFilter::Open, ..view };
                let (sort, order) = (SortKey::Activity, Order::Ascending);
                unit.overviews().list(&OverviewQuery { view, sort, order, after, limit: 1 })?;
            }
        }
        Ok(())
    });
    let found: Vec<_> = plans.iter().filter(|(_, step)| step.contains("muticket_ticket")).collect();
    assert_eq!(found.len(), 12, "{plans:#?}");
    for (sql, step) in found {
        assert!(
            step.starts_with("SEARCH muticket_ticket USING INDEX muticket_ticket_waiting (state=? AND turn=?"),
            "{step}\n{sql}"
        );
    }
}

#[test]
fn letters_are_counted_in_an_index() {
    for (sql, step) in plans(|unit| unit.outbox().count().map(drop)) {
        assert_eq!(step, "SCAN muticket_outbox USING COVERING INDEX muticket_outbox_state", "{sql}");
    }
}
