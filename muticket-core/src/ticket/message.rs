//! What is said on a ticket.

use chrono::{DateTime, Utc};

use crate::id::{MessageNumber, Nonce, TicketNumber, UserId};
use crate::ticket::Body;

/// In which role somebody wrote a message. Stored with it and never derived again (D-01): a supporter who
/// leaves, or a customer who becomes a supporter, does not change what was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The ticket's customer; his message is a *reply*.
    Customer,
    /// A supporter; his message is an *answer*.
    Supporter,
}

/// One message of a ticket. Never changed once it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Message {
    /// The ticket it belongs to.
    pub ticket: TicketNumber,
    /// Its place in the ticket.
    pub number: MessageNumber,
    /// Who wrote it.
    pub author: UserId,
    /// In which role.
    pub role: Role,
    /// The text, as it was typed.
    pub body: Body,
    /// When it was stored.
    pub written_at: DateTime<Utc>,
    /// The nonce of the form it came with, so that the form counts once (P-25).
    pub nonce: Option<Nonce>,
}

impl Message {
    /// A message at its place in a ticket, from an author in a role, without a nonce. Set the field if there is one.
    pub fn new(
        ticket: TicketNumber,
        number: MessageNumber,
        (author, role): (UserId, Role),
        body: Body,
        written_at: DateTime<Utc>,
    ) -> Self {
        Self { ticket, number, author, role, body, written_at, nonce: None }
    }
}
