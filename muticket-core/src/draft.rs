//! What people send with a form, and how it becomes rows. Shared by opening, replying and answering.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::error::{Error, Field, FieldError, Problem, Problems, Refusal};
use crate::helpdesk::Limits;
use crate::history::{Change, HistoryEntry};
use crate::id::{AttachmentId, CategoryId, Ids, LetterId, MessageNumber, Nonce, TicketNumber, UserId};
use crate::notice::{LetterState, Notice, OutboxEntry};
use crate::storage::{StorageError, Unit};
use crate::ticket::{Attachment, Body, Message, Role, Ticket};
use crate::unread::mark_written;
use crate::upload::Upload;

/// What becomes of a form that says exactly what its author has just said, as after the browser's *Back*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Repeated {
    /// It is refused as [`Refusal::SameAgain`], so that the page can ask.
    #[default]
    Ask,
    /// It is taken: the author was asked, and means it.
    Send,
}

/// A new ticket, as it was typed.
#[derive(Debug, Clone, Default)]
pub struct NewTicket {
    /// What it is about.
    pub subject: String,
    /// The first message.
    pub body: String,
    /// Its category; required if categories are active (D-08).
    pub category: Option<CategoryId>,
    /// Files that were [attached](crate::portal::Portal::attach) before.
    pub attachments: Vec<Upload>,
    /// Files that were refused when they were attached. The ticket is then refused too, with these and all its other problems at once.
    pub refused: Vec<FieldError>,
    /// The closed ticket it takes up again (D-02).
    pub follows: Option<TicketNumber>,
    /// Makes the form count once.
    pub nonce: Option<Nonce>,
    /// Whether it may say the same as the author's newest ticket, if that is open. Asked about for forms only: without a nonce it may.
    pub repeated: Repeated,
}

/// A reply or an answer, as it was typed.
#[derive(Debug, Clone, Default)]
pub struct NewMessage {
    /// The text.
    pub body: String,
    /// Files that were attached before.
    pub attachments: Vec<Upload>,
    /// Files that were refused when they were attached. The message is then refused too, with all its problems at once.
    pub refused: Vec<FieldError>,
    /// The newest message the author had seen. If given, an answer is refused when somebody else wrote since (P-26), and
    /// what somebody else wrote since a reply's stays unread.
    pub seen: Option<MessageNumber>,
    /// Makes the form count once.
    pub nonce: Option<Nonce>,
    /// Whether it may say the same as the newest message, if that is the author's. Asked about for forms only: without a nonce it may.
    pub repeated: Repeated,
}

/// Notes what is wrong with the files of a form.
pub(crate) fn check_attachments(problems: &mut Problems, uploads: &[Upload], refused: Vec<FieldError>, limits: &Limits) {
    problems.extend(refused);
    if uploads.len() > limits.attachments {
        problems.note(Field::Attachments, Problem::TooMany { max: limits.attachments });
    }
}

/// A checked message on its way into a unit.
#[derive(Clone)]
pub(crate) struct Post {
    pub(crate) author: UserId,
    pub(crate) role: Role,
    pub(crate) body: Body,
    pub(crate) uploads: Vec<Upload>,
    pub(crate) nonce: Option<Nonce>,
    pub(crate) repeated: Repeated,
    pub(crate) seen: Option<MessageNumber>,
    pub(crate) now: DateTime<Utc>,
    pub(crate) ids: Arc<dyn Ids>,
}

impl Post {
    /// Checks a reply or an answer.
    pub(crate) fn check(
        new: NewMessage,
        author: UserId,
        role: Role,
        now: DateTime<Utc>,
        parts: &crate::helpdesk::Parts,
    ) -> Result<Self, Error> {
        let mut problems = Problems::default();
        let body = problems.check(Field::Body, Body::parse(&new.body));
        check_attachments(&mut problems, &new.attachments, new.refused, &parts.limits);
        let Some(body) = body else { return Err(problems.into_error()) };
        problems.none()?;
        let nonce = new.nonce.map(|nonce| nonce.of(&author));
        Ok(Self {
            author,
            role,
            body,
            uploads: new.attachments,
            nonce,
            repeated: new.repeated,
            seen: new.seen,
            now,
            ids: parts.ids.clone(),
        })
    }

    /// The message that this very form stored before, if it did (P-25).
    ///
    /// # Errors
    /// [`Refusal::FormUsed`] if the form was sent before with something else in it.
    pub(crate) fn sent_before(&self, unit: &mut dyn Unit, ticket: Option<TicketNumber>) -> Result<Option<Message>, Error> {
        let Some(nonce) = self.nonce else { return Ok(None) };
        let Some(message) = unit.messages().find_by_nonce(nonce)? else { return Ok(None) };
        let same_place = ticket.map_or(message.number == MessageNumber::FIRST, |ticket| ticket == message.ticket);
        let same_text = message.author == self.author && message.body == self.body;
        if same_place && same_text && self.has_files_of(unit, &message)? {
            return Ok(Some(message));
        }
        Err(Refusal::FormUsed.into())
    }

    /// Whether another form may have sent this a moment ago, so that it is worth a look.
    pub(crate) fn may_be_repeated(&self) -> bool {
        self.nonce.is_some() && self.repeated == Repeated::Ask
    }

    /// Refuses what says the same as the message before it, if that is the author's own.
    ///
    /// # Errors
    /// [`Refusal::SameAgain`].
    pub(crate) fn says_something_new(&self, unit: &mut dyn Unit, ticket: &Ticket) -> Result<(), Error> {
        if !self.may_be_repeated() || ticket.last_role != self.role {
            return Ok(());
        }
        self.differs_from(unit, ticket.number, ticket.last_message)
    }

    /// Refuses what says the same as a message of the author's.
    ///
    /// # Errors
    /// [`Refusal::SameAgain`].
    pub(crate) fn differs_from(&self, unit: &mut dyn Unit, ticket: TicketNumber, message: MessageNumber) -> Result<(), Error> {
        let Some(before) = unit.messages().find(ticket, message)? else { return Ok(()) };
        if before.nonce == self.nonce {
            // The same form, sent twice at once, was faster: run again, the unit finds its message.
            return Err(StorageError::Stale.into());
        }
        let same = before.author == self.author && before.body == self.body && self.has_files_of(unit, &before)?;
        if same { Err(Refusal::SameAgain.into()) } else { Ok(()) }
    }

    /// Whether the form carries the same files as the message. Their bytes were sent again, so they are compared by name, length and digest.
    fn has_files_of(&self, unit: &mut dyn Unit, message: &Message) -> Result<bool, Error> {
        let stored = unit.attachments().list(message.ticket)?;
        let mut stored: Vec<_> = stored.iter().filter(|file| file.message == message.number).collect();
        let all_known = self.uploads.iter().all(|upload| {
            let is_same = |file: &&Attachment| {
                let same_bytes = file.digest.is_none_or(|digest| digest == upload.digest);
                file.name == upload.name && file.size == upload.size && same_bytes
            };
            stored.iter().position(is_same).map(|at| stored.swap_remove(at)).is_some()
        });
        Ok(all_known && stored.is_empty())
    }

    /// Stores the message with its files as the given message of the ticket. Its author has read it.
    pub(crate) fn store(&self, unit: &mut dyn Unit, ticket: TicketNumber, number: MessageNumber) -> Result<Message, Error> {
        let message = Message {
            ticket,
            number,
            author: self.author.clone(),
            role: self.role,
            body: self.body.clone(),
            written_at: self.now,
            nonce: self.nonce,
        };
        match unit.messages().insert(&message) {
            // The same form, sent twice at once, was faster: run again, the unit finds its message.
            Err(StorageError::Duplicate) => return Err(StorageError::Stale.into()),
            stored => stored?,
        }
        mark_written(unit, &message, self.seen)?;
        if self.uploads.is_empty() {
            return Ok(message);
        }
        let mut attachments = Vec::with_capacity(self.uploads.len());
        for upload in &self.uploads {
            if !unit.orphans().adopt(&upload.key, self.now)? {
                let mut problems = Problems::default();
                problems.note(Field::Attachment(upload.name.as_str().to_owned()), Problem::Expired);
                return Err(problems.into_error());
            }
            attachments.push(Attachment {
                id: AttachmentId(self.ids.next()),
                ticket,
                message: number,
                name: upload.name.clone(),
                media_type: upload.media_type,
                size: upload.size,
                key: upload.key.clone(),
                digest: Some(upload.digest),
            });
        }
        unit.attachments().insert(&attachments)?;
        Ok(message)
    }
}

/// Adds the line about the ticket's newest change to its history.
pub(crate) fn remember(
    unit: &mut dyn Unit,
    ticket: &Ticket,
    by: &UserId,
    at: DateTime<Utc>,
    change: Change,
) -> Result<(), Error> {
    let entry = HistoryEntry { ticket: ticket.number, version: ticket.version, at, by: by.clone(), change };
    Ok(unit.histories().insert(&entry)?)
}

/// Puts one letter for each recipient into the outbox.
pub(crate) fn tell<'a>(
    unit: &mut dyn Unit,
    ids: &dyn Ids,
    notice: Notice,
    message: &Message,
    recipients: impl IntoIterator<Item = &'a UserId>,
) -> Result<(), Error> {
    let letter = |recipient: &UserId| OutboxEntry {
        id: LetterId(ids.next()),
        notice,
        ticket: message.ticket,
        message: message.number,
        recipient: recipient.clone(),
        created_at: message.written_at,
        attempts: 0,
        claims: 0,
        state: LetterState::Waiting { not_before: message.written_at, problem: None },
    };
    let letters: Vec<_> = recipients.into_iter().map(letter).collect();
    if letters.is_empty() {
        return Ok(());
    }
    Ok(unit.outbox().insert(&letters)?)
}
