//! Open pages.

use chrono::{DateTime, Utc};

use crate::id::TicketNumber;
use crate::open_page::OpenPage;
use crate::storage::memory::MemoryUnit;
use crate::storage::{OpenPageStore, StorageError};

impl OpenPageStore for MemoryUnit {
    fn report(&mut self, page: &OpenPage) -> Result<(), StorageError> {
        let tables = self.change()?;
        tables.must_have_ticket(page.ticket)?;
        tables.open_pages.insert((page.ticket, page.user.clone()), page.clone());
        Ok(())
    }

    fn list(&mut self, ticket: TicketNumber, since: DateTime<Utc>) -> Result<Vec<OpenPage>, StorageError> {
        let of_ticket = self.tables.open_pages.values().filter(|page| page.ticket == ticket && page.seen_at >= since);
        Ok(of_ticket.cloned().collect())
    }

    fn delete_before(&mut self, time: DateTime<Utc>) -> Result<(), StorageError> {
        self.change()?.open_pages.retain(|_, page| page.seen_at >= time);
        Ok(())
    }
}
