//! Defects of addresses that are assigned to users.

use muticket_core::sender::AssignedSender;
use muticket_core::storage::{SenderStore, StorageError};

use crate::defect::Defect;
use crate::store::Twisted;

impl SenderStore for Twisted<'_> {
    fn update(&mut self, sender: &AssignedSender) -> Result<(), StorageError> {
        if self.has(Defect::KeepsTheFirstUserOfAnAddress) && self.unit.senders().find(&sender.address)?.is_some() {
            return Ok(());
        }
        let again = sender.clone();
        self.outlives(Defect::AssignedAddressesOutliveTheirUnit, move |unit| unit.senders().update(&again));
        self.unit.senders().update(sender)
    }

    fn find(&mut self, address: &str) -> Result<Option<AssignedSender>, StorageError> {
        let address = if self.has(Defect::FindsAddressesInAnyCase) { address.to_lowercase() } else { address.to_owned() };
        self.unit.senders().find(&address)
    }

    fn list(&mut self, limit: u32) -> Result<Vec<AssignedSender>, StorageError> {
        let mut listed = self.unit.senders().list(limit)?;
        if self.has(Defect::ListsAddressesByTime) {
            listed.sort_by_key(|sender| sender.assigned_at);
        }
        Ok(listed)
    }

    fn delete(&mut self, address: &str) -> Result<bool, StorageError> {
        if self.has(Defect::KeepsDeletedAddresses) {
            return Ok(self.unit.senders().find(address)?.is_some());
        }
        self.unit.senders().delete(address)
    }
}
