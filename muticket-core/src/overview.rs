//! A page of tickets for display, shared by portal and desk (D-11).

mod basis;
mod filter;
mod named;
mod saved;

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use crate::access::{SiteAction, allows_on_site};
use crate::categories::Categories;
use crate::characters::{is_blank, one_line};
use crate::clock::horizon;
use crate::error::Error;
use crate::id::{LabelId, TicketNumber, UserId};
use crate::label::Label;
use crate::lookup::customer_of;
use crate::newest::{Chunk, newest_first, oldest_first};
use crate::opening::may_open;
pub use crate::overview::basis::{Basis, FilterPart};
pub(crate) use crate::overview::filter::DeskScope;
pub use crate::overview::filter::{DeskFilter, Filter};
pub use crate::overview::named::{AssigneeFilter, NamedView};
pub(crate) use crate::overview::saved::SavedViews;
use crate::parts::Parts;
use crate::saved_view::{FirstView, SavedView};
use crate::search::Search;
use crate::situation::Situation;
use crate::storage::{
    Counts, Cursor, Order, OverviewQuery, Reach, SortKey, StateFilter, StorageError, Unit, View, WaitingFilter,
};
use crate::ticket::Ticket;
use crate::unread::first_unread;
use crate::user::User;
use crate::viewer::{Side, Viewer};

/// One page of tickets.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Overview {
    /// The filter as it was [applied](Filter::applied), with the parts of the saved view that it begins with.
    pub filter: Filter,
    /// The tickets.
    pub tickets: Vec<Ticket>,
    /// The tickets of this page whose rows are damaged and cannot be shown.
    pub damaged: Vec<TicketNumber>,
    /// The tickets with messages that the visitor has not read.
    pub unread: BTreeSet<TicketNumber>,
    /// The start of the next page; `None` on the last page.
    pub next: Option<Cursor>,
    /// The end of the previous page; `None` on the first page.
    pub previous: Option<Cursor>,
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
    /// What only supporters see; `None` for everyone else.
    pub desk: Option<DeskList>,
}

/// What only supporters see of a list. The tickets then have the assignees who count: someone who is no supporter any more
/// is none (T-03).
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct DeskList {
    /// The supporters, in the order of their records.
    pub supporters: Vec<UserId>,
    /// The labels of the site, oldest first (T-06).
    pub labels: Vec<Label>,
    /// The labels of the tickets on the page, sorted by ticket. Those of the supporter's own tickets are left out.
    pub labels_on: Vec<(TicketNumber, LabelId)>,
    /// The beginnings of the newest messages of the tickets on the page, on one line each, sorted by ticket. Those of the supporter's own
    /// tickets are left out. Empty unless the filter asks for [texts](DeskFilter::texts).
    pub beginnings: Vec<(TicketNumber, String)>,
    /// The ready views with the numbers of their tickets, counted up to [`Counts::MANY`]. Filters narrow them.
    pub views: Vec<(NamedView, u32)>,
    /// The supporter's own saved views and the shared ones, sorted by id, with the numbers of their tickets, counted up to
    /// [`Counts::MANY`]. Filters do not narrow them. `None`: a view with a search is not counted.
    pub saved: Vec<(SavedView, Option<u32>)>,
    /// The view that the supporter opens first; `None` if they chose none, or if it is gone.
    pub first: Option<FirstView>,
    /// Whether the supporter may change the shared views.
    pub may_share: bool,
    /// The number of tickets in the list, counted up to [`Counts::MANY`].
    pub total: u32,
    /// The most tickets on a page.
    pub page: u32,
}

/// A list that somebody asks for.
#[derive(Clone)]
pub(crate) struct Listing {
    pub(crate) filter: Filter,
    pub(crate) reach: Reach,
    /// The most tickets on the page.
    pub(crate) page: u32,
    /// `None` for everyone but supporters.
    pub(crate) desk: Option<DeskScope>,
    /// Whether the site has labels, so that those of the tickets are read.
    pub(crate) has_labels: bool,
}

impl Listing {
    /// The query for one page. The page before a place is read from its end, in the reversed order.
    fn query(&self, desk: Option<&DeskScope>) -> OverviewQuery {
        let Filter { sort, order, after, desk: DeskFilter { before, .. }, .. } = &self.filter;
        let view = self.filter.view(self.reach.clone(), desk);
        let order = if before.is_some() { order.reversed() } else { *order };
        // One more than is shown, to know whether there is another page.
        let limit = self.page.saturating_add(1);
        OverviewQuery { view, sort: *sort, order, after: before.or(*after), limit }
    }
}

/// An entry of a list of tickets.
enum TicketEntry {
    Ticket(Ticket),
    /// A ticket in this place that cannot be read.
    Damaged(Cursor),
}

impl TicketEntry {
    /// The place in a list with this sort key.
    fn place(&self, sort: SortKey) -> Cursor {
        match self {
            Self::Ticket(ticket) => Cursor::of(sort, ticket),
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
        match Cursor::of_damaged(query.sort, &damage) {
            Some(place) => items.push(TicketEntry::Damaged(place)),
            None if !placeless.contains(&number) => placeless.push(number),
            None => {}
        }
    }
    if items.len() > whole {
        items.sort_by(|one, other| query.sort.compare(&one.place(query.sort), &other.place(query.sort)));
        if query.order == Order::Descending {
            items.reverse();
        }
    }
    let ended = items.len() < usize::try_from(query.limit).unwrap_or(usize::MAX);
    Ok(Chunk { items, ended })
}

/// Reads the entries of the query, and the damaged tickets without a place there. Entries that a wrong clock dated in the
/// future come last if the newest come first, and first if the oldest do. In the order of what is to be done they come last
/// among those of their priority.
fn list(
    unit: &mut dyn Unit,
    query: &OverviewQuery,
    now: DateTime<Utc>,
) -> Result<(Vec<TicketEntry>, Vec<TicketNumber>), StorageError> {
    let (horizon, mut placeless) = (Cursor::from(horizon(now)), Vec::new());
    let mut list = |after| part(unit, &OverviewQuery { after, ..query.clone() }, &mut placeless);
    let place = |entry: &TicketEntry| entry.place(query.sort);
    let entries = match (query.sort, query.order) {
        (SortKey::Activity, Order::Descending) => newest_first(query.after, horizon, query.limit, place, list)?,
        (SortKey::Activity, Order::Ascending) => oldest_first(query.after, horizon, query.limit, place, list)?,
        (SortKey::Number | SortKey::ToDo, _) => list(query.after)?.items,
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

/// Counts the tickets for the tabs: the open and the closed ones, and for a supporter those of the views and of the list.
fn count(
    unit: &mut dyn Unit,
    listing: &Listing,
    desk: Option<&DeskScope>,
    saved: SavedViews,
) -> Result<(Counts, DeskList), StorageError> {
    let beside = listing.filter.without_saved();
    let whole = |state, view| {
        let filter = Filter { state, waiting: None, ..beside.clone() };
        Filter { desk: DeskFilter { view, ..filter.desk.clone() }, ..filter }
    };
    let (counted, uncounted): (Vec<_>, Vec<_>) = saved.all.into_iter().partition(|view| view.filter.search.is_none());
    let views: Vec<NamedView> = desk.map(|desk| desk.views().collect()).unwrap_or_default();
    let mut filters = vec![whole(StateFilter::Open, None), whole(StateFilter::Closed, None)];
    if desk.is_some() {
        filters.push(listing.filter.clone());
        filters.extend(views.iter().map(|view| whole(StateFilter::Open, Some(*view))));
        filters.extend(counted.iter().cloned().map(|view| Filter::of_saved(view).applied(true)));
    }
    // Several tabs may have the same tickets, such as those of the list itself. They are counted once.
    let mut asked: Vec<View> = Vec::with_capacity(filters.len());
    let mut places = Vec::with_capacity(filters.len());
    for filter in &filters {
        let view = filter.view(listing.reach.clone(), desk);
        let known = asked.iter().position(|other| *other == view);
        places.push(known.unwrap_or(asked.len()));
        if known.is_none() {
            asked.push(view);
        }
    }
    let counts = unit.overviews().count(&asked)?;
    let count = |place: usize| places.get(place).and_then(|place| counts.get(*place)).copied().unwrap_or_default();
    let before = 3 + views.len();
    let views = views.into_iter().enumerate().map(|(place, view)| (view, count(3 + place))).collect();
    let counted = counted.into_iter().enumerate().map(|(place, view)| (view, Some(count(before + place))));
    let mut all: Vec<_> = counted.chain(uncounted.into_iter().map(|view| (view, None))).collect();
    all.sort_by_key(|(view, _)| view.id);
    let list = DeskList { views, saved: all, first: saved.first, total: count(2), page: listing.page, ..DeskList::default() };
    Ok((Counts { open: count(0), closed: count(1) }, list))
}

/// The beginnings of the newest messages, on one line each. What looks blank is left out.
fn beginnings<'t>(
    unit: &mut dyn Unit,
    tickets: impl Iterator<Item = &'t Ticket>,
) -> Result<Vec<(TicketNumber, String)>, StorageError> {
    let places: Vec<_> = tickets.map(|ticket| (ticket.number, ticket.last_message)).collect();
    let texts = unit.messages().beginnings(&places)?.into_iter();
    let lines = texts.map(|(ticket, text)| (ticket, one_line(&text).split_whitespace().collect::<Vec<_>>().join(" ")));
    Ok(lines.filter(|(_, line)| !is_blank(line)).collect())
}

/// The rows of a page.
pub(crate) struct TicketRows {
    filter: Filter,
    tickets: Vec<Ticket>,
    next: Option<Cursor>,
    previous: Option<Cursor>,
    named: Option<TicketNumber>,
    damaged: Vec<TicketNumber>,
    unread: BTreeSet<TicketNumber>,
    counts: Counts,
    /// Users that the page names even if it shows no ticket of theirs: the selected customer and the selected assignee.
    selected: Vec<UserId>,
    /// `None` for everyone but supporters.
    desk: Option<DeskList>,
}

impl TicketRows {
    /// Reads a page, and which of its tickets the viewer has not read.
    pub(crate) fn read(
        unit: &mut dyn Unit,
        listing: &Listing,
        viewer: Viewer<'_>,
        now: DateTime<Utc>,
    ) -> Result<Self, StorageError> {
        let desk = listing.desk.clone().map(|desk| desk.read(unit)).transpose()?;
        let (mut listing, mut saved) = (listing.clone(), SavedViews::default());
        if desk.is_some() {
            saved = SavedViews::read(unit, &viewer.user().id)?;
            listing.filter = listing.filter.resolved(&saved).applied(true);
        }
        let filter = &listing.filter;
        let query = listing.query(desk.as_ref());
        let (mut entries, mut damaged) = list(unit, &query, now)?;
        // The query asks for one more than a page has. A damaged ticket with a place counts as part of the page; those
        // without a place are added.
        let room = usize::try_from(listing.page).unwrap_or(usize::MAX).max(1);
        let more = entries.len() > room;
        entries.truncate(room);
        let backwards = filter.desk.before.is_some();
        if backwards {
            entries.reverse();
        }
        let place = |entry: &TicketEntry| entry.place(filter.sort);
        let next = entries.last().filter(|_| more || backwards).map(place);
        let previous = entries.first().filter(|_| if backwards { more } else { filter.after.is_some() }).map(place);
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
        let has_label = match (&named, view.label) {
            (Some(ticket), Some(label)) => unit.labels().of(&[ticket.number])?.contains(&(ticket.number, label)),
            _ => true,
        };
        if let Some(ticket) = named.as_ref().filter(|ticket| has_label && of_any_state.includes(ticket)) {
            tickets.retain(|other| other.number != ticket.number);
            if query.after.is_none() {
                tickets.insert(0, ticket.clone());
            }
        }
        let named = named.map(|ticket| ticket.number);
        let (counts, mut list) = count(unit, &listing, desk.as_ref(), saved)?;
        let at_desk = tickets.iter().filter(|ticket| viewer.side(ticket) == Some(Side::Desk));
        if desk.is_some() && listing.has_labels {
            list.labels_on = unit.labels().of(&at_desk.clone().map(|ticket| ticket.number).collect::<Vec<_>>())?;
        }
        if desk.is_some() && filter.desk.texts {
            list.beginnings = beginnings(unit, at_desk)?;
        }
        let numbers: Vec<_> = tickets.iter().map(|ticket| ticket.number).collect();
        let user = &viewer.user().id;
        let marks: HashMap<_, _> = unit.marks().list(user, &numbers)?.into_iter().collect();
        let is_unread = |ticket: &&Ticket| {
            let read = marks.get(&ticket.number).copied();
            viewer.side(ticket).is_some_and(|side| first_unread(ticket, side, read).is_some())
        };
        let unread = tickets.iter().filter(is_unread).map(|ticket| ticket.number).collect();
        let assignee = match &filter.desk.assignee {
            Some(AssigneeFilter::User(user)) if desk.is_some() => Some(user.clone()),
            _ => None,
        };
        let selected = view.customer.clone().into_iter().chain(assignee).filter(|selected| selected != user).collect();
        let (filter, desk) = (listing.filter, desk.map(|_| list));
        Ok(Self { filter, tickets, next, previous, named, damaged, unread, counts, selected, desk })
    }

    /// The users named on the page.
    pub(crate) fn people(&self) -> impl Iterator<Item = UserId> {
        named_on(&self.tickets, self.desk.is_some()).chain(&self.selected).cloned()
    }

    /// Adds the users, which takes one question to the host, and the actions of `user`.
    pub(crate) async fn shown(self, parts: &Parts, user: &User, situation: &Situation) -> Result<Overview, Error> {
        let Self { filter, tickets, next, previous, named, damaged, unread, counts, selected, desk } = self;
        let staff = &situation.staff;
        let viewer = staff.viewer(user);
        let is_desk = desk.is_some();
        let view = |mut ticket: Ticket| {
            if is_desk {
                ticket.assignee = staff.assignee(&ticket).map(|supporter| supporter.user.clone());
            }
            // Every ticket that was read is the viewer's own, or the viewer is a supporter.
            viewer.side(&ticket).unwrap_or(Side::Customer).view(ticket)
        };
        let tickets: Vec<_> = tickets.into_iter().map(view).collect();
        let supporters: Vec<UserId> = staff.users().filter(|_| is_desk).map(|user| user.id.clone()).collect();
        let may_share = allows_on_site(viewer, SiteAction::ShareViews).is_allowed();
        let people = named_on(&tickets, is_desk).chain(&selected).chain(&supporters);
        Ok(Overview {
            filter,
            next,
            previous,
            named,
            people: situation.people(parts, people).await?,
            desk: desk.map(|list| DeskList { supporters, labels: situation.labels().to_vec(), may_share, ..list }),
            tickets,
            damaged,
            unread,
            counts,
            categories: situation.categories.clone(),
            support_active: staff.support_is_active(),
            may_open: may_open(user, &situation.settings, staff).is_ok(),
        })
    }
}

/// The users named in the rows of a page.
fn named_on(tickets: &[Ticket], is_desk: bool) -> impl Iterator<Item = &UserId> {
    tickets.iter().flat_map(move |ticket| {
        let colleagues = [&ticket.assignee, &ticket.last_supporter].into_iter().flatten().filter(move |_| is_desk);
        colleagues.chain([&ticket.customer])
    })
}
