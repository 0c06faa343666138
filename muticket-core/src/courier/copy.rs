//! The copy of the beat beside the database, which shows whether the database was restored.

use bytes::Bytes;

use crate::blob::{BlobError, BlobKey, Blobs, Opened, Seal};

/// The key of the beat's copy. It is derived from the instance's secret, so that two instances can share a store.
fn place(secret: &[u8; 32]) -> Option<BlobKey> {
    BlobKey::from_stored(&base16ct::lower::encode_string(&secret[..16]))
}

/// The copy of the beat beside the database. It is sealed. Otherwise, anyone who writes a number there could hold all
/// letters.
#[derive(Debug, Clone)]
pub(crate) struct BeatCopy {
    place: BlobKey,
    seal: Seal,
}

/// Change it when the copy is written in another way.
const EDITION: u32 = 1;

impl BeatCopy {
    /// Half of the secret becomes the key of the copy. The other half is long enough for the seal.
    pub(crate) fn new(secret: [u8; 32]) -> Option<Self> {
        Some(Self { place: place(&secret)?, seal: Seal::new(secret) })
    }

    /// `None` if there is no copy, or this site did not write it.
    pub(crate) async fn read(&self, blobs: &dyn Blobs) -> Result<Option<u64>, BlobError> {
        let mut bytes = match blobs.get(&self.place).await {
            Ok(Some(bytes)) => bytes,
            Ok(None) | Err(BlobError::NotAFile) => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut found = Vec::new();
        while let Some(piece) = bytes.next().await.map_err(BlobError::Source)? {
            found.extend_from_slice(&piece);
            if found.len() > 100 + Seal::BYTES {
                return Ok(None);
            }
        }
        let Opened::Whole(text) = self.seal.open(&self.place, EDITION, found) else { return Ok(None) };
        Ok(std::str::from_utf8(&text).ok().and_then(|text| text.parse().ok()))
    }

    pub(crate) async fn write(&self, blobs: &dyn Blobs, beat: u64) -> Result<(), BlobError> {
        let closed = self.seal.close(&self.place, EDITION, beat.to_string().as_bytes());
        blobs.put(&self.place, &mut Some(Bytes::from(closed))).await.map(drop)
    }
}
