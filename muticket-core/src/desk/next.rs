//! The next ticket to work on.

use crate::clock::horizon;
use crate::desk::Desk;
use crate::error::Error;
use crate::id::TicketNumber;
use crate::lookup::readable;
use crate::overview::{DeskScope, Filter};
use crate::storage::{Among, Cursor, Order, OverviewQuery, Reach, SortKey, StateFilter, StorageError, Unit, View, WaitingFilter};
use crate::ticket::{Ticket, Waiting};

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
    /// supporter (new, or the customer wrote last), except the supporter's own.
    ///
    /// `list` is the list that the supporter works through. A list with a [view](Filter) or with filters is a queue of its own:
    /// only its tickets, in the order of what is to be done if it has that order, otherwise the longest waiting first. Without
    /// them, tickets in the supporter's categories come first, then all others; in both parts the longest waiting come first.
    /// Tickets that a wrong clock dated in the future come before those, because their real waiting time is unknown.
    ///
    /// The place is that of a ticket, see [`Conversation::place_in`](crate::conversation::Conversation::place_in). It does not
    /// move when its ticket is answered, so a supporter moves forward and never returns to a ticket that was skipped.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the visitor is no longer a supporter; [`Error::Unavailable`].
    pub async fn next_waiting(&self, list: &Filter, after: Option<Cursor>) -> Result<NextWaiting, Error> {
        let (actor, asked) = (self.actor(), list.clone());
        let mut mine = self.situation.staff.categories_of(&self.user.id);
        mine.retain(|category| self.situation.categories.is_active(category));
        let horizon = Cursor::from(horizon(self.parts.now()));
        let work = move |unit: &mut dyn Unit| {
            let staff = actor.staff(unit)?;
            if !staff.contains(&actor.user.id) {
                return Err(Error::NotFound);
            }
            let list = asked.clone().settled(unit, &actor.user.id)?;
            let sort = list.queue_order();
            let after = after.filter(|place| place.is_of(sort) || asked.is_pending()).and_then(|place| place.in_order(sort));
            let is_view = list.desk.view.is_some() || list.saved_view().is_some();
            let has_parts = !mine.is_empty() && !list.narrows() && !is_view && sort == SortKey::Activity;
            let whole = queue(unit, &list, DeskScope::of(&staff, &actor.user.id))?;
            let whole = View { except: Some(actor.user.id.clone()), ..whole };
            let view = |categories: Among| View { categories, ..whole.clone() };
            let parts = match has_parts {
                true => vec![view(Among::In(mine.clone())), view(Among::Outside(mine.clone()))],
                false => vec![whole.clone()],
            };
            // Start in the part that contains the place: the tickets before it were skipped.
            let of_place = match after {
                Some(place) if parts.len() > 1 => match readable(unit, place.number) {
                    Err(Error::NotFound) => None,
                    found => found?,
                },
                _ => None,
            };
            let lies_in =
                |part: &View| of_place.as_ref().is_some_and(|ticket: &Ticket| part.categories.contains(ticket.category.as_ref()));
            let current = parts.iter().position(lies_in).unwrap_or(0);
            let mut next = |view: &View, after| match sort {
                SortKey::Activity => next_of(unit, view, after, horizon),
                _ => Ok(first(unit, view, sort, after)?.map(|ticket| ticket.number)),
            };
            for (number, part) in parts.iter().enumerate().skip(current) {
                if let Some(ticket) = next(part, after.filter(|_| number == current))? {
                    return Ok(NextWaiting::Ticket(ticket));
                }
            }
            let Some(place) = after else { return Ok(NextWaiting::Nothing) };
            let other = match next(&whole, None)? {
                Some(first) if first == place.number => next(&whole, after)?,
                first => first,
            };
            Ok(other.map_or(NextWaiting::Nothing, |_| NextWaiting::End))
        };
        // Not a stale read: a lagging replica would lead back to a ticket that was just answered.
        self.parts.storage.run_read(work).await
    }
}

/// The tickets of a list that wait for a supporter, whatever states the list shows.
fn queue(unit: &mut dyn Unit, list: &Filter, desk: DeskScope) -> Result<View, StorageError> {
    let desk = if list.asks_for_nobody() { desk.read(unit)? } else { desk };
    let waiting = list.waiting.filter(|waiting| *waiting != Waiting::Customer);
    let list = Filter { state: StateFilter::Open, waiting, ..list.clone() };
    let view = list.view(Reach::All, Some(&desk));
    let waiting = if view.waiting == WaitingFilter::All { WaitingFilter::ForSupporters } else { view.waiting };
    Ok(View { waiting, ..view })
}

/// The first ticket of the view after a place, oldest activity first. Tickets beyond the horizon come before all others.
fn next_of(
    unit: &mut dyn Unit,
    view: &View,
    after: Option<Cursor>,
    horizon: Cursor,
) -> Result<Option<TicketNumber>, StorageError> {
    let is_past = |ticket: &Ticket| Cursor::after(ticket) <= horizon;
    let mut first = |after| first(unit, view, SortKey::Activity, after);
    let found = match after {
        Some(after) if after <= horizon => first(Some(after))?.filter(is_past),
        after => match first(Some(after.unwrap_or(horizon)))? {
            Some(ahead) => Some(ahead),
            None => first(None)?.filter(is_past),
        },
    };
    Ok(found.map(|ticket| ticket.number))
}

/// The first readable ticket of the view after a place, in ascending order.
fn first(unit: &mut dyn Unit, view: &View, sort: SortKey, after: Option<Cursor>) -> Result<Option<Ticket>, StorageError> {
    /// How many damaged tickets are passed over, so that they do not block those behind them.
    const MOST_DAMAGED: u32 = 100;
    let mut query = OverviewQuery { view: view.clone(), sort, order: Order::Ascending, after, limit: 1 };
    for _ in 0..=MOST_DAMAGED {
        let found = unit.overviews().list(&query)?.into_iter().next();
        let damaged = unit.damages().take_damages().into_iter().filter_map(|damage| Cursor::of_damaged(sort, &damage));
        let is_behind = |place: &Cursor| query.after.is_none_or(|after| sort.compare(place, &after).is_gt());
        // Behind a damaged ticket there may be one that comes before the one that was found.
        let before = |place: &Cursor| found.as_ref().is_none_or(|ticket| sort.compare(place, &Cursor::of(sort, ticket)).is_lt());
        match damaged.filter(is_behind).filter(before).min_by(|one, other| sort.compare(one, other)) {
            Some(place) => query.after = Some(place),
            None => return Ok(found),
        }
    }
    Ok(None)
}
