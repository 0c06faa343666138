//! A page of tickets as it is shown: shared by the customers' and the supporters' door (D-11).

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use crate::access::User;
use crate::clock::horizon;
use crate::error::Error;
use crate::helpdesk::Helpdesk;
use crate::id::{CategoryId, TicketNumber, UserId};
use crate::newest::newest_first;
use crate::portal::may_open;
use crate::search::Search;
use crate::situation::{Categories, Situation};
use crate::storage::{Counts, Cursor, Order, OverviewQuery, Scope, SortKey, StateFilter, StorageError, Unit};
use crate::ticket::{Ticket, Waiting};
use crate::unread::first_unread;

/// What the visitor wants to see.
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
    /// Whether what was asked for cannot be read: then nothing is found, rather than more than was meant.
    pub unreadable: bool,
}

/// One page of tickets.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Overview {
    /// The tickets.
    pub tickets: Vec<Ticket>,
    /// The tickets of this page whose rows are damaged: there is nothing of them that could be shown.
    pub damaged: Vec<TicketNumber>,
    /// Those on which there is something that the visitor has not read.
    pub unread: BTreeSet<TicketNumber>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Cursor>,
    /// The ticket whose number was looked for, if the visitor may see it. It is the first on the first page, open or closed, unless the
    /// category or the customer that was asked for is another.
    pub named: Option<TicketNumber>,
    /// How many tickets the tabs hold.
    pub counts: Counts,
    /// The customers, as far as the host still knows them.
    pub people: HashMap<UserId, User>,
    /// The categories.
    pub categories: Categories,
    /// Whether a supporter is present.
    pub support_active: bool,
    /// Whether the visitor can open a ticket now.
    pub may_open: bool,
}

impl Filter {
    /// What the storage is asked for, in pages of so many tickets.
    pub(crate) fn query(&self, scope: Scope, page: u32) -> OverviewQuery {
        // No user has an empty identifier, so this is nobody.
        let scope = if self.unreadable { Scope::Customer(UserId::new("")) } else { scope };
        OverviewQuery {
            scope,
            state: self.state,
            waiting: self.waiting,
            category: self.category.clone(),
            search: self.search.clone(),
            sort: self.sort,
            order: self.order,
            after: self.after,
            // One more than is shown tells whether there is a next page.
            limit: page.saturating_add(1),
        }
    }
}

/// The tickets that the query asks for. Those that a wrong clock wrote in the future come last.
fn list(unit: &mut dyn Unit, query: &OverviewQuery, now: DateTime<Utc>) -> Result<Vec<Ticket>, StorageError> {
    let mut list = |after| unit.overviews().list(&OverviewQuery { after, ..query.clone() });
    match (query.sort, query.order) {
        (SortKey::Activity, Order::Descending) => {
            newest_first(query.after, Cursor::from(horizon(now)), query.limit, Cursor::after, list)
        }
        (SortKey::Activity, Order::Ascending) | (SortKey::Number, _) => list(query.after),
    }
}

/// The ticket whose number was typed, if it is in reach.
fn named(unit: &mut dyn Unit, query: &OverviewQuery, reach: &Scope) -> Result<Option<Ticket>, StorageError> {
    let Some(number) = query.search.as_ref().and_then(Search::number) else { return Ok(None) };
    match unit.tickets().find(number) {
        // The list says that it is damaged, if it is on it.
        Err(StorageError::Corrupt { .. }) => Ok(None),
        found => Ok(found?.filter(|ticket| reach.holds(ticket))),
    }
}

/// The rows of one page.
pub(crate) struct Rows {
    tickets: Vec<Ticket>,
    next: Option<Cursor>,
    named: Option<TicketNumber>,
    damaged: Vec<TicketNumber>,
    unread: BTreeSet<TicketNumber>,
    counts: Counts,
    /// Whose tickets a supporter asked for: the page names him, even if it shows none.
    customer: Option<UserId>,
}

impl Rows {
    /// Reads them, and what the user has not read of them. `reach` is whose tickets the user may see at all.
    pub(crate) fn read(
        unit: &mut dyn Unit,
        query: &OverviewQuery,
        user: &UserId,
        reach: &Scope,
        now: DateTime<Utc>,
    ) -> Result<Self, StorageError> {
        let mut tickets = list(unit, query, now)?;
        // The query asks for one more than a page has.
        let page = usize::try_from(query.limit.saturating_sub(1)).unwrap_or(usize::MAX);
        let damages = unit.damages().take_damages();
        let damaged: Vec<_> = damages.into_iter().filter_map(|damage| damage.ticket).collect();
        // A damaged ticket has its place on the page, too.
        let more = tickets.len() + damaged.len() > page;
        tickets.truncate(page.saturating_sub(damaged.len()));
        let next = tickets.last().filter(|_| more).map(Cursor::after);
        let named = named(unit, query, reach)?;
        if let Some(ticket) = &named
            && query.scope.holds(ticket)
            && (query.category.is_none() || ticket.category == query.category)
        {
            tickets.retain(|other| other.number != ticket.number);
            if query.after.is_none() {
                tickets.insert(0, ticket.clone());
            }
        }
        let named = named.map(|ticket| ticket.number);
        let counts = unit.overviews().count(&query.scope, query.category.as_ref(), query.search.as_ref())?;
        let numbers: Vec<_> = tickets.iter().map(|ticket| ticket.number).collect();
        let marks: HashMap<_, _> = unit.marks().list(user, &numbers)?.into_iter().collect();
        let is_unread = |ticket: &&Ticket| first_unread(ticket, user, marks.get(&ticket.number).copied()).is_some();
        let unread = tickets.iter().filter(is_unread).map(|ticket| ticket.number).collect();
        let customer = match &query.scope {
            Scope::Customer(customer) if customer != user && !customer.as_str().is_empty() => Some(customer.clone()),
            Scope::Customer(_) | Scope::All => None,
        };
        Ok(Self { tickets, next, named, damaged, unread, counts, customer })
    }

    /// Who is named on the page.
    pub(crate) fn people(&self) -> impl Iterator<Item = UserId> {
        self.tickets.iter().map(|ticket| &ticket.customer).chain(&self.customer).cloned()
    }

    /// Adds the people, whom the host is asked for once, and what `user` can do.
    pub(crate) async fn shown(self, helpdesk: &Helpdesk, user: &User, situation: &Situation) -> Result<Overview, Error> {
        let Self { tickets, next, named, damaged, unread, counts, customer } = self;
        Ok(Overview {
            next,
            named,
            people: situation.people(helpdesk, tickets.iter().map(|ticket| &ticket.customer).chain(&customer)).await?,
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
