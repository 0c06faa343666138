//! Lists and counts of tickets.

use crate::storage::memory::{MemoryUnit, at_most};
use crate::storage::{Counts, Cursor, Order, OverviewQuery, OverviewStore, SortKey, StorageError, View};
use crate::ticket::Ticket;

impl OverviewStore for MemoryUnit {
    fn list(&mut self, query: &OverviewQuery) -> Result<Vec<Ticket>, StorageError> {
        let after = query.after;
        let mut found: Vec<&Ticket> = self.tables.tickets.values().filter(|ticket| query.view.includes(ticket)).collect();
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

    fn count(&mut self, views: &[View]) -> Result<Vec<u32>, StorageError> {
        let count = |view: &View| {
            let tickets = self.tables.tickets.values().filter(|ticket| view.includes(ticket));
            u32::try_from(tickets.take(at_most(Counts::MANY)).count()).unwrap_or(Counts::MANY)
        };
        Ok(views.iter().map(count).collect())
    }
}

fn is_beyond<T: Ord>(order: Order, place: T, cursor: T) -> bool {
    match order {
        Order::Descending => place < cursor,
        Order::Ascending => place > cursor,
    }
}
