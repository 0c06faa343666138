//! Notes: supporters write on a ticket for each other (T-01, T-02).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::blob::BlobKey;
use crate::desk::Desk;
use crate::desk::note_file::{add_files, files_of, not_among, remove_files, ticket_to_note};
use crate::draft::tell_of_note;
use crate::error::{Error, Problems};
use crate::history::Change;
use crate::id::{Ids, Nonce, NoteFileId, NoteNumber, TicketNumber, UserId};
use crate::note::Note;
use crate::notification::Notification;
use crate::parts::Limits;
use crate::problem::{Field, FieldError, Problem};
use crate::record::record;
use crate::refusal::{Denial, Refusal};
use crate::storage::{StorageError, Unit};
use crate::supporter::Staff;
use crate::sweep::delete_blobs;
use crate::ticket::Body;
use crate::upload::{self, Upload};

/// A note as its author typed it.
#[derive(Debug, Clone, Default)]
pub struct NewNote {
    /// The text.
    pub body: String,
    /// The supporters to mention. They are mailed, present or not (T-02).
    pub mentions: Vec<UserId>,
    /// Files uploaded earlier with [`attach`](Desk::attach). A note has as many files as a message may have. When a note is
    /// edited, they are added to its files, except those that it already has.
    pub attachments: Vec<Upload>,
    /// Files that were refused when they were uploaded. The note is then refused too, with all its problems at once.
    pub refused: Vec<FieldError>,
    /// The files to remove from a note that is edited. Ids of other files are ignored. Without effect in a new note.
    pub remove: Vec<NoteFileId>,
    /// The form's nonce: a form that is sent twice is stored once. Without effect when a note is edited.
    pub nonce: Option<Nonce>,
}

impl Desk {
    /// Adds a note to a ticket, open or closed. The mentioned supporters are mailed, except the author.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] on the supporter's own ticket; [`Error::Invalid`] if the text is empty or too
    /// long, someone mentioned is no supporter, or a file is refused; [`Refusal::FormUsed`]; [`Error::Unavailable`]. After an
    /// error, [`discard`](Desk::discard) the files.
    pub async fn note(&self, number: TicketNumber, new: NewNote) -> Result<Note, Error> {
        let (actor, now, ids) = (self.actor(), self.parts.now(), self.parts.ids.clone());
        let nonce = new.nonce.map(|nonce| nonce.of(&self.user.id));
        let (limits, uploads) = (self.parts.limits, new.attachments.clone());
        let work = move |unit: &mut dyn Unit| {
            let (mut ticket, staff) = ticket_to_note(unit, &actor, number)?;
            let (body, mentions) = check(&new, &staff, new.attachments.len(), &limits)?;
            let author = &actor.user.id;
            if let Some(stored) = nonce.map(|nonce| unit.notes().find_by_nonce(nonce)).transpose()?.flatten() {
                let same_text = stored.ticket == number && stored.author == *author && stored.body == body;
                let same = same_text && has_exactly(unit, &stored, &new.attachments)?;
                return if same { Ok::<_, Error>((stored, false)) } else { Err(Refusal::FormUsed.into()) };
            }
            let place = ticket.note();
            record(unit, &ticket, author, now, Change::Noted(place))?;
            let note = Note::new((number, place), ticket.last_message, author.clone(), body, now);
            let note = Note { mentions, nonce, ..note };
            match unit.notes().insert(&note) {
                // The same form was sent twice at once, and the other request won. The retried unit finds its note.
                Err(StorageError::Duplicate) => return Err(StorageError::Stale.into()),
                stored => stored?,
            }
            add_files(unit, &*ids, &note, &new.attachments, now)?;
            mail(unit, &*ids, &note, &BTreeSet::new(), now)?;
            Ok((note, true))
        };
        let (note, is_new) = self.parts.storage.run_write(work).await?;
        if !is_new {
            self.give_up(uploads).await;
        }
        self.parts.ring();
        Ok(note)
    }

    /// Changes the text, the mentions and the files of a note. Supporters who were not mentioned before are mailed.
    ///
    /// # Errors
    /// As [`note`](Self::note); [`Error::NotFound`] if there is no such note; [`Denial::OnlyTheAuthor`] if someone else wrote
    /// it.
    pub async fn edit_note(&self, number: TicketNumber, note: NoteNumber, new: NewNote) -> Result<Note, Error> {
        let (actor, now, ids) = (self.actor(), self.parts.now(), self.parts.ids.clone());
        let (limits, uploads) = (self.parts.limits, new.attachments.clone());
        let work = move |unit: &mut dyn Unit| {
            let (mut ticket, staff) = ticket_to_note(unit, &actor, number)?;
            let note = own_note(unit, number, note, &actor.user.id)?;
            let (removed, kept): (Vec<_>, Vec<_>) =
                files_of(unit, &note)?.into_iter().partition(|file| new.remove.contains(&file.id));
            let added = not_among(&kept, &new.attachments);
            // A note that has too many files, because the limit was higher, can still be changed otherwise.
            let files = if added.is_empty() { 0 } else { kept.len() + added.len() };
            let (body, mentions) = check(&new, &staff, files, &limits)?;
            let all_added = added.len() == new.attachments.len();
            if note.body == body && note.mentions == mentions && removed.is_empty() && added.is_empty() {
                return Ok::<_, Error>((note, Vec::new(), all_added));
            }
            let before: BTreeSet<_> = note.mentions.iter().cloned().collect();
            let note = Note { body, mentions, edited_at: Some(now), ..note };
            ticket.note_changed();
            record(unit, &ticket, &actor.user.id, now, Change::NoteEdited(note.number))?;
            unit.notes().update(&note)?;
            let keys = remove_files(unit, &removed, now)?;
            add_files(unit, &*ids, &note, &added, now)?;
            mail(unit, &*ids, &note, &before, now)?;
            Ok((note, keys, all_added))
        };
        let (note, keys, all_added) = self.parts.storage.run_write(work).await?;
        self.parts.ring();
        self.delete_bytes(keys).await;
        if !all_added {
            self.give_up(uploads).await;
        }
        Ok(note)
    }

    /// Deletes a note with its files for good: rows and bytes. If the blob store fails, the next
    /// [`sweep`](crate::Helpdesk::sweep) deletes the bytes, and this still returns `Ok`.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] on the supporter's own ticket, and with [`Denial::OnlyTheAuthor`] if someone
    /// else wrote the note; [`Error::Unavailable`].
    pub async fn delete_note(&self, number: TicketNumber, note: NoteNumber) -> Result<(), Error> {
        let (actor, now) = (self.actor(), self.parts.now());
        let work = move |unit: &mut dyn Unit| {
            let (mut ticket, _) = ticket_to_note(unit, &actor, number)?;
            let note = own_note(unit, number, note, &actor.user.id)?;
            ticket.note_changed();
            record(unit, &ticket, &actor.user.id, now, Change::NoteDeleted(note.number))?;
            let keys = unit.notes().file_keys(number, Some(note.number))?;
            unit.notes().delete(number, note.number)?;
            if !keys.is_empty() {
                unit.orphans().insert(&keys, now)?;
            }
            Ok::<_, Error>(keys)
        };
        let keys = self.parts.storage.run_write(work).await?;
        self.delete_bytes(keys).await;
        Ok(())
    }

    /// Finds a note.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] on the supporter's own ticket; [`Error::Unavailable`].
    pub async fn find_note(&self, number: TicketNumber, note: NoteNumber) -> Result<Note, Error> {
        let actor = self.actor();
        let work = move |unit: &mut dyn Unit| {
            ticket_to_note(unit, &actor, number)?;
            unit.notes().find(number, note)?.ok_or(Error::NotFound)
        };
        self.parts.storage.run_read(work).await
    }

    /// Deletes the bytes of files that were removed. What cannot be deleted now is deleted by the sweep, so no error is reported.
    async fn delete_bytes(&self, keys: Vec<BlobKey>) {
        if !keys.is_empty() {
            let _ = delete_blobs(&self.parts, keys).await;
        }
    }

    /// Deletes the uploads that no note has taken, because the same form was sent before. The sweep deletes the rest.
    async fn give_up(&self, uploads: Vec<Upload>) {
        let _ = upload::discard(&self.parts, uploads).await;
    }
}

fn own_note(unit: &mut dyn Unit, ticket: TicketNumber, number: NoteNumber, user: &UserId) -> Result<Note, Error> {
    let note = unit.notes().find(ticket, number)?.ok_or(Error::NotFound)?;
    if note.author == *user { Ok(note) } else { Err(Denial::OnlyTheAuthor.into()) }
}

/// Whether the note has the files of the form, and no others.
fn has_exactly(unit: &mut dyn Unit, note: &Note, uploads: &[Upload]) -> Result<bool, Error> {
    let stored = files_of(unit, note)?;
    Ok(stored.len() == uploads.len() && not_among(&stored, uploads).is_empty())
}

/// Checks a form. If it adds files, the note would have this many.
fn check(new: &NewNote, staff: &Staff, files: usize, limits: &Limits) -> Result<(Body, Vec<UserId>), Error> {
    let mut problems = Problems::default();
    let body = problems.check(Field::Body, Body::parse(&new.body));
    problems.extend(new.refused.clone());
    if files > limits.attachments {
        problems.note(Field::Attachments, Problem::TooMany { max: limits.attachments });
    }
    if !new.mentions.iter().all(|user| staff.contains(user)) {
        problems.note(Field::Mention, Problem::Unknown);
    }
    let Some(body) = body else { return Err(problems.into_error()) };
    problems.none()?;
    let mentions: BTreeSet<_> = new.mentions.iter().cloned().collect();
    Ok((body, mentions.into_iter().collect()))
}

/// Mails the mentioned supporters, except the author and those who were mentioned before.
fn mail(unit: &mut dyn Unit, ids: &dyn Ids, note: &Note, before: &BTreeSet<UserId>, now: DateTime<Utc>) -> Result<(), Error> {
    let is_new = |user: &&UserId| **user != note.author && !before.contains(*user);
    tell_of_note(unit, ids, Notification::Mentioned, note, now, note.mentions.iter().filter(is_new))
}
