//! Two units insert the same row at once. Neither may report as stored what is not.

use std::time::Duration;

use chrono::{DateTime, Utc};
use muticket_core::blob::BlobKey;
use muticket_core::storage::{Storage, StorageError, Unit};
use muticket_diesel::DieselStorage;
use muticket_test_support::database::{self, TestDatabase};

const BLOB: &str = "00000000000000000000000000000001";

fn due() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn note(unit: &mut dyn Unit) -> Result<(), StorageError> {
    unit.orphans().insert(&[BlobKey::from_stored(BLOB).unwrap()], due())
}

/// Runs a unit after another transaction has inserted the note of the same blob. Returns whether the unit's note is stored.
async fn beside_another(
    server: &TestDatabase,
    work: fn(&mut dyn Unit) -> Result<(), StorageError>,
) -> (Result<(), StorageError>, bool) {
    let storage = DieselStorage::connect(server.url()).await.unwrap();
    let storage: &dyn Storage = &storage;
    let sleep = if server.url().starts_with("postgres") { "SELECT pg_sleep(1)" } else { "DO SLEEP(1)" };
    let insert = format!("INSERT INTO muticket_orphan (blob_key, due_at) VALUES ('{BLOB}', '2001-01-01 00:00:00')");
    let outcome = std::thread::scope(|scope| {
        scope.spawn(|| server.execute(&format!("BEGIN; {insert}; {sleep}; COMMIT")));
        tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(async {
                tokio::time::sleep(Duration::from_millis(400)).await;
                storage.run_write(work).await
            })
        })
    });
    let stored = server.query("SELECT CONCAT(due_at, '') FROM muticket_orphan");
    (outcome, stored.iter().all(|due| due.starts_with("2027-01-15")))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_slower_unit_runs_again() {
    for server in [database::postgres(), database::mysql()].into_iter().flatten() {
        let (outcome, stored) = beside_another(&server, note).await;
        outcome.unwrap_or_else(|error| panic!("{}: {error:?}", server.url()));
        assert!(stored, "{}", server.url());
    }
}

/// PostgreSQL commits nothing after a failed statement, and does not report that as an error.
#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_ignores_it_is_not_told_that_it_was_stored() {
    for server in [database::postgres(), database::mysql()].into_iter().flatten() {
        let ignoring = |unit: &mut dyn Unit| note(unit).or(Ok(()));
        let (outcome, stored) = beside_another(&server, ignoring).await;
        assert_eq!(outcome.is_ok(), stored, "{}: {outcome:?}", server.url());
    }
}
