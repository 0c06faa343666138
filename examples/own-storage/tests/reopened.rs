//! The same contract, but the file is closed and reopened after each unit that writes. So only the content of the file counts.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use muticket_conformance::{Shared, storage_conformance};
use muticket_core::storage::{Storage, StorageError, Work};
use own_storage::{FileError, JsonStorage};
use tempfile::TempDir;
use tokio::sync::{Mutex, MutexGuard};

struct Reopened {
    path: PathBuf,
    /// `None` after a unit that wrote.
    open: Mutex<Option<Arc<JsonStorage>>>,
}

impl Reopened {
    /// The storage, and the lock that allows closing it.
    async fn opened(&self) -> (Arc<JsonStorage>, MutexGuard<'_, Option<Arc<JsonStorage>>>) {
        let mut open = self.open.lock().await;
        let storage = match open.take() {
            Some(storage) => storage,
            None => Arc::new(self.reopen().await),
        };
        (storage, open)
    }

    /// A unit whose caller went away may still hold the file for a moment.
    async fn reopen(&self) -> JsonStorage {
        loop {
            match JsonStorage::open(&self.path) {
                Err(FileError::InUse(_)) => tokio::task::yield_now().await,
                opened => return opened.expect("what was written can be read"),
            }
        }
    }
}

#[async_trait]
impl Storage for Reopened {
    async fn write(&self, work: Work) -> Result<(), StorageError> {
        let (storage, mut open) = self.opened().await;
        let result = storage.write(work).await;
        // A concurrent reading unit keeps the file open.
        *open = (Arc::strong_count(&storage) > 1).then_some(storage);
        result
    }

    async fn read(&self, work: Work) -> Result<(), StorageError> {
        let (storage, mut open) = self.opened().await;
        *open = Some(storage.clone());
        drop(open);
        storage.read(work).await
    }
}

async fn empty_file() -> (Shared, TempDir) {
    let folder = TempDir::new().expect("there is room for a folder");
    let path = folder.path().join("tickets.json");
    (Arc::new(Reopened { path, open: Mutex::default() }), folder)
}

storage_conformance!(empty_file);
