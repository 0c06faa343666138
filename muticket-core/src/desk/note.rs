//! Notes: supporters write on a ticket for each other (T-01, T-02).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::access::Action;
use crate::desk::Desk;
use crate::draft::tell_of_note;
use crate::error::{Error, Problems};
use crate::history::Change;
use crate::id::{Ids, Nonce, NoteNumber, TicketNumber, UserId};
use crate::lookup::ticket_for;
use crate::note::Note;
use crate::notification::Notification;
use crate::problem::{Field, Problem};
use crate::record::record;
use crate::refusal::{Denial, Refusal};
use crate::situation::Actor;
use crate::storage::{StorageError, Unit};
use crate::supporter::Staff;
use crate::ticket::{Body, Ticket};

/// A note as its author typed it.
#[derive(Debug, Clone, Default)]
pub struct NewNote {
    /// The text.
    pub body: String,
    /// The supporters to mention. They are mailed, present or not (T-02).
    pub mentions: Vec<UserId>,
    /// The form's nonce: a form that is sent twice is stored once. Without effect when a note is edited.
    pub nonce: Option<Nonce>,
}

impl Desk {
    /// Adds a note to a ticket, open or closed. The mentioned supporters are mailed, except the author.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] on the supporter's own ticket; [`Error::Invalid`] if the text is empty or too
    /// long, or someone mentioned is no supporter; [`Refusal::FormUsed`]; [`Error::Unavailable`].
    pub async fn note(&self, number: TicketNumber, new: NewNote) -> Result<Note, Error> {
        let (actor, now, ids) = (self.actor(), self.parts.now(), self.parts.ids.clone());
        let nonce = new.nonce.map(|nonce| nonce.of(&self.user.id));
        let work = move |unit: &mut dyn Unit| {
            let (mut ticket, staff) = ticket_to_note(unit, &actor, number)?;
            let (body, mentions) = check(&new, &staff)?;
            let author = &actor.user.id;
            if let Some(stored) = nonce.map(|nonce| unit.notes().find_by_nonce(nonce)).transpose()?.flatten() {
                let same = stored.ticket == number && stored.author == *author && stored.body == body;
                return if same { Ok::<_, Error>(stored) } else { Err(Refusal::FormUsed.into()) };
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
            mail(unit, &*ids, &note, &BTreeSet::new(), now)?;
            Ok(note)
        };
        let note = self.parts.storage.run_write(work).await?;
        self.parts.ring();
        Ok(note)
    }

    /// Changes the text and the mentions of a note. Supporters who were not mentioned before are mailed.
    ///
    /// # Errors
    /// As [`note`](Self::note); [`Error::NotFound`] if there is no such note; [`Denial::OnlyTheAuthor`] if someone else wrote
    /// it.
    pub async fn edit_note(&self, number: TicketNumber, note: NoteNumber, new: NewNote) -> Result<Note, Error> {
        let (actor, now, ids) = (self.actor(), self.parts.now(), self.parts.ids.clone());
        let work = move |unit: &mut dyn Unit| {
            let (mut ticket, staff) = ticket_to_note(unit, &actor, number)?;
            let note = own_note(unit, number, note, &actor.user.id)?;
            let (body, mentions) = check(&new, &staff)?;
            if note.body == body && note.mentions == mentions {
                return Ok::<_, Error>(note);
            }
            let before: BTreeSet<_> = note.mentions.iter().cloned().collect();
            let note = Note { body, mentions, edited_at: Some(now), ..note };
            ticket.note_changed();
            record(unit, &ticket, &actor.user.id, now, Change::NoteEdited(note.number))?;
            unit.notes().update(&note)?;
            mail(unit, &*ids, &note, &before, now)?;
            Ok(note)
        };
        let note = self.parts.storage.run_write(work).await?;
        self.parts.ring();
        Ok(note)
    }

    /// Deletes a note for good.
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
            unit.notes().delete(number, note.number)?;
            Ok::<_, Error>(())
        };
        self.parts.storage.run_write(work).await
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
}

fn ticket_to_note(unit: &mut dyn Unit, actor: &Actor, number: TicketNumber) -> Result<(Ticket, Staff), Error> {
    let staff = actor.staff(unit)?;
    let (ticket, _) = ticket_for(unit, staff.viewer(&actor.user), number, Action::Note)?;
    Ok((ticket, staff))
}

fn own_note(unit: &mut dyn Unit, ticket: TicketNumber, number: NoteNumber, user: &UserId) -> Result<Note, Error> {
    let note = unit.notes().find(ticket, number)?.ok_or(Error::NotFound)?;
    if note.author == *user { Ok(note) } else { Err(Denial::OnlyTheAuthor.into()) }
}

fn check(new: &NewNote, staff: &Staff) -> Result<(Body, Vec<UserId>), Error> {
    let mut problems = Problems::default();
    let body = problems.check(Field::Body, Body::parse(&new.body));
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
