//! The feature `host-connections`: MuTicket on a host's own connections, and inside its transactions.
//!
//! `connections` is what the host gives, `pool` runs units on it, and `savepoint` runs them inside the host's transaction. The settings
//! that differ between databases are in `dialect`.

pub(crate) mod connections;

use std::sync::Arc;

use crate::error::ConnectError;
use crate::host::connections::HostConnections;
use crate::storage::{Database, DieselStorage};

/// The feature `host-connections`.
impl DieselStorage {
    /// Uses a host's connections to SQLite. Each needs `PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL`;
    /// [`migrate`](Self::migrate) checks this on the connection it is lent. While a unit writes, `secure_delete` is on, so that deleted
    /// data is overwritten in the file. Opens nothing yet; see [`migrate`](Self::migrate).
    #[cfg(feature = "sqlite")]
    pub fn on_sqlite(connections: impl HostConnections<diesel::SqliteConnection>) -> Self {
        Self { database: Database::Host(Box::new(crate::database::sqlite::HostPool(Arc::new(connections)))) }
    }

    /// Uses a host's connections to PostgreSQL. Outside the host's transactions a unit waits two seconds for a lock, whatever their
    /// `lock_timeout` is. They should have an English `lc_messages`, because errors are recognised by their English text. Opens nothing
    /// yet; see [`migrate`](Self::migrate).
    #[cfg(feature = "postgres")]
    pub fn on_postgres(connections: impl HostConnections<diesel_async::AsyncPgConnection>) -> Self {
        Self { database: Database::Host(Box::new(crate::database::postgres::HostPool(Arc::new(connections)))) }
    }

    /// Uses a host's connections to MariaDB or MySQL. They need a strict `sql_mode`, an English `lc_messages`, and `client_found_rows`
    /// (Diesel's default). A transaction of the host that contains a unit needs the isolation level READ COMMITTED. Outside the host's
    /// transactions a unit sets this level itself, and waits two seconds for a lock, whatever their `innodb_lock_wait_timeout` is. Opens
    /// nothing yet; see [`migrate`](Self::migrate).
    #[cfg(feature = "mysql")]
    pub fn on_mysql(connections: impl HostConnections<diesel_async::AsyncMysqlConnection>) -> Self {
        Self { database: Database::Host(Box::new(crate::database::mysql::HostPool(Arc::new(connections)))) }
    }

    /// Runs the missing migrations. [`connect`](Self::connect) has already done so. On a host's connections, call it once at launch,
    /// outside a transaction.
    ///
    /// # Errors
    /// The cause that has to be fixed, see [`ConnectError`].
    pub async fn migrate(&self) -> Result<(), ConnectError> {
        match &self.database {
            Database::Host(database) => database.migrate().await,
            _ => Ok(()),
        }
    }
}
