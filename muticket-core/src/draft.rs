//! What a form sends, and how it is stored. Shared by opening, replying and answering.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::error::{Error, Problems};
use crate::id::{AttachmentId, CategoryId, Ids, LetterId, MessageNumber, Nonce, SavedAnswerId, TicketNumber, UserId};
use crate::note::Note;
use crate::notification::{About, Notification, OutboxEntry};
use crate::parts::{Limits, Parts};
use crate::problem::{Field, FieldError, Problem};
use crate::refusal::Refusal;
use crate::saved_answer::Actions;
use crate::storage::{StorageError, Unit};
use crate::ticket::{Attachment, Body, Message, Role, Ticket};
use crate::unread::mark_written;
use crate::upload::{Upload, adopt};

/// What to do with a form that repeats its author's last message, as after the browser's *Back*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Repeated {
    /// Refuse it as [`Refusal::SameAgain`], so that the page can ask.
    #[default]
    Ask,
    /// Accept it: the author was asked and confirmed.
    Send,
}

/// What happens to the ticket when an answer is sent (T-10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum AfterAnswer {
    /// It stays open.
    #[default]
    KeepOpen,
    /// It is closed in the same unit as the answer.
    Close,
}

/// A new ticket as the customer typed it.
#[derive(Debug, Clone, Default)]
pub struct NewTicket {
    /// The subject.
    pub subject: String,
    /// The first message.
    pub body: String,
    /// The category; required if categories are active (D-08).
    pub category: Option<CategoryId>,
    /// The word of the priority that the customer chose; empty for the normal one. It is ignored unless the settings let
    /// customers choose (T-05).
    pub priority: String,
    /// Files uploaded earlier with [`attach`](crate::portal::Portal::attach).
    pub attachments: Vec<Upload>,
    /// Files that were refused when they were uploaded. The ticket is then refused too, with these and all its other
    /// problems at once.
    pub refused: Vec<FieldError>,
    /// The closed ticket that this one continues (D-02).
    pub follows: Option<TicketNumber>,
    /// The form's nonce: a form that is sent twice is stored once.
    pub nonce: Option<Nonce>,
    /// Whether the ticket may repeat the author's newest ticket if that is open. Checked only for forms: without a nonce it
    /// may.
    pub repeated: Repeated,
}

/// A reply or an answer as its author typed it.
#[derive(Debug, Clone, Default)]
pub struct NewMessage {
    /// The text.
    pub body: String,
    /// Files uploaded earlier.
    pub attachments: Vec<Upload>,
    /// Files that were refused when they were uploaded. The message is then refused too, with all its problems at once.
    pub refused: Vec<FieldError>,
    /// The newest message the author has seen. If given, an answer is refused when someone else wrote later (P-26). After a
    /// reply, later messages of others stay unread.
    pub seen: Option<MessageNumber>,
    /// The form's nonce: a form that is sent twice is stored once.
    pub nonce: Option<Nonce>,
    /// Whether the message may repeat the newest message if that is the author's. Checked only for forms: without a nonce it
    /// may.
    pub repeated: Repeated,
    /// What happens to the ticket afterwards. Without effect on a customer's reply.
    pub then: AfterAnswer,
    /// The saved answers in the text, whose uses are counted (T-08). Without effect in a reply, and if one no longer exists.
    pub saved: Vec<SavedAnswerId>,
    /// What happens to the ticket together with the answer (T-09). Without effect in a reply.
    pub actions: Actions,
}

/// Notes the problems with the files of a form.
pub(crate) fn check_attachments(problems: &mut Problems, uploads: &[Upload], refused: Vec<FieldError>, limits: &Limits) {
    problems.extend(refused);
    if uploads.len() > limits.attachments {
        problems.note(Field::Attachments, Problem::TooMany { max: limits.attachments });
    }
}

/// A checked message that is ready to be stored.
#[derive(Clone)]
pub(crate) struct CheckedMessage {
    pub(crate) author: UserId,
    pub(crate) body: Body,
    pub(crate) uploads: Vec<Upload>,
    pub(crate) nonce: Option<Nonce>,
    pub(crate) repeated: Repeated,
    pub(crate) then: AfterAnswer,
    pub(crate) seen: Option<MessageNumber>,
    pub(crate) saved: Vec<SavedAnswerId>,
    pub(crate) actions: Actions,
    pub(crate) now: DateTime<Utc>,
    pub(crate) ids: Arc<dyn Ids>,
}

impl CheckedMessage {
    /// Checks a reply or an answer.
    fn check(new: NewMessage, author: &UserId, parts: &Parts) -> Result<Self, Error> {
        let mut problems = Problems::default();
        let body = problems.check(Field::Body, Body::parse(&new.body));
        check_attachments(&mut problems, &new.attachments, new.refused, &parts.limits);
        let Some(body) = body else { return Err(problems.into_error()) };
        problems.none()?;
        Ok(Self {
            author: author.clone(),
            body,
            uploads: new.attachments,
            nonce: new.nonce.map(|nonce| nonce.of(author)),
            repeated: new.repeated,
            then: new.then,
            seen: new.seen,
            saved: new.saved,
            actions: new.actions,
            now: parts.now(),
            ids: parts.ids.clone(),
        })
    }

    /// Checks a reply or an answer. If it is invalid, `may` checks access first: people who may not write here must not be
    /// asked to correct their text.
    pub(crate) async fn check_for<T: Send + 'static>(
        new: NewMessage,
        author: &UserId,
        parts: &Parts,
        mut may: impl FnMut(&mut dyn Unit) -> Result<T, Error> + Send + 'static,
    ) -> Result<Self, Error> {
        match Self::check(new, author, parts) {
            Ok(message) => Ok(message),
            Err(invalid) => {
                parts.storage.run_read(move |unit| may(unit)).await?;
                Err(invalid)
            }
        }
    }

    /// Finds the message that this form has already stored, if it has (P-25).
    ///
    /// # Errors
    /// [`Refusal::FormUsed`] if the form was sent before with other content.
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

    /// Whether a repeated message must be refused.
    pub(crate) fn may_be_repeated(&self) -> bool {
        self.nonce.is_some() && self.repeated == Repeated::Ask
    }

    /// Refuses a message that repeats the previous one, if that is the author's own.
    ///
    /// # Errors
    /// [`Refusal::SameAgain`].
    pub(crate) fn says_something_new(&self, unit: &mut dyn Unit, ticket: &Ticket, role: Role) -> Result<(), Error> {
        if !self.may_be_repeated() || ticket.last_role != role {
            return Ok(());
        }
        self.differs_from(unit, ticket.number, ticket.last_message)
    }

    /// Refuses a message that repeats the given one, if that is the author's own.
    ///
    /// # Errors
    /// [`Refusal::SameAgain`].
    pub(crate) fn differs_from(&self, unit: &mut dyn Unit, ticket: TicketNumber, message: MessageNumber) -> Result<(), Error> {
        let Some(before) = unit.messages().find(ticket, message)? else { return Ok(()) };
        if before.nonce == self.nonce {
            // The same form was sent twice at once, and the other request won. The retried unit finds its message.
            return Err(StorageError::Stale.into());
        }
        let same = before.author == self.author && before.body == self.body && self.has_files_of(unit, &before)?;
        if same { Err(Refusal::SameAgain.into()) } else { Ok(()) }
    }

    /// Whether the form has the same files as the message. They were uploaded again, so they are compared by name, length
    /// and digest.
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

    /// Stores the message with its files under the given number, and marks it as read by its author.
    pub(crate) fn store(
        &self,
        unit: &mut dyn Unit,
        ticket: TicketNumber,
        number: MessageNumber,
        role: Role,
    ) -> Result<Message, Error> {
        let message = Message {
            ticket,
            number,
            author: self.author.clone(),
            role,
            body: self.body.clone(),
            written_at: self.now,
            nonce: self.nonce,
        };
        match unit.messages().insert(&message) {
            // The same form was sent twice at once, and the other request won. The retried unit finds its message.
            Err(StorageError::Duplicate) => return Err(StorageError::Stale.into()),
            stored => stored?,
        }
        mark_written(unit, &message, self.seen)?;
        if self.uploads.is_empty() {
            return Ok(message);
        }
        adopt(unit, &self.uploads, self.now)?;
        let attachment = |upload: &Upload| Attachment {
            id: AttachmentId(self.ids.next()),
            ticket,
            message: number,
            name: upload.name.clone(),
            media_type: upload.media_type,
            size: upload.size,
            key: upload.key.clone(),
            digest: Some(upload.digest),
        };
        let attachments: Vec<_> = self.uploads.iter().map(attachment).collect();
        unit.attachments().insert(&attachments)?;
        Ok(message)
    }
}

/// Puts a letter about a message into the outbox for each recipient.
pub(crate) fn tell<'a>(
    unit: &mut dyn Unit,
    ids: &dyn Ids,
    notification: Notification,
    message: &Message,
    recipients: impl IntoIterator<Item = &'a UserId>,
) -> Result<(), Error> {
    post(unit, letters(ids, notification, message, recipients).collect())
}

/// A letter about a message for each recipient.
pub(crate) fn letters<'a>(
    ids: &dyn Ids,
    notification: Notification,
    message: &Message,
    recipients: impl IntoIterator<Item = &'a UserId>,
) -> impl Iterator<Item = OutboxEntry> {
    let (place, at) = ((message.ticket, message.number), message.written_at);
    recipients.into_iter().map(move |recipient| OutboxEntry::new(LetterId(ids.next()), notification, place, recipient, at))
}

/// Puts a letter about the last change of a ticket into the outbox for each recipient.
pub(crate) fn tell_of_change<'a>(
    unit: &mut dyn Unit,
    ids: &dyn Ids,
    notification: Notification,
    ticket: &Ticket,
    now: DateTime<Utc>,
    recipients: impl IntoIterator<Item = &'a UserId>,
) -> Result<(), Error> {
    let place = (ticket.number, ticket.last_message);
    let letter = |recipient: &UserId| OutboxEntry {
        about: About::Change(ticket.version),
        ..OutboxEntry::new(LetterId(ids.next()), notification, place, recipient, now)
    };
    post(unit, recipients.into_iter().map(letter).collect())
}

/// Puts a letter about a note into the outbox for each recipient.
pub(crate) fn tell_of_note<'a>(
    unit: &mut dyn Unit,
    ids: &dyn Ids,
    notification: Notification,
    note: &Note,
    now: DateTime<Utc>,
    recipients: impl IntoIterator<Item = &'a UserId>,
) -> Result<(), Error> {
    let place = (note.ticket, note.after);
    let letter = |recipient: &UserId| OutboxEntry {
        about: About::Note(note.number),
        ..OutboxEntry::new(LetterId(ids.next()), notification, place, recipient, now)
    };
    post(unit, recipients.into_iter().map(letter).collect())
}

/// Puts letters into the outbox.
pub(crate) fn post(unit: &mut dyn Unit, letters: Vec<OutboxEntry>) -> Result<(), Error> {
    if letters.is_empty() {
        return Ok(());
    }
    Ok(unit.outbox().insert(&letters)?)
}
