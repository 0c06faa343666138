//! Addresses that are assigned to users.

use crate::sender::AssignedSender;
use crate::storage::StorageError;

/// The addresses that an administrator has assigned to users (M-04).
pub trait SenderStore {
    /// Stores an assigned address, in place of what was stored for this address.
    ///
    /// # Errors
    /// The storage failed.
    fn update(&mut self, sender: &AssignedSender) -> Result<(), StorageError>;

    /// Finds an assigned address. The address is compared byte for byte.
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self, address: &str) -> Result<Option<AssignedSender>, StorageError>;

    /// Lists the assigned addresses, sorted by address, at most `limit`.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self, limit: u32) -> Result<Vec<AssignedSender>, StorageError>;

    /// Deletes an assigned address; `false` if it is not stored.
    ///
    /// # Errors
    /// The storage failed.
    fn delete(&mut self, address: &str) -> Result<bool, StorageError>;
}
