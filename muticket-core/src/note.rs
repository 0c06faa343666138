//! Notes: what supporters write on a ticket for each other. Customers never learn that there are any (T-01).

use chrono::{DateTime, Utc};

use crate::blob::{BlobKey, Digest};
use crate::id::{MessageNumber, Nonce, NoteFileId, NoteNumber, TicketNumber, UserId};
use crate::ticket::{Body, FileName, MediaType};

/// A note on a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Note {
    /// The ticket.
    pub ticket: TicketNumber,
    /// The number on the ticket.
    pub number: NoteNumber,
    /// The newest message when the note was written. Pages show the note behind that message.
    pub after: MessageNumber,
    /// The supporter who wrote it, and who alone may change it.
    pub author: UserId,
    /// The text as it was typed.
    pub body: Body,
    /// The supporters who are mentioned in it, sorted by id (T-02).
    pub mentions: Vec<UserId>,
    /// The time when it was stored.
    pub written_at: DateTime<Utc>,
    /// The time when its author last changed it; `None` if they never did.
    pub edited_at: Option<DateTime<Utc>>,
    /// The nonce of the form that sent it, so that the form is stored once (P-25). `None` without a form.
    pub nonce: Option<Nonce>,
}

impl Note {
    /// Creates a note that mentions nobody and was never changed. Set the other fields if needed.
    pub fn new(
        (ticket, number): (TicketNumber, NoteNumber),
        after: MessageNumber,
        author: UserId,
        body: Body,
        written_at: DateTime<Utc>,
    ) -> Self {
        Self { ticket, number, after, author, body, mentions: Vec::new(), written_at, edited_at: None, nonce: None }
    }
}

/// A file of a note. Its bytes are in the blob store under [`key`](Self::key). It is no [`Attachment`](crate::ticket::Attachment), so
/// that nothing that reads files for customers can return one (T-01).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct NoteFile {
    /// The id, used in URLs.
    pub id: NoteFileId,
    /// The ticket of the note.
    pub ticket: TicketNumber,
    /// The note.
    pub note: NoteNumber,
    /// The file name chosen by its author. Only displayed, never used as a path.
    pub name: FileName,
    /// The type detected from the first bytes.
    pub media_type: MediaType,
    /// Its length in bytes.
    pub size: u64,
    /// The key of the bytes in the blob store.
    pub key: BlobKey,
    /// The digest that the bytes must match when they are downloaded.
    pub digest: Digest,
}

impl NoteFile {
    /// Creates a file from its name, and the key and digest of its bytes. It has the type [`MediaType::Other`] and 0 bytes
    /// until those fields are set.
    pub fn new(
        id: NoteFileId,
        (ticket, note): (TicketNumber, NoteNumber),
        name: FileName,
        (key, digest): (BlobKey, Digest),
    ) -> Self {
        Self { id, ticket, note, name, media_type: MediaType::Other, size: 0, key, digest }
    }
}
