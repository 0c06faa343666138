//! A PostgreSQL primary and a standby that follows it, used as one storage.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use muticket_conformance::Shared;
use muticket_core::settings::Settings;
use muticket_core::storage::{Storage, StorageError, StorageFault, Unit, Work};
use muticket_diesel::{ConnectError, DieselStorage};
use muticket_test_support::database::{PrivateServer, Server};

struct Replicated {
    primary: DieselStorage,
    replica: DieselStorage,
}

#[async_trait]
impl Storage for Replicated {
    async fn write(&self, work: Work) -> Result<(), StorageError> {
        self.primary.write(work).await
    }

    async fn read(&self, work: Work) -> Result<(), StorageError> {
        self.primary.read(work).await
    }

    async fn read_stale(&self, work: Work) -> Result<(), StorageError> {
        self.replica.read(work).await
    }
}

/// A server and its standby.
fn pair() -> Option<(PrivateServer, PrivateServer)> {
    let primary = PrivateServer::start(Server::Postgres)?;
    let standby = primary.standby();
    Some((primary, standby))
}

/// Opens both, the standby as soon as it has received the tables.
async fn connected(primary: &str, standby: &str) -> Replicated {
    let primary = DieselStorage::connect(primary).await.expect("an empty schema can be used");
    let begun = Instant::now();
    loop {
        match DieselStorage::connect(standby).await {
            Ok(replica) => return Replicated { primary, replica },
            Err(error) => assert!(begun.elapsed() < Duration::from_secs(10), "{error:?}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The pair keeps the contract of a storage, as a single database does.
mod contract {
    use super::*;

    async fn empty_schema() -> Option<(Shared, ())> {
        static PAIR: OnceLock<Option<(PrivateServer, PrivateServer)>> = OnceLock::new();
        static MADE: AtomicU32 = AtomicU32::new(0);
        let (primary, standby) = PAIR.get_or_init(pair).as_ref()?;
        let name = format!("case_{}", MADE.fetch_add(1, Ordering::Relaxed));
        primary.execute(&format!("CREATE SCHEMA {name}"));
        let at = |server: &PrivateServer| format!("{}?options=-csearch_path%3D{name}&connections=5", server.url());
        let storage = connected(&at(primary), &format!("{}&replica=true", at(standby))).await;
        Some((Arc::new(storage), ()))
    }

    muticket_conformance::storage_conformance!(empty_schema);
}

async fn stores(storage: &dyn Storage, limit: u64) {
    let settings = Settings { image_limit: Some(limit), ..Settings::default() };
    storage.run_write::<_, StorageError, _>(move |unit| unit.settings().update(&settings)).await.expect("the primary writes");
}

/// The limit as `read_stale` reads it, and as `read` reads it.
async fn limits(storage: &dyn Storage) -> (Option<u64>, Option<u64>) {
    let stale = storage.run_read_stale::<_, StorageError, _>(|unit| unit.settings().find()).await.expect("the standby answers");
    let read = storage.run_read::<_, StorageError, _>(|unit| unit.settings().find()).await.expect("the primary answers");
    (stale.image_limit, read.image_limit)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_that_lags_behind_answers_stale_reads_only() {
    let Some((primary, standby)) = pair() else { return };
    let storage = connected(primary.url(), &format!("{}?replica=true", standby.url())).await;
    standby.execute("SELECT pg_wal_replay_pause()");
    stores(&storage, 7).await;
    assert_eq!(limits(&storage).await, (None, Some(7)));

    standby.execute("SELECT pg_wal_replay_resume()");
    let begun = Instant::now();
    while limits(&storage).await.0 != Some(7) {
        assert!(begun.elapsed() < Duration::from_secs(10), "the standby does not follow");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// What the guide says of `remote_apply`.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_can_wait_until_the_standby_shows_it() {
    let Some((primary, standby)) = pair() else { return };
    primary.execute("ALTER SYSTEM SET synchronous_standby_names = '*'");
    primary.execute("ALTER SYSTEM SET synchronous_commit = 'remote_apply'");
    primary.execute("SELECT pg_reload_conf()");
    let storage = connected(primary.url(), &format!("{}?replica=true", standby.url())).await;
    let begun = Instant::now();
    while primary.query("SELECT sync_state FROM pg_stat_replication") != ["sync"] {
        assert!(begun.elapsed() < Duration::from_secs(10), "the standby does not follow");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    for limit in 1..200 {
        stores(&storage, limit).await;
        assert_eq!(limits(&storage).await, (Some(limit), Some(limit)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_takes_no_writes() {
    let Some((primary, standby)) = pair() else { return };
    let Replicated { replica, .. } = connected(primary.url(), &format!("{}?replica=true", standby.url())).await;
    let work = |unit: &mut dyn Unit| unit.settings().update(&Settings::default());
    let error = (&replica as &dyn Storage).run_write::<_, StorageError, _>(work).await.unwrap_err();
    assert!(matches!(error, StorageError::Failed { kind: StorageFault::NotWritable, .. }), "{error:?}");
    let error = DieselStorage::connect(standby.url()).await.unwrap_err();
    assert!(matches!(error, ConnectError::NotAllowed { .. }), "{error:?}");
}
