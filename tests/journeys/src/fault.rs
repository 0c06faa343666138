//! A storage that fails on command.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use muticket_core::storage::{Storage, StorageError, StorageFault, Work};

/// Passes everything on, until it is told otherwise.
pub struct FaultyStorage {
    inside: Arc<dyn Storage>,
    /// How many calls still go well; negative: all.
    left: AtomicI64,
    /// How many calls there were since it was last told.
    calls: AtomicI64,
}

/// What a storage is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Works.
    None,
    /// Fails from the call after so many on.
    After(i64),
}

impl FaultyStorage {
    /// Works so far.
    pub fn new(inside: Arc<dyn Storage>) -> Self {
        Self { inside, left: AtomicI64::new(-1), calls: AtomicI64::new(0) }
    }

    /// Tells it.
    pub fn make(&self, trouble: Trouble) {
        let left = match trouble {
            Trouble::None => -1,
            Trouble::After(calls) => calls,
        };
        self.left.store(left, Ordering::SeqCst);
        self.calls.store(0, Ordering::SeqCst);
    }

    /// How many calls there were since it was last told.
    pub fn calls(&self) -> i64 {
        self.calls.load(Ordering::SeqCst)
    }

    fn call(&self) -> Result<(), StorageError> {
        let before = self.calls.fetch_add(1, Ordering::SeqCst);
        let left = self.left.load(Ordering::SeqCst);
        if left >= 0 && before >= left {
            return Err(StorageError::fault(StorageFault::Connection, "the database went away"));
        }
        Ok(())
    }
}

#[async_trait]
impl Storage for FaultyStorage {
    async fn write(&self, work: Work) -> Result<(), StorageError> {
        self.call()?;
        self.inside.write(work).await
    }

    async fn read(&self, work: Work) -> Result<(), StorageError> {
        self.call()?;
        self.inside.read(work).await
    }
}
