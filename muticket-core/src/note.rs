//! Notes: what supporters write on a ticket for each other. Customers never learn that there are any (T-01).

use chrono::{DateTime, Utc};

use crate::id::{MessageNumber, Nonce, NoteNumber, TicketNumber, UserId};
use crate::ticket::Body;

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
