//! Doing the same with several tickets (T-11).

use std::collections::BTreeSet;

use crate::desk::{Desk, NewValue};
use crate::error::{Error, Problems};
use crate::id::{MessageNumber, TicketNumber};
use crate::problem::{Field, FieldError, Problem};

/// What is done with each of several tickets.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TicketAction {
    /// Changes a property.
    Set(NewValue),
    /// Closes the ticket.
    Close,
    /// Reopens the ticket.
    Reopen,
}

/// A ticket that a supporter selected in a list, and the newest message when they saw the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SelectedTicket {
    /// The ticket.
    pub number: TicketNumber,
    /// Its newest message then; `None` if that is not known.
    pub seen: Option<MessageNumber>,
}

/// What became of several tickets.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Outcomes {
    /// The tickets with which it was done, or that were so already.
    pub done: Vec<TicketNumber>,
    /// The tickets with which it was not done, each with the reason; `None` if it was not tried any more, because a part of the
    /// site became unavailable.
    pub not_done: Vec<(TicketNumber, Option<Error>)>,
}

impl Desk {
    /// The most tickets that [`several`](Self::several) takes.
    pub const MOST_SEVERAL: usize = 100;

    /// Does the same with several tickets. Each ticket is its own unit of work, with the rights, the history and the letters of
    /// the single action. What cannot be done with one ticket does not stop the others. A ticket that is named twice counts
    /// once.
    ///
    /// # Errors
    /// [`Error::Invalid`] without a ticket, with more than [`MOST_SEVERAL`](Self::MOST_SEVERAL), or if the first ticket shows
    /// that the value is invalid for all of them: an assignee, a category or a label that the site does not have. Then nothing
    /// was changed. A ticket that is full of labels does not stop the others.
    pub async fn several(&self, tickets: &[SelectedTicket], action: &TicketAction) -> Result<Outcomes, Error> {
        let mut problems = Problems::default();
        match tickets.len() {
            0 => problems.note(Field::Tickets, Problem::Empty),
            1..=Self::MOST_SEVERAL => {}
            _ => problems.note(Field::Tickets, Problem::TooMany { max: Self::MOST_SEVERAL }),
        }
        problems.none()?;
        let (mut outcomes, mut named, mut is_over) = (Outcomes::default(), BTreeSet::new(), false);
        for ticket in tickets.iter().filter(|ticket| named.insert(ticket.number)) {
            if is_over {
                outcomes.not_done.push((ticket.number, None));
                continue;
            }
            match self.act(*ticket, action).await {
                Ok(()) => outcomes.done.push(ticket.number),
                Err(error) if outcomes.done.is_empty() && is_for_all(&error) => return Err(error),
                Err(error) => {
                    is_over = matches!(error, Error::Unavailable(_));
                    outcomes.not_done.push((ticket.number, Some(error)));
                }
            }
        }
        Ok(outcomes)
    }

    async fn act(&self, ticket: SelectedTicket, action: &TicketAction) -> Result<(), Error> {
        let SelectedTicket { number, seen } = ticket;
        match action {
            TicketAction::Set(value) => self.set(number, value.clone(), None).await,
            TicketAction::Close => self.close(number, seen).await,
            TicketAction::Reopen => self.reopen(number).await,
        }
        .map(drop)
    }
}

/// Whether the value is invalid for every ticket. How many labels a ticket can take depends on the ticket.
fn is_for_all(error: &Error) -> bool {
    let depends = |error: &FieldError| matches!(error.problem, Problem::TooMany { .. });
    matches!(error, Error::Invalid(errors) if !errors.iter().all(depends))
}
