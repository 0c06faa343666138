//! The files of messages.

use muticket_core::blob::{BlobKey, Digest};
use muticket_core::id::{AttachmentId, MessageNumber, TicketNumber};
use muticket_core::storage::{Attachments, StorageError};
use muticket_core::ticket::{Attachment, FileName, MediaType};
use serde::{Deserialize, Serialize};

use crate::json::{Json, rows};
use crate::unit::{JsonUnit, insert};

#[derive(Serialize, Deserialize)]
#[serde(remote = "Attachment")]
struct AttachmentRow {
    #[serde(with = "Json")]
    id: AttachmentId,
    #[serde(with = "Json")]
    ticket: TicketNumber,
    #[serde(with = "Json")]
    message: MessageNumber,
    #[serde(with = "Json")]
    name: FileName,
    #[serde(with = "Json")]
    media_type: MediaType,
    /// See `version` in the rows of tickets.
    #[serde(getter = "size")]
    size: u64,
    #[serde(with = "Json")]
    key: BlobKey,
    #[serde(with = "Json")]
    digest: Option<Digest>,
}

rows!(Attachment as AttachmentRow);

fn size(file: &Attachment) -> u64 {
    file.size
}

impl From<AttachmentRow> for Attachment {
    fn from(row: AttachmentRow) -> Self {
        let mut file = Self::new(row.id, (row.ticket, row.message), row.name, row.key);
        file.media_type = row.media_type;
        file.size = row.size;
        file.digest = row.digest;
        file
    }
}

impl Attachments for JsonUnit {
    fn insert(&mut self, attachments: &[Attachment]) -> Result<(), StorageError> {
        let tables = self.change()?;
        for attachment in attachments {
            tables.must_have_message(attachment.ticket, attachment.message)?;
        }
        insert(&mut tables.attachments, attachments, |stored, new| stored.id == new.id || stored.key == new.key)
    }

    fn find(&mut self, id: AttachmentId) -> Result<Option<Attachment>, StorageError> {
        Ok(self.tables.attachments.iter().find(|attachment| attachment.id == id).cloned())
    }

    fn list(&mut self, ticket: TicketNumber) -> Result<Vec<Attachment>, StorageError> {
        let own = self.tables.attachments.iter().filter(|attachment| attachment.ticket == ticket);
        let mut own: Vec<_> = own.cloned().collect();
        own.sort_by_key(|attachment| (attachment.message, attachment.id));
        Ok(own)
    }

    fn without_digest(&mut self, after: Option<AttachmentId>, limit: u32) -> Result<Vec<Attachment>, StorageError> {
        let without = self.tables.attachments.iter().filter(|file| file.digest.is_none() && Some(file.id) > after);
        let mut without: Vec<_> = without.cloned().collect();
        without.sort_by_key(|file| file.id);
        without.truncate(limit as usize);
        Ok(without)
    }

    fn set_digest(&mut self, id: AttachmentId, digest: &Digest) -> Result<bool, StorageError> {
        let file = self.change()?.attachments.iter_mut().find(|file| file.id == id && file.digest.is_none());
        Ok(file.map(|file| file.digest = Some(*digest)).is_some())
    }
}
