//! Saved views.

use crate::id::{SavedViewId, UserId};
use crate::saved_view::{FirstView, SavedView};
use crate::storage::StorageError;

/// The saved views of the supporters' list, and the view that each supporter opens first (T-12).
pub trait SavedViewStore {
    /// Stores a new saved view.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] if the id is taken.
    fn insert(&mut self, view: &SavedView) -> Result<(), StorageError>;

    /// Replaces owner, name and filter of a saved view; `false` if it does not exist.
    ///
    /// # Errors
    /// The storage failed.
    fn update(&mut self, view: &SavedView) -> Result<bool, StorageError>;

    /// Deletes a saved view; `false` if it does not exist. Supporters who had chosen it as their first view have none afterwards.
    ///
    /// # Errors
    /// The storage failed.
    fn delete(&mut self, id: SavedViewId) -> Result<bool, StorageError>;

    /// Finds a saved view by its id, of any owner.
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self, id: SavedViewId) -> Result<Option<SavedView>, StorageError>;

    /// Lists the shared saved views and those of the user, sorted by id.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self, user: &UserId) -> Result<Vec<SavedView>, StorageError>;

    /// Finds the view that the user opens first; `None` if they chose none. A choice that cannot be read is none, and is noted as
    /// [damage](crate::storage::DamageStore).
    ///
    /// # Errors
    /// The storage failed.
    fn first(&mut self, user: &UserId) -> Result<Option<FirstView>, StorageError>;

    /// Stores the view that the user opens first, in place of the earlier choice. `None` takes the choice back.
    ///
    /// # Errors
    /// [`StorageError::Stale`] if the saved view does not exist, so that the unit runs again.
    fn set_first(&mut self, user: &UserId, first: Option<FirstView>) -> Result<(), StorageError>;
}
