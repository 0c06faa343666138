//! Unread messages. Viewing a page marks nothing as read; writing and marking explicitly do.

use crate::error::Error;
use crate::id::{MessageNumber, UserId};
use crate::storage::Unit;
use crate::ticket::{Message, Role, State, Ticket};

/// The first unread message for a user who has read up to `read`; a `read` of `None` means that they have read nothing.
/// Closed tickets have no unread messages for supporters.
pub(crate) fn first_unread(ticket: &Ticket, user: &UserId, read: Option<MessageNumber>) -> Option<MessageNumber> {
    let concerns_them = match ticket.customer == *user {
        true => read.is_some() || ticket.last_role == Role::Supporter,
        false => ticket.state == State::Open,
    };
    let first = match read {
        // The customer knows the first message, which opened the ticket.
        None if ticket.customer != *user => MessageNumber::FIRST,
        None => MessageNumber::FIRST.next(),
        Some(read) => read.next(),
    };
    (concerns_them && first <= ticket.last_message).then_some(first)
}

/// Marks a message as read by its author, with all messages before it. If someone else wrote after the last message that the
/// author has `seen`, the mark stays there, so that they do not miss it.
pub(crate) fn mark_written(unit: &mut dyn Unit, message: &Message, seen: Option<MessageNumber>) -> Result<(), Error> {
    /// If the author has not seen more messages than this, assume that one of them is someone else's.
    const OWN: u32 = 20;
    let Message { ticket, number, author, .. } = message;
    let mut read = *number;
    if let Some(seen) = seen.filter(|seen| seen.next() < *number) {
        let between = unit.messages().list(*ticket, Some(seen), OWN)?;
        if between.last().is_none_or(|last| last.number < *number) || between.iter().any(|other| other.author != *author) {
            read = seen;
        }
    }
    Ok(unit.marks().mark(author, *ticket, read)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket::tests::ticket;

    fn place(number: u32) -> MessageNumber {
        MessageNumber::new(number).unwrap()
    }

    /// The first unread message of Anna's ticket with `last` messages.
    fn first(user: &str, read: Option<u32>, last: u32, last_role: Role, state: State) -> Option<u32> {
        let ticket = Ticket { last_message: place(last), last_role, state, ..ticket() };
        first_unread(&ticket, &UserId::new(user), read.map(place)).map(MessageNumber::get)
    }

    #[test]
    fn a_customer_has_not_read_what_came_after_their_mark() {
        let (open, closed) = (State::Open, State::Closed);
        assert_eq!(first("anna", Some(1), 1, Role::Customer, open), None);
        assert_eq!(first("anna", Some(1), 3, Role::Supporter, open), Some(2));
        assert_eq!(first("anna", Some(1), 2, Role::Supporter, closed), Some(2));
        assert_eq!(first("anna", Some(2), 4, Role::Customer, open), Some(3), "the reply was written without seeing the answer");
        assert_eq!(first("anna", None, 3, Role::Customer, open), None, "who wrote last has read it");
        assert_eq!(first("anna", None, 3, Role::Supporter, open), Some(2));
    }

    #[test]
    fn a_supporter_has_not_read_what_is_open_and_after_their_mark() {
        assert_eq!(first("sara", None, 1, Role::Customer, State::Open), Some(1));
        assert_eq!(first("sara", Some(2), 3, Role::Supporter, State::Open), Some(3), "another supporter's answer");
        assert_eq!(first("sara", Some(3), 3, Role::Supporter, State::Open), None);
        assert_eq!(first("sara", None, 3, Role::Customer, State::Closed), None);
    }
}
