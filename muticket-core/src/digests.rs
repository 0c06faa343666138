//! Computes missing digests of files stored before digests existed (P-29), some at each sweep.

use std::sync::PoisonError;

use crate::blob::{BlobError, Blobs, Digest, Hasher};
use crate::error::Error;
use crate::parts::{Digested, Parts};
use crate::storage::{StorageError, Unit};
use crate::ticket::Attachment;

/// The number of files read from the storage at a time.
const BATCH: u32 = 50;
/// The number of bytes after which a sweep reads no further file: some seconds of work.
const BYTES: u64 = 256 * 1024 * 1024;

/// Computes and stores the digests of some files that have none. Files that are missing, or whose length differs from
/// their row, are skipped: they are not served anyway.
pub(crate) async fn digest_older_files(parts: &Parts) -> Result<(), Error> {
    let Some(blobs) = &parts.blobs else { return Ok(()) };
    let progress = || parts.digested.lock().unwrap_or_else(PoisonError::into_inner);
    let mut read = 0;
    while read < BYTES {
        let Digested::After(after) = *progress() else { return Ok(()) };
        let find = move |unit: &mut dyn Unit| unit.attachments().without_digest(after, BATCH);
        let files: Vec<Attachment> = parts.storage.run_read::<_, StorageError, _>(find).await.map_err(Error::from)?;
        let mut digests = Vec::new();
        let mut last = None;
        for file in &files {
            if let Some(digest) = digest_of(&**blobs, file).await? {
                digests.push((file.id, digest));
            }
            (read, last) = (read + file.size, Some(file.id));
            if read >= BYTES {
                break;
            }
        }
        if !digests.is_empty() {
            let store = move |unit: &mut dyn Unit| {
                digests.iter().try_for_each(|(id, digest)| unit.attachments().set_digest(*id, digest).map(drop))
            };
            parts.storage.run_write::<_, StorageError, _>(store).await.map_err(Error::from)?;
        }
        *progress() = if last.is_none() { Digested::All } else { Digested::After(last) };
    }
    Ok(())
}

/// The digest of the stored bytes; `None` if they are missing, unreadable or of the wrong length.
async fn digest_of(blobs: &dyn Blobs, file: &Attachment) -> Result<Option<Digest>, Error> {
    let mut source = match blobs.get(&file.key).await {
        Ok(Some(source)) => source,
        Ok(None) | Err(BlobError::NotAFile) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let (mut hasher, mut size) = (Hasher::default(), 0);
    loop {
        match source.next().await {
            Ok(Some(piece)) => {
                size += piece.len() as u64;
                hasher.update(&piece);
            }
            Ok(None) => return Ok((size == file.size).then(|| hasher.digest())),
            // An unreadable file must not block the others.
            Err(_) => return Ok(None),
        }
    }
}
