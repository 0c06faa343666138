//! The files of notes (T-01): storing them with a note, removing them, and downloading one.

use chrono::{DateTime, Utc};

use crate::access::Action;
use crate::blob::BlobKey;
use crate::desk::Desk;
use crate::download::NoteDownload;
use crate::error::Error;
use crate::id::{Ids, NoteFileId, NoteNumber, TicketNumber};
use crate::lookup::ticket_for;
use crate::note::{Note, NoteFile};
use crate::situation::Actor;
use crate::storage::{StorageError, Unit};
use crate::supporter::Staff;
use crate::ticket::Ticket;
use crate::upload::{Upload, adopt};

impl Desk {
    /// Opens a file of a note. It is not found if it belongs to another note or ticket, and on the supporter's own ticket.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Refusal::FileMissing`](crate::Refusal::FileMissing) if its bytes are gone,
    /// [`FileDamaged`](crate::Refusal::FileDamaged) if their length is wrong; [`Error::Unavailable`].
    pub async fn download_note_file(
        &self,
        number: TicketNumber,
        note: NoteNumber,
        id: NoteFileId,
    ) -> Result<NoteDownload, Error> {
        let actor = self.actor();
        let work = move |unit: &mut dyn Unit| {
            match ticket_to_note(unit, &actor, number) {
                // On their own ticket a supporter must not learn that there is a file (D-05).
                Err(Error::Denied(_)) => return Err(Error::NotFound),
                found => found?,
            };
            let file = match unit.notes().find_file(id) {
                // Nobody knows to which note it belongs. The storage logs the damage.
                Err(StorageError::Corrupt { .. }) => None,
                found => found?,
            };
            file.filter(|file| (file.ticket, file.note) == (number, note)).ok_or(Error::NotFound)
        };
        let file = self.parts.storage.run_read_stale(work).await?;
        NoteDownload::begin(&self.parts, file).await
    }
}

/// Finds the ticket, if the supporter may read and write notes on it.
pub(super) fn ticket_to_note(unit: &mut dyn Unit, actor: &Actor, number: TicketNumber) -> Result<(Ticket, Staff), Error> {
    let staff = actor.staff(unit)?;
    let (ticket, _) = ticket_for(unit, staff.viewer(&actor.user), number, Action::Note)?;
    Ok((ticket, staff))
}

/// The stored files of a note.
pub(super) fn files_of(unit: &mut dyn Unit, note: &Note) -> Result<Vec<NoteFile>, StorageError> {
    unit.notes().list_files(note.ticket, note.number, note.number)
}

/// The uploads that are not among the stored files. Files are compared by name, length and digest, because a form that is sent
/// twice uploads its files twice.
pub(super) fn not_among(stored: &[NoteFile], uploads: &[Upload]) -> Vec<Upload> {
    let mut stored: Vec<_> = stored.iter().collect();
    let mut new = Vec::new();
    for upload in uploads {
        let is_same = |file: &&NoteFile| (&file.name, file.size, file.digest) == (&upload.name, upload.size, upload.digest);
        match stored.iter().position(is_same) {
            Some(at) => {
                stored.swap_remove(at);
            }
            None => new.push(upload.clone()),
        }
    }
    new
}

/// Stores the uploads as files of the note.
pub(super) fn add_files(
    unit: &mut dyn Unit,
    ids: &dyn Ids,
    note: &Note,
    uploads: &[Upload],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    if uploads.is_empty() {
        return Ok(());
    }
    adopt(unit, uploads, now)?;
    let file = |upload: &Upload| {
        let (id, place) = (NoteFileId(ids.next()), (note.ticket, note.number));
        let file = NoteFile::new(id, place, upload.name.clone(), (upload.key.clone(), upload.digest));
        NoteFile { media_type: upload.media_type, size: upload.size, ..file }
    };
    Ok(unit.notes().insert_files(&uploads.iter().map(file).collect::<Vec<_>>())?)
}

/// Removes files of a note, and returns the keys of their bytes, which belong to nothing any more.
pub(super) fn remove_files(unit: &mut dyn Unit, files: &[NoteFile], now: DateTime<Utc>) -> Result<Vec<BlobKey>, StorageError> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    unit.notes().delete_files(&files.iter().map(|file| file.id).collect::<Vec<_>>())?;
    let keys: Vec<_> = files.iter().map(|file| file.key.clone()).collect();
    unit.orphans().insert(&keys, now)?;
    Ok(keys)
}
