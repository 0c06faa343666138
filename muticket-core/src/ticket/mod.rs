//! Tickets and their parts. Values and rules only; nothing here stores, sends or asks.

mod attachment;
mod file_name;
mod lifecycle;
mod links;
mod message;
mod priority;
mod state;
mod text;

use chrono::{DateTime, Utc};

use crate::id::{CategoryId, MessageNumber, NoteNumber, TicketNumber, UserId};
pub use crate::ticket::attachment::{Attachment, MediaType};
pub use crate::ticket::file_name::FileName;
pub use crate::ticket::links::{Piece, pieces};
pub use crate::ticket::message::{Message, Role};
pub use crate::ticket::priority::Priority;
pub use crate::ticket::state::{State, Waiting};
pub use crate::ticket::text::{Body, Subject};

/// A request for support.
///
/// A custom storage creates one with [`UnnumberedTicket::numbered`] and then sets the stored fields.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Ticket {
    /// The number by which people refer to it.
    pub number: TicketNumber,
    /// The user who opened it. It belongs to this one customer.
    pub customer: UserId,
    /// The subject.
    pub subject: Subject,
    /// The category; `None` if no categories were active when it was opened.
    pub category: Option<CategoryId>,
    /// Open or closed.
    pub state: State,
    /// The supporter who closed it; `None` while it is open.
    pub closed_by: Option<UserId>,
    /// The newest message. Numbers have no gaps, so this is also the number of messages.
    pub last_message: MessageNumber,
    /// The number of answers.
    pub answers: u32,
    /// The role of the last author.
    pub last_role: Role,
    /// The supporter who wrote the newest message; `None` if its customer did.
    pub last_supporter: Option<UserId>,
    /// The closed ticket that this one continues (D-02).
    pub follows: Option<TicketNumber>,
    /// The time when it was opened.
    pub opened_at: DateTime<Utc>,
    /// The time of the last activity. Normally never decreases.
    pub last_activity_at: DateTime<Utc>,
    /// The number of changes, including the opening. Equals the number of history entries (P-27).
    pub version: u32,
    /// The supporter who works on it (T-03). Someone who is no supporter any more counts as none:
    /// [`Staff::assignee`](crate::supporter::Staff::assignee) says who counts.
    pub assignee: Option<UserId>,
    /// How urgent it is (T-05).
    pub priority: Priority,
    /// The newest note, even if it was deleted; `None` if there was never one (T-01).
    pub last_note: Option<NoteNumber>,
}

/// A ticket without a number. The storage assigns one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnnumberedTicket {
    /// The user who opens it.
    pub customer: UserId,
    /// The subject.
    pub subject: Subject,
    /// The category.
    pub category: Option<CategoryId>,
    /// The priority, which may be one that the customer chose (T-05).
    pub priority: Priority,
    /// The closed ticket that this one continues.
    pub follows: Option<TicketNumber>,
    /// The time when it is opened.
    pub opened_at: DateTime<Utc>,
}

impl UnnumberedTicket {
    /// Creates a ticket of normal priority and without a category that continues no other one. Set those fields if needed.
    pub fn new(customer: UserId, subject: Subject, opened_at: DateTime<Utc>) -> Self {
        Self { customer, subject, category: None, priority: Priority::Normal, follows: None, opened_at }
    }

    /// The ticket right after its opening: open and waiting for a supporter.
    pub fn numbered(&self, number: TicketNumber) -> Ticket {
        Ticket {
            number,
            customer: self.customer.clone(),
            subject: self.subject.clone(),
            category: self.category.clone(),
            state: State::Open,
            closed_by: None,
            last_message: MessageNumber::FIRST,
            answers: 0,
            last_role: Role::Customer,
            last_supporter: None,
            follows: self.follows,
            opened_at: self.opened_at,
            last_activity_at: self.opened_at,
            version: 1,
            assignee: None,
            priority: self.priority,
            last_note: None,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Anna's ticket number 1, just opened.
    pub(crate) fn ticket() -> Ticket {
        UnnumberedTicket {
            customer: UserId::new("anna"),
            subject: Subject::parse("The printer is silent").unwrap(),
            category: None,
            priority: Priority::Normal,
            follows: None,
            opened_at: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
        }
        .numbered(TicketNumber::new(1).unwrap())
    }
}
