//! The lifecycle of a ticket: what changes its state (D-01, D-02).

use chrono::{DateTime, Utc};

use crate::clock::horizon;
use crate::id::{CategoryId, MessageNumber, NoteNumber, UserId};
use crate::refusal::Refusal;
use crate::ticket::{Priority, Role, State, Ticket, Waiting};

impl Ticket {
    /// The side the ticket waits for, or would wait for if it were reopened.
    pub fn turn(&self) -> Waiting {
        match (self.answers, self.last_role) {
            (0, _) => Waiting::New,
            (_, Role::Customer) => Waiting::Supporter,
            (_, Role::Supporter) => Waiting::Customer,
        }
    }

    /// The side the ticket waits for; `None` if it is closed.
    pub fn waiting(&self) -> Option<Waiting> {
        match self.state {
            State::Open => Some(self.turn()),
            State::Closed => None,
        }
    }

    /// Adds a message by `author` in a `role`, and returns its number.
    ///
    /// # Errors
    /// [`Refusal::TicketClosed`]: customers open a follow-up instead, supporters reopen the ticket first (D-02).
    pub(crate) fn write(&mut self, role: Role, author: &UserId, now: DateTime<Utc>) -> Result<MessageNumber, Refusal> {
        if self.state == State::Closed {
            return Err(Refusal::TicketClosed);
        }
        self.last_message = self.last_message.next();
        self.last_role = role;
        self.last_supporter = (role == Role::Supporter).then(|| author.clone());
        if role == Role::Supporter {
            self.answers += 1;
        }
        self.touch(now);
        Ok(self.last_message)
    }

    /// Closes the ticket. Returns whether it was open.
    pub(crate) fn close(&mut self, by: &UserId, now: DateTime<Utc>) -> bool {
        if self.state == State::Closed {
            return false;
        }
        self.state = State::Closed;
        self.closed_by = Some(by.clone());
        self.touch(now);
        true
    }

    /// Reopens the ticket. Returns whether it was closed.
    pub(crate) fn reopen(&mut self, now: DateTime<Utc>) -> bool {
        if self.state == State::Open {
            return false;
        }
        self.state = State::Open;
        self.closed_by = None;
        self.touch(now);
        true
    }

    /// Records that an answer was rated. Counts as a change, but does not move the ticket up in the lists.
    pub(crate) fn rated(&mut self) {
        self.version += 1;
    }

    /// Changes the assignee. Returns whether it was another one. The customer must not notice it, so the ticket stays in its
    /// place in the lists. The same holds for the methods below.
    pub(crate) fn assign(&mut self, assignee: Option<UserId>) -> bool {
        let is_new = self.assignee != assignee;
        self.assignee = assignee;
        self.changed_at_the_desk(is_new)
    }

    /// Changes the priority. Returns whether it was another one.
    pub(crate) fn prioritize(&mut self, priority: Priority) -> bool {
        let is_new = self.priority != priority;
        self.priority = priority;
        self.changed_at_the_desk(is_new)
    }

    /// Changes the category. Returns whether it was another one.
    pub(crate) fn categorize(&mut self, category: Option<CategoryId>) -> bool {
        let is_new = self.category != category;
        self.category = category;
        self.changed_at_the_desk(is_new)
    }

    /// Records that a label was put on or taken off.
    pub(crate) fn labels_changed(&mut self) {
        self.changed_at_the_desk(true);
    }

    /// Adds a note and returns its number.
    pub(crate) fn note(&mut self) -> NoteNumber {
        let number = self.last_note.map_or(NoteNumber::FIRST, NoteNumber::next);
        self.last_note = Some(number);
        self.changed_at_the_desk(true);
        number
    }

    /// Records that a note was edited or deleted.
    pub(crate) fn note_changed(&mut self) {
        self.changed_at_the_desk(true);
    }

    fn changed_at_the_desk(&mut self, is_new: bool) -> bool {
        self.version += u32::from(is_new);
        is_new
    }

    /// Records a change. A clock that is slightly behind does not move the ticket back in the lists. A time far in the
    /// future, written by a wrong clock, is corrected by the next change.
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

    fn sara() -> UserId {
        UserId::new("sara")
    }

    /// The lifecycle as a table: the messages, and the side the ticket then waits for.
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
                ticket.write(*role, &sara(), ticket.opened_at).unwrap();
            }
            assert_eq!(ticket.waiting(), Some(waiting), "{written:?}");
            assert_eq!(ticket.version, 1 + written.len() as u32);
            assert_eq!(ticket.last_message.get(), 1 + written.len() as u32);
            assert_eq!(ticket.last_supporter, (ticket.last_role == Supporter).then(sara), "{written:?}");
        }
    }

    /// Databases hold these words. A new name in the code must not change them.
    #[test]
    fn the_stored_words_stay() {
        for (word, state) in [("open", State::Open), ("closed", State::Closed)] {
            assert_eq!((state.as_str(), word.parse()), (word, Ok(state)));
        }
        for (word, side) in [("new", Waiting::New), ("supporter", Waiting::Supporter), ("customer", Waiting::Customer)] {
            assert_eq!((side.as_str(), word.parse()), (word, Ok(side)));
        }
        for (word, role) in [("customer", Role::Customer), ("supporter", Role::Supporter)] {
            assert_eq!((role.as_str(), word.parse()), (word, Ok(role)));
        }
    }

    #[test]
    fn nobody_writes_on_a_closed_ticket() {
        let mut ticket = ticket();
        ticket.close(&UserId::new("sara"), ticket.opened_at);
        for role in [Role::Customer, Role::Supporter] {
            assert_eq!(ticket.write(role, &sara(), ticket.opened_at), Err(Refusal::TicketClosed));
        }
        assert_eq!((ticket.waiting(), ticket.version), (None, 2));
    }

    #[test]
    fn closing_is_undone_by_reopening() {
        let mut ticket = ticket();
        ticket.write(Role::Supporter, &sara(), ticket.opened_at).unwrap();
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
        ticket.write(Role::Supporter, &sara(), before - chrono::TimeDelta::minutes(4)).unwrap();
        assert_eq!(ticket.last_activity_at, before);
        let now = before - chrono::TimeDelta::minutes(6);
        ticket.write(Role::Supporter, &sara(), now).unwrap();
        assert_eq!(ticket.last_activity_at, now, "what a wrong clock wrote is put right");
    }
}
