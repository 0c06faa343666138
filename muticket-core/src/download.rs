//! The bytes of an attachment on their way out.

use std::fmt;

use crate::blob::ByteSource;
use crate::error::{Error, Refusal};
use crate::helpdesk::Helpdesk;
use crate::ticket::Attachment;

/// An attachment and its bytes.
pub struct Download {
    /// What it is.
    pub attachment: Attachment,
    /// Its bytes, from the first.
    pub content: Box<dyn ByteSource>,
}

impl Download {
    pub(crate) async fn begin(helpdesk: &Helpdesk, attachment: Attachment) -> Result<Self, Error> {
        let Some(blobs) = helpdesk.blobs() else { return Err(Refusal::FileMissing.into()) };
        match blobs.get(&attachment.key).await? {
            Some(content) => Ok(Self { attachment, content }),
            None => Err(Refusal::FileMissing.into()),
        }
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download").field("attachment", &self.attachment).finish_non_exhaustive()
    }
}
