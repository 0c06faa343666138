//! Labels.

use crate::id::{LabelId, TicketNumber};
use crate::label::Label;
use crate::storage::StorageError;

/// The labels of the site, and which tickets have them. They are read only for the side of the desk (T-06).
pub trait LabelStore {
    /// Stores a new label.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] if the id is taken.
    fn insert(&mut self, label: &Label) -> Result<(), StorageError>;

    /// Stores name and colour of a label; `false` if it does not exist.
    ///
    /// # Errors
    /// The storage failed.
    fn update(&mut self, label: &Label) -> Result<bool, StorageError>;

    /// Deletes a label and takes it off all tickets; `false` if it does not exist.
    ///
    /// # Errors
    /// The storage failed.
    fn delete(&mut self, id: LabelId) -> Result<bool, StorageError>;

    /// Lists all labels, oldest first.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self) -> Result<Vec<Label>, StorageError>;

    /// Like [`list`](Self::list), for a unit that changes labels. After a writing unit has called this, the call of another
    /// writing unit waits until the first unit has ended. So two people never give one name to two labels at the same time.
    ///
    /// # Errors
    /// The storage failed.
    fn list_to_change(&mut self) -> Result<Vec<Label>, StorageError>;

    /// Puts a label on a ticket.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] if the ticket has it already. [`StorageError::Stale`] if the ticket or the label does not
    /// exist, because another unit deleted it; this unit can then do nothing more.
    fn put_on(&mut self, ticket: TicketNumber, label: LabelId) -> Result<(), StorageError>;

    /// Takes a label off a ticket; `false` if the ticket did not have it.
    ///
    /// # Errors
    /// The storage failed.
    fn take_off(&mut self, ticket: TicketNumber, label: LabelId) -> Result<bool, StorageError>;

    /// Lists the labels of these tickets, sorted by ticket and label.
    ///
    /// # Errors
    /// The storage failed.
    fn of(&mut self, tickets: &[TicketNumber]) -> Result<Vec<(TicketNumber, LabelId)>, StorageError>;

    /// Counts the tickets of each label, in the order of the labels. Counting stops at
    /// [`Counts::MANY`](crate::storage::Counts::MANY).
    ///
    /// # Errors
    /// The storage failed.
    fn count(&mut self, labels: &[LabelId]) -> Result<Vec<u32>, StorageError>;
}
