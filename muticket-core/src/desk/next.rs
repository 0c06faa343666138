//! The next ticket to work on.

use crate::clock::horizon;
use crate::desk::Desk;
use crate::error::Error;
use crate::id::TicketNumber;
use crate::lookup::readable;
use crate::storage::{
    Among, Cursor, Damage, Order, OverviewQuery, Reach, SortKey, StateFilter, StorageError, Unit, View, WaitingFilter,
};
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
                Some(place) if parts.len() > 1 => match readable(unit, place.number) {
                    Err(Error::NotFound) => None,
                    found => found?,
                },
                _ => None,
            };
            let lies_in = |part: &Among| of_place.as_ref().is_some_and(|ticket| part.contains(ticket.category.as_ref()));
            let current = parts.iter().position(lies_in).unwrap_or(0);
            let view = |categories: &Among| View {
                except: Some(actor.user.id.clone()),
                state: StateFilter::Open,
                waiting: WaitingFilter::ForSupporters,
                categories: categories.clone(),
                ..View::of(Reach::All)
            };
            let mut next = |categories: &Among, after| next_of(unit, &view(categories), after, horizon);
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
        // Not a stale read: a lagging replica would lead back to a ticket that was just answered.
        self.parts.storage.run_read(work).await
    }
}

/// The first ticket of the view after a place, oldest activity first. Tickets beyond the horizon come before all others.
fn next_of(
    unit: &mut dyn Unit,
    view: &View,
    after: Option<Cursor>,
    horizon: Cursor,
) -> Result<Option<TicketNumber>, StorageError> {
    let is_past = |ticket: &Ticket| Cursor::after(ticket) <= horizon;
    let found = match after {
        Some(after) if after <= horizon => first(unit, view, Some(after))?.filter(is_past),
        after => match first(unit, view, Some(after.unwrap_or(horizon)))? {
            Some(ahead) => Some(ahead),
            None => first(unit, view, None)?.filter(is_past),
        },
    };
    Ok(found.map(|ticket| ticket.number))
}

/// The first readable ticket of the view after a place, oldest activity first.
fn first(unit: &mut dyn Unit, view: &View, after: Option<Cursor>) -> Result<Option<Ticket>, StorageError> {
    /// How many damaged tickets are passed over, so that they do not block those behind them.
    const MOST_DAMAGED: u32 = 100;
    let mut query = OverviewQuery { view: view.clone(), sort: SortKey::Activity, order: Order::Ascending, after, limit: 1 };
    for _ in 0..=MOST_DAMAGED {
        let found = unit.overviews().list(&query)?.into_iter().next();
        let place = |damage: Damage| Some(Cursor { activity: damage.at?, number: damage.ticket? });
        let damaged = unit.damages().take_damages().into_iter().filter_map(place);
        // Behind a damaged ticket there may be one that comes before the one that was found.
        let before = |place: &Cursor| found.as_ref().is_none_or(|ticket| *place < Cursor::after(ticket));
        match damaged.filter(|place| query.after.is_none_or(|after| *place > after)).filter(before).min() {
            Some(place) => query.after = Some(place),
            None => return Ok(found),
        }
    }
    Ok(None)
}
