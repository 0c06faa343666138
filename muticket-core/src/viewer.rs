//! The user who looks at tickets, and the side from which they see one.

use crate::id::UserId;
use crate::ticket::{Priority, Ticket};
use crate::user::{AccessLevel, User};

/// A user who looks at tickets: as a customer, or also as a supporter.
#[derive(Debug, Clone, Copy)]
pub struct Viewer<'u> {
    user: &'u User,
    supporter: bool,
}

/// The side from which a viewer sees a ticket. What is read of a ticket is read for a side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The side of the person who opened the ticket, who may be a supporter (D-05).
    Customer,
    /// The side of the supporters.
    Desk,
}

impl Side {
    /// The ticket as this side sees it. The customer's side learns nothing of what supporters do among themselves: it sees
    /// the version 0, no assignee, the normal priority and no notes (T-01).
    #[must_use]
    pub fn view(self, ticket: Ticket) -> Ticket {
        match self {
            Self::Customer => Ticket { version: 0, assignee: None, priority: Priority::Normal, last_note: None, ..ticket },
            Self::Desk => ticket,
        }
    }
}

impl<'u> Viewer<'u> {
    /// A user who acts as a customer, whether or not they are a supporter.
    pub fn customer(user: &'u User) -> Self {
        Self { user, supporter: false }
    }

    /// A user with a supporter record who is still in the supporters' group, present or absent (D-04).
    pub fn supporter(user: &'u User) -> Self {
        Self { user, supporter: true }
    }

    /// The user.
    pub fn user(self) -> &'u User {
        self.user
    }

    /// Whether the viewer is a supporter.
    pub fn is_supporter(self) -> bool {
        self.supporter
    }

    /// The side from which the viewer sees the ticket; `None` if the ticket is hidden from them (P-02).
    pub fn side(self, ticket: &Ticket) -> Option<Side> {
        self.side_of(Some(&ticket.customer))
    }

    /// The side from which the viewer sees a ticket of this customer. `None` stands for a customer whose id is damaged.
    pub(crate) fn side_of(self, customer: Option<&UserId>) -> Option<Side> {
        if customer == Some(&self.user.id) { Some(Side::Customer) } else { self.supporter.then_some(Side::Desk) }
    }

    pub(crate) fn level(self) -> AccessLevel {
        self.user.level
    }
}
