//! The next ticket to work on.

use crate::clock::horizon;
use crate::desk::Desk;
use crate::error::Error;
use crate::id::TicketNumber;
use crate::storage::{Among, Cursor, StorageError, Unit, WaitingQuery};
use crate::ticket::Ticket;

/// What comes next in the queue of the tickets that wait for a supporter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextWaiting {
    /// This ticket.
    Ticket(TicketNumber),
    /// Nothing comes after that place, but there are tickets before it.
    End,
    /// Nothing waits, or nothing but the ticket at that place.
    Nothing,
}

impl Desk {
    /// The ticket that comes after a place in the queue, or the first one. The queue holds the open tickets that wait for a supporter (new,
    /// or the customer wrote last), but not the supporter's own: those of the supporter's categories come first, then all others, and in
    /// both parts those that have waited longest. What a wrong clock dated in the future comes before those: nobody knows how long it waits.
    ///
    /// The place is that of a ticket, as [`Conversation::place`](crate::conversation::Conversation::place) gives it. It stays where it is when
    /// its ticket is answered, so that a supporter goes forward and never back to a ticket that was passed over.
    ///
    /// # Errors
    /// [`Error::NotFound`] if they are no supporter any more; [`Error::Unavailable`].
    pub async fn next_waiting(&self, after: Option<Cursor>) -> Result<NextWaiting, Error> {
        let key = self.key();
        let mut mine = self.situation.staff.categories_of(&self.user.id);
        mine.retain(|category| self.situation.categories.is_active(category));
        let parts = match mine.is_empty() {
            true => vec![Among::All],
            false => vec![Among::In(mine.clone()), Among::Outside(mine)],
        };
        let horizon = Cursor::from(horizon(self.helpdesk.now()));
        let work = move |unit: &mut dyn Unit| {
            key.check(unit)?;
            // The part in which the place lies: what stands before it was passed over.
            let of_place = match after {
                Some(place) if parts.len() > 1 => readable(unit, place.number)?,
                _ => None,
            };
            let lies_in = |part: &Among| of_place.as_ref().is_some_and(|ticket| part.contains(ticket.category.as_ref()));
            let current = parts.iter().position(lies_in).unwrap_or(0);
            let mut next = |categories: &Among, after| {
                let query = WaitingQuery { except: key.user.id.clone(), categories: categories.clone(), after };
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
        // Not glanced at: a replica that lags behind would lead back to what was answered a moment ago.
        self.helpdesk.storage().run_read(work).await
    }
}

/// The first ticket after a place, where those beyond the horizon come before all others.
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

/// The ticket, if it is there and can be read.
fn readable(unit: &mut dyn Unit, number: TicketNumber) -> Result<Option<Ticket>, StorageError> {
    match unit.tickets().find(number) {
        Err(StorageError::Corrupt { .. }) => Ok(None),
        found => found,
    }
}
