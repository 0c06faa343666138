//! Supporters, settings, categories, and the secrets of the site.

use crate::category::Category;
use crate::id::{CategoryId, SupporterId};
use crate::settings::Settings;
use crate::storage::StorageError;
use crate::supporter::Supporter;

/// The supporter records.
pub trait SupporterStore {
    /// Stores a new record.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] if the user already has a record.
    fn insert(&mut self, supporter: &Supporter) -> Result<(), StorageError>;

    /// Stores presence and categories of a record; `false` if it does not exist.
    ///
    /// # Errors
    /// The storage failed.
    fn update(&mut self, supporter: &Supporter) -> Result<bool, StorageError>;

    /// Deletes a record; `false` if it does not exist.
    ///
    /// # Errors
    /// The storage failed.
    fn delete(&mut self, id: SupporterId) -> Result<bool, StorageError>;

    /// Finds a record by its id.
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self, id: SupporterId) -> Result<Option<Supporter>, StorageError>;

    /// Lists all records, oldest first.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self) -> Result<Vec<Supporter>, StorageError>;
}

/// The settings. There is always exactly one set.
pub trait SettingsStore {
    /// Reads the settings; the default if none were ever stored.
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self) -> Result<Settings, StorageError>;

    /// Stores all settings.
    ///
    /// # Errors
    /// The storage failed.
    fn update(&mut self, settings: &Settings) -> Result<(), StorageError>;

    /// The number of committed changes to settings, supporter records, categories and labels. It grows with each change, so data
    /// that was read with the same number is still current.
    ///
    /// # Errors
    /// The storage failed.
    fn revision(&mut self) -> Result<u64, StorageError>;
}

/// A category that MuTicket stores.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StoredCategory {
    /// The category.
    pub category: Category,
    /// Whether it was removed: it can no longer be chosen, but old tickets still show its name.
    pub retired: bool,
}

/// The categories that MuTicket stores (D-08).
pub trait CategoryStore {
    /// Stores a new category.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] if the id is taken.
    fn insert(&mut self, category: &StoredCategory) -> Result<(), StorageError>;

    /// Stores names and retirement of a category; `false` if it does not exist.
    ///
    /// # Errors
    /// The storage failed.
    fn update(&mut self, category: &StoredCategory) -> Result<bool, StorageError>;

    /// Finds a category by its id, retired or not.
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self, id: &CategoryId) -> Result<Option<StoredCategory>, StorageError>;

    /// Lists all categories, including retired ones, oldest first. The names of each keep their order.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self) -> Result<Vec<StoredCategory>, StorageError>;

    /// The administrator's order of the categories, as last stored by [`arrange`](Self::arrange); empty if there is none.
    ///
    /// After a writing unit has called this, the call of another writing unit waits until the first unit has ended. So two
    /// people who arrange categories at the same time lose no change.
    ///
    /// # Errors
    /// The storage failed.
    fn order(&mut self) -> Result<Vec<CategoryId>, StorageError>;

    /// Replaces the order. The caller names each category at most once. An empty list removes the order.
    ///
    /// # Errors
    /// The storage failed.
    fn arrange(&mut self, order: &[CategoryId]) -> Result<(), StorageError>;
}

/// Keys that are created once and shared by all nodes of a site.
pub trait SecretStore {
    /// Finds the secret of that name.
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self, name: &str) -> Result<Option<[u8; 32]>, StorageError>;

    /// Stores a secret.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] if the name exists: another node was faster, and its secret is used.
    fn insert(&mut self, name: &str, secret: &[u8; 32]) -> Result<(), StorageError>;
}
