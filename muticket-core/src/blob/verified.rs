//! Bytes to be downloaded, checked against their row (P-29).

use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;

use crate::blob::{BlobKey, Blobs, ByteSource, Digest, Hasher};

/// Files up to this size are read into memory before the first byte is returned.
const AT_ONCE: u64 = 1024 * 1024;
/// Files up to this size are read twice: once to check them and once to return them.
const TWICE: u64 = 16 * 1024 * 1024;

/// The bytes do not match their row: their length or their content differs.
#[derive(Debug, thiserror::Error)]
#[error("the bytes of the file are not those that were stored")]
struct DamagedBytes;

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, DamagedBytes)
}

/// The size and digest of the row.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    pub(crate) key: BlobKey,
    pub(crate) size: u64,
    /// `None` for a file stored before digests existed. Then only its length can be checked.
    pub(crate) digest: Option<Digest>,
}

/// A source that fails with [`io::ErrorKind::InvalidData`] if the bytes are not the expected ones. Files of up to 16 MiB are
/// checked before their first byte is returned. Of larger files the last piece is held back until all of it is checked.
pub(crate) struct Verified {
    expected: Expected,
    state: CheckState,
}

enum CheckState {
    Unread(Arc<dyn Blobs>, Box<dyn ByteSource>),
    Reading(Box<Checked>),
    Ready(Bytes),
    Done,
}

impl Verified {
    pub(crate) fn new(expected: Expected, blobs: Arc<dyn Blobs>, source: Box<dyn ByteSource>) -> Self {
        Self { expected, state: CheckState::Unread(blobs, source) }
    }
}

/// Checks a small file as a whole, or prepares to read a larger one.
async fn begin(expected: &Expected, blobs: &dyn Blobs, source: Box<dyn ByteSource>) -> io::Result<CheckState> {
    let mut checked = Checked::new(expected.clone(), source);
    if expected.size <= AT_ONCE {
        let mut bytes = Vec::new();
        while let Some(piece) = checked.next().await? {
            bytes.extend_from_slice(&piece);
        }
        return Ok(if bytes.is_empty() { CheckState::Done } else { CheckState::Ready(bytes.into()) });
    }
    if expected.size <= TWICE && expected.digest.is_some() {
        while checked.next().await?.is_some() {}
        let again = blobs.get(&expected.key).await.map_err(io::Error::other)?.ok_or_else(damaged)?;
        checked = Checked::new(expected.clone(), again);
    }
    Ok(CheckState::Reading(Box::new(checked)))
}

#[async_trait]
impl ByteSource for Verified {
    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        loop {
            match std::mem::replace(&mut self.state, CheckState::Done) {
                CheckState::Unread(blobs, source) => self.state = begin(&self.expected, &*blobs, source).await?,
                CheckState::Reading(mut checked) => {
                    let piece = checked.next().await?;
                    self.state = if piece.is_some() { CheckState::Reading(checked) } else { CheckState::Done };
                    return Ok(piece);
                }
                CheckState::Ready(bytes) => return Ok(Some(bytes)),
                CheckState::Done => return Ok(None),
            }
        }
    }

    fn length(&self) -> Option<u64> {
        Some(self.expected.size)
    }
}

/// One pass over the bytes. The last piece is returned only if all bytes were right.
struct Checked {
    expected: Expected,
    source: Box<dyn ByteSource>,
    hasher: Option<Hasher>,
    left: u64,
    held: Option<Bytes>,
}

impl Checked {
    fn new(expected: Expected, source: Box<dyn ByteSource>) -> Self {
        let left = expected.size;
        Self { expected, source, hasher: Some(Hasher::default()), left, held: None }
    }

    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        while let Some(hasher) = &mut self.hasher {
            let Some(piece) = self.source.next().await? else {
                let digest = self.hasher.take().unwrap_or_default().digest();
                if self.left > 0 || self.expected.digest.is_some_and(|expected| expected != digest) {
                    self.held = None;
                    return Err(damaged());
                }
                break;
            };
            hasher.update(&piece);
            self.left = self.left.checked_sub(piece.len() as u64).ok_or_else(damaged)?;
            if let Some(before) = self.held.replace(piece).filter(|before| !before.is_empty()) {
                return Ok(Some(before));
            }
        }
        Ok(self.held.take().filter(|last| !last.is_empty()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blob::MemoryBlobs;

    /// Returns its bytes in pieces, as a folder does.
    struct Pieces(Bytes);

    #[async_trait]
    impl ByteSource for Pieces {
        async fn next(&mut self) -> io::Result<Option<Bytes>> {
            let piece = self.0.split_to(self.0.len().min(8 * 1024));
            Ok((!piece.is_empty()).then_some(piece))
        }
    }

    /// Reads stored bytes against the size and digest of a row. Returns how many bytes came out, and the error.
    async fn read(stored: &[u8], size: u64, digest: Option<Digest>) -> (usize, Option<io::ErrorKind>) {
        let key = BlobKey::from_stored(&"0".repeat(32)).unwrap();
        let blobs: Arc<dyn Blobs> = Arc::new(MemoryBlobs::default());
        let stored = Bytes::copy_from_slice(stored);
        blobs.put(&key, &mut Some(stored.clone())).await.unwrap();
        let mut verified = Verified::new(Expected { key, size, digest }, blobs, Box::new(Pieces(stored)));
        let mut length = 0;
        loop {
            match verified.next().await {
                Ok(Some(piece)) => length += piece.len(),
                Ok(None) => return (length, None),
                Err(error) => return (length, Some(error.kind())),
            }
        }
    }

    /// P-29
    #[tokio::test]
    async fn what_does_not_match_does_not_come_out() {
        const DAMAGED: Option<io::ErrorKind> = Some(io::ErrorKind::InvalidData);
        for size in [0, 1, 8 * 1024, 100_000, 1024 * 1024, 3 * 1024 * 1024, 17 * 1024 * 1024] {
            let right: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
            let (whole, digest) = (size as u64, Some(Digest::of(&right)));
            assert_eq!(read(&right, whole, digest).await, (size, None), "{size}");
            assert_eq!(read(&right, whole, None).await, (size, None), "{size}, from before");
            let longer = [&right[..], b"x"].concat();
            let mut cases = vec![("longer", longer.clone(), digest), ("longer, from before", longer, None)];
            if size > 0 {
                let mut flipped = right.clone();
                flipped[size / 2] ^= 1;
                let shorter = right[..size - 1].to_vec();
                cases.extend([
                    ("a bit", flipped, digest),
                    ("shorter", shorter.clone(), digest),
                    ("shorter, from before", shorter, None),
                ]);
            }
            for (case, stored, digest) in cases {
                let (length, error) = read(&stored, whole, digest).await;
                assert_eq!(error, DAMAGED, "{case} of {size}");
                // Files that are checked while they are read lack their end. Of all others no byte comes out.
                let most =
                    if size > 16 * 1024 * 1024 || digest.is_none() && size > 1024 * 1024 { size.saturating_sub(1) } else { 0 };
                assert!(length <= most, "{length} bytes of {case} of {size}");
            }
        }
    }
}
