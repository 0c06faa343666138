//! A letter that came in, as a file.

use std::fmt;

use crate::blob::{BlobError, ByteSource};
use crate::error::Error;
use crate::incoming::Incoming;
use crate::parts::Parts;
use crate::refusal::Refusal;

/// A letter that came in, with its bytes as it came. It may contain anything, so a page offers it for download and never shows it.
pub struct LetterFile {
    /// The letter.
    pub letter: Incoming,
    /// Its bytes from the start.
    pub content: Box<dyn ByteSource>,
}

impl LetterFile {
    /// # Errors
    /// [`Refusal::FileMissing`], [`Refusal::FileDamaged`], [`Error::Unavailable`].
    pub(crate) async fn open(parts: &Parts, letter: Incoming) -> Result<Self, Error> {
        let Some(blobs) = &parts.blobs else { return Err(Refusal::FileMissing.into()) };
        match blobs.get(&letter.key).await {
            Ok(Some(content)) if content.length().is_none_or(|length| length == letter.size) => Ok(Self { letter, content }),
            Ok(Some(_)) | Err(BlobError::NotAFile) => Err(Refusal::FileDamaged.into()),
            Ok(None) => Err(Refusal::FileMissing.into()),
            Err(error) => Err(error.into()),
        }
    }
}

impl fmt::Debug for LetterFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LetterFile").field("letter", &self.letter.id).finish_non_exhaustive()
    }
}
