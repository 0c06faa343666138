//! How far mailboxes were read.

use crate::mailbox::MailboxState;
use crate::storage::memory::MemoryUnit;
use crate::storage::{MailboxStore, StorageError};

impl MailboxStore for MemoryUnit {
    fn find(&mut self, name: &str) -> Result<Option<MailboxState>, StorageError> {
        Ok(self.tables.mailboxes.get(name).cloned())
    }

    fn update(&mut self, mailbox: &MailboxState) -> Result<(), StorageError> {
        self.change()?.mailboxes.insert(mailbox.name.clone(), mailbox.clone());
        Ok(())
    }

    fn list(&mut self) -> Result<Vec<MailboxState>, StorageError> {
        Ok(self.tables.mailboxes.values().cloned().collect())
    }
}
