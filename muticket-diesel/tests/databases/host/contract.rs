//! The contract of `muticket_core::storage` on a host's connections.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel_async::{AsyncConnection, AsyncMysqlConnection, AsyncPgConnection};
use muticket_conformance::Shared;
use muticket_diesel::{DieselStorage, HostConnection, HostConnections};
use muticket_test_support::database::{self, TestDatabase};
use tempfile::TempDir;
use tokio::sync::Mutex;

/// A host's pool that lends its connections in turn.
struct Pool<C>(Vec<Arc<Mutex<C>>>, AtomicUsize);

impl<C: AsyncConnection> Pool<C> {
    async fn of(database: &TestDatabase, settings: &str) -> Self {
        let mut all = Vec::new();
        for _ in 0..4 {
            let mut conn = C::establish(database.url()).await.expect("the server lets us in");
            conn.batch_execute(settings).await.expect("settings that it knows");
            all.push(Arc::new(Mutex::new(conn)));
        }
        Self(all, AtomicUsize::new(0))
    }
}

#[async_trait::async_trait]
impl<C: Send + 'static> HostConnections<C> for Pool<C> {
    async fn lend(&self) -> Result<HostConnection<C>, Box<dyn std::error::Error + Send + Sync>> {
        self.0[self.1.fetch_add(1, Ordering::Relaxed) % self.0.len()].lend().await
    }
}

async fn hosted(storage: DieselStorage, database: TestDatabase) -> Option<(Shared, TestDatabase)> {
    storage.migrate().await.expect("tables in an empty database");
    Some((Arc::new(storage), database))
}

mod postgres {
    use super::{AsyncPgConnection, DieselStorage, Pool, Shared, TestDatabase, database, hosted};

    async fn empty_database() -> Option<(Shared, TestDatabase)> {
        let database = database::postgres()?;
        let pool = Pool::<AsyncPgConnection>::of(&database, "").await;
        hosted(DieselStorage::on_postgres(pool), database).await
    }

    muticket_conformance::storage_conformance!(empty_database);
}

mod mysql {
    use super::{AsyncMysqlConnection, DieselStorage, Pool, Shared, TestDatabase, database, hosted};

    /// The settings that `on_mysql` asks for.
    const SETTINGS: &str = "SET SESSION sql_mode = 'STRICT_ALL_TABLES'; SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";

    async fn empty_database() -> Option<(Shared, TestDatabase)> {
        let database = database::mysql()?;
        let pool = Pool::<AsyncMysqlConnection>::of(&database, SETTINGS).await;
        hosted(DieselStorage::on_mysql(pool), database).await
    }

    muticket_conformance::storage_conformance!(empty_database);
}

mod sqlite {
    use diesel::connection::SimpleConnection as _;
    use diesel::{Connection as _, SqliteConnection};

    use super::{Arc, AtomicUsize, DieselStorage, Mutex, Pool, Shared, TempDir};

    /// The settings that `on_sqlite` asks for, and the mode that lets the host's pages be read during a write.
    const SETTINGS: &str = "PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON";

    async fn empty_database() -> (Shared, TempDir) {
        let folder = TempDir::new().expect("there is room for a folder");
        let path = folder.path().join("site.db");
        let connect = |_| {
            let mut conn = SqliteConnection::establish(&path.to_string_lossy()).expect("a new file can be opened");
            conn.batch_execute(SETTINGS).expect("settings that it knows");
            Arc::new(Mutex::new(conn))
        };
        let storage = DieselStorage::on_sqlite(Pool((0..4).map(connect).collect(), AtomicUsize::new(0)));
        storage.migrate().await.expect("tables in an empty database");
        (Arc::new(storage), folder)
    }

    muticket_conformance::storage_conformance!(empty_database);
}
