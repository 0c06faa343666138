//! Servers that hang or die, and come back.

#![cfg(all(feature = "postgres", feature = "mysql"))]
#![expect(clippy::unwrap_used, reason = "clippy knows the tests, but not what they are made of")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use muticket_core::settings::Settings;
use muticket_core::storage::{Storage, StorageError, StorageFault};
use muticket_diesel::DieselStorage;
use muticket_test_support::TcpProxy;
use muticket_test_support::database::{self, PrivateServer, Server};

/// How soon everything works again after the server is back.
const BACK: Duration = Duration::from_secs(5);

fn private() -> impl Iterator<Item = PrivateServer> {
    [Server::Postgres, Server::Mysql].into_iter().filter_map(PrivateServer::start)
}

/// The address with a further parameter.
fn with(url: &str, word: &str) -> String {
    format!("{url}{}{word}", if url.contains('?') { '&' } else { '?' })
}

async fn write(storage: &DieselStorage) -> Result<(), StorageError> {
    (storage as &dyn Storage).run_write(|unit| unit.settings().update(&Settings::default())).await
}

async fn read(storage: &DieselStorage) -> Result<Settings, StorageError> {
    (storage as &dyn Storage).run_read(|unit| unit.settings().find()).await
}

async fn back(storage: &DieselStorage) {
    let begun = Instant::now();
    while let Err(error) = write(storage).await {
        assert!(begun.elapsed() < BACK, "{error:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    read(storage).await.unwrap();
}

/// Runs many units at once until it is stopped, and counts those that succeed. None may hang.
struct Load {
    stop: Arc<AtomicBool>,
    done: Arc<AtomicUsize>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Load {
    fn on(storage: &Arc<DieselStorage>, bound: Duration) -> Self {
        let (stop, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let tasks = (0..20).map(|place| {
            let (storage, stop, done) = (storage.clone(), stop.clone(), done.clone());
            tokio::spawn(async move {
                while !stop.load(Ordering::SeqCst) {
                    let begun = Instant::now();
                    let outcome = if place % 2 == 0 { write(&storage).await } else { read(&storage).await.map(|_| ()) };
                    assert!(begun.elapsed() < bound, "{:?}: {outcome:?}", begun.elapsed());
                    done.fetch_add(usize::from(outcome.is_ok()), Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            })
        });
        Self { tasks: tasks.collect(), stop, done }
    }

    /// Waits until so many more units have succeeded.
    async fn does(&self, more: usize, bound: Duration) {
        let (before, begun) = (self.done.load(Ordering::SeqCst), Instant::now());
        while self.done.load(Ordering::SeqCst) < before + more {
            assert!(begun.elapsed() < bound, "the load stands still");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    async fn end(self) {
        self.stop.store(true, Ordering::SeqCst);
        for task in self.tasks {
            task.await.unwrap();
        }
    }
}

/// All units fail while the server hangs: those with a connection after the time limit, those that wait for one after the limit of that
/// wait.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_holds_nobody_for_ever() {
    for mut server in private() {
        let storage = Arc::new(DieselStorage::connect(&with(server.url(), "timeout=2")).await.unwrap());
        let load = Load::on(&storage, Duration::from_secs(20));
        load.does(100, Duration::from_secs(20)).await;
        server.stall();
        let begun = Instant::now();
        let error = write(&storage).await.unwrap_err();
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
        assert!(!matches!(error, StorageError::Duplicate), "{error:?}");
        tokio::time::sleep(Duration::from_secs(12)).await;
        server.go_on();
        back(&storage).await;
        load.does(100, BACK).await;
        load.end().await;
    }
}

/// The server hangs in the middle of a unit, with no other load. The error says what is wrong.
#[tokio::test(flavor = "multi_thread")]
async fn a_unit_whose_server_falls_silent_fails_in_time() {
    for server in [database::postgres(), database::mysql()].into_iter().flatten() {
        let proxy = Arc::new(TcpProxy::before(server.url()).await.unwrap());
        let storage = DieselStorage::connect(&with(proxy.url(), "timeout=2")).await.unwrap();
        write(&storage).await.unwrap();
        let wire = proxy.clone();
        let work = move |unit: &mut dyn muticket_core::storage::Unit| {
            unit.settings().find()?;
            wire.stall();
            unit.settings().update(&Settings::default())
        };
        let begun = Instant::now();
        let error = (&storage as &dyn Storage).run_write(work).await.unwrap_err();
        let StorageError::Failed { kind: StorageFault::Connection, cause } = &error else { panic!("{error:?}") };
        assert!(cause.to_string().contains("did not answer in time"), "{cause}");
        assert!((2..4).contains(&begun.elapsed().as_secs()), "once, and not for the rollback again: {:?}", begun.elapsed());
        proxy.let_pass();
        back(&storage).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_under_load_is_found_again() {
    for mut server in private() {
        let storage = Arc::new(DieselStorage::connect(server.url()).await.unwrap());
        let load = Load::on(&storage, Duration::from_secs(20));
        load.does(100, Duration::from_secs(20)).await;
        server.kill();
        let error = write(&storage).await.unwrap_err();
        assert!(!error.is_retryable(), "{error:?}");
        server.start_again();
        back(&storage).await;
        load.does(100, BACK).await;
        load.end().await;
    }
}

/// PostgreSQL itself ends a statement that takes too long, so it does not work for a caller that is gone.
#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_takes_longer_than_the_address_says_is_ended() {
    let Some(server) = database::postgres() else { return };
    let storage = DieselStorage::connect(&with(server.url(), "timeout=2")).await.unwrap();
    server.execute("CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(5); RETURN NEW; END'");
    server.execute("CREATE TRIGGER slow BEFORE UPDATE ON muticket_settings FOR EACH ROW EXECUTE FUNCTION slow()");
    let error = write(&storage).await.unwrap_err();
    let StorageError::Failed { cause, .. } = &error else { panic!("{error:?}") };
    assert!(cause.to_string().contains("statement timeout"), "{cause}");
    server.execute("DROP TRIGGER slow ON muticket_settings");
    write(&storage).await.unwrap();
}
