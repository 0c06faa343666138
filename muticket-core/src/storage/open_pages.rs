//! Pages of tickets that supporters have open.

use chrono::{DateTime, Utc};

use crate::id::TicketNumber;
use crate::open_page::OpenPage;
use crate::storage::StorageError;

/// The pages of tickets that supporters have open, at most one for each ticket and supporter (T-14). They are read only for
/// the side of the desk.
pub trait OpenPageStore {
    /// Stores that a page is open, in place of what was stored for this ticket and supporter.
    ///
    /// # Errors
    /// The storage failed.
    fn report(&mut self, page: &OpenPage) -> Result<(), StorageError>;

    /// Lists the pages of a ticket that were last reported at this time or later, sorted by supporter.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self, ticket: TicketNumber, since: DateTime<Utc>) -> Result<Vec<OpenPage>, StorageError>;

    /// Deletes the pages, of all tickets, that were last reported before this time.
    ///
    /// # Errors
    /// The storage failed.
    fn delete_before(&mut self, time: DateTime<Utc>) -> Result<(), StorageError>;
}
