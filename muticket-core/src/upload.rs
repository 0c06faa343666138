//! Uploads: files that are stored before the form that carries them. [`crate::blob`] explains why neither gets
//! lost.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};

use crate::blob::location::Unlocated;
use crate::blob::{BlobKey, ByteSource, Digest, Hasher};
use crate::error::Error;
use crate::parts::Parts;
use crate::problem::{Field, FieldError, Problem};
use crate::settings::Settings;
use crate::storage::Unit;
use crate::sweep::delete_blobs;
use crate::ticket::{FileName, MediaType};

/// How long a stored file waits for its form.
const PATIENCE: TimeDelta = TimeDelta::hours(24);

/// A stored file that belongs to no message and no note yet. Only the doors create uploads, so a form cannot refer to another user's
/// file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    pub(crate) key: BlobKey,
    pub(crate) name: FileName,
    pub(crate) media_type: MediaType,
    pub(crate) size: u64,
    pub(crate) digest: Digest,
    /// Keys that were noted for further files of the form, which did not come. Who takes or discards this file removes their
    /// notes too.
    pub(crate) unused: Vec<BlobKey>,
}

impl Upload {
    /// The file name, as it will be displayed.
    pub fn name(&self) -> &FileName {
        &self.name
    }

    /// The length in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The type detected from the bytes.
    pub fn media_type(&self) -> MediaType {
        self.media_type
    }

    /// The key of the bytes in the blob store.
    pub fn key(&self) -> &BlobKey {
        &self.key
    }

    /// The same file, listed as an ordinary file: for files that only begin like an image (P-10).
    #[must_use]
    pub fn not_a_picture(self) -> Self {
        Self { media_type: MediaType::Other, ..self }
    }
}

/// Stores the files of one form. The keys of all of them are noted in one unit, when the first file comes.
#[derive(Debug)]
pub struct Uploads {
    parts: Arc<Parts>,
    settings: Settings,
    /// How many keys are noted at once.
    most: usize,
    /// Keys that are noted and have no file yet.
    keys: Vec<BlobKey>,
}

impl Uploads {
    /// For a form with at most `most` files.
    pub(crate) fn new(parts: &Arc<Parts>, settings: &Settings, most: usize) -> Self {
        Self { parts: parts.clone(), settings: settings.clone(), most, keys: Vec::new() }
    }

    /// Stores a file. The bytes are streamed to the blob store.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a file over its limit, [`Error::Unavailable`].
    pub async fn attach(&mut self, name: &str, source: &mut dyn ByteSource) -> Result<Upload, Error> {
        let name = FileName::clean(name);
        let invalid = |problem| {
            let field = Field::Attachment(name.as_str().to_owned());
            Error::Invalid(vec![FieldError { field, problem }])
        };
        let Some(blobs) = self.parts.blobs.clone() else { return Err(invalid(Problem::TooMany { max: 0 })) };
        let key = self.noted_key().await?;
        let Self { parts, settings, keys, .. } = self;

        let max = parts.limits.attachment_bytes;
        let image_max = settings.image_limit.unwrap_or(max).min(max);
        // The limits count what was sent, before anything is removed from it.
        let mut bounded = Bounded { source, head: Vec::new(), size: 0, max, image_max, over: None };
        let mut unlocated = Unlocated::new(&mut bounded, settings.remove_location);
        let mut hashed = Hashed { source: &mut unlocated, hasher: Hasher::default() };
        let stored = blobs.put(&key, &mut hashed).await;
        let digest = hashed.hasher.digest();
        if stored.is_err() || bounded.over.is_some() {
            // What cannot be deleted now is deleted by the sweep. Report the original problem instead.
            let _ = delete_blobs(parts, vec![key.clone()]).await;
            // Usually no further file comes, so the notes of their keys go, too.
            let unused = std::mem::take(keys);
            if !unused.is_empty() {
                let _ = parts.storage_of_notes().run_write(move |unit| unit.orphans().delete(&unused)).await;
            }
        }
        match (stored, bounded.over) {
            (Ok(size), None) => {
                let media_type = MediaType::detect(&bounded.head);
                Ok(Upload { key, name, media_type, size, digest, unused: Vec::new() })
            }
            (_, Some(max)) => Err(invalid(Problem::TooLarge { max })),
            (Err(error), None) => Err(error.into()),
        }
    }

    /// Ends the form: its message or note takes these files, and the notes of the keys without a file go with the last one.
    pub fn finish(self, files: &mut [Upload]) {
        if let Some(last) = files.last_mut() {
            last.unused.extend(self.keys);
        }
    }

    /// A key that is noted as an orphan.
    async fn noted_key(&mut self) -> Result<BlobKey, Error> {
        if let Some(key) = self.keys.pop() {
            return Ok(key);
        }
        let key = BlobKey::new(self.parts.ids.next());
        let rest: Vec<_> = (1..self.most).map(|_| BlobKey::new(self.parts.ids.next())).collect();
        let (noted, due) = ([rest.as_slice(), std::slice::from_ref(&key)].concat(), self.parts.now() + PATIENCE);
        self.parts.storage_of_notes().run_write(move |unit| unit.orphans().insert(&noted, due)).await.map_err(Error::from)?;
        self.keys = rest;
        Ok(key)
    }
}

/// Keeps the files of a form that the unit stores: they are no orphans any more.
///
/// # Errors
/// [`Error::Invalid`] with the name of a file that waited so long for its form that it may be deleted already.
pub(crate) fn adopt(unit: &mut dyn Unit, uploads: &[Upload], now: DateTime<Utc>) -> Result<(), Error> {
    for upload in uploads {
        if !unit.orphans().adopt(&upload.key, now)? {
            let field = Field::Attachment(upload.name.as_str().to_owned());
            return Err(Error::Invalid(vec![FieldError { field, problem: Problem::Expired }]));
        }
    }
    let unused: Vec<_> = uploads.iter().flat_map(|upload| upload.unused.iter().cloned()).collect();
    if !unused.is_empty() {
        unit.orphans().delete(&unused)?;
    }
    Ok(())
}

/// Deletes files whose form was refused, except those that belong to a message or a note. The sweep deletes files that cannot be
/// deleted now.
pub(crate) async fn discard(parts: &Parts, uploads: Vec<Upload>) -> Result<(), Error> {
    if uploads.is_empty() {
        return Ok(());
    }
    let now = parts.now();
    let unused: Vec<_> = uploads.iter().flat_map(|upload| upload.unused.iter().cloned()).collect();
    let keys: Vec<_> = uploads.into_iter().map(|upload| upload.key).collect();
    let work = move |unit: &mut dyn Unit| {
        // The form may have been stored although its sender saw an error: do not touch files that were adopted.
        let mut orphans = Vec::new();
        for key in &keys {
            if unit.orphans().adopt(key, now)? {
                orphans.push(key.clone());
            }
        }
        if !orphans.is_empty() {
            unit.orphans().insert(&orphans, now)?;
        }
        if !unused.is_empty() {
            unit.orphans().delete(&unused)?;
        }
        Ok::<_, Error>(orphans)
    };
    let orphans = parts.storage.run_write(work).await?;
    delete_blobs(parts, orphans).await
}

/// Passes the bytes of an upload on until there are too many of them.
struct Bounded<'a> {
    source: &'a mut dyn ByteSource,
    /// The first bytes, which tell the type.
    head: Vec<u8>,
    size: u64,
    max: u64,
    image_max: u64,
    /// The limit that was exceeded; `None` if none was.
    over: Option<u64>,
}

#[async_trait]
impl ByteSource for Bounded<'_> {
    async fn next(&mut self) -> std::io::Result<Option<Bytes>> {
        let Some(piece) = self.source.next().await? else { return Ok(None) };
        let missing = MediaType::DETECT_BYTES.saturating_sub(self.head.len());
        self.head.extend_from_slice(&piece[..piece.len().min(missing)]);
        self.size += piece.len() as u64;
        let max = if MediaType::is_any_image(&self.head) { self.image_max } else { self.max };
        if self.size > max {
            self.over = Some(max);
            return Err(std::io::Error::other("the file is too large"));
        }
        Ok(Some(piece))
    }
}

/// Computes the digest of the bytes that are stored.
struct Hashed<'a> {
    source: &'a mut dyn ByteSource,
    hasher: Hasher,
}

#[async_trait]
impl ByteSource for Hashed<'_> {
    async fn next(&mut self) -> std::io::Result<Option<Bytes>> {
        let piece = self.source.next().await?;
        if let Some(piece) = &piece {
            self.hasher.update(piece);
        }
        Ok(piece)
    }
}
