//! A page of tickets for display, shared by portal and desk (D-11).

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use crate::categories::Categories;
use crate::clock::horizon;
use crate::error::Error;
use crate::id::{CategoryId, TicketNumber, UserId};
use crate::lookup::customer_of;
use crate::newest::{Chunk, newest_first, oldest_first};
use crate::opening::may_open;
use crate::parts::Parts;
use crate::search::Search;
use crate::situation::Situation;
use crate::storage::{
    Among, Counts, Cursor, Order, OverviewQuery, Reach, SortKey, StateFilter, StorageError, Unit, View, WaitingFilter,
};
use crate::ticket::{Ticket, Waiting};
use crate::unread::first_unread;
use crate::user::User;
use crate::viewer::{Side, Viewer};

/// The visitor's selection of tickets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the parameters of the page, see OverviewQuery")]
pub struct Filter {
    pub state: StateFilter,
    pub waiting: Option<Waiting>,
    pub category: Option<CategoryId>,
    pub customer: Option<UserId>,
    pub search: Option<Search>,
    pub sort: SortKey,
    pub order: Order,
    pub after: Option<Cursor>,
    /// Whether a parameter is malformed. Then no tickets are found, rather than more than the visitor wanted.
    pub unreadable: bool,
}

/// One page of tickets.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Overview {
    /// The tickets.
    pub tickets: Vec<Ticket>,
    /// The tickets of this page whose rows are damaged and cannot be shown.
    pub damaged: Vec<TicketNumber>,
    /// The tickets with messages that the visitor has not read.
    pub unread: BTreeSet<TicketNumber>,
    /// The start of the next page; `None` on the last page.
    pub next: Option<Cursor>,
    /// The ticket whose number was searched for, if the visitor may see it. It is first on the first page, open or closed,
    /// unless another category or customer was selected.
    pub named: Option<TicketNumber>,
    /// The numbers of tickets on the tabs.
    pub counts: Counts,
    /// The customers, as far as the host knows them.
    pub people: HashMap<UserId, User>,
    /// The categories.
    pub categories: Categories,
    /// Whether a supporter is present.
    pub support_active: bool,
    /// Whether the visitor can open a ticket now.
    pub may_open: bool,
}

impl Filter {
    /// The tickets that the filter selects within a reach.
    pub(crate) fn view(&self, reach: Reach) -> View {
        let customer = match reach {
            Reach::All => self.customer.clone(),
            // Customers have only one customer to choose from.
            Reach::Own(_) => None,
        };
        let categories = match &self.category {
            // No category, so no ticket.
            _ if self.unreadable => Among::In(BTreeSet::new()),
            Some(category) => Among::In(BTreeSet::from([category.clone()])),
            None => Among::All,
        };
        View {
            customer,
            state: self.state,
            waiting: self.waiting.map_or(WaitingFilter::All, WaitingFilter::For),
            categories,
            search: self.search.clone(),
            ..View::of(reach)
        }
    }

    /// Converts the filter to a query, with this many tickets per page.
    pub(crate) fn query(&self, reach: Reach, page: u32) -> OverviewQuery {
        // One more than is shown, to know whether there is a next page.
        let limit = page.saturating_add(1);
        OverviewQuery { view: self.view(reach), sort: self.sort, order: self.order, after: self.after, limit }
    }
}

/// An entry of a list of tickets.
enum TicketEntry {
    Ticket(Ticket),
    /// A ticket in this place that cannot be read.
    Damaged(Cursor),
}

impl TicketEntry {
    fn place(&self) -> Cursor {
        match self {
            Self::Ticket(ticket) => Cursor::after(ticket),
            Self::Damaged(place) => *place,
        }
    }
}

/// Reads the entries after a place. Numbers of tickets without a place in the list go into `placeless`.
fn part(
    unit: &mut dyn Unit,
    query: &OverviewQuery,
    placeless: &mut Vec<TicketNumber>,
) -> Result<Chunk<TicketEntry>, StorageError> {
    let mut items: Vec<_> = unit.overviews().list(query)?.into_iter().map(TicketEntry::Ticket).collect();
    let whole = items.len();
    for damage in unit.damages().take_damages() {
        let Some(number) = damage.ticket else { continue };
        match (query.sort, damage.at) {
            (_, Some(activity)) => items.push(TicketEntry::Damaged(Cursor { activity, number })),
            // There the number alone determines the place.
            (SortKey::Number, None) => items.push(TicketEntry::Damaged(Cursor { activity: DateTime::UNIX_EPOCH, number })),
            (SortKey::Activity, None) if !placeless.contains(&number) => placeless.push(number),
            (SortKey::Activity, None) => {}
        }
    }
    if items.len() > whole {
        match query.sort {
            SortKey::Activity => items.sort_by_key(TicketEntry::place),
            SortKey::Number => items.sort_by_key(|entry| entry.place().number),
        }
        if query.order == Order::Descending {
            items.reverse();
        }
    }
    let ended = items.len() < usize::try_from(query.limit).unwrap_or(usize::MAX);
    Ok(Chunk { items, ended })
}

/// Reads the entries of the query, and the damaged tickets without a place there. Entries that a wrong clock dated in the
/// future come last if the newest come first, and first if the oldest do.
fn list(
    unit: &mut dyn Unit,
    query: &OverviewQuery,
    now: DateTime<Utc>,
) -> Result<(Vec<TicketEntry>, Vec<TicketNumber>), StorageError> {
    let (horizon, mut placeless) = (Cursor::from(horizon(now)), Vec::new());
    let mut list = |after| part(unit, &OverviewQuery { after, ..query.clone() }, &mut placeless);
    let entries = match (query.sort, query.order) {
        (SortKey::Activity, Order::Descending) => newest_first(query.after, horizon, query.limit, TicketEntry::place, list)?,
        (SortKey::Activity, Order::Ascending) => oldest_first(query.after, horizon, query.limit, TicketEntry::place, list)?,
        (SortKey::Number, _) => list(query.after)?.items,
    };
    Ok((entries, placeless))
}

/// The ticket whose number was typed, if it is within the reach. If it is damaged, its number goes into `damaged`.
fn named(unit: &mut dyn Unit, view: &View, damaged: &mut Vec<TicketNumber>) -> Result<Option<Ticket>, StorageError> {
    let Some(number) = view.search.as_ref().and_then(Search::number) else { return Ok(None) };
    match unit.tickets().find(number) {
        Err(StorageError::Corrupt { .. }) => {
            let is_seen = match &view.reach {
                Reach::All => true,
                reach => customer_of(unit, number)?.is_some_and(|customer| reach.includes(&customer)),
            };
            if is_seen && !damaged.contains(&number) {
                damaged.push(number);
            }
            Ok(None)
        }
        found => Ok(found?.filter(|ticket| view.reach.includes(&ticket.customer))),
    }
}

/// Counts the tickets of the view for the tabs: the open and the closed ones.
fn count(unit: &mut dyn Unit, view: &View) -> Result<Counts, StorageError> {
    let tab = |state| View { state, waiting: WaitingFilter::All, ..view.clone() };
    let counts = unit.overviews().count(&[tab(StateFilter::Open), tab(StateFilter::Closed)])?;
    let count = |tab: usize| counts.get(tab).copied().unwrap_or_default();
    Ok(Counts { open: count(0), closed: count(1) })
}

/// The rows of a page.
pub(crate) struct TicketRows {
    tickets: Vec<Ticket>,
    next: Option<Cursor>,
    named: Option<TicketNumber>,
    damaged: Vec<TicketNumber>,
    unread: BTreeSet<TicketNumber>,
    counts: Counts,
    /// The customer whose tickets a supporter selected. The page names them even if it shows no ticket.
    customer: Option<UserId>,
}

impl TicketRows {
    /// Reads a page, and which of its tickets the viewer has not read.
    pub(crate) fn read(
        unit: &mut dyn Unit,
        query: &OverviewQuery,
        viewer: Viewer<'_>,
        now: DateTime<Utc>,
    ) -> Result<Self, StorageError> {
        let (mut entries, mut damaged) = list(unit, query, now)?;
        // The query asks for one more than a page has. A damaged ticket with a place counts as part of the page; those
        // without a place are added.
        let page = usize::try_from(query.limit.saturating_sub(1)).unwrap_or(usize::MAX);
        let room = page.max(1);
        let more = entries.len() > room;
        entries.truncate(room);
        let next = entries.last().filter(|_| more).map(TicketEntry::place);
        let mut tickets = Vec::new();
        for entry in entries {
            match entry {
                TicketEntry::Ticket(ticket) => tickets.push(ticket),
                TicketEntry::Damaged(place) => damaged.push(place.number),
            }
        }
        let view = &query.view;
        let named = named(unit, view, &mut damaged)?;
        // The number leads to the ticket whatever its state is.
        let of_any_state = View { state: StateFilter::All, waiting: WaitingFilter::All, search: None, ..view.clone() };
        if let Some(ticket) = named.as_ref().filter(|ticket| of_any_state.includes(ticket)) {
            tickets.retain(|other| other.number != ticket.number);
            if query.after.is_none() {
                tickets.insert(0, ticket.clone());
            }
        }
        let named = named.map(|ticket| ticket.number);
        let counts = count(unit, view)?;
        let numbers: Vec<_> = tickets.iter().map(|ticket| ticket.number).collect();
        let user = &viewer.user().id;
        let marks: HashMap<_, _> = unit.marks().list(user, &numbers)?.into_iter().collect();
        let is_unread = |ticket: &&Ticket| {
            let read = marks.get(&ticket.number).copied();
            viewer.side(ticket).is_some_and(|side| first_unread(ticket, side, read).is_some())
        };
        let unread = tickets.iter().filter(is_unread).map(|ticket| ticket.number).collect();
        let customer = view.customer.clone().filter(|customer| customer != user);
        Ok(Self { tickets, next, named, damaged, unread, counts, customer })
    }

    /// The users named on the page.
    pub(crate) fn people(&self) -> impl Iterator<Item = UserId> {
        self.tickets.iter().map(|ticket| &ticket.customer).chain(&self.customer).cloned()
    }

    /// Adds the users, which takes one question to the host, and the actions of `user`.
    pub(crate) async fn shown(self, parts: &Parts, user: &User, situation: &Situation) -> Result<Overview, Error> {
        let Self { tickets, next, named, damaged, unread, counts, customer } = self;
        let viewer = situation.staff.viewer(user);
        // Every ticket that was read is the viewer's own, or the viewer is a supporter.
        let view = |ticket: Ticket| viewer.side(&ticket).unwrap_or(Side::Customer).view(ticket);
        let tickets: Vec<_> = tickets.into_iter().map(view).collect();
        Ok(Overview {
            next,
            named,
            people: situation.people(parts, tickets.iter().map(|ticket| &ticket.customer).chain(&customer)).await?,
            tickets,
            damaged,
            unread,
            counts,
            categories: situation.categories.clone(),
            support_active: situation.staff.support_is_active(),
            may_open: may_open(user, &situation.settings, &situation.staff).is_ok(),
        })
    }
}
