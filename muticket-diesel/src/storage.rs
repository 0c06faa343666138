//! The storage: which database it is, and where it is.

#[cfg(feature = "sqlite")]
use std::path::Path;

use async_trait::async_trait;
use muticket_core::storage::{Storage, StorageError, Work};

#[cfg(feature = "mysql")]
use crate::database::mysql;
#[cfg(feature = "postgres")]
use crate::database::postgres;
#[cfg(feature = "sqlite")]
use crate::database::sqlite;
#[cfg(feature = "sqlite")]
use crate::error::mask_query;
use crate::error::{ConnectError, masked};
#[cfg(feature = "host-connections")]
use crate::host::connections::HostDatabase;

/// A storage in a database.
///
/// It needs a Tokio runtime with timers enabled. On a multi-threaded runtime SQLite is read inside `block_in_place`, which Tokio allows
/// everywhere except in a `LocalSet`.
pub struct DieselStorage {
    pub(crate) database: Database,
}

/// The databases that are built in.
pub(crate) enum Database {
    #[cfg(feature = "sqlite")]
    Sqlite(sqlite::Pool),
    #[cfg(feature = "postgres")]
    Postgres(postgres::Pool),
    #[cfg(feature = "mysql")]
    Mysql(mysql::Pool),
    #[cfg(feature = "host-connections")]
    Host(Box<dyn HostDatabase>),
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
    /// - `replica=true` opens a read replica, for [`Storage::read_stale`] only.
    ///
    /// # Errors
    /// The cause that has to be fixed, see [`ConnectError`].
    pub async fn connect(url: &str) -> Result<Self, ConnectError> {
        let database = match DatabaseKind::of(url)? {
            #[cfg(feature = "sqlite")]
            DatabaseKind::Sqlite(path) => Database::Sqlite(sqlite::Pool::connect(path).await?),
            #[cfg(feature = "postgres")]
            DatabaseKind::Postgres(url) => Database::Postgres(postgres::Pool::connect(url).await?),
            #[cfg(feature = "mysql")]
            DatabaseKind::Mysql(url) => Database::Mysql(mysql::Pool::connect(url).await?),
        };
        Ok(Self { database })
    }

    /// Drops all tables of MuTicket with their content, by reverting every migration. For tests, and for removing MuTicket from a database
    /// that has other tables too.
    ///
    /// # Errors
    /// The cause that has to be fixed, see [`ConnectError`].
    #[doc(hidden)]
    pub async fn revert(url: &str) -> Result<(), ConnectError> {
        match DatabaseKind::of(url)? {
            #[cfg(feature = "sqlite")]
            DatabaseKind::Sqlite(path) => sqlite::Pool::revert(path).await,
            #[cfg(feature = "postgres")]
            DatabaseKind::Postgres(url) => postgres::Pool::revert(url).await,
            #[cfg(feature = "mysql")]
            DatabaseKind::Mysql(url) => mysql::Pool::revert(url).await,
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
            #[cfg(feature = "host-connections")]
            Database::Host(_) => 0,
        }
    }
}

impl std::fmt::Debug for DieselStorage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DieselStorage").finish_non_exhaustive()
    }
}

/// The kind of database that an address names.
enum DatabaseKind<'a> {
    #[cfg(feature = "sqlite")]
    Sqlite(&'a Path),
    #[cfg(feature = "postgres")]
    Postgres(&'a str),
    #[cfg(feature = "mysql")]
    Mysql(&'a str),
}

impl<'a> DatabaseKind<'a> {
    fn of(url: &'a str) -> Result<Self, ConnectError> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            // Without this check it would be taken for a path, and its password would be shown.
            Some("postgres" | "postgresql" | "mysql" | "mariadb") if !url.contains("://") => {
                Err(ConnectError::WrongAddress { address: masked(url), what: "`//` is missing behind its first word".to_owned() })
            }
            #[cfg(feature = "postgres")]
            Some("postgres" | "postgresql") => Ok(Self::Postgres(url)),
            #[cfg(feature = "mysql")]
            Some("mysql" | "mariadb") => Ok(Self::Mysql(url)),
            #[cfg(feature = "sqlite")]
            Some("sqlite") | None => sqlite_path(url),
            #[cfg(feature = "sqlite")]
            Some(_) if !url.contains("://") && !url.contains('@') => sqlite_path(url),
            _ => Err(ConnectError::UnknownAddress(masked(url))),
        }
    }
}

#[cfg(feature = "sqlite")]
fn sqlite_path(url: &str) -> Result<DatabaseKind<'_>, ConnectError> {
    let path = url.strip_prefix("sqlite:").map_or(url, |path| path.strip_prefix("//").unwrap_or(path));
    if path.is_empty() || path.starts_with(":memory:") || path.contains("mode=memory") {
        return Err(ConnectError::InMemory);
    }
    // The query would be part of the file's name.
    if ["sqlite:", "file:"].iter().any(|scheme| url.starts_with(scheme)) && url.contains('?') {
        let what = "a file has no options: leave out `?` and what follows it".to_owned();
        return Err(ConnectError::WrongAddress { address: mask_query(url), what });
    }
    Ok(DatabaseKind::Sqlite(Path::new(path)))
}

#[async_trait]
impl Storage for DieselStorage {
    async fn write(&self, work: Work) -> Result<(), StorageError> {
        match &self.database {
            #[cfg(feature = "sqlite")]
            Database::Sqlite(database) => database.write(work).await,
            #[cfg(feature = "postgres")]
            Database::Postgres(database) => database.write(work).await,
            #[cfg(feature = "mysql")]
            Database::Mysql(database) => database.write(work).await,
            #[cfg(feature = "host-connections")]
            Database::Host(database) => database.write(work).await,
        }
    }

    async fn read(&self, work: Work) -> Result<(), StorageError> {
        match &self.database {
            #[cfg(feature = "sqlite")]
            Database::Sqlite(database) => database.read(work).await,
            #[cfg(feature = "postgres")]
            Database::Postgres(database) => database.read(work).await,
            #[cfg(feature = "mysql")]
            Database::Mysql(database) => database.read(work).await,
            #[cfg(feature = "host-connections")]
            Database::Host(database) => database.read(work).await,
        }
    }
}
