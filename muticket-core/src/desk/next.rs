//! The next ticket to work on.

use crate::clock::horizon;
use crate::desk::Desk;
use crate::error::Error;
use crate::id::TicketNumber;
use crate::storage::{Among, Cursor, StorageError, Unit, WaitingQuery};
use crate::ticket::Ticket;

/// The next ticket in the queue of tickets that wait for a supporter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextWaiting {
    /// This ticket.
    Ticket(TicketNumber),
    /// No ticket comes after the place, but there are tickets before it.
    End,
    /// No ticket waits, or only the one at the place.
    Nothing,
}

impl Desk {
    /// Finds the ticket after a place in the queue, or the first one. The queue holds the open tickets that wait for a
    /// supporter (new, or the customer wrote last), except the supporter's own. Tickets in the supporter's categories come
    /// first, then all others; in both parts the longest waiting come first. Tickets that a wrong clock dated in the future
    /// come before those, because their real waiting time is unknown.
    ///
    /// The place is that of a ticket, see [`Conversation::place`](crate::conversation::Conversation::place). It does not
    /// move when its ticket is answered, so a supporter moves forward and never returns to a ticket that was skipped.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the visitor is no longer a supporter; [`Error::Unavailable`].
    pub async fn next_waiting(&self, after: Option<Cursor>) -> Result<NextWaiting, Error> {
        let actor = self.actor();
        let mut mine = self.situation.staff.categories_of(&self.user.id);
        mine.retain(|category| self.situation.categories.is_active(category));
        let parts = match mine.is_empty() {
            true => vec![Among::All],
            false => vec![Among::In(mine.clone()), Among::Outside(mine)],
        };
        let horizon = Cursor::from(horizon(self.parts.now()));
        let work = move |unit: &mut dyn Unit| {
            if !actor.staff(unit)?.contains(&actor.user.id) {
                return Err(Error::NotFound);
            }
            // Start in the part that contains the place: the tickets before it were skipped.
            let of_place = match after {
                Some(place) if parts.len() > 1 => readable(unit, place.number)?,
                _ => None,
            };
            let lies_in = |part: &Among| of_place.as_ref().is_some_and(|ticket| part.contains(ticket.category.as_ref()));
            let current = parts.iter().position(lies_in).unwrap_or(0);
            let mut next = |categories: &Among, after| {
                let query = WaitingQuery { except: actor.user.id.clone(), categories: categories.clone(), after };
                next_of(unit, &query, horizon)
            };
            for (number, part) in parts.iter().enumerate().skip(current) {
                if let Some(ticket) = next(part, after.filter(|_| number == current))? {
                    return Ok(NextWaiting::Ticket(ticket));
                }
            }
            let Some(place) = after else { return Ok(NextWaiting::Nothing) };
            let other = match next(&Among::All, None)? {
                Some(first) if first == place.number => next(&Among::All, after)?,
                first => first,
            };
            Ok(other.map_or(NextWaiting::Nothing, |_| NextWaiting::End))
        };
        // Not a glance: a lagging replica would lead back to a ticket that was just answered.
        self.parts.storage.run_read(work).await
    }
}

/// The first ticket after a place. Tickets beyond the horizon come before all others.
fn next_of(unit: &mut dyn Unit, query: &WaitingQuery, horizon: Cursor) -> Result<Option<TicketNumber>, StorageError> {
    let next = |unit: &mut dyn Unit, after| unit.overviews().next_waiting(&WaitingQuery { after, ..query.clone() });
    let past = |unit: &mut dyn Unit, number: Option<TicketNumber>| {
        let Some(number) = number else { return Ok(None) };
        let is_past = |ticket: &Ticket| Cursor::after(ticket) <= horizon;
        Ok(readable(unit, number)?.filter(is_past).map(|ticket| ticket.number))
    };
    match query.after {
        Some(after) if after <= horizon => {
            let number = next(unit, Some(after))?;
            past(unit, number)
        }
        after => match next(unit, Some(after.unwrap_or(horizon)))? {
            Some(ahead) => Ok(Some(ahead)),
            None => {
                let first = next(unit, None)?;
                past(unit, first)
            }
        },
    }
}

/// The ticket, if it exists and can be read.
fn readable(unit: &mut dyn Unit, number: TicketNumber) -> Result<Option<Ticket>, StorageError> {
    match unit.tickets().find(number) {
        Err(StorageError::Corrupt { .. }) => Ok(None),
        found => found,
    }
}
