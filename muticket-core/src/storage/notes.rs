//! Notes.

use crate::id::{MessageNumber, Nonce, NoteNumber, TicketNumber};
use crate::note::Note;
use crate::storage::StorageError;

/// The notes of tickets. They are read only for the side of the desk (T-01).
pub trait NoteStore {
    /// Stores a note.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] if its number or its nonce is taken.
    fn insert(&mut self, note: &Note) -> Result<(), StorageError>;

    /// Replaces the text, the mentions and the time of the change of a note; `false` if it does not exist.
    ///
    /// # Errors
    /// The storage failed.
    fn update(&mut self, note: &Note) -> Result<bool, StorageError>;

    /// Deletes a note; `false` if it does not exist.
    ///
    /// # Errors
    /// The storage failed.
    fn delete(&mut self, ticket: TicketNumber, number: NoteNumber) -> Result<bool, StorageError>;

    /// Finds a note of a ticket.
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self, ticket: TicketNumber, number: NoteNumber) -> Result<Option<Note>, StorageError>;

    /// Finds the note stored with the nonce.
    ///
    /// # Errors
    /// The storage failed.
    fn find_by_nonce(&mut self, nonce: Nonce) -> Result<Option<Note>, StorageError>;

    /// Lists the notes of a ticket that were written [after](Note::after) the messages from `first` to `last`, sorted by
    /// number.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self, ticket: TicketNumber, first: MessageNumber, last: MessageNumber) -> Result<Vec<Note>, StorageError>;
}
