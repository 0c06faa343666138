//! Storages that run units in unusual ways.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use muticket_core::storage::{MemoryStorage, Rollback, Storage, StorageError, Unit, Work};

/// Runs every closure twice, and keeps nothing of the first run.
pub(crate) struct Twice(pub(crate) Arc<dyn Storage>);

#[async_trait]
impl Storage for Twice {
    async fn write(&self, mut work: Work) -> Result<(), StorageError> {
        let mut first = true;
        let twice = move |unit: &mut dyn Unit| {
            let verdict = work(unit);
            if std::mem::take(&mut first) { Err(Rollback::Failed(StorageError::Stale)) } else { verdict }
        };
        self.0.write(Box::new(twice)).await
    }

    async fn read(&self, mut work: Work) -> Result<(), StorageError> {
        let twice = move |unit: &mut dyn Unit| {
            let _ = work(unit);
            work(unit)
        };
        self.0.read(Box::new(twice)).await
    }
}

/// A database with a replica that falls behind on command. All writes go to the primary.
#[derive(Default)]
pub(crate) struct Lagging {
    primary: Arc<MemoryStorage>,
    /// The state of the replica; `None` while it is up to date.
    behind: Mutex<Option<MemoryStorage>>,
}

impl Lagging {
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

    async fn read_stale(&self, work: Work) -> Result<(), StorageError> {
        let replica = self.behind.lock().unwrap().as_ref().unwrap_or(&self.primary).snapshot();
        replica.read(work).await
    }
}
