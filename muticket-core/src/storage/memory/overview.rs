//! Lists and counts of tickets.

use std::collections::BTreeSet;

use crate::id::UserId;
use crate::storage::memory::{MemoryUnit, Tables, at_most};
use crate::storage::{Counts, Cursor, MOST_ASSIGNEES, Order, OverviewQuery, OverviewStore, StorageError, View};
use crate::ticket::Ticket;

impl OverviewStore for MemoryUnit {
    fn list(&mut self, query: &OverviewQuery) -> Result<Vec<Ticket>, StorageError> {
        let place = |ticket: &Ticket| Cursor::of(query.sort, ticket);
        let mut found: Vec<&Ticket> = self.tables.tickets_in(&query.view).collect();
        found.retain(|ticket| query.after.is_none_or(|after| query.order.is_after(query.sort, &place(ticket), &after)));
        found.sort_by(|one, other| query.sort.compare(&place(one), &place(other)));
        if query.order == Order::Descending {
            found.reverse();
        }
        Ok(found.into_iter().take(at_most(query.limit)).cloned().collect())
    }

    fn count(&mut self, views: &[View]) -> Result<Vec<u32>, StorageError> {
        let count = |view: &View| {
            let tickets = self.tables.tickets_in(view);
            u32::try_from(tickets.take(at_most(Counts::MANY)).count()).unwrap_or(Counts::MANY)
        };
        Ok(views.iter().map(count).collect())
    }

    fn assignees(&mut self) -> Result<Vec<UserId>, StorageError> {
        let assignees: BTreeSet<_> = self.tables.tickets.values().filter_map(|ticket| ticket.assignee.as_ref()).collect();
        Ok(assignees.into_iter().take(MOST_ASSIGNEES).cloned().collect())
    }
}

impl Tables {
    /// The tickets of a view, sorted by number.
    fn tickets_in<'t>(&'t self, view: &'t View) -> impl Iterator<Item = &'t Ticket> {
        let has_label = |ticket: &Ticket| view.label.is_none_or(|label| self.labels_on_tickets.contains(&(ticket.number, label)));
        self.tickets.values().filter(move |ticket| view.includes(ticket) && has_label(ticket))
    }
}
