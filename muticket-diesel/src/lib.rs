#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    any(all(feature = "sqlite", feature = "_server"), all(feature = "postgres", feature = "mysql")),
    expect(clippy::duplicate_mod, reason = "the statements are compiled once for each database: see backend/mod.rs")
)]

#[cfg(not(any(feature = "sqlite", feature = "postgres", feature = "mysql")))]
compile_error!("muticket-diesel needs a database: enable its feature `sqlite`, `postgres` or `mysql`");

mod backend;
mod dialect;
mod error;
mod fragment;
mod repeat;
mod schema;

use std::ops::DerefMut;
#[cfg(feature = "sqlite")]
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use muticket_core::storage::{Storage, StorageError, Work};
use tokio::sync::Mutex;

pub use crate::error::ConnectError;
/// The crates whose types are part of this crate's signatures, in the matching versions.
pub use diesel;
#[cfg(feature = "_server")]
pub use diesel_async;

/// A storage in a database.
///
/// It needs a Tokio runtime with timers enabled. On a multi-threaded runtime SQLite is read inside `block_in_place`, which Tokio allows
/// everywhere except in a `LocalSet`.
pub struct DieselStorage {
    database: Database,
}

/// The databases that are built in, on MuTicket's own connections and on the host's.
enum Database {
    #[cfg(feature = "sqlite")]
    Sqlite(backend::sqlite::Database),
    #[cfg(feature = "sqlite")]
    HostedSqlite(backend::sqlite::Hosted),
    #[cfg(feature = "postgres")]
    Postgres(backend::postgres::Database),
    #[cfg(feature = "postgres")]
    HostedPostgres(backend::postgres::Hosted),
    #[cfg(feature = "mysql")]
    Mysql(backend::mysql::Database),
    #[cfg(feature = "mysql")]
    HostedMysql(backend::mysql::Hosted),
}

/// A host's connection, lent for one unit of work. Dropping it gives it back.
pub type Loan<C> = Box<dyn DerefMut<Target = C> + Send>;

/// A host's own connections: its pool, or the one connection on which its transaction is open.
///
/// The latter is an `Arc<tokio::sync::Mutex<_>>` around the connection. With it a ticket is opened together with the host's own rows:
///
/// ```
/// # use std::sync::Arc;
/// # use muticket_core::{Helpdesk, NewTicket, Visitor};
/// # use muticket_diesel::DieselStorage;
/// use diesel::connection::{AnsiTransactionManager, TransactionManager};
/// use diesel::sqlite::SqliteConnection;
/// use tokio::sync::Mutex;
///
/// # async fn order(helpdesk: Helpdesk, customer: Visitor, complaint: NewTicket, conn: SqliteConnection) -> Result<(), Box<dyn std::error::Error>> {
/// let conn = Arc::new(Mutex::new(conn));
/// AnsiTransactionManager::begin_transaction(&mut *conn.lock().await)?;
/// // .. the host's own statements ..
/// let here = helpdesk.with_storage(Arc::new(DieselStorage::on_sqlite(conn.clone())));
/// here.portal(&customer)?.open(complaint).await?;
/// AnsiTransactionManager::commit_transaction(&mut *conn.lock().await)?;
/// helpdesk.ring();
/// # Ok(())
/// # }
/// ```
///
/// # In the host's transaction
/// - A unit of work that fails is rolled back alone, and the transaction can be used further.
/// - Nothing is retried there. An error of a [lost race](StorageError::may_repeat) is returned at once. Roll back, and run the whole
///   transaction again.
/// - If the database has ended the transaction itself, as MariaDB and MySQL do after a deadlock, the connection is marked as broken.
///   Ending the transaction gives [`BrokenTransactionManager`](diesel::result::Error::BrokenTransactionManager), and a pool drops the
///   connection. No more statements are run on it, because they would be committed at once.
/// - Locks are waited for as long as the host's settings say. For PostgreSQL without a `lock_timeout` that is forever. If a statement is
///   not answered within ten minutes, the server is considered hung, and the connection is marked as broken.
/// - The doors query the host's `Directory` while the transaction is open. If that takes a connection of the same pool, the pool needs one
///   more connection per such transaction. Otherwise both wait for each other until the time limit for the host.
/// - The number of a ticket is final only after the commit. After a rollback the next ticket may get it.
/// - Files are attached before the transaction begins, see [`Helpdesk::with_storage`](muticket_core::Helpdesk::with_storage).
#[async_trait]
pub trait Connections<C>: Send + Sync + 'static {
    /// Lends a connection. If a transaction is open on it, the unit of work becomes a savepoint of that transaction, and ends with it.
    ///
    /// # Errors
    /// No connection is available.
    async fn lend(&self) -> Result<Loan<C>, Box<dyn std::error::Error + Send + Sync>>;
}

#[async_trait]
impl<C: Send + 'static> Connections<C> for Arc<Mutex<C>> {
    async fn lend(&self) -> Result<Loan<C>, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Box::new(self.clone().lock_owned().await))
    }
}

impl DieselStorage {
    /// Opens a database and runs the missing migrations.
    ///
    /// For SQLite the address is `sqlite:PATH`, `sqlite://PATH` or a plain path. A missing file is created, a missing folder is not.
    /// Options after a `?` are refused; in a plain path the `?` is part of the name.
    ///
    /// For PostgreSQL (feature `postgres`) the address is `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, for MariaDB and MySQL (feature
    /// `mysql`) it is `mysql://..` or `mariadb://..`. The database must exist; its tables are created. Parameters of the address:
    ///
    /// - `sslmode=require` uses TLS and verifies the server's certificate, against the file `sslrootcert=PATH` if given.
    /// - `connections=20` sets the maximum number of connections. The default is 10.
    /// - `timeout=30` sets how many seconds the server may take to answer a statement.
    /// - `replica=true` opens a read replica, for [`Storage::glance`] only.
    ///
    /// # Errors
    /// The cause that has to be mended, see [`ConnectError`].
    pub async fn connect(url: &str) -> Result<Self, ConnectError> {
        let database = match Kind::of(url)? {
            #[cfg(feature = "sqlite")]
            Kind::Sqlite(path) => Database::Sqlite(backend::sqlite::Database::connect(path).await?),
            #[cfg(feature = "postgres")]
            Kind::Postgres(url) => Database::Postgres(backend::postgres::Database::connect(url).await?),
            #[cfg(feature = "mysql")]
            Kind::Mysql(url) => Database::Mysql(backend::mysql::Database::connect(url).await?),
        };
        Ok(Self { database })
    }

    /// Uses a host's connections to SQLite. Each needs `PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL`;
    /// [`migrate`](Self::migrate) checks this on the connection it is lent. While a unit writes, `secure_delete` is on, so that deleted
    /// data is overwritten in the file. Opens nothing yet; see [`migrate`](Self::migrate).
    #[cfg(feature = "sqlite")]
    pub fn on_sqlite(connections: impl Connections<diesel::SqliteConnection>) -> Self {
        Self { database: Database::HostedSqlite(backend::sqlite::Hosted(Arc::new(connections))) }
    }

    /// Uses a host's connections to PostgreSQL. Outside the host's transactions a unit waits two seconds for a lock, whatever their
    /// `lock_timeout` is. They should have an English `lc_messages`, because errors are recognised by their English text. Opens nothing
    /// yet; see [`migrate`](Self::migrate).
    #[cfg(feature = "postgres")]
    pub fn on_postgres(connections: impl Connections<diesel_async::AsyncPgConnection>) -> Self {
        Self { database: Database::HostedPostgres(backend::postgres::Hosted(Arc::new(connections))) }
    }

    /// Uses a host's connections to MariaDB or MySQL. They need a strict `sql_mode`, an English `lc_messages`, and `client_found_rows`
    /// (Diesel's default). A transaction of the host that contains a unit needs the isolation level READ COMMITTED. Outside the host's
    /// transactions a unit sets this level itself, and waits two seconds for a lock, whatever their `innodb_lock_wait_timeout` is. Opens
    /// nothing yet; see [`migrate`](Self::migrate).
    #[cfg(feature = "mysql")]
    pub fn on_mysql(connections: impl Connections<diesel_async::AsyncMysqlConnection>) -> Self {
        Self { database: Database::HostedMysql(backend::mysql::Hosted(Arc::new(connections))) }
    }

    /// Runs the missing migrations. [`connect`](Self::connect) has already done so. On a host's connections, call it once at launch,
    /// outside a transaction.
    ///
    /// # Errors
    /// The cause that has to be mended, see [`ConnectError`].
    pub async fn migrate(&self) -> Result<(), ConnectError> {
        match &self.database {
            #[cfg(feature = "sqlite")]
            Database::HostedSqlite(database) => database.migrate().await,
            #[cfg(feature = "postgres")]
            Database::HostedPostgres(database) => database.migrate().await,
            #[cfg(feature = "mysql")]
            Database::HostedMysql(database) => database.migrate().await,
            _ => Ok(()),
        }
    }

    /// Drops all tables of MuTicket with their content, by reverting every migration. For tests, and for removing MuTicket from a database
    /// that has other tables too.
    ///
    /// # Errors
    /// The cause that has to be mended, see [`ConnectError`].
    #[doc(hidden)]
    pub async fn revert(url: &str) -> Result<(), ConnectError> {
        match Kind::of(url)? {
            #[cfg(feature = "sqlite")]
            Kind::Sqlite(path) => backend::sqlite::Database::revert(path).await,
            #[cfg(feature = "postgres")]
            Kind::Postgres(url) => backend::postgres::Database::revert(url).await,
            #[cfg(feature = "mysql")]
            Kind::Mysql(url) => backend::mysql::Database::revert(url).await,
        }
    }

    /// The number of statements run so far, including the beginnings and ends of transactions. For tests and measurements.
    #[doc(hidden)]
    pub fn statements(&self) -> u64 {
        match &self.database {
            #[cfg(feature = "sqlite")]
            Database::Sqlite(database) => database.statements(),
            #[cfg(feature = "postgres")]
            Database::Postgres(database) => database.statements(),
            #[cfg(feature = "mysql")]
            Database::Mysql(database) => database.statements(),
            // The host counts its own connections' statements.
            _ => 0,
        }
    }
}

impl std::fmt::Debug for DieselStorage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DieselStorage").finish_non_exhaustive()
    }
}

/// The kind of database that an address names.
enum Kind<'a> {
    #[cfg(feature = "sqlite")]
    Sqlite(&'a Path),
    #[cfg(feature = "postgres")]
    Postgres(&'a str),
    #[cfg(feature = "mysql")]
    Mysql(&'a str),
}

impl<'a> Kind<'a> {
    fn of(url: &'a str) -> Result<Self, ConnectError> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            // Without this check it would be taken for a path, and its password would be shown.
            Some("postgres" | "postgresql" | "mysql" | "mariadb") if !url.contains("://") => Err(ConnectError::WrongAddress {
                address: error::masked(url),
                what: "`//` is missing behind its first word".to_owned(),
            }),
            #[cfg(feature = "postgres")]
            Some("postgres" | "postgresql") => Ok(Self::Postgres(url)),
            #[cfg(feature = "mysql")]
            Some("mysql" | "mariadb") => Ok(Self::Mysql(url)),
            #[cfg(feature = "sqlite")]
            Some("sqlite") | None => sqlite_path(url),
            #[cfg(feature = "sqlite")]
            Some(_) if !url.contains("://") && !url.contains('@') => sqlite_path(url),
            _ => Err(ConnectError::UnknownAddress(error::masked(url))),
        }
    }
}

#[cfg(feature = "sqlite")]
fn sqlite_path(url: &str) -> Result<Kind<'_>, ConnectError> {
    let path = url.strip_prefix("sqlite:").map_or(url, |path| path.strip_prefix("//").unwrap_or(path));
    if path.is_empty() || path.starts_with(":memory:") || path.contains("mode=memory") {
        return Err(ConnectError::InMemory);
    }
    // The query would be part of the file's name.
    if ["sqlite:", "file:"].iter().any(|scheme| url.starts_with(scheme)) && url.contains('?') {
        let what = "a file has no options: leave out `?` and what follows it".to_owned();
        return Err(ConnectError::WrongAddress { address: error::mask_query(url), what });
    }
    Ok(Kind::Sqlite(Path::new(path)))
}

#[async_trait]
impl Storage for DieselStorage {
    async fn write(&self, work: Work) -> Result<(), StorageError> {
        match &self.database {
            #[cfg(feature = "sqlite")]
            Database::Sqlite(database) => database.write(work).await,
            #[cfg(feature = "sqlite")]
            Database::HostedSqlite(database) => database.write(work).await,
            #[cfg(feature = "postgres")]
            Database::Postgres(database) => database.write(work).await,
            #[cfg(feature = "postgres")]
            Database::HostedPostgres(database) => database.write(work).await,
            #[cfg(feature = "mysql")]
            Database::Mysql(database) => database.write(work).await,
            #[cfg(feature = "mysql")]
            Database::HostedMysql(database) => database.write(work).await,
        }
    }

    async fn read(&self, work: Work) -> Result<(), StorageError> {
        match &self.database {
            #[cfg(feature = "sqlite")]
            Database::Sqlite(database) => database.read(work).await,
            #[cfg(feature = "sqlite")]
            Database::HostedSqlite(database) => database.read(work).await,
            #[cfg(feature = "postgres")]
            Database::Postgres(database) => database.read(work).await,
            #[cfg(feature = "postgres")]
            Database::HostedPostgres(database) => database.read(work).await,
            #[cfg(feature = "mysql")]
            Database::Mysql(database) => database.read(work).await,
            #[cfg(feature = "mysql")]
            Database::HostedMysql(database) => database.read(work).await,
        }
    }
}
