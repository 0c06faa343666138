//! What is made of a file and kept beside it, as small versions of pictures (P-29). It carries its own [proof](crate::blob::Seal).

use bytes::Bytes;

use crate::blob::{BlobError, BlobKey, Opened, Seal};
use crate::error::Error;
use crate::helpdesk::Helpdesk;

/// The most bytes that are kept beside a file: 16 MiB. A picture of two million pixels has half as many, even if nothing of it can be packed.
const MAX: usize = 16 * 1024 * 1024;

/// What is made of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Beside {
    /// The small version of a picture.
    Small,
    /// The large version of a picture.
    Large,
}

impl Beside {
    fn place(self, file: &BlobKey) -> BlobKey {
        match self {
            Self::Small => file.small(),
            Self::Large => file.large(),
        }
    }
}

/// What lies beside a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kept {
    /// Nothing.
    Nothing,
    /// What was kept. No bytes are an answer too: that nothing can be made of the file.
    Bytes(Vec<u8>),
    /// What another edition of the program has kept.
    OtherEdition,
    /// Something that this site did not put there: of another file or version, changed, cut, of another site, or a link.
    Foreign,
}

impl Helpdesk {
    /// What was [kept](Self::keep_beside) beside a file. Only [`Kept::Bytes`] may be shown; all else is to be made anew.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn kept_beside(&self, file: &BlobKey, what: Beside, edition: u32) -> Result<Kept, Error> {
        let Some(blobs) = self.blobs() else { return Ok(Kept::Nothing) };
        let place = what.place(file);
        let mut source = match blobs.get(&place).await {
            Ok(Some(source)) => source,
            Ok(None) => return Ok(Kept::Nothing),
            Err(BlobError::NotAFile) => return Ok(Kept::Foreign),
            Err(error) => return Err(error.into()),
        };
        let mut found = Vec::new();
        while let Some(piece) = source.next().await.map_err(|error| BlobError::Store(error.into()))? {
            if found.len() + piece.len() > MAX + Seal::BYTES {
                return Ok(Kept::Foreign);
            }
            found.extend_from_slice(&piece);
        }
        Ok(match self.seal().await?.open(&place, edition, found) {
            Opened::Whole(bytes) => Kept::Bytes(bytes),
            Opened::OtherEdition => Kept::OtherEdition,
            Opened::Foreign => Kept::Foreign,
        })
    }

    /// Keeps bytes that can be made again, up to 16 MiB, beside the file that they were made of. They go when it goes. `edition` says how they
    /// were made: give it another number when they are made in another way.
    ///
    /// # Errors
    /// [`Error::Unavailable`], also if there are too many bytes.
    pub async fn keep_beside(&self, file: &BlobKey, what: Beside, edition: u32, bytes: &[u8]) -> Result<(), Error> {
        let Some(blobs) = self.blobs() else { return Ok(()) };
        if bytes.len() > MAX {
            return Err(BlobError::Store("more than 16 MiB were to be kept beside a file".into()).into());
        }
        let place = what.place(file);
        let closed = self.seal().await?.close(&place, edition, bytes);
        blobs.put(&place, &mut Some(Bytes::from(closed))).await?;
        Ok(())
    }

    /// Removes what was kept beside a file: for somebody who kept it while the file was being deleted.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn forget_beside(&self, file: &BlobKey, what: Beside) -> Result<(), Error> {
        let Some(blobs) = self.blobs() else { return Ok(()) };
        Ok(blobs.delete(&what.place(file)).await?)
    }

    async fn seal(&self) -> Result<Seal, Error> {
        match self.parts.seal.get() {
            Some(seal) => Ok(*seal),
            None => {
                let secret = self.secret("beside").await?;
                Ok(*self.parts.seal.get_or_init(|| Seal::new(secret)))
            }
        }
    }
}
