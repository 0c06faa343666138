//! Labels.

use std::collections::BTreeSet;

use crate::id::{LabelId, TicketNumber};
use crate::label::Label;
use crate::storage::memory::{MemoryUnit, at_most};
use crate::storage::{Counts, LabelStore, StorageError};

impl LabelStore for MemoryUnit {
    fn insert(&mut self, label: &Label) -> Result<(), StorageError> {
        let labels = &mut self.change()?.revise().labels;
        if labels.iter().any(|stored| stored.id == label.id) {
            return Err(StorageError::Duplicate);
        }
        labels.push(label.clone());
        Ok(())
    }

    fn update(&mut self, label: &Label) -> Result<bool, StorageError> {
        let stored = self.change()?.revise().labels.iter_mut().find(|stored| stored.id == label.id);
        Ok(stored.map(|stored| *stored = label.clone()).is_some())
    }

    fn delete(&mut self, id: LabelId) -> Result<bool, StorageError> {
        let tables = self.change()?.revise();
        let before = tables.labels.len();
        tables.labels.retain(|stored| stored.id != id);
        tables.labels_on_tickets.retain(|(_, label)| *label != id);
        Ok(tables.labels.len() < before)
    }

    fn list(&mut self) -> Result<Vec<Label>, StorageError> {
        Ok(self.tables.labels.clone())
    }

    // Units that write run one after the other.
    fn list_to_change(&mut self) -> Result<Vec<Label>, StorageError> {
        LabelStore::list(self)
    }

    fn put_on(&mut self, ticket: TicketNumber, label: LabelId) -> Result<(), StorageError> {
        let tables = self.change()?;
        if !tables.tickets.contains_key(&ticket) || tables.labels.iter().all(|stored| stored.id != label) {
            return Err(StorageError::Stale);
        }
        if tables.labels_on_tickets.insert((ticket, label)) { Ok(()) } else { Err(StorageError::Duplicate) }
    }

    fn take_off(&mut self, ticket: TicketNumber, label: LabelId) -> Result<bool, StorageError> {
        Ok(self.change()?.labels_on_tickets.remove(&(ticket, label)))
    }

    fn of(&mut self, tickets: &[TicketNumber]) -> Result<Vec<(TicketNumber, LabelId)>, StorageError> {
        let wanted: BTreeSet<_> = tickets.iter().collect();
        Ok(self.tables.labels_on_tickets.iter().filter(|(ticket, _)| wanted.contains(ticket)).copied().collect())
    }

    fn count(&mut self, labels: &[LabelId]) -> Result<Vec<u32>, StorageError> {
        let count = |label: &LabelId| {
            let tickets = self.tables.labels_on_tickets.iter().filter(|(_, on)| on == label);
            u32::try_from(tickets.take(at_most(Counts::MANY)).count()).unwrap_or(Counts::MANY)
        };
        Ok(labels.iter().map(count).collect())
    }
}
