//! A database with a replica that falls behind on command.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use muticket_core::storage::{MemoryStorage, Storage, StorageError, Work};

/// All writes go to the primary.
#[derive(Default)]
pub(crate) struct Lagging {
    primary: Arc<MemoryStorage>,
    /// The state of the replica; `None` while it is up to date.
    behind: Mutex<Option<MemoryStorage>>,
}

impl Lagging {
    pub(crate) fn new(primary: Arc<MemoryStorage>) -> Self {
        Self { primary, behind: Mutex::default() }
    }

    /// From now on the replica gets no updates.
    pub(crate) fn falls_behind(&self) {
        *self.behind.lock().unwrap() = Some(self.primary.snapshot());
    }

    pub(crate) fn catches_up(&self) {
        *self.behind.lock().unwrap() = None;
    }
}

#[async_trait]
impl Storage for Lagging {
    async fn write(&self, work: Work) -> Result<(), StorageError> {
        self.primary.write(work).await
    }

    async fn read(&self, work: Work) -> Result<(), StorageError> {
        self.primary.read(work).await
    }

    async fn glance(&self, work: Work) -> Result<(), StorageError> {
        let replica = self.behind.lock().unwrap().as_ref().unwrap_or(&self.primary).snapshot();
        replica.read(work).await
    }
}
