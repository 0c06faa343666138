//! Which settings a host's connection to SQLite needs, and how deleted data is overwritten on it.

use std::sync::Arc;

use chrono::DateTime;
use diesel::connection::SimpleConnection;
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::prelude::*;
use diesel::sql_types::Text;
use muticket_core::id::{TicketNumber, UserId};
use muticket_core::storage::{Storage, StorageError, Unit};
use muticket_core::ticket::{Subject, UnnumberedTicket};
use muticket_diesel::{ConnectError, DieselStorage};
use tokio::sync::Mutex;

const NEEDED: &str = "PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL;";

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

fn secure_delete(conn: &mut SqliteConnection) -> String {
    let asked = diesel::sql_query("SELECT CAST(secure_delete AS TEXT) AS word FROM pragma_secure_delete");
    asked.get_result::<Word>(conn).unwrap().word
}

fn open(unit: &mut dyn Unit, subject: &str) -> Result<TicketNumber, StorageError> {
    let opened_at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let (customer, subject) = (UserId::new("customer-of-the-canary"), Subject::parse(subject).unwrap());
    Ok(unit.tickets().insert(&UnnumberedTicket::new(customer, subject, opened_at))?.number)
}

/// data deleted on a host's connection is overwritten in the file, inside and outside the host's transactions. The connection is
/// returned with its previous setting.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_on_a_hosts_connection_is_overwritten() {
    for (setting, number) in [("OFF", "0"), ("FAST", "2"), ("ON", "1")] {
        for inside in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("site.db");
            let mut conn = SqliteConnection::establish(&file.to_string_lossy()).unwrap();
            conn.batch_execute(&format!("{NEEDED} PRAGMA secure_delete = {setting}")).unwrap();
            let conn = Arc::new(Mutex::new(conn));
            let storage = DieselStorage::on_sqlite(conn.clone());
            storage.migrate().await.unwrap();
            let numbers = (&storage as &dyn Storage)
                .run_write(|unit| {
                    let last = open(unit, "The last ticket stays")?;
                    Ok::<_, StorageError>((last, open(unit, "CANARYSUBJECT is to go")?))
                })
                .await
                .unwrap();
            conn.lock().await.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
            let holds = |what: &str| {
                let bytes = std::fs::read(&file).unwrap();
                bytes.windows(what.len()).any(|window| window == what.as_bytes())
            };
            assert!(holds("CANARYSUBJECT"));
            if inside {
                AnsiTransactionManager::begin_transaction(&mut *conn.lock().await).unwrap();
            }
            let gone = numbers.1;
            (&storage as &dyn Storage).run_write(move |unit| unit.tickets().delete(gone).map(drop)).await.unwrap();
            if inside {
                AnsiTransactionManager::commit_transaction(&mut *conn.lock().await).unwrap();
            }
            conn.lock().await.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
            assert!(!holds("CANARYSUBJECT"), "secure_delete = {setting}, inside of a transaction: {inside}");
            assert_eq!(secure_delete(&mut *conn.lock().await), number);
        }
    }
}

#[tokio::test]
async fn a_connection_without_its_settings_is_refused_with_their_names() {
    // Some builds of SQLite turn the first setting on by default.
    for (left_out, other) in [
        ("PRAGMA foreign_keys = ON", "PRAGMA foreign_keys = OFF"),
        ("PRAGMA busy_timeout = 2000", "PRAGMA busy_timeout = 0"),
        ("PRAGMA journal_mode = WAL", "PRAGMA journal_mode = DELETE"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut conn = SqliteConnection::establish(&folder.path().join("site.db").to_string_lossy()).unwrap();
        conn.batch_execute(&format!("{NEEDED} {other}")).unwrap();
        let error = DieselStorage::on_sqlite(Arc::new(Mutex::new(conn))).migrate().await.unwrap_err();
        assert!(matches!(error, ConnectError::PragmasMissing(_)), "{error:?}");
        assert!(error.to_string().contains(&format!("`{left_out}`")), "{error}");
    }
    let mut conn = SqliteConnection::establish(":memory:").unwrap();
    conn.batch_execute("PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 1").unwrap();
    DieselStorage::on_sqlite(Arc::new(Mutex::new(conn))).migrate().await.unwrap();
}

/// On each database, the first unit names `migrate` if the host forgot to call it.
#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_migrate_is_named() {
    for site in crate::host::site::Site::all().await {
        let storage = site.storage();
        DieselStorage::revert(&site.url).await.unwrap();
        let outcome = (&storage as &dyn Storage).run_read(|unit| unit.secrets().find("forms")).await;
        let error = outcome.unwrap_err();
        assert!(format!("{error:?}").contains("call `DieselStorage::migrate` once"), "{error:?}");
    }
}

/// A `main` that returns the error prints its message.
#[tokio::test]
async fn an_error_of_the_first_line_prints_its_sentence() {
    let told = [
        ("sqlite:/nowhere/at/all/tickets.db", "the folder /nowhere/at/all does not exist: create it, or correct the address"),
        ("sqlite::memory:", "a database in memory is not supported"),
        ("oracle://x", "`oracle://x` is not the address of a supported database"),
        ("sqlite:tickets.db?mode=rwc", "a file has no options"),
    ];
    for (address, sentence) in told {
        let error = DieselStorage::connect(address).await.unwrap_err();
        assert!(format!("{error:?}").contains(sentence), "{error:?}");
    }
}
