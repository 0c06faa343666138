//! A ticket with everything that belongs to one, for tests that count rows or damage them.

use chrono::{DateTime, Utc};
use muticket_core::blob::{BlobKey, Digest};
use muticket_core::figures::FirstAnswer;
use muticket_core::history::{Change, HistoryEntry};
use muticket_core::id::{AttachmentId, CategoryId, LetterId, MessageNumber, NoteFileId, NoteNumber, TicketNumber, UserId};
use muticket_core::note::{Note, NoteFile};
use muticket_core::notification::{Notification, OutboxEntry};
use muticket_core::rating::{Rating, Score};
use muticket_core::storage::{StorageError, Unit};
use muticket_core::ticket::{Attachment, Body, FileName, Message, Role, Subject, UnnumberedTicket};
use uuid::Uuid;

/// When everything happened.
pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

/// Anna opens a ticket. Stores the ticket and its first message.
pub(crate) fn opened(unit: &mut dyn Unit) -> Result<TicketNumber, StorageError> {
    let mut new = UnnumberedTicket::new(UserId::new("anna"), Subject::parse("The printer is silent").unwrap(), now());
    new.category = Some(CategoryId::new("hardware"));
    let ticket = unit.tickets().insert(&new)?.number;
    unit.messages().insert(&message(ticket, MessageNumber::FIRST, "anna", Role::Customer))?;
    Ok(ticket)
}

/// The keys of the files of notes are those of the files of messages, plus this.
pub(crate) const NOTE_FILES: u128 = 1000;

/// Anna opens a ticket, and Sara answers with a file, and writes a note with a file. The answer is rated, read, and announced in a letter.
/// Letter and files have the number of the ticket.
pub(crate) fn answered(unit: &mut dyn Unit) -> Result<(), StorageError> {
    let ticket = opened(unit)?;
    let (id, answer, sara) = (ticket.get().unsigned_abs().into(), MessageNumber::new(2).unwrap(), UserId::new("sara"));
    unit.messages().insert(&message(ticket, answer, "sara", Role::Supporter))?;
    let name = FileName::clean("printer.png");
    unit.attachments().insert(&[Attachment::new(AttachmentId(Uuid::from_u128(id)), (ticket, answer), name, key(id))])?;
    unit.ratings().insert(&Rating { ticket, message: answer, score: Score::new(4).unwrap(), rated_at: now() })?;
    unit.first_answers().insert(&FirstAnswer {
        ticket,
        message: answer,
        author: sara.clone(),
        answered_at: now(),
        seconds: 60,
    })?;
    unit.notes().insert(&Note::new((ticket, NoteNumber::FIRST), answer, sara.clone(), message_body(), now()))?;
    let (place, name) = ((ticket, NoteNumber::FIRST), FileName::clean("invoice.pdf"));
    let bytes = (key(NOTE_FILES + id), Digest::of(b""));
    unit.notes().insert_files(&[NoteFile::new(NoteFileId(Uuid::from_u128(id)), place, name, bytes)])?;
    let change = Change::Answered(answer);
    unit.histories().insert(&HistoryEntry { ticket, version: 1, at: now(), by: sara.clone(), change })?;
    unit.marks().mark(&sara, ticket, answer)?;
    unit.outbox().insert(&[OutboxEntry { notification: Notification::SupporterAnswered, ..letter(id, ticket, answer, "anna") }])
}

/// A letter that waits.
pub(crate) fn letter(id: u128, ticket: TicketNumber, message: MessageNumber, recipient: &str) -> OutboxEntry {
    let (id, recipient) = (LetterId(Uuid::from_u128(id)), UserId::new(recipient));
    OutboxEntry::new(id, Notification::TicketOpened, (ticket, message), &recipient, now())
}

/// The key of a file.
pub(crate) fn key(number: u128) -> BlobKey {
    BlobKey::from_stored(&format!("{number:032x}")).unwrap()
}

fn message(ticket: TicketNumber, number: MessageNumber, author: &str, role: Role) -> Message {
    Message::new(ticket, number, (UserId::new(author), role), message_body(), now())
}

fn message_body() -> Body {
    Body::parse(&"It prints nothing, whatever I do. ".repeat(10)).unwrap()
}
