//! Commits with an unknown outcome, and units that wait in vain for a free connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use muticket_core::settings::Settings;
use muticket_core::storage::{Storage, StorageError, StorageFault};
use muticket_diesel::DieselStorage;
use muticket_test_support::{Fault, TcpProxy, database};

/// The address with a further parameter.
fn with(url: &str, word: &str) -> String {
    format!("{url}{}{word}", if url.contains('?') { '&' } else { '?' })
}

/// Turns ratings off, which are on at first, and counts the runs.
async fn write(storage: &DieselStorage, runs: &Arc<AtomicU32>) -> Result<(), StorageError> {
    let runs = runs.clone();
    let work = move |unit: &mut dyn muticket_core::storage::Unit| {
        runs.fetch_add(1, Ordering::SeqCst);
        let settings = Settings { ratings: false, ..Settings::default() };
        unit.settings().update(&settings)
    };
    (storage as &dyn Storage).run_write(work).await
}

async fn ratings(storage: &DieselStorage) -> bool {
    (storage as &dyn Storage).run_read(|unit| unit.settings().find()).await.unwrap().ratings
}

/// The commit may or may not have taken place. The caller cannot know, and the unit is not run a second time.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_of_unknown_outcome_is_never_repeated() {
    for fault in [Fault::CutBefore, Fault::CutAfter, Fault::Silence] {
        for server in [database::postgres(), database::mysql()].into_iter().flatten() {
            let proxy = TcpProxy::before(server.url()).await.unwrap();
            let storage = DieselStorage::connect(&with(proxy.url(), "timeout=2")).await.unwrap();
            let runs = Arc::new(AtomicU32::new(0));
            proxy.break_at("COMMIT", fault);
            let error = write(&storage, &runs).await.unwrap_err();
            assert!(!proxy.waits_to_break(), "the commit was broken");
            assert!(matches!(&error, StorageError::Failed { kind: StorageFault::Connection, .. }), "{fault:?}: {error:?}");
            assert!(!error.is_retryable());
            assert_eq!(runs.load(Ordering::SeqCst), 1, "{fault:?}");
            // The connection is not used again; a new one is opened.
            assert_eq!(ratings(&storage).await, fault == Fault::CutBefore, "{fault:?}");
            write(&storage, &runs).await.unwrap();
            assert!(!ratings(&storage).await);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_without_a_connection_fails_after_five_seconds() {
    for server in [database::postgres(), database::mysql()].into_iter().flatten() {
        let storage = Arc::new(DieselStorage::connect(&with(server.url(), "connections=1")).await.unwrap());
        let (let_go, hold) = std::sync::mpsc::channel::<()>();
        let (begun, mut began) = tokio::sync::mpsc::channel(1);
        let holder = storage.clone();
        let holding = tokio::spawn(async move {
            let hold = std::sync::Mutex::new(hold);
            let work = move |_: &mut dyn muticket_core::storage::Unit| {
                begun.try_send(()).unwrap();
                hold.lock().unwrap().recv().unwrap();
                Ok::<_, StorageError>(())
            };
            (&*holder as &dyn Storage).run_read(work).await
        });
        began.recv().await.unwrap();
        let asked = Instant::now();
        let error = write(&storage, &Arc::default()).await.unwrap_err();
        let waited = asked.elapsed();
        assert!(matches!(&error, StorageError::Busy(said) if said.to_string() == "all connections are in use"), "{error:?}");
        assert!(waited >= Duration::from_secs(5) && waited < Duration::from_secs(7), "{waited:?}");
        let_go.send(()).unwrap();
        holding.await.unwrap().unwrap();
        write(&storage, &Arc::default()).await.unwrap();
    }
}
