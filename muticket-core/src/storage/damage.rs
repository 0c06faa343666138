//! Rows that cannot be read (P-28, P-33).

use chrono::{DateTime, Utc};

use crate::id::{MessageNumber, TicketNumber};

/// A row that a list left out, because it holds what no version of MuTicket wrote there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Damage {
    /// The table.
    pub table: &'static str,
    /// The ticket that the row is, or belongs to, as far as that can be read.
    pub ticket: Option<TicketNumber>,
    /// The message that the row is, or belongs to, as far as that can be read.
    pub message: Option<MessageNumber>,
    /// The instant by which a list orders the row, as far as that can be read: the last activity of a ticket, and when an answer was rated
    /// or given. With it and the numbers, the row has a place in the list.
    pub at: Option<DateTime<Utc>>,
}

impl Damage {
    /// Damage in a table, and nothing known about whose row it is.
    pub fn in_table(table: &'static str) -> Self {
        Self { table, ticket: None, message: None, at: None }
    }

    /// The same with the ticket.
    #[must_use]
    pub fn of_ticket(self, ticket: Option<TicketNumber>) -> Self {
        Self { ticket, ..self }
    }

    /// The same with the message.
    #[must_use]
    pub fn of_message(self, message: Option<MessageNumber>) -> Self {
        Self { message, ..self }
    }

    /// The same with the instant.
    #[must_use]
    pub fn at(self, at: Option<DateTime<Utc>>) -> Self {
        Self { at, ..self }
    }
}

/// What a unit found damaged.
pub trait Damages {
    /// The rows that lists of this unit left out since this was last asked, each once, in the order they were met. One damaged row does
    /// not take the list down in which it stands: a row that has a place in the list counts towards its limit, and the list goes on behind
    /// all others. A method that is asked for one row fails with
    /// [`StorageError::Corrupt`](crate::storage::StorageError::Corrupt) instead.
    ///
    /// Not every storage can tell rows apart that it cannot read; one that cannot gives an empty list here, and lets its lists fail.
    fn take_damages(&mut self) -> Vec<Damage>;
}
