//! The port for the bytes of attachments. MuTicket creates the key of each blob; names from outside never become paths
//! (P-12).
//!
//! Rows and bytes cannot be stored in one transaction, so every blob starts as an *orphan*: its key is noted in the storage
//! with an expiry time, then its bytes are written, and the unit that stores its message or note removes this entry.
//! Deleting a message or a note makes its blobs orphans again. [`Helpdesk::sweep`](crate::Helpdesk::sweep) deletes expired
//! orphans, so a crash or a refused form leaves no bytes behind permanently, and no stored message or note lacks its files.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use uuid::Uuid;

use crate::causes::debug_says_the_sentence;
use crate::id::{Ids, SystemIds};

mod derivative;
pub(crate) mod digest;
pub(crate) mod location;
mod seal;
#[cfg(feature = "blobs")]
mod store;
mod verified;

pub use self::derivative::{Derivative, StoredDerivative};
pub use self::digest::Digest;
pub(crate) use self::digest::Hasher;
pub(crate) use self::seal::{Opened, Seal};
#[cfg(feature = "blobs")]
pub use self::store::ObjectBlobs;
pub(crate) use self::verified::{Expected, Verified};

/// The key of a blob: a random name created by MuTicket, safe in any file system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobKey(String);

impl BlobKey {
    pub(crate) fn new(id: Uuid) -> Self {
        Self(id.as_simple().to_string())
    }

    /// Parses the stored form: 32 lower-case hexadecimal digits. Returns `None` for anything else.
    pub fn from_stored(text: &str) -> Option<Self> {
        let fits = text.len() == 32 && base16ct::lower::decode(text, &mut [0; 16]).is_ok();
        fits.then(|| Self(text.to_owned()))
    }

    /// The key of the small version of this picture, if it was made. It is deleted with the picture.
    pub fn small(&self) -> Self {
        Self(format!("{}-480", self.0))
    }

    /// The key of the large version of this picture, if it was made. It is deleted with the picture.
    pub fn large(&self) -> Self {
        Self(format!("{}-large", self.0))
    }

    /// The keys of all versions of a picture. The last one was used before version 0.2.
    pub(crate) fn versions(&self) -> [Self; 3] {
        [self.small(), self.large(), Self(format!("{}-small", self.0))]
    }

    /// The key as text, which is also a safe file name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BlobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A source of bytes in pieces.
#[async_trait]
pub trait ByteSource: Send {
    /// Returns the next piece, of any length; `None` at the end.
    ///
    /// # Errors
    /// The remaining bytes cannot be read.
    async fn next(&mut self) -> std::io::Result<Option<Bytes>>;

    /// The number of bytes, if it is known in advance. Default: `None`.
    fn length(&self) -> Option<u64> {
        None
    }
}

/// Bytes in memory: one piece.
#[async_trait]
impl ByteSource for Option<Bytes> {
    async fn next(&mut self) -> std::io::Result<Option<Bytes>> {
        Ok(self.take())
    }

    fn length(&self) -> Option<u64> {
        self.as_ref().map(|bytes| bytes.len() as u64)
    }
}

/// A store for the bytes of attachments.
#[async_trait]
pub trait Blobs: Send + Sync + 'static {
    /// Stores all pieces of the source durably under the key, and returns the number of bytes. If it fails, nothing is left
    /// under the key.
    ///
    /// # Errors
    /// [`BlobError::Source`] if the source failed, [`BlobError::Store`] if the store did.
    async fn put(&self, key: &BlobKey, source: &mut dyn ByteSource) -> Result<u64, BlobError>;

    /// Returns the bytes under the key, from the start; `None` if there are none. If they report a
    /// [length](ByteSource::length), it must be right.
    ///
    /// # Errors
    /// [`BlobError::NotAFile`], [`BlobError::Store`].
    async fn get(&self, key: &BlobKey) -> Result<Option<Box<dyn ByteSource>>, BlobError>;

    /// Deletes the bytes. A key without bytes is not an error.
    ///
    /// # Errors
    /// [`BlobError::Store`].
    async fn delete(&self, key: &BlobKey) -> Result<(), BlobError>;

    /// Checks that blobs can be written, by writing and deleting one.
    ///
    /// # Errors
    /// [`BlobError::Store`], which says what to fix.
    async fn check(&self) -> Result<(), BlobError> {
        try_out(self).await
    }
}

/// Writes and deletes a blob.
async fn try_out(blobs: &(impl Blobs + ?Sized)) -> Result<(), BlobError> {
    // A new key, because other nodes may start at the same time.
    let key = BlobKey::new(SystemIds.next());
    blobs.put(&key, &mut Some(Bytes::from_static(b"MuTicket may write here."))).await?;
    blobs.delete(&key).await
}

/// A blob could not be stored, read or deleted.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum BlobError {
    /// The sender of the bytes stopped, or sent too many.
    #[error("the upload was interrupted")]
    Source(#[source] std::io::Error),
    /// There is a link or a folder in place of the file. Links are not followed.
    #[error("there is a link or a folder in place of the file")]
    NotAFile,
    /// The store failed: a folder that is missing, not writable or full, or a service that does not respond.
    #[error("the blob store failed")]
    Store(#[source] Box<dyn std::error::Error + Send + Sync>),
}

debug_says_the_sentence!(BlobError);

/// Stores blobs in memory, for tests.
#[derive(Debug, Default)]
pub struct MemoryBlobs {
    blobs: Mutex<HashMap<BlobKey, Bytes>>,
}

impl MemoryBlobs {
    /// The number of blobs.
    pub fn count(&self) -> usize {
        self.lock().len()
    }

    /// The keys of all blobs, in no order.
    pub fn keys(&self) -> Vec<BlobKey> {
        self.lock().keys().cloned().collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<BlobKey, Bytes>> {
        self.blobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Blobs for MemoryBlobs {
    async fn put(&self, key: &BlobKey, source: &mut dyn ByteSource) -> Result<u64, BlobError> {
        let mut bytes = Vec::new();
        while let Some(piece) = source.next().await.map_err(BlobError::Source)? {
            bytes.extend_from_slice(&piece);
        }
        let size = bytes.len() as u64;
        self.lock().insert(key.clone(), bytes.into());
        Ok(size)
    }

    async fn get(&self, key: &BlobKey) -> Result<Option<Box<dyn ByteSource>>, BlobError> {
        let found = self.lock().get(key).cloned();
        Ok(found.map(|bytes| Box::new(Some(bytes)) as Box<dyn ByteSource>))
    }

    async fn delete(&self, key: &BlobKey) -> Result<(), BlobError> {
        self.lock().remove(key);
        Ok(())
    }
}
