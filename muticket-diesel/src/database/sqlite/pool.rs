//! The connections to a file: one writes, and several read.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use muticket_core::storage::{StorageError, StorageFault, Work};
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

use super::file::DatabaseFile;
use super::migration::revert;
use super::{Conn, MIGRATIONS, log, unit};
use crate::error::ConnectError;
use crate::retry::{Purpose, UnitOutcome, retry, retry_in_place};

/// How many units read at once. More than most machines have processors, so that a long search does not delay a page.
const READERS: usize = 16;

/// How long a unit waits for its turn.
const QUEUE: Duration = Duration::from_secs(10);

/// One database file.
pub(crate) struct Pool {
    file: Arc<DatabaseFile>,
    /// The one connection that writes; `None` before its first unit and after a failure.
    writer: Arc<tokio::sync::Mutex<Option<Conn>>>,
    readers: Arc<Semaphore>,
    /// Connections for reading that are not in use.
    idle: Arc<Mutex<Vec<Conn>>>,
    log: Arc<log::LogWatch>,
}

impl Pool {
    /// Opens the file, creates it if it is missing, and runs the missing migrations.
    pub(crate) async fn connect(path: &Path) -> Result<Self, ConnectError> {
        let file = Arc::new(DatabaseFile::at(path)?);
        let writer = file.clone().migrated_in_time().await?;
        Ok(Self {
            file,
            writer: Arc::new(tokio::sync::Mutex::new(Some(writer))),
            readers: Arc::new(Semaphore::new(READERS)),
            idle: Arc::default(),
            log: Arc::default(),
        })
    }

    /// Drops the tables with their content.
    pub(crate) async fn revert(path: &Path) -> Result<(), ConnectError> {
        let file = DatabaseFile::at(path)?;
        let thread = tokio::task::spawn_blocking(move || {
            let mut conn = file.open()?;
            revert(&mut conn, MIGRATIONS).map_err(|error| error.explain(|error| file.explain(error)))
        });
        thread.await.map_err(|error| ConnectError::Failed(error.into()))?
    }

    /// The number of statements run, including the beginnings and ends of transactions.
    pub(crate) fn statements(&self) -> u64 {
        self.file.statements()
    }

    pub(crate) async fn write(&self, work: Work) -> Result<(), StorageError> {
        let turn = tokio::time::timeout(QUEUE, self.writer.clone().lock_owned());
        let writer = turn.await.map_err(|_| StorageError::Busy("too many units want to write".into()))?;
        let file = self.file.clone();
        let outcome = retry(writer, work, move |writer, work| write_once(writer, work, &file)).await;
        self.log.look(&self.file, &self.writer);
        outcome
    }

    pub(crate) async fn read(&self, work: Work) -> Result<(), StorageError> {
        let turn = tokio::time::timeout(QUEUE, self.readers.clone().acquire_owned());
        let turn = turn.await.map_err(|_| StorageError::Busy("too many units want to read".into()))?;
        let turn = turn.map_err(|error| StorageError::fault(StorageFault::Connection, error))?;
        let reader = ReadTurn { idle: self.idle.clone(), _turn: turn };
        let file = self.file.clone();
        retry_in_place(reader, work, move |reader, work| read_once(reader, work, &file)).await
    }
}

/// A turn to read, and the pool of connections for it.
struct ReadTurn {
    idle: Arc<Mutex<Vec<Conn>>>,
    _turn: OwnedSemaphorePermit,
}

fn write_once(writer: &mut OwnedMutexGuard<Option<Conn>>, work: &mut Work, file: &DatabaseFile) -> UnitOutcome {
    // The connection is put back only if it can be used again.
    let mut conn = match writer.take().map_or_else(|| file.open(), Ok) {
        Ok(conn) => conn,
        Err(error) => return UnitOutcome::Returned(Err(error.into())),
    };
    let (outcome, reusable) = run(&mut conn, Purpose::Write, work);
    if reusable {
        **writer = Some(conn);
    }
    outcome
}

fn read_once(reader: &mut ReadTurn, work: &mut Work, file: &DatabaseFile) -> UnitOutcome {
    let idle = || reader.idle.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = idle().pop();
    let mut conn = match kept.map_or_else(|| file.open_reader(), Ok) {
        Ok(conn) => conn,
        Err(error) => return UnitOutcome::Returned(Err(error.into())),
    };
    let (outcome, reusable) = run(&mut conn, Purpose::Read, work);
    if reusable {
        idle().push(conn);
    }
    outcome
}

/// Runs the work in a transaction. Also returns whether the connection can be used for another unit.
pub(super) fn run(conn: &mut Conn, purpose: Purpose, work: &mut Work) -> (UnitOutcome, bool) {
    match unit::begin(conn, purpose) {
        Ok(()) => unit::run(conn, purpose, work),
        // After a mere `Busy` the connection can be used again.
        Err(error) => {
            let reusable = matches!(error, StorageError::Busy(_));
            (UnitOutcome::Returned(Err(error)), reusable)
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use diesel::connection::SimpleConnection as _;
    use muticket_core::blob::BlobKey;
    use muticket_core::storage::{Storage, Unit};

    use super::*;
    use crate::storage::{Database, DieselStorage};

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
        let database = Pool::connect(&folder.path().join("tickets.db")).await.unwrap();
        let writer = database.writer.clone();
        let limit = async |pages: u32| {
            let mut writer = writer.lock().await;
            let conn = writer.as_mut();
            conn.map_or(Ok(()), |conn| conn.batch_execute(&format!("PRAGMA max_page_count = {pages}"))).unwrap();
        };
        let storage = DieselStorage { database: Database::Sqlite(database) };
        limit(1).await;
        let outcome = (&storage as &dyn Storage).run_write(insert_many).await;
        assert!(matches!(outcome, Err(StorageError::Failed { kind: StorageFault::NotWritable, .. })), "{outcome:?}");
        assert_eq!(count(&storage).await, 0);
        limit(1_000_000).await;
        (&storage as &dyn Storage).run_write(insert_many).await.unwrap();
        assert_eq!(count(&storage).await, 5_000);
    }
}
