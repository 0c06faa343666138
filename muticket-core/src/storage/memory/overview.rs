//! Lists and counts of tickets.

use crate::id::{CategoryId, TicketNumber};
use crate::search::Search;
use crate::storage::memory::{MemoryUnit, at_most};
use crate::storage::{Counts, Cursor, Order, OverviewQuery, Overviews, Scope, SortKey, StateFilter, StorageError, WaitingQuery};
use crate::ticket::{State, Ticket, Waiting};

impl Overviews for MemoryUnit {
    fn list(&mut self, query: &OverviewQuery) -> Result<Vec<Ticket>, StorageError> {
        let after = query.after;
        let mut found: Vec<&Ticket> = self.state.tickets.values().filter(|ticket| matches(query, ticket)).collect();
        match query.sort {
            SortKey::Activity => {
                found.sort_by_key(|ticket| Cursor::after(ticket));
                found.retain(|ticket| after.is_none_or(|after| is_beyond(query.order, Cursor::after(ticket), after)));
            }
            // The map is already sorted by number.
            SortKey::Number => {
                found.retain(|ticket| after.is_none_or(|after| is_beyond(query.order, ticket.number, after.number)))
            }
        }
        if query.order == Order::Descending {
            found.reverse();
        }
        Ok(found.into_iter().take(at_most(query.limit)).cloned().collect())
    }

    fn count(&mut self, scope: &Scope, category: Option<&CategoryId>, search: Option<&Search>) -> Result<Counts, StorageError> {
        let in_view = |ticket: &&Ticket| is_in_view(ticket, scope, category, search);
        let mut counts = Counts::default();
        for ticket in self.state.tickets.values().filter(in_view) {
            let count = match ticket.state {
                State::Open => &mut counts.open,
                State::Closed => &mut counts.closed,
            };
            *count = count.saturating_add(1).min(Counts::MANY);
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
        let waiting = self.state.tickets.values().filter(waits).filter(asked);
        Ok(waiting.min_by_key(|ticket| Cursor::after(ticket)).map(|ticket| ticket.number))
    }
}

fn matches(query: &OverviewQuery, ticket: &Ticket) -> bool {
    let state_fits = match query.state {
        StateFilter::Open => ticket.state == State::Open,
        StateFilter::Closed => ticket.state == State::Closed,
        StateFilter::All => true,
    };
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

fn is_beyond<T: Ord>(order: Order, place: T, cursor: T) -> bool {
    match order {
        Order::Descending => place < cursor,
        Order::Ascending => place > cursor,
    }
}
