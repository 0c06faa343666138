//! Rows that cannot be read (P-28, P-33).

use chrono::{DateTime, Utc};

use crate::id::{MessageNumber, TicketNumber};
use crate::ticket::Priority;

/// A row that a list left out because it contains values that no version of MuTicket writes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Damage {
    /// The table.
    pub table: &'static str,
    /// The ticket of the row; `None` if it cannot be read.
    pub ticket: Option<TicketNumber>,
    /// The message of the row; `None` if it cannot be read.
    pub message: Option<MessageNumber>,
    /// The time by which a list sorts the row: the last activity of a ticket, or when an answer was rated or given. `None`
    /// if it cannot be read. With the time and the numbers, the row has a place in the list.
    pub at: Option<DateTime<Utc>>,
    /// The priority of a ticket, by which a list may sort the row too; `None` if it cannot be read.
    pub priority: Option<Priority>,
}

impl Damage {
    /// Damage in a table, without the row's owner.
    pub fn in_table(table: &'static str) -> Self {
        Self { table, ticket: None, message: None, at: None, priority: None }
    }

    /// Adds the ticket.
    #[must_use]
    pub fn of_ticket(self, ticket: Option<TicketNumber>) -> Self {
        Self { ticket, ..self }
    }

    /// Adds the message.
    #[must_use]
    pub fn of_message(self, message: Option<MessageNumber>) -> Self {
        Self { message, ..self }
    }

    /// Adds the time.
    #[must_use]
    pub fn at(self, at: Option<DateTime<Utc>>) -> Self {
        Self { at, ..self }
    }

    /// Adds the priority.
    #[must_use]
    pub fn of_priority(self, priority: Option<Priority>) -> Self {
        Self { priority, ..self }
    }
}

/// The damaged rows that a unit found.
pub trait DamageStore {
    /// Returns the rows that lists of this unit left out since the last call, each once, in the order of discovery. A
    /// damaged row does not make its list fail: a row with a place in the list counts towards its limit, and the list
    /// continues with the next row. A method that reads a single row fails with
    /// [`StorageError::Corrupt`](crate::storage::StorageError::Corrupt) instead.
    ///
    /// A storage that cannot tell unreadable rows apart returns an empty list here, and lets its lists fail.
    fn take_damages(&mut self) -> Vec<Damage>;
}
