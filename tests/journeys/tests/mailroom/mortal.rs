//! A node that dies: from a chosen step on, its storage and its files answer no more.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use muticket_core::Storage;
use muticket_core::StorageError;
use muticket_core::async_trait::async_trait;
use muticket_core::blob::{BlobError, BlobKey, Blobs, ByteSource};
use muticket_core::storage::Work;
use tokio::sync::Notify;

/// When a node dies. The beginning and the end of each unit of work and of each call for a file are steps.
pub(crate) struct Death {
    at: u32,
    steps: AtomicU32,
    died: Notify,
}

impl Death {
    /// The node dies at this step. The first one is 1.
    pub(crate) fn at(step: u32) -> Arc<Self> {
        Arc::new(Self { at: step, steps: AtomicU32::new(0), died: Notify::new() })
    }

    /// The node lives.
    pub(crate) fn never() -> Arc<Self> {
        Self::at(u32::MAX)
    }

    /// What the node does, to its end; `None` if it dies before. Then nothing of it runs on, as after a power cut.
    pub(crate) async fn interrupts<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            done = work => Some(done),
            () = self.died.notified() => None,
        }
    }

    async fn step(&self) {
        if self.steps.fetch_add(1, Ordering::SeqCst) + 1 >= self.at {
            self.died.notify_one();
            std::future::pending().await
        }
    }
}

/// A storage or a store for files, as a node that may die sees it.
pub(crate) struct Mortal<T: ?Sized> {
    inner: Arc<T>,
    death: Arc<Death>,
}

impl<T: ?Sized> Mortal<T> {
    pub(crate) fn new(inner: &Arc<T>, death: &Arc<Death>) -> Arc<Self> {
        Arc::new(Self { inner: inner.clone(), death: death.clone() })
    }

    async fn around<R>(&self, call: impl Future<Output = R>) -> R {
        self.death.step().await;
        let result = call.await;
        self.death.step().await;
        result
    }
}

#[async_trait]
impl Storage for Mortal<dyn Storage> {
    async fn write(&self, work: Work) -> Result<(), StorageError> {
        self.around(self.inner.write(work)).await
    }

    async fn read(&self, work: Work) -> Result<(), StorageError> {
        self.around(self.inner.read(work)).await
    }
}

#[async_trait]
impl Blobs for Mortal<dyn Blobs> {
    async fn put(&self, key: &BlobKey, source: &mut dyn ByteSource) -> Result<u64, BlobError> {
        self.around(self.inner.put(key, source)).await
    }

    async fn get(&self, key: &BlobKey) -> Result<Option<Box<dyn ByteSource>>, BlobError> {
        self.around(self.inner.get(key)).await
    }

    async fn delete(&self, key: &BlobKey) -> Result<(), BlobError> {
        self.around(self.inner.delete(key)).await
    }
}
