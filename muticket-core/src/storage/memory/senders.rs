//! Addresses that are assigned to users.

use crate::sender::AssignedSender;
use crate::storage::memory::{MemoryUnit, at_most};
use crate::storage::{SenderStore, StorageError};

impl SenderStore for MemoryUnit {
    fn update(&mut self, sender: &AssignedSender) -> Result<(), StorageError> {
        self.change()?.senders.insert(sender.address.clone(), sender.clone());
        Ok(())
    }

    fn find(&mut self, address: &str) -> Result<Option<AssignedSender>, StorageError> {
        Ok(self.tables.senders.get(address).cloned())
    }

    fn list(&mut self, limit: u32) -> Result<Vec<AssignedSender>, StorageError> {
        Ok(self.tables.senders.values().take(at_most(limit)).cloned().collect())
    }

    fn delete(&mut self, address: &str) -> Result<bool, StorageError> {
        Ok(self.change()?.senders.remove(address).is_some())
    }
}
