//! A unit that reads writes nothing, even where no database would refuse it: on a host's connection, and inside its transaction.

use std::time::Duration;

use chrono::DateTime;
use muticket_core::blob::BlobKey;
use muticket_core::history::{Change, HistoryEntry};
use muticket_core::id::{AttachmentId, CategoryId, LetterId, SupporterId};
use muticket_core::notification::{About, LetterState, Notification, OutboxEntry};
use muticket_core::rating::{Rating, Score};
use muticket_core::storage::{Pulse, Storage, StorageError, StorageFault, StoredCategory, Unit};
use muticket_core::supporter::Supporter;
use muticket_core::ticket::{Attachment, Body, FileName, Message, Role, Ticket};
use muticket_core::{Category, MessageNumber, Settings, UserId};
use uuid::Uuid;

use crate::host::site::{Site, insert_ticket};

type Write = fn(&mut dyn Unit, &Ticket) -> Result<(), StorageError>;

/// Every method of the storage that writes.
const WRITES: &[(&str, Write)] = &[
    ("tickets insert", |unit, _| insert_ticket(unit).map(drop)),
    ("tickets update", |unit, ticket| {
        let mut changed = ticket.clone();
        changed.version += 1;
        unit.tickets().update(&changed)
    }),
    ("tickets delete", |unit, ticket| unit.tickets().delete(ticket.number).map(drop)),
    ("messages insert", |unit, ticket| unit.messages().insert(&message(ticket, 2))),
    ("attachments insert", |unit, ticket| unit.attachments().insert(&[attachment(ticket)])),
    ("ratings insert", |unit, ticket| unit.ratings().insert(&rating(ticket))),
    ("ratings update", |unit, ticket| unit.ratings().update(&rating(ticket)).map(drop)),
    ("histories insert", |unit, ticket| unit.histories().insert(&entry(ticket))),
    ("supporters insert", |unit, _| unit.supporters().insert(&supporter())),
    ("supporters update", |unit, _| unit.supporters().update(&supporter()).map(drop)),
    ("supporters delete", |unit, _| unit.supporters().delete(supporter().id).map(drop)),
    ("settings update", |unit, _| unit.settings().update(&Settings::default())),
    ("categories insert", |unit, _| unit.categories().insert(&category())),
    ("categories update", |unit, _| unit.categories().update(&category()).map(drop)),
    ("outbox insert", |unit, ticket| unit.outbox().insert(&[letter(ticket, 1)])),
    ("outbox insert many", |unit, ticket| unit.outbox().insert(&[1, 2, 3, 4, 5].map(|number| letter(ticket, number)))),
    ("outbox claim", |unit, _| unit.outbox().claim(DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH, 5).map(drop)),
    ("outbox settle", |unit, _| {
        unit.outbox().settle(LetterId(Uuid::nil()), 1, &LetterState::Sent { at: DateTime::UNIX_EPOCH }).map(drop)
    }),
    ("outbox retry", |unit, _| unit.outbox().retry(LetterId(Uuid::nil()), DateTime::UNIX_EPOCH).map(drop)),
    ("outbox put_back", |unit, _| {
        let waiting = LetterState::Waiting { not_before: DateTime::UNIX_EPOCH, problem: None };
        unit.outbox().put_back(LetterId(Uuid::nil()), 1, &waiting).map(drop)
    }),
    ("outbox hold", |unit, _| unit.outbox().hold().map(drop)),
    ("outbox end_hold", |unit, _| unit.outbox().end_hold(&LetterState::Sent { at: DateTime::UNIX_EPOCH }).map(drop)),
    ("outbox set_pulse", |unit, _| unit.outbox().set_pulse(&Pulse { beat: 1, at: DateTime::UNIX_EPOCH, stopped: false })),
    ("outbox delete_ended", |unit, _| unit.outbox().delete_ended(DateTime::UNIX_EPOCH).map(drop)),
    ("orphans insert", |unit, _| unit.orphans().insert(&[key()], DateTime::UNIX_EPOCH)),
    ("orphans adopt", |unit, _| unit.orphans().adopt(&key(), DateTime::UNIX_EPOCH).map(drop)),
    ("orphans delete", |unit, _| unit.orphans().delete(&[key()])),
    ("secrets insert", |unit, _| unit.secrets().insert("csrf", &[1; 32])),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_unit_cannot_write_on_a_hosts_connection() {
    for site in Site::all().await {
        refuses_every_write(&site).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_unit_cannot_write_inside_of_the_hosts_transaction() {
    for site in Site::all().await {
        site.conn.begin().await;
        refuses_every_write(&site).await;
        site.conn.commit().await.unwrap();
    }
}

async fn refuses_every_write(site: &Site) {
    let storage = site.storage();
    let storage: &dyn Storage = &storage;
    let opened = storage.run_write(|unit| {
        let ticket = insert_ticket(unit)?;
        unit.messages().insert(&message(&ticket, 1))?;
        Ok::<_, StorageError>(ticket)
    });
    let ticket = opened.await.unwrap();
    for (name, write) in WRITES {
        let ticket = ticket.clone();
        let refused: Result<(), StorageError> = storage.run_read(move |unit| write(unit, &ticket)).await;
        let refused = refused.expect_err(name);
        assert!(matches!(refused, StorageError::Failed { kind: StorageFault::NotWritable, .. }), "{name}: {refused:?}");
    }
    let swallowed = storage.run_read(|unit| {
        drop(unit.secrets().insert("csrf", &[1; 32]));
        Ok::<_, StorageError>(())
    });
    assert!(swallowed.await.is_err(), "nobody believes that it was written");
    let secret = storage.run_read::<_, StorageError, _>(|unit| unit.secrets().find("csrf"));
    assert_eq!(secret.await.unwrap(), None);
}

fn message(ticket: &Ticket, number: u32) -> Message {
    let (number, body) = (MessageNumber::new(number).unwrap(), Body::parse("It is on its way.").unwrap());
    Message::new(ticket.number, number, (UserId::new("sara"), Role::Supporter), body, DateTime::UNIX_EPOCH)
}

fn key() -> BlobKey {
    BlobKey::from_stored(&"0".repeat(32)).unwrap()
}

fn attachment(ticket: &Ticket) -> Attachment {
    Attachment::new(AttachmentId(Uuid::nil()), (ticket.number, MessageNumber::FIRST), FileName::clean("photo.png"), key())
}

fn rating(ticket: &Ticket) -> Rating {
    let message = MessageNumber::FIRST;
    Rating { ticket: ticket.number, message, score: Score::new(5).unwrap(), rated_at: DateTime::UNIX_EPOCH }
}

fn entry(ticket: &Ticket) -> HistoryEntry {
    let (at, by) = (DateTime::UNIX_EPOCH, UserId::new("anna"));
    HistoryEntry { ticket: ticket.number, version: 1, at, by, change: Change::Opened }
}

fn supporter() -> Supporter {
    Supporter { id: SupporterId(Uuid::nil()), user: UserId::new("sara"), present: true, categories: [].into() }
}

fn category() -> StoredCategory {
    StoredCategory { category: Category { id: CategoryId::new("devices"), names: Vec::new() }, retired: false }
}

fn letter(ticket: &Ticket, number: u128) -> OutboxEntry {
    OutboxEntry {
        id: LetterId(Uuid::from_u128(number)),
        notification: Notification::TicketOpened,
        ticket: Some(ticket.number),
        message: Some(MessageNumber::FIRST),
        about: About::Message,
        recipient: UserId::new("sara"),
        created_at: DateTime::UNIX_EPOCH,
        attempts: 0,
        claims: 0,
        state: LetterState::Waiting { not_before: DateTime::UNIX_EPOCH + Duration::from_secs(1), problem: None },
    }
}
