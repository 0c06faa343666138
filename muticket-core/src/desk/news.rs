//! How many tickets of a list have news.

use chrono::{DateTime, Utc};

use crate::clock::horizon;
use crate::desk::Desk;
use crate::error::Error;
use crate::id::UserId;
use crate::overview::{DeskScope, Filter};
use crate::storage::{Counts, Cursor, Order, OverviewQuery, Reach, SortKey, Unit};
use crate::ticket::{Role, State, Ticket};

impl Desk {
    /// Counts the tickets of a list whose last activity is later than `since`, up to [`Counts::MANY`]: new ones, and those with
    /// a new message or a new state. Activity of the supporter themselves does not count, except that they reopened a ticket,
    /// which the ticket does not tell. Tickets that a wrong clock dated in the future are not counted.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the visitor is no longer a supporter; [`Error::Unavailable`].
    pub async fn news(&self, list: &Filter, since: DateTime<Utc>) -> Result<u32, Error> {
        let actor = self.actor();
        let list = list.clone().applied(true);
        let horizon = horizon(self.parts.now());
        let since = Cursor::from(since.clamp(DateTime::UNIX_EPOCH, horizon));
        let work = move |unit: &mut dyn Unit| {
            let (staff, me) = (actor.staff(unit)?, &actor.user.id);
            if !staff.contains(me) {
                return Err(Error::NotFound);
            }
            let desk = DeskScope::of(&staff, me);
            let desk = if list.asks_for_nobody() { desk.read(unit)? } else { desk };
            let view = list.view(Reach::All, Some(&desk));
            let (sort, order) = (SortKey::Activity, Order::Ascending);
            let later = unit.overviews().list(&OverviewQuery { view, sort, order, after: Some(since), limit: Counts::MANY })?;
            let is_news = |ticket: &&Ticket| ticket.last_activity_at <= horizon && !was_last_active(me, ticket);
            Ok(u32::try_from(later.iter().filter(is_news).count()).unwrap_or(Counts::MANY))
        };
        self.parts.storage.run_read_stale(work).await
    }
}

/// Whether the last activity of the ticket is one of this user: who closed a closed ticket, or who wrote last.
fn was_last_active(user: &UserId, ticket: &Ticket) -> bool {
    match (ticket.state, ticket.last_role) {
        (State::Closed, _) => ticket.closed_by.as_ref() == Some(user),
        (State::Open, Role::Supporter) => ticket.last_supporter.as_ref() == Some(user),
        (State::Open, Role::Customer) => ticket.customer == *user,
    }
}
