//! Unread messages. Viewing a page marks nothing as read; writing and marking explicitly do.

use crate::error::Error;
use crate::id::MessageNumber;
use crate::storage::Unit;
use crate::ticket::{Message, Role, State, Ticket};
use crate::viewer::Side;

/// The first unread message for a user who sees the ticket from this side and has read up to `read`. A `read` of `None` means
/// that they have read nothing.
/// Closed tickets have no unread messages for supporters.
pub(crate) fn first_unread(ticket: &Ticket, side: Side, read: Option<MessageNumber>) -> Option<MessageNumber> {
    let concerns_them = match side {
        Side::Customer => read.is_some() || ticket.last_role == Role::Supporter,
        Side::Desk => ticket.state == State::Open,
    };
    let first = match (read, side) {
        (Some(read), _) => read.next(),
        // The customer knows the first message, which opened the ticket.
        (None, Side::Customer) => MessageNumber::FIRST.next(),
        (None, Side::Desk) => MessageNumber::FIRST,
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

    /// The first unread message of a ticket with `last` messages.
    fn first(side: Side, read: Option<u32>, last: u32, last_role: Role, state: State) -> Option<u32> {
        let ticket = Ticket { last_message: place(last), last_role, state, ..ticket() };
        first_unread(&ticket, side, read.map(place)).map(MessageNumber::get)
    }

    #[test]
    fn a_customer_has_not_read_what_came_after_their_mark() {
        let (open, closed) = (State::Open, State::Closed);
        assert_eq!(first(Side::Customer, Some(1), 1, Role::Customer, open), None);
        assert_eq!(first(Side::Customer, Some(1), 3, Role::Supporter, open), Some(2));
        assert_eq!(first(Side::Customer, Some(1), 2, Role::Supporter, closed), Some(2));
        assert_eq!(
            first(Side::Customer, Some(2), 4, Role::Customer, open),
            Some(3),
            "the reply was written without seeing the answer"
        );
        assert_eq!(first(Side::Customer, None, 3, Role::Customer, open), None, "who wrote last has read it");
        assert_eq!(first(Side::Customer, None, 3, Role::Supporter, open), Some(2));
    }

    #[test]
    fn a_supporter_has_not_read_what_is_open_and_after_their_mark() {
        assert_eq!(first(Side::Desk, None, 1, Role::Customer, State::Open), Some(1));
        assert_eq!(first(Side::Desk, Some(2), 3, Role::Supporter, State::Open), Some(3), "another supporter's answer");
        assert_eq!(first(Side::Desk, Some(3), 3, Role::Supporter, State::Open), None);
        assert_eq!(first(Side::Desk, None, 3, Role::Customer, State::Closed), None);
    }
}
