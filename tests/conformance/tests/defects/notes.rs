//! Defects of notes.

use muticket_core::id::{MessageNumber, Nonce, NoteNumber, TicketNumber, UserId};
use muticket_core::note::Note;
use muticket_core::storage::{NoteStore, StorageError};
use muticket_core::ticket::{Message, Role};

use crate::defect::Defect;
use crate::store::{Twisted, taken};

impl NoteStore for Twisted<'_> {
    fn insert(&mut self, note: &Note) -> Result<(), StorageError> {
        let mut new = note.clone();
        if self.has(Defect::ForgetsMentions) {
            new.mentions.clear();
        }
        let again = new.clone();
        self.outlives(Defect::NotesOutliveTheirUnit, move |unit| unit.notes().insert(&again));
        self.store.remains().notes.push(new.clone());
        let result = self.poisoned(Defect::IsPoisonedByDuplicateNotes, |unit| unit.notes().insert(&new));
        match result {
            Err(StorageError::Failed { .. }) if self.has(Defect::TakesNotesOfNothing) => Ok(()),
            result if self.has(Defect::TakesNotesTwice) => taken(result),
            result => result,
        }
    }

    fn update(&mut self, note: &Note) -> Result<bool, StorageError> {
        match self.has(Defect::LeavesNotesUnchanged) {
            true => Ok(self.unit.notes().find(note.ticket, note.number)?.is_some()),
            false => self.unit.notes().update(note),
        }
    }

    fn delete(&mut self, ticket: TicketNumber, number: NoteNumber) -> Result<bool, StorageError> {
        match self.has(Defect::KeepsDeletedNotes) {
            true => Ok(self.unit.notes().find(ticket, number)?.is_some()),
            false => self.unit.notes().delete(ticket, number),
        }
    }

    fn find(&mut self, ticket: TicketNumber, number: NoteNumber) -> Result<Option<Note>, StorageError> {
        self.unit.notes().find(ticket, number)
    }

    fn find_by_nonce(&mut self, nonce: Nonce) -> Result<Option<Note>, StorageError> {
        self.unit.notes().find_by_nonce(nonce)
    }

    fn list(&mut self, ticket: TicketNumber, first: MessageNumber, last: MessageNumber) -> Result<Vec<Note>, StorageError> {
        if self.has(Defect::LeavesNotesBehind) && self.store.remains().deleted == Some(ticket) {
            return Ok(self.store.remains().notes.iter().filter(|note| note.ticket == ticket).cloned().collect());
        }
        match self.has(Defect::ListsAllNotes) {
            true => self.unit.notes().list(ticket, MessageNumber::FIRST, MessageNumber::new(u32::MAX).expect("it is positive")),
            false => self.unit.notes().list(ticket, first, last),
        }
    }
}

/// A note that a defective store takes for a message: the leak that other helpdesks had.
pub(crate) fn as_message(note: &Note) -> Option<Message> {
    let number = MessageNumber::new(note.number.get())?;
    let author = (UserId::new(note.author.as_str()), Role::Supporter);
    let mut message = Message::new(note.ticket, number, author, note.body.clone(), note.written_at);
    message.nonce = note.nonce;
    Some(message)
}
