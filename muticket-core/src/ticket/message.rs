//! The messages of a ticket.

use chrono::{DateTime, Utc};
use strum::{EnumString, IntoStaticStr};

use crate::id::{MessageNumber, Nonce, TicketNumber, UserId};
use crate::ticket::Body;

/// The role in which the author wrote a message. Stored with the message and never derived again (D-01): it stays the same
/// when a supporter leaves or a customer becomes a supporter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, EnumString)]
#[strum(serialize_all = "kebab-case")]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Role {
    /// The ticket's customer. Their message is a *reply*.
    Customer,
    /// A supporter. Their message is an *answer*.
    Supporter,
}

impl Role {
    /// The stored form, also used in templates. `parse` reads it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A message of a ticket. Never changed after it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Message {
    /// The ticket.
    pub ticket: TicketNumber,
    /// The position in the ticket.
    pub number: MessageNumber,
    /// The author.
    pub author: UserId,
    /// The author's role.
    pub role: Role,
    /// The text as it was typed.
    pub body: Body,
    /// The time when it was stored.
    pub written_at: DateTime<Utc>,
    /// The nonce of the form that sent it, so that the form is stored once (P-25). `None` without a form.
    pub nonce: Option<Nonce>,
}

impl Message {
    /// Creates a message without a nonce. Set the field if there is one.
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
