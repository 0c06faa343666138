//! The bytes of an attachment on their way out.

use std::fmt;

use crate::blob::{ByteSource, Expected, Verified};
use crate::error::{Error, Refusal};
use crate::helpdesk::Helpdesk;
use crate::ticket::Attachment;

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
        let Some(blobs) = helpdesk.blobs() else { return Err(Refusal::FileMissing.into()) };
        match blobs.get(&attachment.key).await? {
            Some(content) if content.length().is_some_and(|length| length != attachment.size) => Err(Refusal::FileDamaged.into()),
            Some(content) => {
                let expected = Expected { key: attachment.key.clone(), size: attachment.size, digest: attachment.digest };
                let content = Box::new(Verified::new(expected, blobs.clone(), content));
                Ok(Self { attachment, content })
            }
            None => Err(Refusal::FileMissing.into()),
        }
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download").field("attachment", &self.attachment).finish_non_exhaustive()
    }
}
