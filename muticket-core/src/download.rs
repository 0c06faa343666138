//! The bytes of an attachment on their way out.

use std::fmt;

use crate::blob::{BlobError, ByteSource, Expected, Verified};
use crate::error::{Error, Refusal};
use crate::helpdesk::Helpdesk;
use crate::ticket::Attachment;
use crate::upload::Upload;

/// An attachment and its bytes.
pub struct Download {
    /// What it is.
    pub attachment: Attachment,
    /// Its bytes, from the first, held against its row while they are read. If they are not those that were stored, reading fails with
    /// [`InvalidData`](std::io::ErrorKind::InvalidData): before the first byte for files of up to 16 MiB, before the last one for larger ones.
    pub content: Box<dyn ByteSource>,
}

impl Download {
    pub(crate) async fn begin(helpdesk: &Helpdesk, attachment: Attachment) -> Result<Self, Error> {
        let expected = Expected { key: attachment.key.clone(), size: attachment.size, digest: attachment.digest };
        Ok(Self { content: content(helpdesk, expected).await?, attachment })
    }
}

impl Helpdesk {
    /// The bytes of a file that waits for its message, from the first. They are held against what was stored, like those of a
    /// [`Download`].
    ///
    /// # Errors
    /// [`Error::Refused`] if they are not there or not the same, [`Error::Unavailable`].
    pub async fn uploaded(&self, upload: &Upload) -> Result<Box<dyn ByteSource>, Error> {
        content(self, Expected { key: upload.key.clone(), size: upload.size, digest: Some(upload.digest) }).await
    }
}

async fn content(helpdesk: &Helpdesk, expected: Expected) -> Result<Box<dyn ByteSource>, Error> {
    let Some(blobs) = helpdesk.blobs() else { return Err(Refusal::FileMissing.into()) };
    match blobs.get(&expected.key).await {
        Ok(Some(content)) if content.length().is_some_and(|length| length != expected.size) => Err(Refusal::FileDamaged.into()),
        Ok(Some(content)) => Ok(Box::new(Verified::new(expected, blobs.clone(), content))),
        Ok(None) => Err(Refusal::FileMissing.into()),
        Err(BlobError::NotAFile) => Err(Refusal::FileDamaged.into()),
        Err(error) => Err(error.into()),
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download").field("attachment", &self.attachment).finish_non_exhaustive()
    }
}
