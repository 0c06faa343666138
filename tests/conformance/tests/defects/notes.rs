//! Defects of notes and their files.

use muticket_core::blob::BlobKey;
use muticket_core::id::{AttachmentId, MessageNumber, Nonce, NoteFileId, NoteNumber, TicketNumber, UserId};
use muticket_core::note::{Note, NoteFile};
use muticket_core::storage::{NoteStore, StorageError};
use muticket_core::ticket::{Attachment, MediaType, Message, Role};

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

    fn insert_files(&mut self, files: &[NoteFile]) -> Result<(), StorageError> {
        if self.has(Defect::StoresSomeFilesOfARefusedNote) {
            return files.chunks(1).try_for_each(|file| self.unit.notes().insert_files(file));
        }
        let mut new = files.to_vec();
        if self.has(Defect::ForgetsTypesOfNoteFiles) {
            new.iter_mut().for_each(|file| file.media_type = MediaType::Other);
        }
        let again = new.clone();
        self.outlives(Defect::FilesOfNotesOutliveTheirUnit, move |unit| unit.notes().insert_files(&again));
        self.store.remains().note_files.extend(new.iter().cloned());
        match self.poisoned(Defect::IsPoisonedByDuplicateFilesOfNotes, |unit| unit.notes().insert_files(&new)) {
            Err(StorageError::Failed { .. }) if self.has(Defect::TakesFilesOfNoNote) => Ok(()),
            result => result,
        }
    }

    fn delete_files(&mut self, ids: &[NoteFileId]) -> Result<(), StorageError> {
        let most = if self.has(Defect::RemovesOneFileOfANote) { 1 } else { ids.len() };
        self.unit.notes().delete_files(&ids[..most.min(ids.len())])
    }

    fn find_file(&mut self, id: NoteFileId) -> Result<Option<NoteFile>, StorageError> {
        self.unit.notes().find_file(id)
    }

    fn list_files(&mut self, ticket: TicketNumber, first: NoteNumber, last: NoteNumber) -> Result<Vec<NoteFile>, StorageError> {
        let left = |file: &&NoteFile| file.ticket == ticket;
        if self.has(Defect::LeavesFilesOfNotesBehind) && self.store.remains().deleted == Some(ticket) {
            return Ok(self.store.remains().note_files.iter().filter(left).cloned().collect());
        }
        if self.has(Defect::LeavesFilesOfDeletedNotes) {
            return Ok(self.store.remains().note_files.iter().filter(left).cloned().collect());
        }
        let last = match self.has(Defect::ListsFilesOfAllNotes) {
            true => NoteNumber::new(u32::MAX).expect("it is positive"),
            false => last,
        };
        let mut files = self.unit.notes().list_files(ticket, first, last)?;
        if self.has(Defect::TurnsFilesOfNotesRound) {
            files.reverse();
        }
        Ok(files)
    }

    fn file_keys(&mut self, ticket: TicketNumber, note: Option<NoteNumber>) -> Result<Vec<BlobKey>, StorageError> {
        let all = self.has(Defect::ListsKeysOfAllNotes);
        self.unit.notes().file_keys(ticket, note.filter(|_| !all))
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

/// A file of a note that a defective store takes for a file of a message.
pub(crate) fn as_attachment(file: &NoteFile) -> Option<Attachment> {
    let place = (file.ticket, MessageNumber::new(file.note.get())?);
    Some(Attachment::new(AttachmentId(file.id.0), place, file.name.clone(), file.key.clone()))
}
