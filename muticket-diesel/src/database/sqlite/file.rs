//! Opens connections to a file.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use diesel::connection::{Connection as _, Instrumentation, InstrumentationEvent, SimpleConnection as _};

use super::migration::migrate;
use super::{Conn, MIGRATIONS, dialect};
use crate::error::ConnectError;

/// How long the launch retries while the file is busy. Another process may be migrating large tables, as on the servers.
const START: Duration = Duration::from_secs(60);

/// The wait before the next try.
const RETRY_DELAY: Duration = Duration::from_millis(50);

/// The settings of every connection. The database waits up to two seconds for other processes, and a unit runs up to five times. With
/// `FULL` a commit survives a power cut. Deleted data is overwritten, so that nothing of a deleted ticket stays in the free pages of the
/// file. A log that grew is cut back to 16 MiB when it is restarted. The cache is small, because the operating system caches the
/// file too.
const PRAGMAS: &str = "PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                       PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA cache_size = -1024; \
                       PRAGMA journal_size_limit = 16777216;";

/// One database file, and what is needed to open a connection to it.
pub(super) struct DatabaseFile {
    pub(super) path: PathBuf,
    statements: Arc<AtomicU64>,
}

impl DatabaseFile {
    /// The file at a path. Its connections are also opened later, when the process may have another working directory.
    pub(super) fn at(path: &Path) -> Result<Self, ConnectError> {
        let path = std::path::absolute(path).map_err(|error| ConnectError::Failed(error.into()))?;
        Ok(Self { path, statements: Arc::default() })
    }

    /// The number of statements run on all its connections.
    pub(super) fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Opens a connection with its settings.
    pub(super) fn open(&self) -> Result<Conn, ConnectError> {
        let Some(path) = self.path.to_str() else {
            return Err(ConnectError::Failed("the path of the database is not UTF-8".into()));
        };
        let mut conn =
            Conn::establish(path).map_err(|error| ConnectError::NotWritable { file: self.path.clone(), cause: error.into() })?;
        conn.set_instrumentation(Counting(self.statements.clone()));
        conn.batch_execute(PRAGMAS).map_err(|error| self.explain(error))?;
        Ok(conn)
    }

    /// Opens a connection that cannot write.
    pub(super) fn open_reader(&self) -> Result<Conn, ConnectError> {
        let mut conn = self.open()?;
        conn.batch_execute("PRAGMA query_only = ON").map_err(|error| self.explain(error))?;
        Ok(conn)
    }

    /// Opens a connection to tables that are up to date. When several processes start at once, SQLite refuses some of them without waiting
    /// for its time-out, because one of them switches the file to WAL. So a busy file is retried.
    pub(super) async fn migrated_in_time(self: Arc<Self>) -> Result<Conn, ConnectError> {
        let begun = tokio::time::Instant::now();
        loop {
            let inside = self.clone();
            let opened = tokio::task::spawn_blocking(move || inside.migrated()).await;
            match opened.map_err(|error| ConnectError::Failed(error.into()))? {
                Err(ConnectError::Busy(_)) if begun.elapsed() < START => tokio::time::sleep(RETRY_DELAY).await,
                outcome => return outcome,
            }
        }
    }

    pub(super) fn migrated(&self) -> Result<Conn, ConnectError> {
        if let Some(folder) = self.path.parent().filter(|folder| !folder.is_dir()) {
            return Err(ConnectError::NoFolder(folder.to_owned()));
        }
        let mut conn = self.open()?;
        if let Some(error) = dialect::unfit(&mut conn).map_err(|error| self.explain(error))? {
            return Err(error);
        }
        migrate(&mut conn, MIGRATIONS, false).map_err(|error| error.explain(|error| self.explain(error)))?;
        Ok(conn)
    }

    pub(super) fn explain(&self, error: diesel::result::Error) -> ConnectError {
        if dialect::is_no_database(&error) {
            return ConnectError::NotADatabase(self.path.clone());
        }
        ConnectError::of_file(&self.path, dialect::classify(error))
    }
}

/// Counts statements.
struct Counting(Arc<AtomicU64>);

impl Instrumentation for Counting {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { .. } = event {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}
