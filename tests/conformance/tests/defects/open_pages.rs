//! Defects of open pages.

use chrono::{DateTime, Utc};
use muticket_core::id::TicketNumber;
use muticket_core::open_page::OpenPage;
use muticket_core::storage::{OpenPageStore, StorageError};

use crate::defect::Defect;
use crate::store::Twisted;

impl OpenPageStore for Twisted<'_> {
    fn report(&mut self, page: &OpenPage) -> Result<(), StorageError> {
        let again = page.clone();
        self.outlives(Defect::OpenPagesOutliveTheirUnit, move |unit| unit.open_pages().report(&again));
        let first =
            self.unit.open_pages().list(page.ticket, DateTime::UNIX_EPOCH)?.into_iter().find(|open| open.user == page.user);
        match first.filter(|_| self.has(Defect::KeepsTheFirstReport)) {
            Some(_) => Ok(()),
            None => self.unit.open_pages().report(page),
        }
    }

    fn list(&mut self, ticket: TicketNumber, since: DateTime<Utc>) -> Result<Vec<OpenPage>, StorageError> {
        let since = if self.has(Defect::ListsClosedPages) { DateTime::UNIX_EPOCH } else { since };
        self.unit.open_pages().list(ticket, since)
    }

    fn delete_before(&mut self, time: DateTime<Utc>) -> Result<(), StorageError> {
        if self.has(Defect::KeepsOldPages) { Ok(()) } else { self.unit.open_pages().delete_before(time) }
    }
}
