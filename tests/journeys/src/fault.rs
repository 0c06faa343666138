//! A storage that fails on command.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use muticket_core::storage::{Storage, StorageError, StorageFault, Work};

/// Passes every call on, until it is told to fail.
pub struct FaultyStorage {
    inside: Arc<dyn Storage>,
    /// How many more calls succeed; negative if all do.
    left: AtomicI64,
    /// The number of calls since the last `make`.
    calls: AtomicI64,
}

/// What the storage does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Works.
    None,
    /// Fails from the call after this many on.
    After(i64),
}

impl FaultyStorage {
    /// A storage that works.
    pub fn new(inside: Arc<dyn Storage>) -> Self {
        Self { inside, left: AtomicI64::new(-1), calls: AtomicI64::new(0) }
    }

    /// Sets what the storage does.
    pub fn make(&self, trouble: Trouble) {
        let left = match trouble {
            Trouble::None => -1,
            Trouble::After(calls) => calls,
        };
        self.left.store(left, Ordering::SeqCst);
        self.calls.store(0, Ordering::SeqCst);
    }

    /// The number of calls since the last [`make`](Self::make).
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
