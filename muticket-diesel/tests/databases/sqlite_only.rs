//! What only SQLite does: files, tables, other processes.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use muticket_core::history::{Change, HistoryEntry};
use muticket_core::id::{CategoryId, LetterId, MessageNumber, SupporterId, TicketNumber, UserId};
use muticket_core::storage::{Storage, StorageError, StorageFault, Unit};
use muticket_core::supporter::Supporter;
use muticket_diesel::{ConnectError, DieselStorage};
use tempfile::TempDir;
use uuid::Uuid;

use crate::sample::{letter, now, opened};

struct Site {
    folder: TempDir,
}

impl Site {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self) -> String {
        self.folder.path().join("tickets.db").to_str().unwrap().to_owned()
    }

    async fn open(&self) -> Result<DieselStorage, ConnectError> {
        DieselStorage::connect(&format!("sqlite:{}", self.file())).await
    }

    /// A connection without MuTicket.
    fn raw(&self) -> SqliteConnection {
        SqliteConnection::establish(&self.file()).unwrap()
    }
}

async fn write<T: Send + 'static>(
    storage: &dyn Storage,
    work: impl FnMut(&mut dyn Unit) -> Result<T, StorageError> + Send + 'static,
) -> T {
    storage.run_write(work).await.unwrap()
}

async fn find(storage: &dyn Storage, number: TicketNumber) -> Result<Option<muticket_core::ticket::Ticket>, StorageError> {
    storage.run_read(move |unit| unit.tickets().find(number)).await
}

/// Opens a ticket with its first message, its history and two letters.
fn open_ticket(unit: &mut dyn Unit, letters: [u128; 2]) -> Result<TicketNumber, StorageError> {
    let ticket = opened(unit)?;
    unit.histories().insert(&HistoryEntry { ticket, version: 1, at: now(), by: UserId::new("anna"), change: Change::Opened })?;
    unit.outbox().insert(&letters.map(|id| letter(id, ticket, MessageNumber::FIRST, "sara")))?;
    Ok(ticket)
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

fn tables(conn: &mut SqliteConnection) -> Vec<String> {
    let names: Vec<Name> =
        diesel::sql_query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").load(conn).unwrap();
    names.into_iter().map(|row| row.name).collect()
}

#[tokio::test]
async fn what_was_stored_is_there_after_opening_again() {
    let site = Site::new();
    let storage = site.open().await.unwrap();
    let number = write(&storage, |unit| open_ticket(unit, [1, 2])).await;
    drop(storage);
    let storage = site.open().await.unwrap();
    assert!(find(&storage, number).await.unwrap().is_some());
}

#[tokio::test]
async fn all_tables_are_ours_by_name_and_the_hosts_are_left_alone() {
    let site = Site::new();
    site.raw().batch_execute("CREATE TABLE user (id INTEGER); CREATE TABLE __diesel_schema_migrations (version TEXT);").unwrap();
    site.open().await.unwrap();
    let mut tables = tables(&mut site.raw());
    tables.retain(|name| !name.starts_with("muticket_"));
    assert_eq!(tables, ["user", "__diesel_schema_migrations"]);
    let recorded: Count =
        diesel::sql_query("SELECT count(*) AS count FROM __diesel_schema_migrations").get_result(&mut site.raw()).unwrap();
    assert_eq!(recorded.count, 0);
}

#[tokio::test]
async fn the_migrations_can_be_undone() {
    let site = Site::new();
    drop(site.open().await.unwrap());
    DieselStorage::revert(&format!("sqlite:{}", site.file())).await.unwrap();
    assert_eq!(tables(&mut site.raw()), ["muticket_migration"]);
}

#[tokio::test]
async fn tables_of_a_newer_version_are_refused() {
    let site = Site::new();
    drop(site.open().await.unwrap());
    site.raw().batch_execute("INSERT INTO muticket_migration VALUES ('9999')").unwrap();
    let error = site.open().await.unwrap_err();
    assert_eq!(error.fault(), StorageFault::SchemaTooNew);
    assert!(error.to_string().contains("9999"), "{error}");
}

#[tokio::test]
async fn a_file_that_is_something_else_is_refused_and_not_touched() {
    let site = Site::new();
    let text = "Dear diary, ".repeat(100);
    std::fs::write(site.file(), &text).unwrap();
    assert!(matches!(site.open().await, Err(ConnectError::NotADatabase(_))));
    assert_eq!(std::fs::read_to_string(site.file()).unwrap(), text);
}

#[tokio::test]
async fn a_missing_folder_is_named() {
    let error = DieselStorage::connect("sqlite:///no/such/folder/tickets.db").await.unwrap_err();
    assert!(matches!(&error, ConnectError::NoFolder(folder) if folder == Path::new("/no/such/folder")));
    assert!(error.to_string().contains("/no/such/folder"), "{error}");
}

#[tokio::test]
async fn a_folder_is_no_database() {
    let site = Site::new();
    std::fs::create_dir(site.file()).unwrap();
    assert!(matches!(site.open().await, Err(ConnectError::NotWritable { .. })));
}

#[tokio::test]
async fn other_addresses_are_refused_without_showing_a_password() {
    let error = DieselStorage::connect("oracle://desk:s3cret@db.example/tickets").await.unwrap_err();
    assert!(matches!(error, ConnectError::UnknownAddress(_)));
    assert!(!error.to_string().contains("s3cret"), "{error}");
    for memory in ["sqlite::memory:", ":memory:", "sqlite:", "sqlite://"] {
        assert!(matches!(DieselStorage::connect(memory).await, Err(ConnectError::InMemory)), "{memory}");
    }
}

#[tokio::test]
async fn an_address_without_its_slashes_is_no_path() {
    for address in ["postgres:desk:s3cret@db.example/tickets", "mariadb:/desk:s3cret@db.example/t", "desk:s3cret@db.example/t"] {
        let error = DieselStorage::connect(address).await.unwrap_err();
        assert!(matches!(error, ConnectError::WrongAddress { .. } | ConnectError::UnknownAddress(_)), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
    }
}

#[tokio::test]
async fn options_behind_a_file_are_refused_and_no_part_of_its_name() {
    let site = Site::new();
    for address in [format!("sqlite:{}?mode=rwc", site.file()), format!("sqlite://{}?mode=rwc", site.file())] {
        let error = DieselStorage::connect(&address).await.unwrap_err();
        assert!(matches!(error, ConnectError::WrongAddress { .. }), "{error:?}");
        assert!(error.to_string().contains(&site.file()) && error.to_string().contains("leave out `?`"), "{error}");
    }
    assert_eq!(std::fs::read_dir(site.folder.path()).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn processes_may_start_at_once() {
    let site = Arc::new(Site::new());
    let starts: Vec<_> = (0..8)
        .map(|_| {
            let site = site.clone();
            tokio::spawn(async move { site.open().await.map(drop) })
        })
        .collect();
    for start in starts {
        start.await.unwrap().unwrap();
    }
}

/// Another process creates the tables or changes large ones, which takes longer than any unit would wait.
#[tokio::test(flavor = "multi_thread")]
async fn a_start_waits_for_a_process_that_changes_the_tables() {
    let site = Site::new();
    let mut other = site.raw();
    other.batch_execute("PRAGMA journal_mode = WAL; BEGIN IMMEDIATE; CREATE TABLE host_order (id INTEGER)").unwrap();
    let url = site.file();
    let start = tokio::spawn(async move { DieselStorage::connect(&url).await });
    tokio::time::sleep(Duration::from_secs(8)).await;
    assert!(!start.is_finished());
    other.batch_execute("COMMIT").unwrap();
    start.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_lose_nothing() {
    const TIMES: u128 = 100;
    let site = Site::new();
    let mut writers = Vec::new();
    for process in 0..2 {
        let storage = site.open().await.unwrap();
        writers.push(tokio::spawn(async move {
            for round in 0..TIMES {
                let id = (process * TIMES + round) * 2;
                write(&storage, move |unit| open_ticket(unit, [id, id + 1])).await;
            }
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let tickets: Count = diesel::sql_query("SELECT count(*) AS count FROM muticket_ticket").get_result(&mut site.raw()).unwrap();
    assert_eq!(tickets.count, 200);
}

#[tokio::test]
async fn a_deleted_ticket_leaves_no_row_in_any_table() {
    let site = Site::new();
    let storage = site.open().await.unwrap();
    // Some tables have a row from the start.
    let before = rows(&site);
    let number = write(&storage, |unit| open_ticket(unit, [1, 2])).await;
    assert!(
        rows(&site).iter().zip(&before).filter(|(now, before)| now != before).count() > 3,
        "the ticket has rows in its tables"
    );
    write(&storage, move |unit| unit.tickets().delete(number)).await;
    assert_eq!(rows(&site), before);
}

/// The number of rows in each table.
fn rows(site: &Site) -> Vec<(String, i64)> {
    let mut conn = site.raw();
    let count = |table: String| {
        let rows: Count = diesel::sql_query(format!("SELECT count(*) AS count FROM {table}")).get_result(&mut conn).unwrap();
        (table, rows.count)
    };
    let tables = tables(&mut site.raw());
    tables.into_iter().map(count).collect()
}

#[tokio::test]
async fn a_value_that_cannot_be_is_named() {
    let site = Site::new();
    let storage = site.open().await.unwrap();
    let number = write(&storage, |unit| open_ticket(unit, [1, 2])).await;
    for (column, value) in [("state", "'odd'"), ("subject", "'a' || char(10)"), ("version", "-1"), ("opened_at", "'yesterday'")] {
        let mut conn = site.raw();
        conn.batch_execute("CREATE TABLE IF NOT EXISTS kept AS SELECT * FROM muticket_ticket").unwrap();
        conn.batch_execute(&format!("UPDATE muticket_ticket SET {column} = {value}")).unwrap();
        let result = find(&storage, number).await;
        let Err(StorageError::Corrupt { table, .. }) = result else { panic!("{column}: {result:?}") };
        assert_eq!(table, "muticket_ticket");
        conn.batch_execute(&format!("UPDATE muticket_ticket SET {column} = (SELECT {column} FROM kept)")).unwrap();
    }
    assert!(find(&storage, number).await.unwrap().is_some());
}

#[tokio::test]
async fn a_letter_that_cannot_be_read_keeps_no_other_from_going() {
    let site = Site::new();
    let storage = site.open().await.unwrap();
    let now = DateTime::from_timestamp(1_900_000_000, 0).unwrap();
    for (round, change) in (1_u128..).zip(["notice = 'odd'", "attempts = -1", "state = 'odd'"]) {
        let (odd, good) = (2 * round, 2 * round + 1);
        write(&storage, move |unit| open_ticket(unit, [odd, good])).await;
        let spoil = format!("UPDATE muticket_outbox SET {change} WHERE id = x'{odd:032x}'");
        site.raw().batch_execute(&spoil).unwrap();
        let claimed = write(&storage, move |unit| unit.outbox().claim(now, now + chrono::TimeDelta::days(1), 20)).await;
        assert_eq!(claimed.iter().map(|letter| letter.id).collect::<Vec<_>>(), [LetterId(Uuid::from_u128(good))], "{change}");
    }
    let report = |unit: &mut dyn Unit| Ok::<_, StorageError>((unit.outbox().list_unsent(20)?.len(), unit.outbox().count()?));
    let (listed, counts) = (&storage as &dyn Storage).run_read(report).await.unwrap();
    // Only the state of the third letter was damaged. Marking the letter as failed replaced the state, so the letter can be read again.
    assert_eq!((listed, counts.waiting, counts.failed), (4, 3, 3));
}

#[tokio::test]
async fn a_unit_waits_for_another_process_and_then_says_busy() {
    let site = Site::new();
    let storage = site.open().await.unwrap();
    let mut other = site.raw();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    let result: Result<TicketNumber, StorageError> = (&storage as &dyn Storage).run_write(|unit| open_ticket(unit, [1, 2])).await;
    assert!(matches!(result, Err(StorageError::Busy(_))), "{result:?}");
    other.batch_execute("COMMIT").unwrap();
    write(&storage, |unit| open_ticket(unit, [1, 2])).await;
}

#[tokio::test]
async fn a_unit_is_as_few_statements_as_can_be() {
    let site = Site::new();
    let storage = site.open().await.unwrap();
    let before = storage.statements();
    write(&storage, |unit| open_ticket(unit, [1, 2])).await;
    // Begin, ticket, its words, message, history, the letters, commit.
    assert_eq!(storage.statements() - before, 7);
}

#[tokio::test]
async fn a_list_costs_the_same_number_of_statements_however_long_it_is() {
    let site = Site::new();
    let storage = site.open().await.unwrap();
    let with_supporters = |from: u128, to: u128| {
        move |unit: &mut dyn Unit| {
            (from..to).try_for_each(|number| {
                unit.supporters().insert(&Supporter {
                    id: SupporterId(Uuid::from_u128(number)),
                    user: UserId::new(number.to_string()),
                    present: true,
                    categories: [CategoryId::new("a"), CategoryId::new("b")].into(),
                })
            })
        }
    };
    let mut costs = Vec::new();
    for (from, to) in [(0, 1), (1, 50)] {
        write(&storage, with_supporters(from, to)).await;
        // Opens the connection for reading, which takes a few more statements.
        find(&storage, TicketNumber::new(1).unwrap()).await.unwrap();
        let before = storage.statements();
        let list: Result<_, StorageError> = (&storage as &dyn Storage).run_read(|unit| unit.supporters().list()).await;
        assert_eq!(list.unwrap().len(), usize::try_from(to).unwrap());
        costs.push(storage.statements() - before);
    }
    // Begin, supporters with their categories, commit.
    assert_eq!(costs, [3, 3]);
}
