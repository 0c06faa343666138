//! How far mailboxes were read.

use crate::mailbox::MailboxState;
use crate::storage::StorageError;

/// The mailboxes from which letters are fetched (M-08). Their names are compared byte for byte.
pub trait MailboxStore {
    /// Finds a mailbox. If a unit that writes finds one, other units that write do not change it until this unit has ended.
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self, name: &str) -> Result<Option<MailboxState>, StorageError>;

    /// Stores a mailbox, in place of what was stored under its name.
    ///
    /// # Errors
    /// The storage failed.
    fn update(&mut self, mailbox: &MailboxState) -> Result<(), StorageError>;

    /// Lists all mailboxes, sorted by name.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self) -> Result<Vec<MailboxState>, StorageError>;
}
