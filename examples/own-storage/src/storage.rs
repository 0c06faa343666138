//! The storage: who may write when, and how a unit of work is committed.

use std::panic::resume_unwind;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use muticket_core::storage::{Rollback, Storage, StorageError, StorageFault, Work};

use crate::file::{FileError, StateFile};
use crate::unit::{JsonUnit, Tables};

/// Stores everything in one JSON file, which no other process can open while this value lives.
///
/// It needs a Tokio runtime.
pub struct JsonStorage {
    shared: Arc<Shared>,
}

struct Shared {
    /// Locked by the unit that writes, from its beginning to its end.
    file: Mutex<StateFile>,
    /// The committed tables. They are never changed, only replaced.
    committed: Mutex<Arc<Tables>>,
}

impl JsonStorage {
    /// How often a unit runs before its error is returned.
    const RUNS: u32 = 5;

    /// Opens the file. Its folder must exist. If there is no file yet, the first commit creates it.
    ///
    /// # Errors
    /// [`FileError`] says what to fix.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let (file, tables) = StateFile::open(path.as_ref())?;
        let shared = Shared { file: Mutex::new(file), committed: Mutex::new(Arc::new(tables)) };
        Ok(Self { shared: Arc::new(shared) })
    }
}

#[async_trait]
impl Storage for JsonStorage {
    /// Runs on a thread that may block, because it writes to the disk. It continues even if the caller goes away.
    async fn write(&self, mut work: Work) -> Result<(), StorageError> {
        let shared = self.shared.clone();
        let unit = tokio::task::spawn_blocking(move || shared.write(&mut work));
        unit.await.unwrap_or_else(|failed| match failed.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(cancelled) => Err(StorageError::fault(StorageFault::Other, cancelled)),
        })
    }

    /// Runs on the current thread, because it never waits.
    async fn read(&self, mut work: Work) -> Result<(), StorageError> {
        let mut unit = JsonUnit::reading(self.shared.committed().clone());
        match work(&mut unit) {
            Ok(()) | Err(Rollback::Decided) => Ok(()),
            Err(Rollback::Failed(error)) => Err(error),
        }
    }
}

impl Shared {
    fn write(&self, work: &mut Work) -> Result<(), StorageError> {
        let file = lock(&self.file);
        let mut run = 1;
        loop {
            let before = self.committed().clone();
            let mut unit = JsonUnit::writing(before.clone());
            match work(&mut unit) {
                Ok(()) => return self.commit(&file, &before, unit.into_tables()),
                Err(Rollback::Decided) => return Ok(()),
                Err(Rollback::Failed(error)) if error.may_repeat() && run < JsonStorage::RUNS => run += 1,
                Err(Rollback::Failed(error)) => return Err(error),
            }
        }
    }

    /// Writes the file first, and then shows the result to readers. A failed commit is not repeated, because it is unknown whether the disk
    /// holds the old or the new file.
    fn commit(&self, file: &StateFile, before: &Arc<Tables>, after: Arc<Tables>) -> Result<(), StorageError> {
        if !Arc::ptr_eq(before, &after) {
            file.replace(&after)?;
            *self.committed() = after;
        }
        Ok(())
    }

    fn committed(&self) -> MutexGuard<'_, Arc<Tables>> {
        lock(&self.committed)
    }
}

/// A unit that panics leaves no half-made change behind these locks, so poisoning can be ignored.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
