//! Files that cannot be written, read or deleted on command.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use muticket_core::blob::{BlobError, BlobKey, Blobs, ByteSource};

use crate::lock;

/// A call of [`Blobs`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlobCall {
    /// [`Blobs::put`].
    Put,
    /// [`Blobs::get`].
    Get,
    /// [`Blobs::delete`].
    Delete,
}

/// Passes every call on to other blobs, until it is told to fail.
pub struct FaultyBlobs {
    inner: Arc<dyn Blobs>,
    /// The call that fails, and how many more times.
    fault: Mutex<Option<(BlobCall, u32)>>,
    keys: Mutex<BTreeSet<BlobKey>>,
}

impl FaultyBlobs {
    /// Blobs that work.
    pub fn new(inner: Arc<dyn Blobs>) -> Self {
        Self { inner, fault: Mutex::default(), keys: Mutex::default() }
    }

    /// The next `times` calls of this kind fail with [`BlobError::Store`].
    pub fn fail(&self, call: BlobCall, times: u32) {
        *lock(&self.fault) = Some((call, times));
    }

    /// All calls succeed again.
    pub fn mend(&self) {
        *lock(&self.fault) = None;
    }

    /// The keys of the blobs that were put here and not deleted.
    pub fn keys(&self) -> BTreeSet<BlobKey> {
        lock(&self.keys).clone()
    }

    /// The number of blobs that were put here and not deleted.
    pub fn count(&self) -> usize {
        lock(&self.keys).len()
    }

    fn check(&self, call: BlobCall) -> Result<(), BlobError> {
        match &mut *lock(&self.fault) {
            Some((failing, times)) if *failing == call && *times > 0 => {
                *times -= 1;
                Err(BlobError::Store("the disk is read-only".into()))
            }
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl Blobs for FaultyBlobs {
    async fn put(&self, key: &BlobKey, source: &mut dyn ByteSource) -> Result<u64, BlobError> {
        self.check(BlobCall::Put)?;
        let length = self.inner.put(key, source).await?;
        lock(&self.keys).insert(key.clone());
        Ok(length)
    }

    async fn get(&self, key: &BlobKey) -> Result<Option<Box<dyn ByteSource>>, BlobError> {
        self.check(BlobCall::Get)?;
        self.inner.get(key).await
    }

    async fn delete(&self, key: &BlobKey) -> Result<(), BlobError> {
        self.check(BlobCall::Delete)?;
        self.inner.delete(key).await?;
        lock(&self.keys).remove(key);
        Ok(())
    }

    async fn check(&self) -> Result<(), BlobError> {
        self.inner.check().await
    }
}
