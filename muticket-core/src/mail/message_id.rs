//! Names of letters and threads, as mail readers compare them.

use std::fmt;

use crate::id::{LetterId, TicketNumber};
use crate::mail::Address;

/// A `Message-ID` (RFC 5322, 3.6.4), without the angle brackets. Made of our own identifiers only, so it needs no cleaning.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MessageId(String);

impl MessageId {
    /// The name of a letter: the same at every try (P-22).
    pub fn of_letter(letter: LetterId, sender: &Address) -> Self {
        Self(format!("{letter}@{}", sender.domain()))
    }

    /// The name that all letters about a ticket refer to. No letter bears it; readers sort by it all the same. One name per thread, not one
    /// per message, also keeps the header short however long the ticket grows (K-50).
    pub fn of_ticket(ticket: TicketNumber, sender: &Address) -> Self {
        Self(format!("ticket-{ticket}@{}", sender.domain()))
    }

    /// The name, without angle brackets.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
