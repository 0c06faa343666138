#![doc = include_str!("../README.md")]

mod backend;
mod dialect;
mod error;
mod repeat;
mod schema;

use std::path::Path;

use async_trait::async_trait;
use muticket_core::storage::{Storage, StorageError, Work};

pub use crate::error::ConnectError;

/// Keeps everything in a database.
///
/// Works on a Tokio runtime with its timers enabled.
pub struct DieselStorage {
    database: Database,
}

/// The databases that are built in.
enum Database {
    #[cfg(feature = "sqlite")]
    Sqlite(backend::sqlite::Database),
}

impl DieselStorage {
    /// Opens a database and brings its tables up to date.
    ///
    /// For SQLite the address is `sqlite:PATH`, `sqlite://PATH` or just a path. The file is made if there is none; its folder is not.
    ///
    /// # Errors
    /// What is to be mended, see [`ConnectError`].
    pub async fn connect(url: &str) -> Result<Self, ConnectError> {
        #[cfg(feature = "sqlite")]
        if let Some(path) = sqlite_path(url) {
            if path.is_empty() || path.starts_with(":memory:") || path.contains("mode=memory") {
                return Err(ConnectError::InMemory);
            }
            let database = backend::sqlite::Database::connect(Path::new(path)).await?;
            return Ok(Self { database: Database::Sqlite(database) });
        }
        Err(ConnectError::UnknownAddress(error::masked(url)))
    }

    /// How many statements were run so far, the beginnings and ends of transactions included. For tests and measurements.
    #[doc(hidden)]
    pub fn statements(&self) -> u64 {
        match &self.database {
            #[cfg(feature = "sqlite")]
            Database::Sqlite(database) => database.statements(),
        }
    }
}

impl std::fmt::Debug for DieselStorage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DieselStorage").finish_non_exhaustive()
    }
}

/// The path in an address of SQLite; `None` if it is one of another database.
#[cfg(feature = "sqlite")]
fn sqlite_path(url: &str) -> Option<&str> {
    match url.strip_prefix("sqlite:") {
        Some(path) => Some(path.strip_prefix("//").unwrap_or(path)),
        None if url.contains("://") => None,
        None => Some(url),
    }
}

#[async_trait]
impl Storage for DieselStorage {
    async fn write(&self, work: Work) -> Result<(), StorageError> {
        match &self.database {
            #[cfg(feature = "sqlite")]
            Database::Sqlite(database) => database.write(work).await,
        }
    }

    async fn read(&self, work: Work) -> Result<(), StorageError> {
        match &self.database {
            #[cfg(feature = "sqlite")]
            Database::Sqlite(database) => database.read(work).await,
        }
    }
}
