//! The storage: who may write when, and how a unit of work is committed.

use std::panic::resume_unwind;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use muticket_core::MemoryStorage;
use muticket_core::storage::{Storage, StorageError, StorageFault, Work};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use crate::file::{FileError, StateFile};

/// Stores everything in one JSON file, which no other process can open while this value lives.
///
/// It needs a Tokio runtime.
pub struct JsonStorage {
    shared: Arc<Shared>,
}

struct Shared {
    /// Locked by the unit that writes, from its beginning to its end.
    file: Mutex<StateFile>,
    /// What the file holds. It is never changed, only replaced.
    committed: Mutex<Arc<MemoryStorage>>,
}

impl JsonStorage {
    /// Opens the file. Its folder must exist. If there is no file yet, the first commit creates it.
    ///
    /// # Errors
    /// [`FileError`] says what to fix.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let (file, content) = StateFile::open(path.as_ref())?;
        let shared = Shared { file: Mutex::new(file), committed: Mutex::new(Arc::new(content)) };
        Ok(Self { shared: Arc::new(shared) })
    }
}

#[async_trait]
impl Storage for JsonStorage {
    /// Runs on a thread that may block, because it writes to the disk. It continues even if the caller goes away.
    async fn write(&self, work: Work) -> Result<(), StorageError> {
        let shared = self.shared.clone();
        let unit = spawn_blocking(move || shared.write(work));
        unit.await.unwrap_or_else(|failed| match failed.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(cancelled) => Err(StorageError::fault(StorageFault::Other, cancelled)),
        })
    }

    /// Runs on the current thread, because it never waits.
    async fn read(&self, work: Work) -> Result<(), StorageError> {
        let committed = lock(&self.shared.committed).clone();
        committed.read(work).await
    }
}

impl Shared {
    /// Runs the unit on a draft. Writes the file first, and then shows the draft to readers. A failed commit is not repeated, because it
    /// is unknown whether the disk holds the old or the new file.
    ///
    /// The storage in memory already rolls back and repeats a unit. A unit that was rolled back leaves the draft unchanged, and the file is
    /// written with the same content.
    fn write(&self, work: Work) -> Result<(), StorageError> {
        let file = lock(&self.file);
        let draft = lock(&self.committed).snapshot();
        Handle::current().block_on(draft.write(work))?;
        file.replace(&draft)?;
        *lock(&self.committed) = Arc::new(draft);
        Ok(())
    }
}

/// A unit that panics leaves no half-made change behind these locks, so poisoning can be ignored.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
