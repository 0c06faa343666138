//! Notes.

use std::collections::btree_map::Entry;

use crate::id::{MessageNumber, Nonce, NoteNumber, TicketNumber};
use crate::note::Note;
use crate::storage::memory::MemoryUnit;
use crate::storage::{NoteStore, StorageError};

impl NoteStore for MemoryUnit {
    fn insert(&mut self, note: &Note) -> Result<(), StorageError> {
        let tables = self.change()?;
        tables.must_have_ticket(note.ticket)?;
        let nonce_taken = note.nonce.is_some() && tables.notes.values().any(|stored| stored.nonce == note.nonce);
        match tables.notes.entry((note.ticket, note.number)) {
            Entry::Vacant(place) if !nonce_taken => {
                place.insert(note.clone());
                Ok(())
            }
            Entry::Vacant(_) | Entry::Occupied(_) => Err(StorageError::Duplicate),
        }
    }

    fn update(&mut self, note: &Note) -> Result<bool, StorageError> {
        let Some(stored) = self.change()?.notes.get_mut(&(note.ticket, note.number)) else { return Ok(false) };
        stored.body = note.body.clone();
        stored.mentions = note.mentions.clone();
        stored.edited_at = note.edited_at;
        Ok(true)
    }

    fn delete(&mut self, ticket: TicketNumber, number: NoteNumber) -> Result<bool, StorageError> {
        Ok(self.change()?.notes.remove(&(ticket, number)).is_some())
    }

    fn find(&mut self, ticket: TicketNumber, number: NoteNumber) -> Result<Option<Note>, StorageError> {
        Ok(self.tables.notes.get(&(ticket, number)).cloned())
    }

    fn find_by_nonce(&mut self, nonce: Nonce) -> Result<Option<Note>, StorageError> {
        Ok(self.tables.notes.values().find(|note| note.nonce == Some(nonce)).cloned())
    }

    fn list(&mut self, ticket: TicketNumber, first: MessageNumber, last: MessageNumber) -> Result<Vec<Note>, StorageError> {
        let of_ticket = self.tables.notes.values().filter(|note| note.ticket == ticket);
        Ok(of_ticket.filter(|note| (first..=last).contains(&note.after)).cloned().collect())
    }
}
