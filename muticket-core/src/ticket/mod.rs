//! Tickets and what they consist of. Values and rules only; nothing here stores, sends or asks.

mod attachment;
mod file_name;
mod links;
mod message;
mod state;
mod text;

use chrono::{DateTime, Utc};

use crate::id::{CategoryId, MessageNumber, TicketNumber, UserId};
pub use crate::ticket::attachment::{Attachment, MediaType};
pub use crate::ticket::file_name::FileName;
pub use crate::ticket::links::{Piece, pieces};
pub use crate::ticket::message::{Message, Role};
pub use crate::ticket::state::{State, Waiting};
pub use crate::ticket::text::{Body, Subject};

/// One request for support, from its opening to its end.
///
/// A storage of your own makes one with [`UnnumberedTicket::numbered`] and then sets the fields that it has kept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ticket {
    /// How people name it.
    pub number: TicketNumber,
    /// Who opened it: the one customer it belongs to.
    pub customer: UserId,
    /// What it is about.
    pub subject: Subject,
    /// What kind of question it is; `None` when no categories were active at its opening.
    pub category: Option<CategoryId>,
    /// Open or closed.
    pub state: State,
    /// Who closed it; `None` while it is open.
    pub closed_by: Option<UserId>,
    /// The newest message; as messages have no gaps, this is also how many there are.
    pub last_message: MessageNumber,
    /// How many messages are answers by supporters.
    pub answers: u32,
    /// Who wrote last.
    pub last_role: Role,
    /// The closed ticket that this one takes up again (D-02).
    pub follows: Option<TicketNumber>,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When it last changed; never goes back.
    pub last_activity_at: DateTime<Utc>,
    /// How many changes there were, the opening included: equals the number of history entries (P-27).
    pub version: u32,
}

/// A ticket that has no number yet; the storage gives it one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnnumberedTicket {
    /// Who opens it.
    pub customer: UserId,
    /// What it is about.
    pub subject: Subject,
    /// What kind of question it is.
    pub category: Option<CategoryId>,
    /// The closed ticket that this one takes up again.
    pub follows: Option<TicketNumber>,
    /// When it is opened.
    pub opened_at: DateTime<Utc>,
}

impl UnnumberedTicket {
    /// A ticket without a category that takes no other one up again. Set those fields if it does.
    pub fn new(customer: UserId, subject: Subject, opened_at: DateTime<Utc>) -> Self {
        Self { customer, subject, category: None, follows: None, opened_at }
    }

    /// The ticket as it is right after its opening: open and waiting for a supporter.
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
            follows: self.follows,
            opened_at: self.opened_at,
            last_activity_at: self.opened_at,
            version: 1,
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
            follows: None,
            opened_at: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
        }
        .numbered(TicketNumber::new(1).unwrap())
    }
}
