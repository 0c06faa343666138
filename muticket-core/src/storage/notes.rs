//! Notes and their files.

use crate::blob::BlobKey;
use crate::id::{MessageNumber, Nonce, NoteFileId, NoteNumber, TicketNumber};
use crate::note::{Note, NoteFile};
use crate::storage::StorageError;

/// The notes of tickets, and the files of notes. They are read only for the side of the desk (T-01). Of files there are only
/// rows here; the bytes are in the blob store.
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

    /// Deletes a note with its files; `false` if it does not exist.
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

    /// Stores files of one note.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] if an id or a key is taken.
    fn insert_files(&mut self, files: &[NoteFile]) -> Result<(), StorageError>;

    /// Deletes files by their ids. An id without a file is ignored.
    ///
    /// # Errors
    /// The storage failed.
    fn delete_files(&mut self, ids: &[NoteFileId]) -> Result<(), StorageError>;

    /// Finds a file by its id.
    ///
    /// # Errors
    /// The storage failed.
    fn find_file(&mut self, id: NoteFileId) -> Result<Option<NoteFile>, StorageError>;

    /// Lists the files of the notes from `first` to `last` of a ticket, sorted by note and id.
    ///
    /// # Errors
    /// The storage failed.
    fn list_files(&mut self, ticket: TicketNumber, first: NoteNumber, last: NoteNumber) -> Result<Vec<NoteFile>, StorageError>;

    /// Lists the keys of the files of one note of a ticket, or of all its notes, in any order, before they are deleted. Includes
    /// the key of a row whose other columns are damaged, so that its bytes are deleted too.
    ///
    /// # Errors
    /// The storage failed.
    fn file_keys(&mut self, ticket: TicketNumber, note: Option<NoteNumber>) -> Result<Vec<BlobKey>, StorageError>;
}
