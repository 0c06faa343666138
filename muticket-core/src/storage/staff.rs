//! What the backend administers, and the secrets of the site.

use crate::category::Category;
use crate::id::{CategoryId, SupporterId};
use crate::settings::Settings;
use crate::storage::StorageError;
use crate::supporter::Supporter;

/// The supporters' records.
pub trait Supporters {
    /// Stores a new record.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] if the user has one.
    fn insert(&mut self, supporter: &Supporter) -> Result<(), StorageError>;

    /// Stores presence and categories of a record; `false` if there is none.
    ///
    /// # Errors
    /// The storage failed.
    fn update(&mut self, supporter: &Supporter) -> Result<bool, StorageError>;

    /// Deletes a record and says whether there was one.
    ///
    /// # Errors
    /// The storage failed.
    fn delete(&mut self, id: SupporterId) -> Result<bool, StorageError>;

    /// One record.
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self, id: SupporterId) -> Result<Option<Supporter>, StorageError>;

    /// All records, in the order they were made.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self) -> Result<Vec<Supporter>, StorageError>;
}

/// The settings: always exactly one set of them.
pub trait SettingsStore {
    /// What is stored, or the default if nothing ever was.
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self) -> Result<Settings, StorageError>;

    /// Stores all of them.
    ///
    /// # Errors
    /// The storage failed.
    fn update(&mut self, settings: &Settings) -> Result<(), StorageError>;

    /// How many changes of settings, supporters' records and categories were committed so far. It grows with each, so whoever read all
    /// of them beside the same number need not read them again.
    ///
    /// # Errors
    /// The storage failed.
    fn revision(&mut self) -> Result<u64, StorageError>;
}

/// A category that MuTicket keeps itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCategory {
    /// The category.
    pub category: Category,
    /// It was removed: nobody can choose it any more, and old tickets still show its name.
    pub retired: bool,
}

/// The categories that MuTicket keeps itself (D-08).
pub trait Categories {
    /// Stores a new category.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] if the identifier is taken.
    fn insert(&mut self, category: &KeptCategory) -> Result<(), StorageError>;

    /// Stores names and retirement of a category; `false` if there is none.
    ///
    /// # Errors
    /// The storage failed.
    fn update(&mut self, category: &KeptCategory) -> Result<bool, StorageError>;

    /// One category, retired or not.
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self, id: &CategoryId) -> Result<Option<KeptCategory>, StorageError>;

    /// All categories, retired ones included, in the order they were made; the names of each in the order they were given.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self) -> Result<Vec<KeptCategory>, StorageError>;

    /// The order into which an administrator put the categories, as [`arrange`](Self::arrange) stored it last; empty if there is none.
    ///
    /// When a unit that writes has asked for it, another unit that writes and asks gets its answer after that one has ended. So two people
    /// who arrange at the same time lose nothing.
    ///
    /// # Errors
    /// The storage failed.
    fn order(&mut self) -> Result<Vec<CategoryId>, StorageError>;

    /// Stores an order in place of the one before. The caller names each category once, and may leave out some; an empty list is no order.
    ///
    /// # Errors
    /// The storage failed.
    fn arrange(&mut self, order: &[CategoryId]) -> Result<(), StorageError>;
}

/// Keys that are made once and shared by all nodes of a site.
pub trait Secrets {
    /// The secret of that name.
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self, name: &str) -> Result<Option<[u8; 32]>, StorageError>;

    /// Stores a secret.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] if there is one of that name: another node was faster, its secret counts.
    fn insert(&mut self, name: &str, secret: &[u8; 32]) -> Result<(), StorageError>;
}
