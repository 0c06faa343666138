//! The tables are created, migrated and reverted in the same way on every database.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;
use muticket_core::id::{CategoryId, SupporterId, UserId};
use muticket_core::search::Search;
use muticket_core::storage::{FirstAnswerQuery, Reach, Storage, StorageError, View};
use muticket_core::supporter::Supporter;
use muticket_diesel::{ConnectError, DieselStorage};
use muticket_test_support::database::{self, TestDatabase};
use tempfile::TempDir;
use uuid::Uuid;

/// A database for a test: its address, and direct access to it.
struct Place {
    url: String,
    door: Door,
}

enum Door {
    Server(TestDatabase),
    File(TempDir),
}

fn places() -> Vec<Place> {
    let folder = TempDir::new().expect("there is room for a folder");
    let url = format!("sqlite:{}", folder.path().join(FILE).display());
    let servers = [database::postgres(), database::mysql()].into_iter().flatten();
    let servers = servers.map(|server| Place { url: server.url().to_owned(), door: Door::Server(server) });
    servers.chain([Place { url, door: Door::File(folder) }]).collect()
}

const FILE: &str = "tickets.db";

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

impl Place {
    fn execute(&self, sql: &str) {
        match &self.door {
            Door::Server(server) => server.execute(sql),
            Door::File(folder) => open(folder).batch_execute(sql).expect("a statement that works"),
        }
    }

    /// The migrations in order, by name.
    fn ups(&self) -> [(&'static str, &'static str); 27] {
        macro_rules! ups {
            ($folder:literal: $($name:literal),+) => {
                [$(($name, include_str!(concat!("../../migrations/", $folder, "/", $name, "/up.sql")))),+]
            };
            ($folder:literal) => {
                ups!(
                    $folder:
                    "0001_tables",
                    "0002_words_and_marks",
                    "0003_first_answers",
                    "0004_digests",
                    "0005_picture_settings",
                    "0006_held_letters",
                    "0007_words_anew",
                    "0009_site_clock",
                    "0010_site_address",
                    "0011_category_order",
                    "0012_team",
                    "0013_open_pages",
                    "0014_labels",
                    "0015_saved_answers",
                    "0016_list",
                    "0017_note_files",
                    "0018_saved_views",
                    "0019_customer_priority",
                    "0020_saved_labels",
                    "0021_incoming",
                    "0022_answered_letters",
                    "0023_undeliverable",
                    "0024_mailboxes",
                    "0025_senders",
                    "0026_checked_letters",
                    "0027_letters_of_tickets",
                    "0030_customer_letters"
                )
            };
        }
        match self.url.split_once(':') {
            Some(("postgres", _)) => ups!("postgres"),
            Some(("mysql", _)) => ups!("mysql"),
            _ => ups!("sqlite"),
        }
    }

    fn tables(&self) -> Vec<String> {
        self.catalogue("SELECT name AS line FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'", |schema| {
            format!("SELECT table_name FROM information_schema.tables WHERE table_schema = '{schema}'")
        })
    }

    /// `table.column YES` if the column may be null.
    fn columns(&self) -> BTreeSet<String> {
        const OF_A_FILE: &str = "SELECT t.name || '.' || c.name || CASE WHEN c.\"notnull\" THEN ' NO' ELSE ' YES' END AS line \
                                 FROM sqlite_master t, pragma_table_info(t.name) c \
                                 WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'";
        let columns = self.catalogue(OF_A_FILE, |schema| {
            format!(
                "SELECT CONCAT(table_name, '.', column_name, ' ', is_nullable) FROM information_schema.columns WHERE table_schema = '{schema}'"
            )
        });
        columns.into_iter().collect()
    }

    fn catalogue(&self, of_a_file: &str, of_a_schema: impl Fn(&str) -> String) -> Vec<String> {
        match &self.door {
            Door::Server(server) => server.query(&of_a_schema(server.name())),
            Door::File(folder) => {
                let lines: Vec<Line> = diesel::sql_query(of_a_file).load(&mut open(folder)).expect("the catalogue");
                lines.into_iter().map(|line| line.line).collect()
            }
        }
    }
}

/// The statements of a file, one by one, as the migrations run them.
fn statements(up: &'static str) -> Vec<&'static str> {
    up.split_inclusive(";\n").filter(|statement| statement.contains(';')).collect()
}

fn open(folder: &TempDir) -> SqliteConnection {
    SqliteConnection::establish(&folder.path().join(FILE).to_string_lossy()).expect("the file is there")
}

async fn insert(storage: &DieselStorage) {
    let supporter = Supporter {
        id: SupporterId(Uuid::from_u128(7)),
        user: UserId::new("sara"),
        present: true,
        categories: [CategoryId::new("a")].into(),
    };
    let work = move |unit: &mut dyn muticket_core::storage::Unit| unit.supporters().insert(&supporter);
    (storage as &dyn Storage).run_write::<_, StorageError, _>(work).await.expect("a record");
}

async fn supporters(storage: &DieselStorage) -> usize {
    let list = |unit: &mut dyn muticket_core::storage::Unit| Ok::<_, StorageError>(unit.supporters().list()?.len());
    (storage as &dyn Storage).run_read(list).await.expect("the records")
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_go_up_and_down_and_up_again_with_data_in_them() {
    for place in places() {
        let storage = DieselStorage::connect(&place.url).await.unwrap();
        insert(&storage).await;
        drop(storage);
        let again = DieselStorage::connect(&place.url).await.unwrap();
        assert_eq!(supporters(&again).await, 1, "a second start changes nothing: {}", place.url);
        drop(again);
        DieselStorage::revert(&place.url).await.unwrap();
        let anew = DieselStorage::connect(&place.url).await.unwrap();
        assert_eq!(supporters(&anew).await, 0, "{}", place.url);
        insert(&anew).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_remains_when_the_tables_are_taken_back() {
    for place in places() {
        drop(DieselStorage::connect(&place.url).await.unwrap());
        DieselStorage::revert(&place.url).await.unwrap();
        assert_eq!(place.tables(), ["muticket_migration"], "{}", place.url);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_processes_that_start_at_once_one_makes_the_tables_and_the_others_wait() {
    for place in places() {
        let starts: Vec<_> = (0..6)
            .map(|_| {
                let url = place.url.clone();
                tokio::spawn(async move { DieselStorage::connect(&url).await })
            })
            .collect();
        for start in starts {
            let storage = start.await.unwrap().unwrap();
            assert_eq!(supporters(&storage).await, 0, "{}", place.url);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_a_newer_version_are_refused() {
    for place in places() {
        drop(DieselStorage::connect(&place.url).await.unwrap());
        place.execute("INSERT INTO muticket_migration (version) VALUES ('9999_from_the_future')");
        let error = DieselStorage::connect(&place.url).await.unwrap_err();
        assert!(matches!(&error, ConnectError::SchemaTooNew(version) if version == "9999_from_the_future"), "{error}");
    }
}

/// Creates the tables of the first version, with this many tickets.
fn of_the_first_version(place: &Place, tickets: usize) {
    let (_, first) = place.ups()[0];
    statements(first).into_iter().for_each(|statement| place.execute(statement));
    place.execute("CREATE TABLE IF NOT EXISTS muticket_migration (version VARCHAR(50) PRIMARY KEY NOT NULL)");
    place.execute("INSERT INTO muticket_migration (version) VALUES ('0001_tables')");
    let row = |number: usize| {
        format!(
            "('anna', 'Größe {number}, again', 'open', 'new', 1, 0, 'customer', '2027-01-15 08:00:00', '2027-01-15 08:00:00', 1)"
        )
    };
    for chunk in (1..=tickets).collect::<Vec<_>>().chunks(100) {
        let rows: Vec<_> = chunk.iter().copied().map(row).collect();
        place.execute(&format!(
            "INSERT INTO muticket_ticket (customer, subject, state, turn, last_message, answers, last_role, opened_at, last_activity_at, \
             version) VALUES {}",
            rows.join(", ")
        ));
    }
}

/// The number of tickets that the search finds.
async fn found(storage: &DieselStorage, typed: &str) -> u32 {
    let view = View { search: Search::parse(typed), ..View::of(Reach::All) };
    let count = move |unit: &mut dyn muticket_core::storage::Unit| unit.overviews().count(std::slice::from_ref(&view));
    (storage as &dyn Storage).run_read::<_, StorageError, _>(count).await.expect("a count")[0]
}

/// Also if the last launch was interrupted while it filled the table, which on MySQL leaves some rows.
#[tokio::test(flavor = "multi_thread")]
async fn tickets_from_before_are_found_by_their_words() {
    for place in places() {
        of_the_first_version(&place, 620);
        if place.url.starts_with("mysql") {
            let (_, second) = place.ups()[1];
            statements(second).into_iter().for_each(|statement| place.execute(statement));
            place.execute("INSERT INTO muticket_subject_word (word, ticket) VALUES ('again', 1), ('again', 2)");
        }
        let storage = DieselStorage::connect(&place.url).await.unwrap();
        for (typed, expected) in [("again", 620), ("grösse 620", 1), ("GRÖSSE", 620), ("nothing", 0)] {
            assert_eq!(found(&storage, typed).await, expected, "{typed} in {}", place.url);
        }
    }
}

/// P-28: on SQLite a subject may be text that is not UTF-8. It prevents no launch.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_subject_prevents_no_migration() {
    for place in places().into_iter().filter(|place| matches!(place.door, Door::File(_))) {
        of_the_first_version(&place, 3);
        place.execute("UPDATE muticket_ticket SET subject = CAST(x'ff41' AS TEXT) WHERE number = 2");
        let storage = DieselStorage::connect(&place.url).await.unwrap();
        assert_eq!(found(&storage, "again").await, 2);
    }
}

/// Words that an earlier version stored are replaced by those that the search uses now.
#[tokio::test(flavor = "multi_thread")]
async fn words_that_were_read_otherwise_are_read_anew() {
    for place in places() {
        of_the_first_version(&place, 510);
        for (version, up) in place.ups().into_iter().skip(1).filter(|(version, _)| *version < "0007") {
            statements(up).into_iter().for_each(|statement| place.execute(statement));
            place.execute(&format!("INSERT INTO muticket_migration (version) VALUES ('{version}')"));
        }
        place.execute("UPDATE muticket_ticket SET subject = '打印机不响了' WHERE number = 510");
        place
            .execute("INSERT INTO muticket_subject_word (word, ticket) VALUES ('größe', 1), ('打印机不响了', 510), ('stale', 2)");
        let storage = DieselStorage::connect(&place.url).await.unwrap();
        for (typed, expected) in [("große 1", 111), ("groesse 1,", 111), ("不响", 1), ("stale", 0)] {
            assert_eq!(found(&storage, typed).await, expected, "{typed} in {}", place.url);
        }
    }
}

/// Running a migration again finishes it, wherever it was interrupted. Where changes of tables are rolled back, nothing is left behind.
/// Where each is committed on its own, the tables created so far are reused.
#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_was_interrupted_is_finished_by_the_next_start() {
    for place in places() {
        let commits_each = place.url.starts_with("mysql");
        let statements: Vec<&str> = place.ups().into_iter().flat_map(|(_, up)| statements(up)).collect();
        for done in 0..=statements.len() {
            let begun = statements[..done].concat();
            match commits_each {
                true if done > 0 => statements[..done].iter().for_each(|statement| place.execute(statement)),
                true => {}
                // The connection is lost here, so the database rolls back.
                false => place.execute(&format!("BEGIN; {begun}")),
            }
            let storage = DieselStorage::connect(&place.url).await.unwrap();
            insert(&storage).await;
            drop(storage);
            DieselStorage::revert(&place.url).await.unwrap();
        }
    }
}

/// Rows that a migration filled in before it was interrupted are not filled in twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_was_interrupted_finds_what_it_has_filled_in() {
    const TABLES: [&str; 3] = ["muticket_seen", "muticket_first_answer", "muticket_subject_word"];
    for place in places() {
        let newer: Vec<&str> = place.ups()[1..].iter().flat_map(|(_, up)| statements(up)).collect();
        for done in 0..=newer.len() {
            of_the_first_version(&place, 3);
            place.execute(
                "INSERT INTO muticket_message (ticket, number, author, role, body, written_at) VALUES \
                 (1, 2, 'sara', 'supporter', 'B', '2027-01-15 09:00:00'), (1, 3, 'sara', 'supporter', 'B', '2027-01-15 10:00:00')",
            );
            match place.url.starts_with("mysql") {
                true => newer[..done].iter().for_each(|statement| place.execute(statement)),
                false => place.execute(&format!("BEGIN; {}", newer[..done].concat())),
            }
            drop(DieselStorage::connect(&place.url).await.unwrap());
            let rows = TABLES.map(|table| {
                let count = format!("SELECT CAST(COUNT(*) AS CHAR(9)) AS line FROM {table}");
                place.catalogue(&count, |_| count.clone()).concat().trim().to_owned()
            });
            // Each subject has three words, and one of them has two spellings.
            assert_eq!(rows, ["3", "1", "12"], "after {done} statements in {}", place.url);
            DieselStorage::revert(&place.url).await.unwrap();
        }
    }
}

/// A ticket that was answered before the migration has its first answer afterwards: the first by a supporter, with the whole seconds until
/// then.
#[tokio::test(flavor = "multi_thread")]
async fn first_answers_are_filled_in_from_the_messages_there_are() {
    // When it was opened and answered, and the seconds in between.
    const TICKETS: [(&str, &str, u64); 5] = [
        ("2027-01-15 08:00:00.123456", "2027-01-15 08:00:00.123456", 0),
        ("2027-01-15 08:00:00.500000", "2027-01-15 08:00:02.400000", 1),
        ("2027-01-15 08:00:00", "2027-01-15 08:00:02.000001", 2),
        ("2026-12-31 23:59:59", "2028-03-01 00:00:00", 36_720_001),
        ("2027-01-15 08:00:00", "2027-01-15 07:59:00", 0),
    ];
    for place in places() {
        place.execute("CREATE TABLE muticket_migration (version VARCHAR(50) PRIMARY KEY NOT NULL);");
        let (version, tables) = place.ups()[0];
        statements(tables).into_iter().for_each(|statement| place.execute(statement));
        place.execute(&format!("INSERT INTO muticket_migration (version) VALUES ('{version}')"));
        for (number, (opened, answered, _)) in (1..).zip(TICKETS) {
            place.execute(&format!(
                "INSERT INTO muticket_ticket (number, customer, subject, state, turn, last_message, answers, last_role, opened_at, \
                 last_activity_at, version) VALUES ({number}, 'anna', 'A', 'open', 'customer', 3, 2, 'supporter', '{opened}', '{answered}', 3)"
            ));
            for (message, author, role) in [(1, "anna", "customer"), (2, "sara", "supporter"), (3, "tom", "supporter")] {
                place.execute(&format!(
                    "INSERT INTO muticket_message (ticket, number, author, role, body, written_at) \
                     VALUES ({number}, {message}, '{author}', '{role}', 'B', '{answered}')"
                ));
            }
        }
        let storage = DieselStorage::connect(&place.url).await.unwrap();
        let firsts = |unit: &mut dyn muticket_core::storage::Unit| {
            let of = |author: &str| FirstAnswerQuery { author: UserId::new(author), wait: None, after: None, limit: 10 };
            Ok::<_, StorageError>((unit.first_answers().list(&of("sara"))?, unit.first_answers().list(&of("tom"))?))
        };
        let (mut sara, tom) = (&storage as &dyn Storage).run_read(firsts).await.unwrap();
        sara.sort_by_key(|answered| answered.first.ticket);
        let found: Vec<_> = sara.iter().map(|answered| (answered.first.message.get(), answered.first.seconds)).collect();
        assert_eq!((found, tom), (TICKETS.map(|(_, _, seconds)| (2, seconds)).to_vec(), Vec::new()), "{}", place.url);
    }
}

/// Every table has the same columns on all databases, and the same ones may be null.
#[tokio::test(flavor = "multi_thread")]
async fn the_databases_have_the_same_columns_as_the_statements() {
    let expected = columns_of_the_statements();
    for place in places() {
        drop(DieselStorage::connect(&place.url).await.unwrap());
        assert_eq!(place.columns(), expected, "{}", place.url);
    }
}

/// The columns that the schema declares, read from its text: `table.column YES` if the column may be null.
fn columns_of_the_statements() -> BTreeSet<String> {
    let (mut table, mut named) = ("", None);
    let mut columns = BTreeSet::new();
    let declared = [include_str!("../../src/schema.rs"), include_str!("../../src/schema/letters.rs")];
    for line in declared.into_iter().flat_map(str::lines).map(str::trim) {
        if let Some(name) = line.strip_prefix("#[sql_name = \"").and_then(|name| name.strip_suffix("\"]")) {
            match name.starts_with("muticket_") {
                true => table = name,
                false => named = Some(name),
            }
        } else if let Some((column, kind)) = line.split_once(" -> ") {
            let column = named.take().unwrap_or(column);
            let nullable = if kind.starts_with("Nullable<") { "YES" } else { "NO" };
            columns.insert(format!("{table}.{column} {nullable}"));
        }
    }
    columns
}
