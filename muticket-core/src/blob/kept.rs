//! What is made of a file and kept beside it, as small versions of pictures (P-29).
//!
//! No row knows of these bytes, so they carry their own proof: a key that only this site has, over the name they lie under and all of them.
//! Two that were exchanged, one of another site, one that was changed or cut, and one that somebody put there are as good as none.

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::blob::{BlobError, BlobKey};
use crate::error::Error;
use crate::helpdesk::Helpdesk;

/// How long the proof in front of the bytes is.
const PROOF: usize = 32;
/// No version of a picture is larger.
const MAX: usize = 16 * 1024 * 1024;

impl Helpdesk {
    /// What was [kept](Self::keep_beside) under the key, if it is there and whole.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn kept_beside(&self, key: &BlobKey) -> Result<Option<Vec<u8>>, Error> {
        let Some(blobs) = self.blobs() else { return Ok(None) };
        let Some(mut source) = blobs.get(key).await? else { return Ok(None) };
        let mut bytes = Vec::new();
        while let Some(piece) = source.next().await.map_err(|error| BlobError::Store(error.into()))? {
            if bytes.len() + piece.len() > MAX {
                return Ok(None);
            }
            bytes.extend_from_slice(&piece);
        }
        if bytes.len() < PROOF {
            return Ok(None);
        }
        let kept = bytes.split_off(PROOF);
        Ok(self.proof(key, &kept).await?.verify_slice(&bytes).is_ok().then_some(kept))
    }

    /// Keeps bytes that can be made again, beside the file that they were made of: under a key that was made of its key, so that they go
    /// when it goes.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn keep_beside(&self, key: &BlobKey, bytes: &[u8]) -> Result<(), Error> {
        let Some(blobs) = self.blobs() else { return Ok(()) };
        let proof = self.proof(key, bytes).await?.finalize().into_bytes();
        blobs.put(key, &mut Some(Bytes::from([proof.as_slice(), bytes].concat()))).await?;
        Ok(())
    }

    async fn proof(&self, key: &BlobKey, bytes: &[u8]) -> Result<Hmac<Sha256>, Error> {
        let secret = match self.parts.kept_secret.get() {
            Some(secret) => *secret,
            // The one that the site has for its forms. What is signed begins otherwise, so neither proof is ever the other.
            None => {
                let secret = self.secret("forms").await?;
                *self.parts.kept_secret.get_or_init(|| secret)
            }
        };
        let mut mac = Hmac::<Sha256>::new_from_slice(&secret).expect("HMAC takes a key of any length");
        mac.update(b"kept beside a file\n");
        mac.update(key.as_str().as_bytes());
        mac.update(b"\n");
        mac.update(bytes);
        Ok(mac)
    }
}
