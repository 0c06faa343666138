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
/// The crates whose types are in the signatures here, in the versions that fit.
pub use diesel;
#[cfg(feature = "_server")]
pub use diesel_async;

/// Keeps everything in a database.
///
/// Works on a Tokio runtime with its timers enabled. On one of several threads SQLite is read by `block_in_place`, which Tokio allows
/// everywhere but inside a `LocalSet`.
pub struct DieselStorage {
    database: Database,
}

/// The databases that are built in, by connections of our own and by the host's.
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

/// A host's connection, for one unit of work. It goes back by being dropped.
pub type Loan<C> = Box<dyn DerefMut<Target = C> + Send>;

/// A host's own connections: its pool, or the one connection on which its transaction is open.
///
/// The latter is an `Arc<tokio::sync::Mutex<_>>` around the connection, and opens a ticket together with the host's own rows:
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
/// - A unit of work that fails is taken back alone, and the transaction can be used further.
/// - Nothing is run again there: an error that [lost a race](StorageError::may_repeat) comes back at once. Roll back, and run the whole
///   transaction again.
/// - If the database has ended the transaction itself, as MariaDB and MySQL do after a deadlock, the connection is marked as broken:
///   Diesel gives [`BrokenTransactionManager`](diesel::result::Error::BrokenTransactionManager) for its end, and a pool lets it go.
///   Nothing more is done on it, because it would be committed at once.
/// - Locks are waited for as long as the host's settings say, which for PostgreSQL without a `lock_timeout` is for ever. A statement that
///   has not been answered after ten minutes is taken for one of a server that hangs, and the connection is marked as broken.
/// - The doors ask the host's `Directory` while the transaction is open. If that takes a connection of the same pool, the pool needs one
///   more for each such transaction, or both wait for each other until the time limit for the host.
/// - The number of a ticket is certain only after the commit: after a rollback the next ticket may have it.
/// - Files are attached before it begins, see [`Helpdesk::with_storage`](muticket_core::Helpdesk::with_storage).
#[async_trait]
pub trait Connections<C>: Send + Sync + 'static {
    /// A connection. If a transaction is open on it, the unit of work becomes a savepoint of that, and ends with it.
    ///
    /// # Errors
    /// There is none.
    async fn lend(&self) -> Result<Loan<C>, Box<dyn std::error::Error + Send + Sync>>;
}

#[async_trait]
impl<C: Send + 'static> Connections<C> for Arc<Mutex<C>> {
    async fn lend(&self) -> Result<Loan<C>, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Box::new(self.clone().lock_owned().await))
    }
}

impl DieselStorage {
    /// Opens a database and brings its tables up to date.
    ///
    /// For SQLite the address is `sqlite:PATH`, `sqlite://PATH` or just a path. The file is made if there is none; its folder is not. What
    /// other programs write behind a `?` is refused; in a path alone it is part of the name.
    ///
    /// For PostgreSQL (feature `postgres`) it is `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, for MariaDB and MySQL (feature `mysql`)
    /// `mysql://..` or `mariadb://..`. The database must be there; its tables are made. `?sslmode=require` speaks TLS and checks the
    /// server's certificate, against those in the file `sslrootcert=PATH` if it is given; `connections=20` says how many connections
    /// there are at most, instead of 10; `timeout=30` how many seconds the server may take to answer a statement; `replica=true` opens a
    /// copy that the server keeps by itself, for [`Storage::glance`] alone.
    ///
    /// # Errors
    /// What is to be mended, see [`ConnectError`].
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

    /// Works on a host's connections to SQLite. Each needs `PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 2000; PRAGMA journal_mode =
    /// WAL`, which [`migrate`](Self::migrate) looks for on the connection it is lent. While a unit writes, `secure_delete` is on, so that
    /// what is deleted is overwritten in the file. Opens nothing yet; see [`migrate`](Self::migrate).
    #[cfg(feature = "sqlite")]
    pub fn on_sqlite(connections: impl Connections<diesel::SqliteConnection>) -> Self {
        Self { database: Database::HostedSqlite(backend::sqlite::Hosted(Arc::new(connections))) }
    }

    /// Works on a host's connections to PostgreSQL. Outside of the host's transactions a unit waits two seconds for a lock, whatever
    /// their `lock_timeout` is. They should have an English `lc_messages`: errors are known by their words, and those of another language
    /// are not understood. Opens nothing yet; see [`migrate`](Self::migrate).
    #[cfg(feature = "postgres")]
    pub fn on_postgres(connections: impl Connections<diesel_async::AsyncPgConnection>) -> Self {
        Self { database: Database::HostedPostgres(backend::postgres::Hosted(Arc::new(connections))) }
    }

    /// Works on a host's connections to MariaDB or MySQL. They need a strict `sql_mode`, an English `lc_messages`, and `client_found_rows`
    /// (which is Diesel's default); a transaction of the host in which there is a unit, the isolation level READ COMMITTED. Outside of his
    /// transactions a unit chooses that itself, and waits two seconds for a lock, whatever their `innodb_lock_wait_timeout` is. Opens
    /// nothing yet; see [`migrate`](Self::migrate).
    #[cfg(feature = "mysql")]
    pub fn on_mysql(connections: impl Connections<diesel_async::AsyncMysqlConnection>) -> Self {
        Self { database: Database::HostedMysql(backend::mysql::Hosted(Arc::new(connections))) }
    }

    /// Brings the tables up to date. [`connect`](Self::connect) has done so already; on a host's connections it is to be called once at
    /// launch, outside of a transaction.
    ///
    /// # Errors
    /// What is to be mended, see [`ConnectError`].
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

    /// Takes all tables of MuTicket back, and everything that is in them: the way back of every migration. For tests, and for whoever
    /// removes MuTicket from a database that has other tables too.
    ///
    /// # Errors
    /// What is to be mended, see [`ConnectError`].
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

    /// How many statements were run so far, the beginnings and ends of transactions included. For tests and measurements.
    #[doc(hidden)]
    pub fn statements(&self) -> u64 {
        match &self.database {
            #[cfg(feature = "sqlite")]
            Database::Sqlite(database) => database.statements(),
            #[cfg(feature = "postgres")]
            Database::Postgres(database) => database.statements(),
            #[cfg(feature = "mysql")]
            Database::Mysql(database) => database.statements(),
            // They are the host's to count.
            _ => 0,
        }
    }
}

impl std::fmt::Debug for DieselStorage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DieselStorage").finish_non_exhaustive()
    }
}

/// Which database an address is of.
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
            // Neither a server nor, without the feature for it, a file: its password would be shown as a part of the path.
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
    // It would be a part of the file's name.
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
