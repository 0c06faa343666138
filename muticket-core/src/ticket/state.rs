//! The lifecycle: which states there are and how one leads to the next (D-01, D-02).

use chrono::{DateTime, Utc};

use crate::clock::horizon;
use crate::error::Refusal;
use crate::id::{MessageNumber, UserId};
use crate::ticket::{Role, Ticket};

/// Whether a ticket is open. This is all that is stored of its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Work goes on.
    Open,
    /// A supporter ended it; he may reopen it.
    Closed,
}

/// Whose turn it is on an open ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Waiting {
    /// No supporter has answered yet.
    New,
    /// The customer wrote last.
    Supporter,
    /// A supporter wrote last.
    Customer,
}

impl Ticket {
    /// Whose turn it is, or would be if the ticket were reopened.
    pub fn turn(&self) -> Waiting {
        match (self.answers, self.last_role) {
            (0, _) => Waiting::New,
            (_, Role::Customer) => Waiting::Supporter,
            (_, Role::Supporter) => Waiting::Customer,
        }
    }

    /// Whose turn it is; `None` on a closed ticket, where nobody waits.
    pub fn waiting(&self) -> Option<Waiting> {
        match self.state {
            State::Open => Some(self.turn()),
            State::Closed => None,
        }
    }

    /// Adds a message by `role` and says which number it gets.
    ///
    /// # Errors
    /// [`Refusal::TicketClosed`]: a customer opens a follow-up instead, a supporter reopens first (D-02).
    pub(crate) fn write(&mut self, role: Role, now: DateTime<Utc>) -> Result<MessageNumber, Refusal> {
        if self.state == State::Closed {
            return Err(Refusal::TicketClosed);
        }
        self.last_message = self.last_message.next();
        self.last_role = role;
        if role == Role::Supporter {
            self.answers += 1;
        }
        self.touch(now);
        Ok(self.last_message)
    }

    /// Ends the ticket. Says whether anything changed: closing twice is closing once.
    pub(crate) fn close(&mut self, by: &UserId, now: DateTime<Utc>) -> bool {
        if self.state == State::Closed {
            return false;
        }
        self.state = State::Closed;
        self.closed_by = Some(by.clone());
        self.touch(now);
        true
    }

    /// Takes the ticket up again. Says whether anything changed.
    pub(crate) fn reopen(&mut self, now: DateTime<Utc>) -> bool {
        if self.state == State::Open {
            return false;
        }
        self.state = State::Open;
        self.closed_by = None;
        self.touch(now);
        true
    }

    /// An answer was rated: a change, but nothing that brings the ticket up in the lists.
    pub(crate) fn rated(&mut self) {
        self.version += 1;
    }

    /// One change more. A clock that is a little behind does not take the ticket back in the lists. What a wrong clock wrote far ahead
    /// is put right by the next change.
    fn touch(&mut self, now: DateTime<Utc>) {
        self.version += 1;
        let is_wrong = self.last_activity_at > horizon(now);
        self.last_activity_at = if is_wrong { now } else { self.last_activity_at.max(now) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket::tests::ticket;

    /// The lifecycle as a table: what happened, and what the overview says then.
    #[test]
    fn whose_turn_it_is() {
        use Role::{Customer, Supporter};
        let cases: [(&[Role], Waiting); 5] = [
            (&[], Waiting::New),
            (&[Customer], Waiting::New),
            (&[Supporter], Waiting::Customer),
            (&[Supporter, Customer], Waiting::Supporter),
            (&[Supporter, Customer, Customer, Supporter], Waiting::Customer),
        ];
        for (written, waiting) in cases {
            let mut ticket = ticket();
            for role in written {
                ticket.write(*role, ticket.opened_at).unwrap();
            }
            assert_eq!(ticket.waiting(), Some(waiting), "{written:?}");
            assert_eq!(ticket.version, 1 + written.len() as u32);
            assert_eq!(ticket.last_message.get(), 1 + written.len() as u32);
        }
    }

    #[test]
    fn nobody_writes_on_a_closed_ticket() {
        let mut ticket = ticket();
        ticket.close(&UserId::new("sara"), ticket.opened_at);
        for role in [Role::Customer, Role::Supporter] {
            assert_eq!(ticket.write(role, ticket.opened_at), Err(Refusal::TicketClosed));
        }
        assert_eq!((ticket.waiting(), ticket.version), (None, 2));
    }

    #[test]
    fn closing_is_undone_by_reopening() {
        let mut ticket = ticket();
        ticket.write(Role::Supporter, ticket.opened_at).unwrap();
        assert!(ticket.close(&UserId::new("sara"), ticket.opened_at));
        assert!(!ticket.close(&UserId::new("tom"), ticket.opened_at), "closing twice is closing once");
        assert!(ticket.reopen(ticket.opened_at));
        assert!(!ticket.reopen(ticket.opened_at));
        assert_eq!(ticket.waiting(), Some(Waiting::Customer));
        assert_eq!((ticket.version, ticket.closed_by), (4, None));
    }

    #[test]
    fn a_clock_set_back_does_no_harm() {
        let mut ticket = ticket();
        let before = ticket.last_activity_at;
        ticket.write(Role::Supporter, before - chrono::TimeDelta::minutes(4)).unwrap();
        assert_eq!(ticket.last_activity_at, before);
        let now = before - chrono::TimeDelta::minutes(6);
        ticket.write(Role::Supporter, now).unwrap();
        assert_eq!(ticket.last_activity_at, now, "what a wrong clock wrote is put right");
    }
}
