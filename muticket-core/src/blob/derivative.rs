//! Data derived from a file and stored beside it, such as small versions of pictures (P-29). It carries its own
//! [proof](crate::blob::Seal).

use bytes::Bytes;

use crate::blob::{BlobError, BlobKey, Opened, Seal};
use crate::error::Error;
use crate::helpdesk::Helpdesk;

/// The most bytes kept beside a file: 16 MiB. A picture of two million pixels has half as many, even if it cannot be
/// compressed.
const MAX: usize = 16 * 1024 * 1024;

/// A kind of derived data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Derivative {
    /// The small version of a picture.
    Small,
    /// The large version of a picture.
    Large,
}

impl Derivative {
    fn place(self, file: &BlobKey) -> BlobKey {
        match self {
            Self::Small => file.small(),
            Self::Large => file.large(),
        }
    }
}

/// The result of reading derived data.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoredDerivative {
    /// Nothing is stored.
    Nothing,
    /// The stored bytes. They may be empty, which means that nothing can be made of the file.
    Bytes(Vec<u8>),
    /// The data was made by another edition of the program.
    OtherEdition,
    /// This site did not store these bytes for this file: they are another file's or another site's, were changed or cut, or
    /// are a link.
    Foreign,
}

impl Helpdesk {
    /// Reads derived data that was [stored](Self::store_derivative) beside a file. Show only [`StoredDerivative::Bytes`].
    /// Make the data again in all other cases.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn read_derivative(&self, file: &BlobKey, what: Derivative, edition: u32) -> Result<StoredDerivative, Error> {
        let Some(blobs) = self.blobs() else { return Ok(StoredDerivative::Nothing) };
        let place = what.place(file);
        let mut source = match blobs.get(&place).await {
            Ok(Some(source)) => source,
            Ok(None) => return Ok(StoredDerivative::Nothing),
            Err(BlobError::NotAFile) => return Ok(StoredDerivative::Foreign),
            Err(error) => return Err(error.into()),
        };
        let mut found = Vec::new();
        while let Some(piece) = source.next().await.map_err(|error| BlobError::Store(error.into()))? {
            if found.len() + piece.len() > MAX + Seal::BYTES {
                return Ok(StoredDerivative::Foreign);
            }
            found.extend_from_slice(&piece);
        }
        Ok(match self.seal().await?.open(&place, edition, found) {
            Opened::Whole(bytes) => StoredDerivative::Bytes(bytes),
            Opened::OtherEdition => StoredDerivative::OtherEdition,
            Opened::Foreign => StoredDerivative::Foreign,
        })
    }

    /// Stores derived data of up to 16 MiB beside its file. It is deleted with the file. `edition` identifies how the data
    /// was made: use a new number when that changes.
    ///
    /// # Errors
    /// [`Error::Unavailable`], also if there are too many bytes.
    pub async fn store_derivative(&self, file: &BlobKey, what: Derivative, edition: u32, bytes: &[u8]) -> Result<(), Error> {
        let Some(blobs) = self.blobs() else { return Ok(()) };
        if bytes.len() > MAX {
            return Err(BlobError::Store("more than 16 MiB were to be kept beside a file".into()).into());
        }
        let place = what.place(file);
        let closed = self.seal().await?.close(&place, edition, bytes);
        blobs.put(&place, &mut Some(Bytes::from(closed))).await?;
        Ok(())
    }

    /// Removes derived data. Needed when the data was stored while its file was being deleted.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn delete_derivative(&self, file: &BlobKey, what: Derivative) -> Result<(), Error> {
        let Some(blobs) = self.blobs() else { return Ok(()) };
        Ok(blobs.delete(&what.place(file)).await?)
    }

    /// Makes the secret that seals derived data, unless it is already stored. Call it at launch. Otherwise the first use
    /// makes it.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn prepare_seal(&self) -> Result<(), Error> {
        self.seal().await.map(|_| ())
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
