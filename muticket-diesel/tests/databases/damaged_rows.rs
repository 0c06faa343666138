//! Rows with values that no version of MuTicket wrote. Lists leave them out and report them, and everything else works (P-28, P-33).

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use muticket_core::id::{AttachmentId, MessageNumber, NoteNumber, TicketNumber, UserId};
use muticket_core::storage::{
    Damage, FirstAnswerQuery, Order, OverviewQuery, RatedQuery, Reach, SortKey, Storage, StorageError, Unit, View,
};
use muticket_core::ticket::{Attachment, FileName};
use muticket_core::viewer::Side;
use muticket_diesel::DieselStorage;
use uuid::Uuid;

use crate::sample::{NOTE_FILES, answered, key, now};

/// Sara has answered three tickets. Each answer was rated, and announced in a letter.
fn fill(unit: &mut dyn Unit) -> Result<(), StorageError> {
    (0..3).try_for_each(|_| answered(unit))
}

/// The number of entries in each list.
#[derive(Debug, PartialEq)]
struct Lists {
    tickets: usize,
    messages: usize,
    histories: usize,
    ratings: usize,
    rated_answers: usize,
    first_answers: usize,
    scores: u64,
    letters: usize,
    damages: Vec<Damage>,
}

const SOUND: Lists = Lists {
    tickets: 3,
    messages: 2,
    histories: 1,
    ratings: 1,
    rated_answers: 3,
    first_answers: 3,
    scores: 3,
    letters: 3,
    damages: Vec::new(),
};

fn lists(unit: &mut dyn Unit) -> Result<Lists, StorageError> {
    let (author, two) = (UserId::new("sara"), TicketNumber::new(2).unwrap());
    let query =
        OverviewQuery { view: View::of(Reach::All), sort: SortKey::Activity, order: Order::Descending, after: None, limit: 20 };
    let rated = RatedQuery { author: author.clone(), score: None, period: None, after: None, limit: 20 };
    let first = FirstAnswerQuery { author: author.clone(), wait: None, after: None, limit: 20 };
    Ok(Lists {
        tickets: unit.overviews().list(&query)?.len(),
        messages: unit.messages().list(two, None, 20)?.len(),
        histories: unit.histories().list(two, Side::Desk, None)?.len(),
        ratings: unit.ratings().list(two)?.len(),
        rated_answers: unit.ratings().list_by_author(&rated)?.len(),
        first_answers: unit.first_answers().list(&first)?.len(),
        scores: unit.ratings().tally(&author)?.rated(),
        letters: unit.outbox().list_unsent(20)?.len(),
        damages: unit.damages().take_damages().into_iter().map(placeless).collect(),
    })
}

/// The damage without its place in lists.
fn placeless(damage: Damage) -> Damage {
    let mut damage = damage.at(None);
    damage.priority = None;
    damage
}

fn damage(table: &'static str, ticket: Option<i64>, message: Option<u32>) -> Damage {
    Damage::in_table(table).of_ticket(ticket.and_then(TicketNumber::new)).of_message(message.and_then(MessageNumber::new))
}

async fn read(storage: &DieselStorage) -> Lists {
    (storage as &dyn Storage).run_read(lists).await.unwrap()
}

async fn filled(address: &str) -> DieselStorage {
    let storage = DieselStorage::connect(address).await.unwrap();
    (&storage as &dyn Storage).run_write(fill).await.unwrap();
    assert_eq!(read(&storage).await, SOUND);
    storage
}

/// A column of SQLite accepts any value.
#[tokio::test]
async fn on_sqlite_one_damaged_row_takes_no_list_down() {
    let ticket = |lists| Lists { tickets: 2, damages: vec![damage("muticket_ticket", Some(2), None)], ..lists };
    let message = |lists| Lists { messages: 1, damages: vec![damage("muticket_message", Some(2), Some(2))], ..lists };
    let cases: [(&str, Lists); 13] = [
        ("UPDATE muticket_ticket SET state = 'odd' WHERE number = 2", ticket(SOUND)),
        ("UPDATE muticket_ticket SET state = x'00' WHERE number = 2", ticket(SOUND)),
        ("UPDATE muticket_ticket SET state = 'closed', turn = 'odd', last_role = 'odd' WHERE number = 2", ticket(SOUND)),
        ("UPDATE muticket_ticket SET last_activity_at = 'yesterday' WHERE number = 2", ticket(SOUND)),
        ("UPDATE muticket_ticket SET version = -1 WHERE number = 2", ticket(SOUND)),
        (
            "UPDATE muticket_ticket SET subject = '' WHERE number = 2",
            Lists {
                rated_answers: 2,
                first_answers: 2,
                damages: vec![damage("muticket_ticket", Some(2), None), damage("muticket_ticket", Some(2), Some(2))],
                ..ticket(SOUND)
            },
        ),
        ("UPDATE muticket_message SET role = 'odd' WHERE ticket = 2 AND number = 2", message(SOUND)),
        ("UPDATE muticket_message SET written_at = x'00' WHERE ticket = 2 AND number = 2", message(SOUND)),
        ("UPDATE muticket_message SET nonce = x'00' WHERE ticket = 2 AND number = 2", message(SOUND)),
        (
            "UPDATE muticket_history SET change = 'odd' WHERE ticket = 2",
            Lists { histories: 0, damages: vec![damage("muticket_history", Some(2), None)], ..SOUND },
        ),
        (
            "UPDATE muticket_rating SET score = 9 WHERE ticket = 2",
            Lists {
                ratings: 0,
                rated_answers: 2,
                scores: 2,
                damages: vec![damage("muticket_rating", None, None), damage("muticket_rating", Some(2), Some(2))],
                ..SOUND
            },
        ),
        (
            "UPDATE muticket_first_answer SET answered_at = 'yesterday' WHERE ticket = 2",
            Lists { first_answers: 2, damages: vec![damage("muticket_first_answer", Some(2), Some(2))], ..SOUND },
        ),
        (
            "UPDATE muticket_outbox SET created_at = 'yesterday' WHERE ticket = 2",
            Lists { letters: 2, damages: vec![damage("muticket_outbox", Some(2), Some(2))], ..SOUND },
        ),
    ];
    for (statement, expected) in cases {
        assert_lists(statement, expected).await;
    }
}

/// Checks the lists after a statement has damaged a row.
async fn assert_lists(statement: &str, mut expected: Lists) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tickets.db").to_str().unwrap().to_owned();
    let storage = filled(&format!("sqlite:{file}")).await;
    SqliteConnection::establish(&file).unwrap().batch_execute(statement).unwrap();
    let mut found = read(&storage).await;
    let by_debug = |damage: &Damage| format!("{damage:?}");
    found.damages.sort_by_key(by_debug);
    expected.damages.sort_by_key(by_debug);
    assert_eq!(found, expected, "{statement}");
}

/// A text column of SQLite accepts bytes that are not UTF-8. They damage their row alone.
#[tokio::test]
async fn on_sqlite_text_that_is_not_utf8_takes_no_list_down() {
    let lists = |table, column| match (table, column) {
        ("muticket_ticket", "subject") => {
            let damages = vec![damage(table, Some(2), None), damage(table, Some(2), Some(2))];
            Lists { tickets: 2, rated_answers: 2, first_answers: 2, damages, ..SOUND }
        }
        ("muticket_ticket", _) => Lists { tickets: 2, damages: vec![damage(table, Some(2), None)], ..SOUND },
        ("muticket_message", _) => Lists { messages: 1, damages: vec![damage(table, Some(2), Some(2))], ..SOUND },
        ("muticket_history", _) => Lists { histories: 0, damages: vec![damage(table, Some(2), None)], ..SOUND },
        _ => Lists { letters: 2, damages: vec![damage(table, Some(2), Some(2))], ..SOUND },
    };
    for (table, key, columns) in [
        ("muticket_ticket", "number = 2", &["customer", "subject", "category", "closed_by", "last_role"][..]),
        ("muticket_message", "ticket = 2 AND number = 2", &["author", "role", "body"]),
        ("muticket_history", "ticket = 2", &["by_user", "change"]),
        ("muticket_outbox", "ticket = 2", &["notice", "recipient", "detail"]),
    ] {
        for column in columns {
            for text in ["CAST(x'ff41' AS TEXT)", "x'41c3'"] {
                let statement = format!("UPDATE {table} SET {column} = {text} WHERE {key}");
                assert_lists(&statement, lists(table, column)).await;
            }
        }
    }
}

/// the bytes of a file whose row is damaged can still be deleted, as long as its key can be read.
#[tokio::test]
async fn a_damaged_file_keeps_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tickets.db").to_str().unwrap().to_owned();
    let storage = filled(&format!("sqlite:{file}")).await;
    let ticket = TicketNumber::new(1).unwrap();
    // The sample has one file, with the key 1.
    let attached = move |unit: &mut dyn Unit| {
        let file = |number: u128| {
            let (id, place) = (AttachmentId(Uuid::from_u128(number)), (ticket, MessageNumber::FIRST));
            Attachment::new(id, place, FileName::clean("a.txt"), key(number))
        };
        unit.attachments().insert(&[file(4), file(5)])
    };
    (&storage as &dyn Storage).run_write(attached).await.unwrap();
    SqliteConnection::establish(&file)
        .unwrap()
        .batch_execute(&format!(
            "UPDATE muticket_attachment SET name = x'ff' WHERE blob_key = '{}'; \
             UPDATE muticket_attachment SET blob_key = 'odd' WHERE blob_key = '{}'; \
             UPDATE muticket_note_file SET name = x'ff' WHERE ticket = 1",
            key(1).as_str(),
            key(4).as_str()
        ))
        .unwrap();
    let found = move |unit: &mut dyn Unit| {
        let keys = unit.attachments().keys(ticket)?;
        Ok::<_, StorageError>((keys, unit.damages().take_damages()))
    };
    let (mut keys, damages) = (&storage as &dyn Storage).run_read(found).await.unwrap();
    keys.sort();
    assert_eq!(keys, [key(1), key(5)]);
    assert_eq!(damages, [damage("muticket_attachment", Some(1), None)]);
    let found = move |unit: &mut dyn Unit| {
        let keys = unit.notes().file_keys(ticket, None)?;
        let listed = unit.notes().list_files(ticket, NoteNumber::FIRST, NoteNumber::FIRST)?;
        Ok::<_, StorageError>((keys, listed, unit.damages().take_damages()))
    };
    let (keys, listed, damages) = (&storage as &dyn Storage).run_read(found).await.unwrap();
    assert_eq!((keys, listed), (vec![key(NOTE_FILES + 1)], Vec::new()));
    assert_eq!(damages, [damage("muticket_note_file", Some(1), None)]);
}

/// P-23: a letter that cannot be read is marked as failed, and the others are sent.
#[tokio::test]
async fn a_damaged_letter_keeps_no_other_from_going() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tickets.db").to_str().unwrap().to_owned();
    let storage = filled(&format!("sqlite:{file}")).await;
    SqliteConnection::establish(&file)
        .unwrap()
        .batch_execute(
            "UPDATE muticket_outbox SET created_at = 'yesterday' WHERE ticket = 1; UPDATE muticket_outbox SET id = x'00' WHERE ticket = 2",
        )
        .unwrap();
    let claim = |unit: &mut dyn Unit| unit.outbox().claim(now(), now(), 20);
    let claimed = (&storage as &dyn Storage).run_write(claim).await.unwrap();
    assert_eq!(claimed.iter().filter_map(|letter| letter.ticket).map(TicketNumber::get).collect::<Vec<_>>(), [3]);
    let counts = (&storage as &dyn Storage).run_read(|unit| unit.outbox().count()).await.unwrap();
    assert_eq!((counts.failed, counts.waiting), (1, 2));
}

/// On servers a column has a type, and still accepts words that MuTicket does not know.
#[cfg(all(feature = "postgres", feature = "mysql"))]
#[tokio::test(flavor = "multi_thread")]
async fn on_a_server_one_damaged_row_takes_no_list_down() {
    use muticket_test_support::database;
    for server in [database::postgres(), database::mysql()].into_iter().flatten() {
        let storage = filled(server.url()).await;
        server.execute("UPDATE muticket_ticket SET last_role = 'odd' WHERE number = 2");
        server.execute("UPDATE muticket_message SET role = 'odd' WHERE ticket = 2 AND number = 2");
        let damages = vec![damage("muticket_ticket", Some(2), None), damage("muticket_message", Some(2), Some(2))];
        let expected = || Lists { tickets: 2, messages: 1, damages: damages.clone(), ..SOUND };
        assert_eq!(read(&storage).await, expected());
        // One word before, between and behind the two states.
        for state in ["", "odd", "zero"] {
            server.execute(&format!("UPDATE muticket_ticket SET state = '{state}' WHERE number = 2"));
            assert_eq!(read(&storage).await, expected(), "{state}");
        }
    }
}
