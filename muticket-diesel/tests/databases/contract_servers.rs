//! PostgreSQL, and MariaDB or MySQL, keep the contract of `muticket_core::storage`, on MuTicket's own connections and on a host's.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel_async::{AsyncConnection, AsyncMysqlConnection, AsyncPgConnection};
use muticket_conformance::Shared;
use muticket_diesel::{Connections, DieselStorage, Loan};
use muticket_test_support::database::{self, TestDatabase};
use tokio::sync::Mutex;

async fn on(database: Option<TestDatabase>) -> Option<(Shared, TestDatabase)> {
    let database = database?;
    let storage = DieselStorage::connect(database.url()).await.expect("an empty database can be opened");
    Some((Arc::new(storage), database))
}

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
impl<C: Send + 'static> Connections<C> for Pool<C> {
    async fn lend(&self) -> Result<Loan<C>, Box<dyn std::error::Error + Send + Sync>> {
        self.0[self.1.fetch_add(1, Ordering::Relaxed) % self.0.len()].lend().await
    }
}

async fn hosted(storage: DieselStorage, database: TestDatabase) -> Option<(Shared, TestDatabase)> {
    storage.migrate().await.expect("tables in an empty database");
    Some((Arc::new(storage), database))
}

mod postgres {
    async fn empty_database() -> Option<(super::Shared, super::TestDatabase)> {
        super::on(super::database::postgres()).await
    }

    muticket_conformance::storage_conformance!(empty_database);
}

mod mysql {
    async fn empty_database() -> Option<(super::Shared, super::TestDatabase)> {
        super::on(super::database::mysql()).await
    }

    muticket_conformance::storage_conformance!(empty_database);
}

mod hosted_postgres {
    use super::{AsyncPgConnection, DieselStorage, Pool, Shared, TestDatabase, database, hosted};

    async fn empty_database() -> Option<(Shared, TestDatabase)> {
        let database = database::postgres()?;
        let pool = Pool::<AsyncPgConnection>::of(&database, "").await;
        hosted(DieselStorage::on_postgres(pool), database).await
    }

    muticket_conformance::storage_conformance!(empty_database);
}

mod hosted_mysql {
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
