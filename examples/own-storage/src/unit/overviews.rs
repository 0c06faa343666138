//! Lists and counts of tickets.

use chrono::DateTime;
use muticket_core::id::{CategoryId, TicketNumber};
use muticket_core::search::Search;
use muticket_core::storage::{Counts, Cursor, Order, OverviewQuery, Overviews, Scope, SortKey, StorageError, WaitingQuery};
use muticket_core::ticket::{State, Ticket, Waiting};

use crate::unit::JsonUnit;

impl Overviews for JsonUnit {
    fn list(&mut self, query: &OverviewQuery) -> Result<Vec<Ticket>, StorageError> {
        let is_beyond = |ticket: &&Ticket| {
            let Some(after) = query.after else { return true };
            let (here, cursor) = (place(query.sort, Cursor::after(ticket)), place(query.sort, after));
            match query.order {
                Order::Descending => here < cursor,
                Order::Ascending => here > cursor,
            }
        };
        let mut found: Vec<_> = self.tables.tickets.iter().filter(|ticket| fits(query, ticket)).filter(is_beyond).collect();
        found.sort_by_key(|ticket| place(query.sort, Cursor::after(ticket)));
        if query.order == Order::Descending {
            found.reverse();
        }
        Ok(found.into_iter().take(query.limit as usize).cloned().collect())
    }

    fn count(&mut self, scope: &Scope, category: Option<&CategoryId>, search: Option<&Search>) -> Result<Counts, StorageError> {
        let mut counts = Counts::default();
        let in_view = |ticket: &&Ticket| is_in_view(ticket, scope, category, search);
        for ticket in self.tables.tickets.iter().filter(in_view) {
            let count = match ticket.state {
                State::Open => &mut counts.open,
                State::Closed => &mut counts.closed,
            };
            *count = (*count + 1).min(Counts::MANY);
        }
        Ok(counts)
    }

    fn next_waiting(&mut self, query: &WaitingQuery) -> Result<Option<TicketNumber>, StorageError> {
        let waits = |ticket: &&Ticket| matches!(ticket.waiting(), Some(Waiting::New | Waiting::Supporter));
        let asked = |ticket: &&Ticket| {
            ticket.customer != query.except
                && query.categories.contains(ticket.category.as_ref())
                && query.after.is_none_or(|after| Cursor::after(ticket) > after)
        };
        let waiting = self.tables.tickets.iter().filter(waits).filter(asked);
        Ok(waiting.min_by_key(|ticket| Cursor::after(ticket)).map(|ticket| ticket.number))
    }
}

/// The sort key of a ticket. In the order of numbers, the activity does not count.
fn place(sort: SortKey, cursor: Cursor) -> Cursor {
    match sort {
        SortKey::Number => Cursor { activity: DateTime::UNIX_EPOCH, ..cursor },
        // Also for sort orders that later versions of the core may add.
        _ => cursor,
    }
}

fn fits(query: &OverviewQuery, ticket: &Ticket) -> bool {
    let state_fits = query.state.states().contains(&ticket.state);
    let waiting_fits = query.waiting.is_none() || ticket.waiting() == query.waiting;
    state_fits && waiting_fits && is_in_view(ticket, &query.scope, query.category.as_ref(), query.search.as_ref())
}

fn is_in_view(ticket: &Ticket, scope: &Scope, category: Option<&CategoryId>, search: Option<&Search>) -> bool {
    let scope_fits = match scope {
        Scope::All => true,
        Scope::Customer(customer) => ticket.customer == *customer,
    };
    let category_fits = category.is_none() || ticket.category.as_ref() == category;
    scope_fits && category_fits && search.is_none_or(|search| search.finds(ticket))
}
