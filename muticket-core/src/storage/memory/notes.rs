//! Notes and their files.

use std::collections::BTreeSet;
use std::collections::btree_map::Entry;

use crate::blob::BlobKey;
use crate::id::{MessageNumber, Nonce, NoteFileId, NoteNumber, TicketNumber};
use crate::note::{Note, NoteFile};
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
        let tables = self.change()?;
        tables.note_files.retain(|_, file| (file.ticket, file.note) != (ticket, number));
        Ok(tables.notes.remove(&(ticket, number)).is_some())
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

    fn insert_files(&mut self, files: &[NoteFile]) -> Result<(), StorageError> {
        let tables = self.change()?;
        let mut ids: BTreeSet<_> = tables.note_files.keys().copied().collect();
        let mut keys: BTreeSet<_> = tables.note_files.values().map(|stored| stored.key.clone()).collect();
        for file in files {
            tables.must_have_note(file.ticket, file.note)?;
            if !ids.insert(file.id) || !keys.insert(file.key.clone()) {
                return Err(StorageError::Duplicate);
            }
        }
        tables.note_files.extend(files.iter().map(|file| (file.id, file.clone())));
        Ok(())
    }

    fn delete_files(&mut self, ids: &[NoteFileId]) -> Result<(), StorageError> {
        self.change()?.note_files.retain(|id, _| !ids.contains(id));
        Ok(())
    }

    fn find_file(&mut self, id: NoteFileId) -> Result<Option<NoteFile>, StorageError> {
        Ok(self.tables.note_files.get(&id).cloned())
    }

    fn list_files(&mut self, ticket: TicketNumber, first: NoteNumber, last: NoteNumber) -> Result<Vec<NoteFile>, StorageError> {
        let of_notes = |file: &&NoteFile| file.ticket == ticket && (first..=last).contains(&file.note);
        let mut files: Vec<_> = self.tables.note_files.values().filter(of_notes).cloned().collect();
        files.sort_by_key(|file| (file.note, file.id));
        Ok(files)
    }

    fn file_keys(&mut self, ticket: TicketNumber, note: Option<NoteNumber>) -> Result<Vec<BlobKey>, StorageError> {
        let of_note = |file: &&NoteFile| file.ticket == ticket && note.is_none_or(|note| file.note == note);
        Ok(self.tables.note_files.values().filter(of_note).map(|file| file.key.clone()).collect())
    }
}
