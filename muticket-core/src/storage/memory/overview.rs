//! Lists and counts of tickets.

use std::collections::BTreeSet;

use crate::id::UserId;
use crate::storage::memory::{MemoryUnit, at_most};
use crate::storage::{Counts, Cursor, MOST_ASSIGNEES, Order, OverviewQuery, OverviewStore, StorageError, View};
use crate::ticket::Ticket;

impl OverviewStore for MemoryUnit {
    fn list(&mut self, query: &OverviewQuery) -> Result<Vec<Ticket>, StorageError> {
        let place = |ticket: &Ticket| Cursor::of(query.sort, ticket);
        let mut found: Vec<&Ticket> = self.tables.tickets.values().filter(|ticket| query.view.includes(ticket)).collect();
        found.retain(|ticket| query.after.is_none_or(|after| query.order.is_after(query.sort, &place(ticket), &after)));
        found.sort_by(|one, other| query.sort.compare(&place(one), &place(other)));
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

    fn assignees(&mut self) -> Result<Vec<UserId>, StorageError> {
        let assignees: BTreeSet<_> = self.tables.tickets.values().filter_map(|ticket| ticket.assignee.as_ref()).collect();
        Ok(assignees.into_iter().take(MOST_ASSIGNEES).cloned().collect())
    }
}
