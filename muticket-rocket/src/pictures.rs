//! Small and large versions of pictures: made once, one at a time, and kept beside the original.

use std::future::Future;
use std::sync::Arc;

use bytes::Bytes;
use muticket_core::blob::{BlobError, BlobKey, Blobs, ByteSource};
use muticket_core::upload::Upload;
use muticket_core::{Error, Refusal};
use muticket_pictures::{MAX_BYTES, Version, remake};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::error::log_unavailable;

/// Change it when pictures are made in another way: kept versions are then made again.
const EDITION: &[u8] = b"muticket picture 1";

/// How long the mark is that stands before a kept version.
const MARK: usize = 32;

/// The queue in which pictures are made. Each takes up to 64 MiB and 300 ms of one processor, so there is never more than one at work.
#[derive(Debug)]
pub(crate) struct Pictures {
    queue: Arc<Semaphore>,
}

/// A version of a picture.
pub(crate) struct Made {
    /// Its bytes; `None` if the picture cannot be shown, which is remembered too.
    pub(crate) bytes: Option<Vec<u8>>,
    /// Whether it was made just now.
    pub(crate) fresh: bool,
}

impl Pictures {
    pub(crate) fn new() -> Self {
        Self { queue: Arc::new(Semaphore::new(1)) }
    }

    /// The version of the picture under a key. `original` is read only if it has to be made.
    pub(crate) async fn version(
        &self,
        blobs: &dyn Blobs,
        key: &BlobKey,
        version: Version,
        original: impl Future<Output = Result<Box<dyn ByteSource>, Error>> + Send,
    ) -> Result<Made, Error> {
        let place = place(key, version);
        if let Some(bytes) = kept(blobs, &place).await? {
            return Ok(Made { bytes, fresh: false });
        }
        // It is never closed.
        let turn = self.queue.clone().acquire_owned().await.map_err(|_| Error::NotFound)?;
        // Others may have waited for the same picture.
        if let Some(bytes) = kept(blobs, &place).await? {
            return Ok(Made { bytes, fresh: false });
        }
        let bytes = match whole(&mut *original.await?, MAX_BYTES).await? {
            Some(original) => {
                // The turn ends with the work, also if the visitor goes away meanwhile.
                let work = move || (remake(&original, version).map(|picture| picture.bytes).ok(), turn);
                // A decoder that panicked has shown that the picture cannot be shown.
                tokio::task::spawn_blocking(work).await.ok().and_then(|(bytes, _)| bytes)
            }
            None => None,
        };
        let body = bytes.as_deref().unwrap_or_default();
        let sealed = [&mark(&place, body)[..], body].concat();
        if let Err(error) = blobs.put(&place, &mut Some(Bytes::from(sealed))).await {
            // It is made again the next time; this visitor need not wait for that.
            log_unavailable(&error.into());
        }
        Ok(Made { bytes, fresh: true })
    }

    /// Looks whether a file that begins like a picture is one, and makes its small version: else it is listed as a file.
    pub(crate) async fn examined(&self, blobs: Option<&Arc<dyn Blobs>>, upload: Upload) -> Upload {
        let Some(blobs) = blobs.filter(|_| upload.media_type().is_image()) else { return upload };
        let original = async {
            let original = blobs.get(upload.key()).await?;
            original.ok_or_else(|| Refusal::FileMissing.into())
        };
        match self.version(&**blobs, upload.key(), Version::Small, original).await {
            Ok(Made { bytes: None, .. }) => upload.not_a_picture(),
            Ok(_) => upload,
            Err(error) => {
                // It is looked at again when somebody asks for it.
                log_unavailable(&error);
                upload
            }
        }
    }
}

fn place(key: &BlobKey, version: Version) -> BlobKey {
    match version {
        Version::Small => key.small(),
        Version::Large => key.large(),
    }
}

/// What belongs before the bytes of a version: it ties them to their place, so that files exchanged in the folder are noticed (P-29).
fn mark(place: &BlobKey, body: &[u8]) -> [u8; MARK] {
    Sha256::new().chain_update(EDITION).chain_update(place.as_str()).chain_update(body).finalize().into()
}

/// What is kept at a place: `None` if there is nothing, or not what was put there; `Some(None)` for a picture that cannot be shown.
async fn kept(blobs: &dyn Blobs, place: &BlobKey) -> Result<Option<Option<Vec<u8>>>, Error> {
    let Some(mut source) = blobs.get(place).await? else { return Ok(None) };
    let Some(mut bytes) = whole(&mut *source, MAX_BYTES).await? else { return Ok(None) };
    let Some((found, body)) = bytes.split_first_chunk::<MARK>() else { return Ok(None) };
    if *found != mark(place, body) {
        return Ok(None);
    }
    bytes.drain(..MARK);
    Ok(Some((!bytes.is_empty()).then_some(bytes)))
}

/// All bytes; `None` if there are more than `max`.
async fn whole(source: &mut dyn ByteSource, max: usize) -> Result<Option<Vec<u8>>, Error> {
    let mut bytes = Vec::new();
    while let Some(piece) = source.next().await.map_err(|error| BlobError::Store(error.into()))? {
        if bytes.len() + piece.len() > max {
            return Ok(None);
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use muticket_core::blob::MemoryBlobs;

    use super::*;

    fn key(digit: char) -> BlobKey {
        BlobKey::from_stored(&digit.to_string().repeat(32)).unwrap()
    }

    /// A PNG of one pixel.
    fn png() -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde".to_vec();
        bytes.extend(b"\0\0\0\x0cIDAT\x08\xd7c\xf8\xcf\xc0\0\0\x03\x01\x01\0\x18\xdd\x8d\xb0\0\0\0\0IEND\xaeB`\x82");
        bytes
    }

    async fn small(pictures: &Pictures, blobs: &MemoryBlobs, key: &BlobKey, bytes: Vec<u8>) -> Made {
        let original = async { Ok(Box::new(Some(Bytes::from(bytes))) as Box<dyn ByteSource>) };
        pictures.version(blobs, key, Version::Small, original).await.unwrap()
    }

    /// A.12, P-19: what failed once is not tried again, so nobody waits for it.
    #[rocket::async_test]
    async fn a_picture_is_made_once_and_so_is_one_that_cannot_be_shown() {
        let (pictures, blobs) = (Pictures::new(), MemoryBlobs::default());
        for (key, bytes, shown) in [(key('a'), png(), true), (key('b'), b"\x89PNG\r\n\x1a\n no more".to_vec(), false)] {
            let made = small(&pictures, &blobs, &key, bytes).await;
            assert_eq!((made.fresh, made.bytes.is_some()), (true, shown));
            let unread = async { panic!("the original is read once") };
            let again = pictures.version(&blobs, &key, Version::Small, unread).await.unwrap();
            assert_eq!((again.fresh, again.bytes), (false, made.bytes));
        }
    }

    /// P-19: many who ask at once cause one unpacking.
    #[rocket::async_test]
    async fn who_asks_at_the_same_time_shares_the_work() {
        let (pictures, blobs) = (Pictures::new(), MemoryBlobs::default());
        let key = key('a');
        let ask = || small(&pictures, &blobs, &key, png());
        let (one, two, three) = tokio::join!(ask(), ask(), ask());
        assert_eq!([one, two, three].iter().filter(|made| made.fresh).count(), 1);
    }

    /// P-29: a version of another picture, or of other bytes, is not shown: it is made anew.
    #[rocket::async_test]
    async fn what_was_exchanged_in_the_folder_is_made_anew() {
        let (pictures, blobs) = (Pictures::new(), MemoryBlobs::default());
        small(&pictures, &blobs, &key('a'), png()).await;
        let mut source = blobs.get(&key('a').small()).await.unwrap().unwrap();
        let kept = whole(&mut *source, MAX_BYTES).await.unwrap().unwrap();
        let mut flipped = kept.clone();
        *flipped.last_mut().unwrap() ^= 1;
        for other in [kept, flipped, Vec::new(), b"short".to_vec()] {
            let key = key('b');
            blobs.put(&key.small(), &mut Some(Bytes::from(other))).await.unwrap();
            assert!(small(&pictures, &blobs, &key, png()).await.fresh);
        }
    }
}
