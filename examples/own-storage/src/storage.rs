//! The storage: who may write when, and what becomes of a unit that has run.

use std::panic::resume_unwind;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use muticket_core::storage::{Rollback, Storage, StorageError, StorageFault, Work};

use crate::file::{FileError, StateFile};
use crate::unit::{JsonUnit, Tables};

/// Keeps everything in one file of JSON, which no other process can open as long as this lives.
///
/// Works on a Tokio runtime.
pub struct JsonStorage {
    shared: Arc<Shared>,
}

struct Shared {
    /// Held by the one unit that writes, from its beginning to its end.
    file: Mutex<StateFile>,
    /// What was committed; never changed, only replaced.
    committed: Mutex<Arc<Tables>>,
}

impl JsonStorage {
    /// How often a unit is run before its error is given back.
    const RUNS: u32 = 5;

    /// Opens the file. The first commit makes it, if there is none; its folder must be there.
    ///
    /// # Errors
    /// What is to be mended.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let (file, tables) = StateFile::open(path.as_ref())?;
        let shared = Shared { file: Mutex::new(file), committed: Mutex::new(Arc::new(tables)) };
        Ok(Self { shared: Arc::new(shared) })
    }
}

#[async_trait]
impl Storage for JsonStorage {
    /// On a thread that may block, for a disk takes its time. A caller that goes away does not stop it.
    async fn write(&self, mut work: Work) -> Result<(), StorageError> {
        let shared = self.shared.clone();
        let unit = tokio::task::spawn_blocking(move || shared.write(&mut work));
        unit.await.unwrap_or_else(|failed| match failed.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(cancelled) => Err(StorageError::fault(StorageFault::Other, cancelled)),
        })
    }

    /// On the spot, for it waits for nothing.
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

    /// First the disk, then whoever reads. It is never repeated: when it failed, nobody knows which of the two the disk has.
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

/// A unit that panicked leaves nothing half done behind these locks, so poison means nothing here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
