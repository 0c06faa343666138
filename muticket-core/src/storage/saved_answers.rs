//! Saved answers.

use crate::id::{SavedAnswerId, UserId};
use crate::saved_answer::{ListedAnswer, SavedAnswer};
use crate::storage::StorageError;

/// The saved answers, and how often each supporter used them (T-08).
pub trait SavedAnswerStore {
    /// Stores a new saved answer.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] if the id is taken.
    fn insert(&mut self, answer: &SavedAnswer) -> Result<(), StorageError>;

    /// Replaces everything but the owner of a saved answer; `false` if it does not exist.
    ///
    /// # Errors
    /// The storage failed.
    fn update(&mut self, answer: &SavedAnswer) -> Result<bool, StorageError>;

    /// Deletes a saved answer with its texts and the numbers of its uses; `false` if it does not exist.
    ///
    /// # Errors
    /// The storage failed.
    fn delete(&mut self, id: SavedAnswerId) -> Result<bool, StorageError>;

    /// Finds a saved answer by its id. Its texts keep their order.
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self, id: SavedAnswerId) -> Result<Option<SavedAnswer>, StorageError>;

    /// Lists the shared saved answers and those of the user, each with the number of the user's uses, sorted by id. Without a
    /// user it lists the shared ones, each with 0 uses.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self, user: Option<&UserId>) -> Result<Vec<ListedAnswer>, StorageError>;

    /// Adds one use by the user to a saved answer that exists.
    ///
    /// # Errors
    /// The storage failed.
    fn count_use(&mut self, id: SavedAnswerId, user: &UserId) -> Result<(), StorageError>;
}
