//! The tables are made, brought up to date and taken back, alike on every database.

#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]

use std::collections::BTreeSet;

use muticket_core::id::{CategoryId, SupporterId, UserId};
use muticket_core::storage::{Storage, StorageError};
use muticket_core::supporter::Supporter;
use muticket_diesel::{ConnectError, DieselStorage};
use muticket_test_support::database::{self, TestDatabase};
use tempfile::TempDir;
use uuid::Uuid;

/// What a test runs on: an address, and a door past everything where there is one.
struct Place {
    url: String,
    server: Option<TestDatabase>,
    _folder: Option<TempDir>,
}

fn places() -> Vec<Place> {
    let folder = TempDir::new().expect("there is room for a folder");
    let url = format!("sqlite:{}", folder.path().join("tickets.db").display());
    let servers = [database::postgres(), database::mysql()].into_iter().flatten();
    let mut places: Vec<Place> =
        servers.map(|server| Place { url: server.url().to_owned(), server: Some(server), _folder: None }).collect();
    places.push(Place { url, server: None, _folder: Some(folder) });
    places
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
        let Some(server) = &place.server else { continue };
        let left =
            server.query(&format!("SELECT table_name FROM information_schema.tables WHERE table_schema = '{}'", server.name()));
        assert_eq!(left, ["muticket_migration"], "{}", place.url);
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
        let Some(server) = &place.server else { continue };
        server.execute("INSERT INTO muticket_migration (version) VALUES ('9999_from_the_future')");
        let error = DieselStorage::connect(&place.url).await.unwrap_err();
        assert!(matches!(&error, ConnectError::SchemaTooNew(version) if version == "9999_from_the_future"), "{error}");
    }
}

/// Wherever a migration is interrupted, running it again finishes it. Where changes of tables are rolled back, nothing is left behind;
/// where each is committed by itself, the tables made so far are found.
#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_was_interrupted_is_finished_by_the_next_start() {
    for (server, up) in [
        (database::postgres(), include_str!("../migrations/postgres/0001_tables/up.sql")),
        (database::mysql(), include_str!("../migrations/mysql/0001_tables/up.sql")),
    ] {
        let Some(server) = server else { continue };
        let commits_each = server.url().starts_with("mysql");
        let statements: Vec<&str> = up.split_inclusive(";\n").filter(|statement| statement.contains(';')).collect();
        for done in 0..=statements.len() {
            for statement in statements.iter().take(if commits_each { done } else { 0 }) {
                server.execute(statement);
            }
            if !commits_each && done > 0 {
                // The connection is lost here: the database rolls back.
                server.execute(&format!("BEGIN; {}", statements[..done].concat()));
            }
            let storage = DieselStorage::connect(server.url()).await.unwrap();
            insert(&storage).await;
            drop(storage);
            DieselStorage::revert(server.url()).await.unwrap();
        }
    }
}

/// Every table has the same columns on both servers, and they may be empty where the others may.
#[tokio::test(flavor = "multi_thread")]
async fn the_databases_have_the_same_columns_as_the_statements() {
    let expected = columns_of_the_statements();
    for server in [database::postgres(), database::mysql()].into_iter().flatten() {
        drop(DieselStorage::connect(server.url()).await.unwrap());
        let columns = format!(
            "SELECT CONCAT(table_name, '.', column_name, ' ', is_nullable) FROM information_schema.columns WHERE table_schema = '{}'",
            server.name()
        );
        let found: BTreeSet<String> = server.query(&columns).into_iter().collect();
        assert_eq!(found, expected, "{}", server.url());
    }
}

/// What `schema.rs` says, read from its text: `table.column YES` if it may be empty.
fn columns_of_the_statements() -> BTreeSet<String> {
    let mut table = "";
    let mut columns = BTreeSet::new();
    for line in include_str!("../src/schema.rs").lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("#[sql_name = \"") {
            let name = name.trim_end_matches("\"]");
            // The one column whose name in the database is another.
            if name.starts_with("muticket_") {
                table = name;
            }
        } else if let Some((column, kind)) = line.split_once(" -> ") {
            let column = if (table, column) == ("muticket_secret", "bytes") { "secret" } else { column };
            let nullable = if kind.starts_with("Nullable<") { "YES" } else { "NO" };
            columns.insert(format!("{table}.{column} {nullable}"));
        }
    }
    columns
}
