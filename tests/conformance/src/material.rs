//! Test data and helpers of the cases.

use std::sync::mpsc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use muticket_core::blob::{BlobKey, Digest};
use muticket_core::figures::FirstAnswer;
use muticket_core::history::{Change, HistoryEntry};
use muticket_core::id::{
    AttachmentId, CategoryId, IncomingId, LabelId, LetterId, MessageNumber, Nonce, NoteFileId, NoteNumber, SavedAnswerId,
    SavedViewId, TicketNumber, UserId,
};
use muticket_core::incoming::{Envelope, Incoming};
use muticket_core::label::{Label, LabelColour, LabelName};
use muticket_core::language::Language;
use muticket_core::mailbox::{MailboxPlace, MailboxState};
use muticket_core::note::{Note, NoteFile};
use muticket_core::notification::{LetterState, Notification, OutboxEntry};
use muticket_core::open_page::OpenPage;
use muticket_core::rating::{Rating, Score};
use muticket_core::saved_answer::{Actions, SavedAnswer};
use muticket_core::saved_view::{SavedView, ViewFilter, ViewName};
use muticket_core::sender::AssignedSender;
use muticket_core::storage::{StorageError, StorageFault, Unit};
use muticket_core::ticket::{Attachment, Body, FileName, MediaType, Message, Priority, Role, Subject, Ticket, UnnumberedTicket};
use uuid::Uuid;

use crate::Shared;

/// Writes, and expects it to succeed.
pub(crate) async fn write<T, F>(storage: &Shared, work: F) -> T
where
    T: Send + 'static,
    F: FnMut(&mut dyn Unit) -> Result<T, StorageError> + Send + 'static,
{
    storage.run_write(work).await.unwrap()
}

/// Reads, and expects it to succeed.
pub(crate) async fn read<T, F>(storage: &Shared, work: F) -> T
where
    T: Send + 'static,
    F: FnMut(&mut dyn Unit) -> Result<T, StorageError> + Send + 'static,
{
    storage.run_read(work).await.unwrap()
}

/// How long the first of two units waits for the second one before it continues.
const A_WHILE: Duration = Duration::from_millis(300);

/// Runs two units that write at once. The second starts where the first pauses. The first continues when the second has ended, or after a
/// while, because a storage may let the second wait for the first.
pub(crate) async fn overlapping<A, B>(
    storage: &Shared,
    mut first: impl FnMut(&mut dyn Unit, &dyn Fn()) -> Result<A, StorageError> + Send + 'static,
    second: impl FnMut(&mut dyn Unit) -> Result<B, StorageError> + Send + 'static,
) -> (A, B)
where
    A: Send + 'static,
    B: Send + 'static,
{
    let (has_begun, begun) = mpsc::channel();
    let (has_ended, ended) = mpsc::channel::<()>();
    let pause = move || {
        // Nobody receives this when the unit is retried.
        let _ = has_begun.send(());
        let _ = ended.recv_timeout(A_WHILE);
    };
    let inside = storage.clone();
    let first = tokio::spawn(async move { write(&inside, move |unit| first(unit, &pause)).await });
    tokio::task::spawn_blocking(move || begun.recv_timeout(Duration::from_secs(5)).unwrap()).await.unwrap();
    let inside = storage.clone();
    let second = tokio::spawn(async move { write(&inside, second).await }).await.unwrap();
    drop(has_ended);
    (first.await.unwrap(), second)
}

/// An error that a retry does not help.
pub(crate) fn other_error() -> StorageError {
    StorageError::fault(StorageFault::Other, "on purpose")
}

/// An instant, as seconds after a fixed one.
pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::seconds(seconds)
}

pub(crate) fn place(number: u32) -> MessageNumber {
    MessageNumber::new(number).unwrap()
}

/// Returns the value with a change.
pub(crate) fn with<T>(mut value: T, change: impl FnOnce(&mut T)) -> T {
    change(&mut value);
    value
}

pub(crate) fn new_ticket(customer: &str) -> UnnumberedTicket {
    UnnumberedTicket::new(UserId::new(customer), Subject::parse("The printer is silent").unwrap(), at(0))
}

pub(crate) fn new_ticket_of(category: &str) -> UnnumberedTicket {
    with(new_ticket("anna"), |new| new.category = Some(CategoryId::new(category)))
}

/// Stores a ticket.
pub(crate) async fn stored(storage: &Shared, ticket: UnnumberedTicket) -> Ticket {
    write(storage, move |unit| unit.tickets().insert(&ticket)).await
}

/// Stores a ticket with its first message.
pub(crate) async fn opened(storage: &Shared) -> Ticket {
    write(storage, |unit| {
        let ticket = unit.tickets().insert(&new_ticket("anna"))?;
        unit.messages().insert(&message(ticket.number, 1))?;
        Ok(ticket)
    })
    .await
}

pub(crate) fn message(ticket: TicketNumber, number: u32) -> Message {
    let (anna, body) = (UserId::new("anna"), Body::parse("It prints nothing.").unwrap());
    Message::new(ticket, place(number), (anna, Role::Customer), body, at(0))
}

pub(crate) fn answer(ticket: TicketNumber, number: u32, author: &str) -> Message {
    with(message(ticket, number), |message| {
        message.author = UserId::new(author);
        message.role = Role::Supporter;
    })
}

pub(crate) fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(crate) fn nonce(number: u128) -> Nonce {
    Nonce(uuid(number))
}

pub(crate) fn key(number: u128) -> BlobKey {
    BlobKey::from_stored(&format!("{number:032x}")).unwrap()
}

pub(crate) fn attachment(ticket: TicketNumber, message: u32, number: u128) -> Attachment {
    let (id, name) = (AttachmentId(uuid(number)), FileName::clean("Ä photo (1).png"));
    with(Attachment::new(id, (ticket, place(message)), name, key(number)), |file| {
        file.media_type = MediaType::Png;
        file.size = 12_345;
        file.digest = Some(Digest::of(&number.to_be_bytes()));
    })
}

pub(crate) fn rating(ticket: TicketNumber, message: u32, stars: u8, rated_at: DateTime<Utc>) -> Rating {
    Rating { ticket, message: place(message), score: Score::new(stars).unwrap(), rated_at }
}

/// Sara's first answer on a ticket, after this many seconds.
pub(crate) fn first(ticket: TicketNumber, message: u32, seconds: u64) -> FirstAnswer {
    FirstAnswer { ticket, message: place(message), author: UserId::new("sara"), answered_at: at(0), seconds }
}

pub(crate) fn entry(ticket: TicketNumber, version: u32, change: Change) -> HistoryEntry {
    HistoryEntry { ticket, version, at: at(version.into()), by: UserId::new("sara"), change }
}

/// Sara's note behind a message.
pub(crate) fn note(ticket: TicketNumber, number: u32, after: u32) -> Note {
    let place = (ticket, NoteNumber::new(number).unwrap());
    let body = Body::parse("The customer is angry.").unwrap();
    with(Note::new(place, self::place(after), UserId::new("sara"), body, at(number.into())), |note| {
        note.mentions = vec![UserId::new("tom"), UserId::new("uwe")];
    })
}

/// A file of a note. Files of notes and files of messages that have the same number have different keys.
pub(crate) fn note_file(ticket: TicketNumber, note: u32, number: u128) -> NoteFile {
    let (place, name) = ((ticket, NoteNumber::new(note).unwrap()), FileName::clean("Ä photo (2).png"));
    let bytes = (key(1_000_000 + number), Digest::of(&number.to_be_bytes()));
    with(NoteFile::new(NoteFileId(uuid(number)), place, name, bytes), |file| {
        file.media_type = MediaType::Png;
        file.size = 54_321;
    })
}

/// A page of the ticket that the supporter has open and in which they do not write.
pub(crate) fn open_page(ticket: TicketNumber, user: &str, seconds: i64) -> OpenPage {
    OpenPage { ticket, user: UserId::new(user), writes: false, seen_at: at(seconds) }
}

pub(crate) fn label(number: u128, name: &str) -> Label {
    Label { id: LabelId(uuid(number)), name: label_name(name), colour: LabelColour::Red }
}

pub(crate) fn label_name(name: &str) -> LabelName {
    LabelName::from_stored(name.to_owned()).unwrap()
}

pub(crate) fn saved_id(number: u128) -> SavedAnswerId {
    SavedAnswerId(uuid(number))
}

/// A shared saved answer.
pub(crate) fn saved(number: u128) -> SavedAnswer {
    let text = |language, text: &str| (language, Body::parse(text).unwrap());
    SavedAnswer {
        id: saved_id(number),
        owner: None,
        title: "Hello".to_owned(),
        texts: vec![text(Language::german(), "Guten Tag {{customer}},"), text(Language::english(), "Hello {{customer}},")],
        categories: [CategoryId::new("b")].into(),
        actions: Actions { priority: Some(Priority::High), ..Actions::default() },
    }
}

pub(crate) fn view_id(number: u128) -> SavedViewId {
    SavedViewId(uuid(number))
}

/// A shared saved view.
pub(crate) fn saved_view(number: u128) -> SavedView {
    let filter = ViewFilter { priority: Some(Priority::High), ..ViewFilter::default() };
    SavedView { id: view_id(number), owner: None, name: ViewName::parse("Urgent").unwrap(), filter }
}

pub(crate) fn assigned(address: &str, user: &str, seconds: i64) -> AssignedSender {
    AssignedSender { address: address.to_owned(), user: UserId::new(user), assigned_at: at(seconds) }
}

pub(crate) fn incoming_id(number: u128) -> IncomingId {
    IncomingId(uuid(number))
}

/// A letter that came in and is due at the instant.
pub(crate) fn incoming(number: u128, due: DateTime<Utc>) -> Incoming {
    let blob = (key(2_000_000 + number), 4_321, Digest::of(&number.to_be_bytes()));
    Incoming::new(incoming_id(number), blob, Envelope { from: None, to: "support@example.org".to_owned() }, due, due)
}

/// A letter that is due at the instant.
pub(crate) fn letter(ticket: TicketNumber, number: u128, due: DateTime<Utc>) -> OutboxEntry {
    let (id, place) = (LetterId(uuid(number)), (ticket, MessageNumber::FIRST));
    let letter = OutboxEntry::new(id, Notification::SupporterAnswered, place, &UserId::new("anna"), at(0));
    OutboxEntry { state: LetterState::Waiting { not_before: due, problem: None }, ..letter }
}

/// A mailbox that was read up to this number.
pub(crate) fn mailbox(name: &str, next_uid: u32) -> MailboxState {
    let place = Some(MailboxPlace { uid_validity: 7, next_uid });
    MailboxState { place, checked_at: Some(at(1)), ..MailboxState::new(name) }
}
