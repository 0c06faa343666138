//! SQLite: one connection that writes, and several that read.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use diesel::connection::{Instrumentation, InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use muticket_core::storage::{StorageError, StorageFault, Work};
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

use super::migrations;
use crate::Loan;
use crate::dialect::sqlite as dialect;
use crate::error::ConnectError;
use crate::repeat::{Ended, Purpose, repeat, repeat_here};

#[path = "../host.rs"]
mod host;
mod log;
#[path = "../migration.rs"]
mod migration;
#[cfg(test)]
mod plans;
#[path = "../statements/mod.rs"]
mod statements;
#[path = "../unit.rs"]
mod unit;

pub(crate) use self::host::Hosted;
use self::migration::{Migration, MigrationError, migrate, revert};

type Conn = SqliteConnection;
/// The type of connection that a host lends.
pub(crate) type Raw = SqliteConnection;
type Db = diesel::sqlite::Sqlite;

const MIGRATIONS: &[Migration] = migrations!("sqlite": "0001_tables", "0002_words_and_marks" then statements::words::fill, "0003_first_answers", "0004_digests", "0005_picture_settings", "0006_held_letters",
        "0007_words_anew" then statements::words::fill, "0009_site_clock", "0010_site_address", "0011_category_order");

/// How many units read at once. More than most machines have processors, so that a long search does not delay a page.
const READERS: usize = 16;

/// How long a unit waits for its turn.
const QUEUE: Duration = Duration::from_secs(10);

/// How long the launch retries while the file is busy. Another process may be migrating large tables, as on the servers.
const START: Duration = Duration::from_secs(60);

/// The wait before the next try.
const AGAIN: Duration = Duration::from_millis(50);

/// The settings of every connection. The database waits up to two seconds for other processes, and a unit runs up to five times. With
/// `FULL` a commit survives a power cut. Deleted data is overwritten, so that nothing of a deleted ticket stays in the free pages of the
/// file. A log that grew is cut back to 16 MiB when it is restarted. The cache is small, because the operating system caches the
/// file too.
const PRAGMAS: &str = "PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                       PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA cache_size = -1024; \
                       PRAGMA journal_size_limit = 16777216;";

/// One database file.
pub(crate) struct Database {
    file: Arc<Opening>,
    /// The one connection that writes; `None` before its first unit and after a failure.
    writer: Arc<tokio::sync::Mutex<Option<Conn>>>,
    readers: Arc<Semaphore>,
    /// Connections for reading that are not in use.
    idle: Arc<Mutex<Vec<Conn>>>,
    log: Arc<log::Watch>,
}

/// What is needed to open a connection.
struct Opening {
    path: PathBuf,
    statements: Arc<AtomicU64>,
}

impl Database {
    /// Opens the file, creates it if it is missing, and runs the missing migrations.
    pub(crate) async fn connect(path: &Path) -> Result<Self, ConnectError> {
        // Connections are also opened later, when the process may have another working directory.
        let path = std::path::absolute(path).map_err(|error| ConnectError::Failed(error.into()))?;
        let opening = Arc::new(Opening { path, statements: Arc::default() });
        let writer = opening.clone().migrated_in_time().await?;
        Ok(Self {
            file: opening,
            writer: Arc::new(tokio::sync::Mutex::new(Some(writer))),
            readers: Arc::new(Semaphore::new(READERS)),
            idle: Arc::default(),
            log: Arc::default(),
        })
    }

    /// Drops the tables with their content.
    pub(crate) async fn revert(path: &Path) -> Result<(), ConnectError> {
        let file = Opening { path: path.to_owned(), statements: Arc::default() };
        let thread = tokio::task::spawn_blocking(move || {
            let mut conn = file.open()?;
            revert(&mut conn, MIGRATIONS).map_err(|error| file.explain_migration(error))
        });
        thread.await.map_err(|error| ConnectError::Failed(error.into()))?
    }

    /// The number of statements run, including the beginnings and ends of transactions.
    pub(crate) fn statements(&self) -> u64 {
        self.file.statements.load(Ordering::Relaxed)
    }

    pub(crate) async fn write(&self, work: Work) -> Result<(), StorageError> {
        let turn = tokio::time::timeout(QUEUE, self.writer.clone().lock_owned());
        let writer = turn.await.map_err(|_| StorageError::Busy("too many units want to write".into()))?;
        let file = self.file.clone();
        let outcome = repeat(writer, work, move |writer, work| write_once(writer, work, &file)).await;
        self.log.look(&self.file, &self.writer);
        outcome
    }

    pub(crate) async fn read(&self, work: Work) -> Result<(), StorageError> {
        let turn = tokio::time::timeout(QUEUE, self.readers.clone().acquire_owned());
        let turn = turn.await.map_err(|_| StorageError::Busy("too many units want to read".into()))?;
        let turn = turn.map_err(|error| StorageError::fault(StorageFault::Connection, error))?;
        let reader = Reader { idle: self.idle.clone(), _turn: turn };
        let file = self.file.clone();
        repeat_here(reader, work, move |reader, work| read_once(reader, work, &file)).await
    }
}

/// Wraps a host's connection for the statements.
fn ready(lent: Loan<Raw>) -> Loan<Conn> {
    lent
}

/// Converts an error on a host's connection into what it means for starting a site.
fn explain_hosted(error: StorageError) -> ConnectError {
    explain(Path::new("of the host's connections"), error)
}

/// A turn to read, and the pool of connections for it.
struct Reader {
    idle: Arc<Mutex<Vec<Conn>>>,
    _turn: OwnedSemaphorePermit,
}

fn write_once(writer: &mut OwnedMutexGuard<Option<Conn>>, work: &mut Work, file: &Opening) -> Ended {
    // The connection is put back only if it can be used again.
    let mut conn = match writer.take().map_or_else(|| file.open(), Ok) {
        Ok(conn) => conn,
        Err(error) => return Ended::Returned(Err(error.into())),
    };
    let (ended, sound) = run(&mut conn, Purpose::Write, work);
    if sound {
        **writer = Some(conn);
    }
    ended
}

fn read_once(reader: &mut Reader, work: &mut Work, file: &Opening) -> Ended {
    let idle = || reader.idle.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = idle().pop();
    let mut conn = match kept.map_or_else(|| file.open_reader(), Ok) {
        Ok(conn) => conn,
        Err(error) => return Ended::Returned(Err(error.into())),
    };
    let (ended, sound) = run(&mut conn, Purpose::Read, work);
    if sound {
        idle().push(conn);
    }
    ended
}

/// Runs the work in a transaction. Also returns whether the connection can be used for another unit.
fn run(conn: &mut Conn, purpose: Purpose, work: &mut Work) -> (Ended, bool) {
    match unit::begin(conn, purpose) {
        Ok(()) => unit::run(conn, purpose, work),
        // After a mere `Busy` the connection can be used again.
        Err(error) => {
            let sound = matches!(error, StorageError::Busy(_));
            (Ended::Returned(Err(error)), sound)
        }
    }
}

impl Opening {
    /// Opens a connection with its settings.
    fn open(&self) -> Result<Conn, ConnectError> {
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
    fn open_reader(&self) -> Result<Conn, ConnectError> {
        let mut conn = self.open()?;
        conn.batch_execute("PRAGMA query_only = ON").map_err(|error| self.explain(error))?;
        Ok(conn)
    }

    /// Opens a connection to tables that are up to date. When several processes start at once, SQLite refuses some of them without waiting
    /// for its time-out, because one of them switches the file to WAL. So a busy file is retried.
    async fn migrated_in_time(self: Arc<Self>) -> Result<Conn, ConnectError> {
        let begun = tokio::time::Instant::now();
        loop {
            let inside = self.clone();
            let opened = tokio::task::spawn_blocking(move || inside.migrated()).await;
            match opened.map_err(|error| ConnectError::Failed(error.into()))? {
                Err(ConnectError::Busy(_)) if begun.elapsed() < START => tokio::time::sleep(AGAIN).await,
                outcome => return outcome,
            }
        }
    }

    fn migrated(&self) -> Result<Conn, ConnectError> {
        if let Some(folder) = self.path.parent().filter(|folder| !folder.is_dir()) {
            return Err(ConnectError::NoFolder(folder.to_owned()));
        }
        let mut conn = self.open()?;
        if let Some(error) = dialect::unfit(&mut conn).map_err(|error| self.explain(error))? {
            return Err(error);
        }
        migrate(&mut conn, MIGRATIONS, false).map_err(|error| self.explain_migration(error))?;
        Ok(conn)
    }

    fn explain_migration(&self, error: MigrationError) -> ConnectError {
        match error {
            MigrationError::TooNew(version) => ConnectError::SchemaTooNew(version),
            MigrationError::TooOld(version) => ConnectError::SchemaTooOld(version),
            MigrationError::NarrowEncoding(encoding) => ConnectError::NarrowEncoding(encoding),
            MigrationError::Database(error) => self.explain(error),
        }
    }

    fn explain(&self, error: diesel::result::Error) -> ConnectError {
        if dialect::is_no_database(&error) {
            return ConnectError::NotADatabase(self.path.clone());
        }
        explain(&self.path, dialect::classify(error))
    }
}

fn explain(file: &Path, error: StorageError) -> ConnectError {
    match error {
        StorageError::Busy(cause) => ConnectError::Busy(cause),
        StorageError::Failed { kind: StorageFault::NotWritable | StorageFault::Connection, cause } => {
            ConnectError::NotWritable { file: file.to_owned(), cause }
        }
        other => ConnectError::Failed(other.into()),
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

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use muticket_core::blob::BlobKey;
    use muticket_core::storage::{Storage, Unit};

    use super::*;
    use crate::DieselStorage;

    /// Notes about more blobs than fit into a few pages.
    fn insert_many(unit: &mut dyn Unit) -> Result<(), StorageError> {
        let keys: Vec<_> = (0..5_000).filter_map(|number| BlobKey::from_stored(&format!("{number:032x}"))).collect();
        unit.orphans().insert(&keys, DateTime::UNIX_EPOCH)
    }

    async fn count(storage: &DieselStorage) -> usize {
        let count = |unit: &mut dyn Unit| Ok::<_, StorageError>(unit.orphans().due(DateTime::UNIX_EPOCH, 10_000)?.len());
        (storage as &dyn Storage).run_read(count).await.unwrap()
    }

    /// For SQLite a file that may not grow is the same as a full disk.
    #[tokio::test]
    async fn a_full_disk_leaves_nothing_half_written_and_does_no_harm_to_the_next_unit() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::connect(&folder.path().join("tickets.db")).await.unwrap();
        let writer = database.writer.clone();
        let limit = async |pages: u32| {
            let mut writer = writer.lock().await;
            let conn = writer.as_mut();
            conn.map_or(Ok(()), |conn| conn.batch_execute(&format!("PRAGMA max_page_count = {pages}"))).unwrap();
        };
        let storage = DieselStorage { database: crate::Database::Sqlite(database) };
        limit(1).await;
        let outcome = (&storage as &dyn Storage).run_write(insert_many).await;
        assert!(matches!(outcome, Err(StorageError::Failed { kind: StorageFault::NotWritable, .. })), "{outcome:?}");
        assert_eq!(count(&storage).await, 0);
        limit(1_000_000).await;
        (&storage as &dyn Storage).run_write(insert_many).await.unwrap();
        assert_eq!(count(&storage).await, 5_000);
    }
}
