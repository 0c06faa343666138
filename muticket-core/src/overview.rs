//! A page of tickets as it is shown: shared by the customers' and the supporters' door (D-11).

use std::collections::HashMap;

use crate::access::User;
use crate::error::Error;
use crate::helpdesk::Helpdesk;
use crate::id::{CategoryId, UserId};
use crate::situation::{Categories, Situation, people};
use crate::storage::{Counts, Cursor, Order, OverviewQuery, Scope, SortKey, StateFilter, StorageError};
use crate::ticket::{Ticket, Waiting};

/// What the visitor wants to see.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the parameters of the page, see OverviewQuery")]
pub struct Filter {
    pub state: StateFilter,
    pub waiting: Option<Waiting>,
    pub category: Option<CategoryId>,
    pub customer: Option<UserId>,
    pub sort: SortKey,
    pub order: Order,
    pub after: Option<Cursor>,
}

/// One page of tickets.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Overview {
    /// The tickets.
    pub tickets: Vec<Ticket>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Cursor>,
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

impl Overview {
    /// Asks the storage once and the host once, however many tickets there are.
    pub(crate) async fn load(
        helpdesk: &Helpdesk,
        situation: &Situation,
        scope: Scope,
        filter: &Filter,
        may_open: bool,
    ) -> Result<Self, Error> {
        let page = helpdesk.parts.limits.page;
        let query = OverviewQuery {
            scope,
            state: filter.state,
            waiting: filter.waiting,
            category: filter.category.clone(),
            sort: filter.sort,
            order: filter.order,
            after: filter.after,
            // One more than is shown tells whether there is a next page.
            limit: page.saturating_add(1),
        };
        let work = move |unit: &mut dyn crate::storage::Unit| {
            let tickets = unit.overviews().list(&query)?;
            Ok::<_, StorageError>((tickets, unit.overviews().count(&query.scope, query.category.as_ref())?))
        };
        let (mut tickets, counts) = helpdesk.parts.storage.run_glance(work).await.map_err(Error::from)?;
        let more = tickets.len() > page as usize;
        tickets.truncate(page as usize);
        Ok(Self {
            next: tickets.last().filter(|_| more).map(Cursor::after),
            people: people(helpdesk, tickets.iter().map(|ticket| &ticket.customer)).await?,
            tickets,
            counts,
            categories: situation.categories.clone(),
            support_active: situation.staff.support_is_active(),
            may_open,
        })
    }
}
