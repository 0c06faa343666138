//! The tables are dropped with their content, even by a process that is interrupted meanwhile.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use muticket_core::id::{TicketNumber, UserId};
use muticket_core::search::Search;
use muticket_core::storage::{FirstAnswerQuery, Reach, Storage, StorageError, Unit, View};
use muticket_core::viewer::Side;
use muticket_diesel::{ConnectError, DieselStorage};
use muticket_test_support::database;
use muticket_test_support::{Fault, TcpProxy};

use crate::sample::answered;

/// The number of tickets. Panics if one of them is incomplete.
async fn whole_tickets(url: &str) -> usize {
    let storage = DieselStorage::connect(url).await.expect("a start goes on where the last process was interrupted");
    let count = |unit: &mut dyn Unit| {
        let numbers = (1..=3).map(|number| TicketNumber::new(number).expect("a number"));
        let mut whole = 0;
        for number in numbers {
            if unit.tickets().find(number)?.is_none() {
                continue;
            }
            let answered = FirstAnswerQuery { author: UserId::new("sara"), wait: None, after: None, limit: 10 };
            let printers = View { search: Search::parse("printer"), ..View::of(Reach::All) };
            let belongings = [
                unit.first_answers().list(&answered)?.len(),
                usize::try_from(unit.overviews().count(&[printers])?[0]).expect("one"),
                unit.messages().list(number, None, 10)?.len(),
                unit.attachments().list(number)?.len(),
                unit.ratings().list(number)?.len(),
                unit.histories().list(number, Side::Desk, None)?.len(),
                usize::try_from(unit.outbox().count()?.waiting).expect("few letters"),
            ];
            assert_eq!(belongings, [1, 1, 2, 1, 1, 1, 1]);
            whole += 1;
        }
        Ok::<_, StorageError>(whole)
    };
    (&storage as &dyn Storage).run_read(count).await.expect("every table is there")
}

async fn fill(url: &str) {
    let storage = DieselStorage::connect(url).await.expect("a start goes on where the last process was interrupted");
    (&storage as &dyn Storage).run_write(answered).await.expect("every table is there, and empty");
}

fn statements(down: &'static str) -> impl Iterator<Item = &'static str> {
    down.split_inclusive(";\n").filter(|statement| statement.contains(';')).map(str::trim)
}

/// The `down` files of a folder, newest first.
macro_rules! downs {
    ($folder:literal) => {
        [
            include_str!(concat!("../../migrations/", $folder, "/0030_customer_letters/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/0027_letters_of_tickets/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/0026_checked_letters/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/0025_senders/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/0024_mailboxes/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/0023_undeliverable/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/0022_answered_letters/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/0021_incoming/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/0020_saved_labels/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/0019_customer_priority/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/0018_saved_views/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/0017_note_files/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/0016_list/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/0015_saved_answers/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/0014_labels/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/0013_open_pages/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/0012_team/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/0011_category_order/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/0010_site_address/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/0009_site_clock/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/0006_held_letters/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/0005_picture_settings/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/0003_first_answers/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/0002_words_and_marks/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/0001_tables/down.sql")),
        ]
    };
}

/// On a server that rolls back changes of tables, nothing happened. On one that commits each, the next launch finishes the revert. The
/// newer migrations are then filled again from the tickets, which are dropped with the oldest migration.
#[tokio::test(flavor = "multi_thread")]
async fn a_start_after_an_interruption_finds_all_or_nothing() {
    let postgres = (database::postgres(), downs!("postgres"), 1);
    let mysql = (database::mysql(), downs!("mysql"), 0);
    for (server, [newer @ .., first], kept) in [postgres, mysql] {
        let Some(server) = server else { continue };
        fill(server.url()).await;
        let newer = ["UPDATE", "DELETE"].into_iter().chain(newer.into_iter().flat_map(statements));
        let newer = newer.map(|statement| (statement, 1));
        for (statement, kept) in newer.chain(statements(first).map(|statement| (statement, kept))) {
            for fault in [Fault::CutBefore, Fault::CutAfter] {
                let proxy = TcpProxy::before(server.url()).await.unwrap();
                proxy.break_at(statement, fault);
                let reverted = DieselStorage::revert(proxy.url()).await;
                assert!(!proxy.waits_to_break(), "{statement} was never said");
                assert!(matches!(reverted, Err(ConnectError::Unreachable { .. })), "{statement}: {reverted:?}");
                assert_eq!(whole_tickets(server.url()).await, kept, "{statement} {fault:?}");
                DieselStorage::revert(server.url()).await.unwrap();
                fill(server.url()).await;
            }
        }
        assert_eq!(whole_tickets(server.url()).await, 1);
    }
}

/// Another revert finishes an interrupted one.
#[tokio::test(flavor = "multi_thread")]
async fn taking_back_goes_on_where_it_was_interrupted() {
    let postgres = (database::postgres(), "DROP TABLE muticket_message;");
    let mysql = (database::mysql(), "DROP TABLE IF EXISTS muticket_message;");
    for (server, statement) in [postgres, mysql] {
        let Some(server) = server else { continue };
        fill(server.url()).await;
        let proxy = TcpProxy::before(server.url()).await.unwrap();
        proxy.break_at(statement, Fault::CutAfter);
        DieselStorage::revert(proxy.url()).await.unwrap_err();
        DieselStorage::revert(server.url()).await.unwrap();
        let tables = format!("SELECT table_name FROM information_schema.tables WHERE table_schema = '{}'", server.name());
        assert_eq!(server.query(&tables), ["muticket_migration"]);
        assert_eq!(server.query("SELECT version FROM muticket_migration"), [""; 0]);
        fill(server.url()).await;
        assert_eq!(whole_tickets(server.url()).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_takes_back_all_or_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tickets.db").display().to_string();
    fill(&file).await;
    let all: Vec<_> = downs!("sqlite").into_iter().flat_map(statements).collect();
    for done in 0..=all.len() {
        let mut conn = SqliteConnection::establish(&file).unwrap();
        conn.batch_execute(&format!("BEGIN IMMEDIATE; {}", all[..done].concat())).unwrap();
        drop(conn);
        assert_eq!(whole_tickets(&file).await, 1, "after {done} statements");
    }
    DieselStorage::revert(&file).await.unwrap();
    assert_eq!(whole_tickets(&file).await, 0);
    fill(&file).await;
    assert_eq!(whole_tickets(&file).await, 1);
}
