//! Storages and mailers that fail on command.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use muticket_core::id::{MessageNumber, Nonce, TicketNumber};
use muticket_core::mail::{Letter, Mailer, MemoryMailer, MessageId, SendError};
use muticket_core::storage::{
    Attachments, Categories, Damages, FirstAnswers, Histories, Marks, MemoryStorage, Messages, Orphans, Outbox, Overviews,
    Ratings, Secrets, SettingsStore, SiteAddresses, Storage, StorageError, StorageFault, Supporters, Tickets, Unit, Work,
};
use muticket_core::ticket::Message;

use crate::support::world::Hand;

/// A storage that can refuse all writes, and can have one message that cannot be read.
#[derive(Default)]
pub(crate) struct FaultyStorage {
    inside: MemoryStorage,
    pub(crate) refuses_writes: AtomicBool,
    pub(crate) unreadable_ticket: AtomicU32,
}

#[async_trait]
impl Storage for FaultyStorage {
    async fn write(&self, work: Work) -> Result<(), StorageError> {
        if self.refuses_writes.load(Ordering::SeqCst) {
            return Err(StorageError::fault(StorageFault::NotWritable, "the disk is full"));
        }
        self.inside.write(work).await
    }

    async fn read(&self, mut work: Work) -> Result<(), StorageError> {
        let unreadable = TicketNumber::new(i64::from(self.unreadable_ticket.load(Ordering::SeqCst)));
        self.inside.read(Box::new(move |unit| work(&mut FaultyUnit { unit, unreadable }))).await
    }
}

struct FaultyUnit<'a> {
    unit: &'a mut dyn Unit,
    unreadable: Option<TicketNumber>,
}

macro_rules! passed_on {
    ($($name:ident: $concept:ident),+) => {$(
        fn $name(&mut self) -> &mut dyn $concept {
            self.unit.$name()
        }
    )+};
}

impl Unit for FaultyUnit<'_> {
    passed_on!(tickets: Tickets, attachments: Attachments, ratings: Ratings, histories: Histories, overviews: Overviews);
    passed_on!(supporters: Supporters, settings: SettingsStore, categories: Categories, outbox: Outbox, orphans: Orphans);
    passed_on!(secrets: Secrets, marks: Marks, first_answers: FirstAnswers, damages: Damages);
    passed_on!(site_address: SiteAddresses);

    fn messages(&mut self) -> &mut dyn Messages {
        self
    }
}

impl Messages for FaultyUnit<'_> {
    fn insert(&mut self, message: &Message) -> Result<(), StorageError> {
        self.unit.messages().insert(message)
    }

    fn find(&mut self, ticket: TicketNumber, number: MessageNumber) -> Result<Option<Message>, StorageError> {
        if self.unreadable == Some(ticket) {
            return Err(StorageError::Corrupt { table: "message", column: "body", value: "\0".to_owned() });
        }
        self.unit.messages().find(ticket, number)
    }

    fn find_by_nonce(&mut self, nonce: Nonce) -> Result<Option<Message>, StorageError> {
        self.unit.messages().find_by_nonce(nonce)
    }

    fn list(&mut self, ticket: TicketNumber, after: Option<MessageNumber>, limit: u32) -> Result<Vec<Message>, StorageError> {
        self.unit.messages().list(ticket, after, limit)
    }
}

/// A mailer that accepts letters, yields to other tasks, and runs `meanwhile` each time.
pub(crate) struct BusyMailer<F> {
    pub(crate) inside: MemoryMailer,
    pub(crate) meanwhile: F,
}

impl<F: Fn() + Send + Sync + 'static> BusyMailer<F> {
    pub(crate) fn new(meanwhile: F) -> Arc<Self> {
        Arc::new(Self { inside: MemoryMailer::default(), meanwhile })
    }
}

#[async_trait]
impl<F: Fn() + Send + Sync + 'static> Mailer for BusyMailer<F> {
    async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        tokio::task::yield_now().await;
        (self.meanwhile)();
        self.inside.send(letter).await
    }
}

/// A mailer that refuses the first letter and records the message ids of all.
#[derive(Default)]
pub(crate) struct RefusingOnce {
    pub(crate) names: Mutex<Vec<MessageId>>,
}

#[async_trait]
impl Mailer for RefusingOnce {
    async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        let mut names = self.names.lock().unwrap();
        names.push(letter.message_id.clone());
        if names.len() == 1 { Err(SendError::Permanent { reason: "550 no".to_owned() }) } else { Ok(()) }
    }
}

/// A mailer whose server is down. Counts the tries.
#[derive(Default)]
pub(crate) struct AwayMailer {
    pub(crate) knocks: AtomicU32,
}

#[async_trait]
impl Mailer for AwayMailer {
    async fn send(&self, _letter: &Letter) -> Result<(), SendError> {
        self.knocks.fetch_add(1, Ordering::SeqCst);
        Err(SendError::Passing { reason: "nobody there".to_owned(), server_down: true })
    }
}

/// Makes each sending take this long.
pub(crate) fn takes(clock: &Arc<Hand>, time: TimeDelta) -> impl Fn() + Send + Sync + 'static {
    let clock = clock.clone();
    move || clock.turn(time)
}
