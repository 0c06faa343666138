//! Blobs in a folder, or in any store supported by `object_store`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::{GetResultPayload, MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload};

use crate::blob::{BlobError, BlobKey, Blobs, ByteSource};

/// Pieces are collected up to this size before they are written to a folder, so a stalled upload uses no more memory (P-19).
const FOLDER_PART: usize = 32 * 1024;
/// The same for other stores: services such as S3 accept no smaller parts.
const SERVICE_PART: usize = 5 * 1024 * 1024;

/// Blobs in an object store: a folder, or with `object_store`'s own features a service like S3.
#[derive(Debug, Clone)]
pub struct ObjectBlobs {
    store: Arc<dyn ObjectStore>,
    /// The folder of the files; `None` for other stores.
    folder: Option<PathBuf>,
}

impl ObjectBlobs {
    /// Stores blobs as files in a folder, which is created if it is missing. The file names are generated keys.
    ///
    /// # Errors
    /// [`BlobError::Store`] if the folder cannot be created or opened; the message names it (R-02).
    pub fn folder(path: impl AsRef<Path>) -> Result<Self, BlobError> {
        let path = path.as_ref();
        let problem = |error: &dyn std::fmt::Display| {
            let text = format!("the upload folder {} cannot be used: {error}; make it writable for this process", path.display());
            BlobError::Store(text.into())
        };
        std::fs::create_dir_all(path).map_err(|error| problem(&error))?;
        let store = LocalFileSystem::new_with_prefix(path).map_err(|error| problem(&error))?;
        Ok(Self { store: Arc::new(store.with_fsync(true)), folder: Some(path.to_owned()) })
    }

    /// Stores blobs in any object store. Give it a separate prefix.
    ///
    /// In memory here. With `object_store`'s feature `aws`, use an S3 bucket built by its `AmazonS3Builder` instead.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// use std::sync::Arc;
    ///
    /// use muticket_core::blob::{Blobs, ObjectBlobs};
    /// use object_store::memory::InMemory;
    /// use object_store::prefix::PrefixStore;
    ///
    /// let bucket = InMemory::new();
    /// let blobs = ObjectBlobs::new(Arc::new(PrefixStore::new(bucket, "muticket")));
    /// blobs.check().await?;
    /// # Ok::<(), muticket_core::blob::BlobError>(())
    /// # }).unwrap();
    /// ```
    pub fn new(store: Arc<dyn ObjectStore>) -> Self {
        Self { store, folder: None }
    }

    /// Whether the key has a file. Always true for stores that are not a folder.
    ///
    /// # Errors
    /// [`BlobError::NotAFile`] if the file or its folder is a link: links are never followed (P-29).
    fn is_there(&self, key: &BlobKey) -> Result<bool, BlobError> {
        let Some(folder) = &self.folder else { return Ok(true) };
        let file = folder.join(path(key).as_ref());
        let is = |path: &Path, wanted: fn(&std::fs::FileType) -> bool| match std::fs::symlink_metadata(path) {
            Ok(found) if wanted(&found.file_type()) => Ok(true),
            Ok(_) => Err(BlobError::NotAFile),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(BlobError::Store(error.into())),
        };
        let above = file.parent().map_or(Ok(true), |above| is(above, std::fs::FileType::is_dir))?;
        Ok(above && is(&file, std::fs::FileType::is_file)?)
    }

    /// Whether the opened file is not the file under the key, because someone replaced it by a link meanwhile.
    #[cfg_attr(
        not(unix),
        expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "only Unix tells one file from another")
    )]
    fn is_other(&self, key: &BlobKey, opened: &GetResultPayload) -> Result<bool, BlobError> {
        #[cfg(unix)]
        if let (Some(folder), GetResultPayload::File(file, _)) = (&self.folder, opened) {
            use std::os::unix::fs::MetadataExt as _;
            let failed = |error: std::io::Error| BlobError::Store(error.into());
            let (opened, there) = (file.metadata().map_err(failed)?, std::fs::symlink_metadata(folder.join(path(key).as_ref())));
            return Ok(there.map_or(true, |there| (there.dev(), there.ino()) != (opened.dev(), opened.ino())));
        }
        let _ = (key, opened);
        Ok(false)
    }

    /// Fails if the folder of the key is a link: nothing is written or deleted through a link.
    fn refuse_link(&self, key: &BlobKey) -> Result<(), BlobError> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let file = folder.join(path(key).as_ref());
        let above = file.parent().unwrap_or(folder);
        match std::fs::symlink_metadata(above) {
            Ok(found) if found.is_symlink() => {
                let text = format!("{} is a link; MuTicket follows none in its upload folder", above.display());
                Err(BlobError::Store(text.into()))
            }
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Writes the pieces as they come. Large blobs go through `upload`, which the caller aborts if this fails.
    async fn fill(
        &self,
        key: &BlobKey,
        source: &mut dyn ByteSource,
        upload: &mut Option<Box<dyn MultipartUpload>>,
    ) -> Result<u64, BlobError> {
        let full = if self.folder.is_some() { FOLDER_PART } else { SERVICE_PART };
        let (mut size, mut part) = (0, Vec::with_capacity(FOLDER_PART));
        while let Some(piece) = source.next().await.map_err(BlobError::Source)? {
            size += piece.len() as u64;
            if part.len() + piece.len() < full {
                part.extend_from_slice(&piece);
                continue;
            }
            if upload.is_none() {
                *upload = Some(self.store.put_multipart(&path(key)).await.map_err(failed)?);
            }
            let Some(open) = upload else { continue };
            let written = std::mem::replace(&mut part, Vec::with_capacity(FOLDER_PART));
            open.put_part(PutPayload::from_iter([Bytes::from(written), piece])).await.map_err(failed)?;
        }
        match upload {
            None => {
                self.store.put(&path(key), part.into()).await.map_err(failed)?;
            }
            Some(open) => {
                if !part.is_empty() {
                    open.put_part(part.into()).await.map_err(failed)?;
                }
                open.complete().await.map_err(failed)?;
            }
        }
        Ok(size)
    }
}

/// Two characters of the key name a subfolder, so that no folder becomes too large.
fn path(key: &BlobKey) -> object_store::path::Path {
    let text = key.as_str();
    object_store::path::Path::from(format!("{}/{text}", &text[text.len().min(30)..text.len().min(32)]))
}

/// Deletes what a killed process left beside the file during an upload: `KEY#1`, `KEY#2`, ...
fn remove_staged(file: &Path) -> Result<(), BlobError> {
    for attempt in 1.. {
        let mut staged = file.as_os_str().to_owned();
        staged.push(format!("#{attempt}"));
        match std::fs::remove_file(&staged) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(BlobError::Store(error.into())),
        }
    }
    Ok(())
}

fn failed(error: object_store::Error) -> BlobError {
    BlobError::Store(error.into())
}

/// The root cause of an error. The errors above it repeat it with more words.
fn innermost(error: &dyn std::error::Error) -> &dyn std::error::Error {
    error.source().map_or(error, innermost)
}

#[async_trait]
impl Blobs for ObjectBlobs {
    async fn check(&self) -> Result<(), BlobError> {
        let Err(error) = super::try_out(self).await else { return Ok(()) };
        let Some(folder) = &self.folder else { return Err(error) };
        let text = format!(
            "the upload folder {} cannot be written: {}; make it writable for the user that runs this program, and check that the disk is not full",
            folder.display(),
            innermost(&error)
        );
        Err(BlobError::Store(text.into()))
    }

    async fn put(&self, key: &BlobKey, source: &mut dyn ByteSource) -> Result<u64, BlobError> {
        self.refuse_link(key)?;
        let mut upload = None;
        let outcome = self.fill(key, source, &mut upload).await;
        if outcome.is_err()
            && let Some(mut upload) = upload
        {
            // Report the original failure. What cannot be deleted now is deleted with the key.
            let _ = upload.abort().await;
        }
        outcome
    }

    async fn get(&self, key: &BlobKey) -> Result<Option<Box<dyn ByteSource>>, BlobError> {
        if !self.is_there(key)? {
            return Ok(None);
        }
        match self.store.get(&path(key)).await {
            Ok(found) if self.is_other(key, &found.payload)? => Err(BlobError::NotAFile),
            Ok(found) => Ok(Some(Box::new(Pieces { length: found.meta.size, pieces: found.into_stream() }))),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    async fn delete(&self, key: &BlobKey) -> Result<(), BlobError> {
        self.refuse_link(key)?;
        if let Some(folder) = &self.folder {
            remove_staged(&folder.join(path(key).as_ref()))?;
        }
        match self.store.delete(&path(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }
}

/// The bytes of an object, as the store returns them.
struct Pieces {
    length: u64,
    pieces: BoxStream<'static, object_store::Result<Bytes>>,
}

#[async_trait]
impl ByteSource for Pieces {
    async fn next(&mut self) -> std::io::Result<Option<Bytes>> {
        self.pieces.next().await.transpose().map_err(std::io::Error::other)
    }

    fn length(&self) -> Option<u64> {
        Some(self.length)
    }
}

#[cfg(test)]
mod tests;
