//! Downloading a file of a message or of a note.

use std::fmt;

use crate::blob::{BlobError, ByteSource, Expected, Verified};
use crate::error::Error;
use crate::helpdesk::Helpdesk;
use crate::note::NoteFile;
use crate::parts::Parts;
use crate::refusal::Refusal;
use crate::ticket::Attachment;
use crate::upload::Upload;

/// An attachment and its bytes.
pub struct Download {
    /// The attachment.
    pub attachment: Attachment,
    /// Its bytes from the start, checked against its row while they are read. If they are not the stored bytes, reading
    /// fails with [`InvalidData`](std::io::ErrorKind::InvalidData): before the first byte for files of up to 16 MiB, before
    /// the last piece for larger ones.
    pub content: Box<dyn ByteSource>,
}

impl Download {
    pub(crate) async fn begin(parts: &Parts, attachment: Attachment) -> Result<Self, Error> {
        let expected = Expected { key: attachment.key.clone(), size: attachment.size, digest: attachment.digest };
        Ok(Self { content: content(parts, expected).await?, attachment })
    }
}

/// A file of a note and its bytes.
pub struct NoteDownload {
    /// The file.
    pub file: NoteFile,
    /// Its bytes from the start. They are checked like those of a [`Download`].
    pub content: Box<dyn ByteSource>,
}

impl NoteDownload {
    pub(crate) async fn begin(parts: &Parts, file: NoteFile) -> Result<Self, Error> {
        let expected = Expected { key: file.key.clone(), size: file.size, digest: Some(file.digest) };
        Ok(Self { content: content(parts, expected).await?, file })
    }
}

impl Helpdesk {
    /// The bytes of an uploaded file that belongs to no message and no note yet, from the start. They are checked like those of a
    /// [`Download`].
    ///
    /// # Errors
    /// [`Error::Refused`] if the bytes are missing or damaged; [`Error::Unavailable`].
    pub async fn uploaded(&self, upload: &Upload) -> Result<Box<dyn ByteSource>, Error> {
        content(&self.parts, Expected { key: upload.key.clone(), size: upload.size, digest: Some(upload.digest) }).await
    }
}

async fn content(parts: &Parts, expected: Expected) -> Result<Box<dyn ByteSource>, Error> {
    let Some(blobs) = &parts.blobs else { return Err(Refusal::FileMissing.into()) };
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

impl fmt::Debug for NoteDownload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NoteDownload").field("file", &self.file).finish_non_exhaustive()
    }
}
