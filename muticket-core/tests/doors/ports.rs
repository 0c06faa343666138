//! Storages and blobs that fail when a test says so.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use muticket_core::blob::{BlobError, BlobKey, Blobs, ByteSource, Digest, MemoryBlobs};
use muticket_core::figures::{FirstAnswer, Period, WaitTally};
use muticket_core::history::HistoryEntry;
use muticket_core::notice::{LetterState, OutboxEntry};
use muticket_core::rating::{Rating, Tally};
use muticket_core::search::Search;
use muticket_core::site_address::SiteAddress;
use muticket_core::storage::{
    AnsweredTicket, Attachments, Categories, Counts, Damage, Damages, FirstAnswerQuery, FirstAnswers, Histories, KeptCategory,
    Marks, Messages, Orphans, Outbox, OutboxCounts, OverviewQuery, Overviews, Pulse, RatedAnswer, RatedQuery, Ratings, Rollback,
    Scope, Secrets, SettingsStore, SiteAddresses, StorageFault, Supporters, Tickets, Unit, WaitingQuery, Work,
};
use muticket_core::supporter::Supporter;
use muticket_core::ticket::{Attachment, Message, Ticket, UnnumberedTicket};
use muticket_core::{
    AttachmentId, CategoryId, LetterId, MessageNumber, Nonce, Settings, Storage, StorageError, SupporterId, TicketNumber, UserId,
};

/// Blobs in memory whose deleting can be made to fail.
#[derive(Default)]
pub(crate) struct FragileBlobs {
    blobs: MemoryBlobs,
    /// So many calls from now on.
    deleting_fails: AtomicU32,
}

impl FragileBlobs {
    pub(crate) fn count(&self) -> usize {
        self.blobs.count()
    }

    /// The next so many calls to delete a blob fail.
    pub(crate) fn fail_deleting(&self, times: u32) {
        self.deleting_fails.store(times, Ordering::SeqCst);
    }
}

#[async_trait]
impl Blobs for FragileBlobs {
    async fn put(&self, key: &BlobKey, source: &mut dyn ByteSource) -> Result<u64, BlobError> {
        self.blobs.put(key, source).await
    }

    async fn get(&self, key: &BlobKey) -> Result<Option<Box<dyn ByteSource>>, BlobError> {
        self.blobs.get(key).await
    }

    async fn delete(&self, key: &BlobKey) -> Result<(), BlobError> {
        if self.deleting_fails.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
            return Err(BlobError::Store("the disk is read-only".into()));
        }
        self.blobs.delete(key).await
    }
}

/// Runs every closure twice, and keeps nothing of the first run.
pub(crate) struct Twice(pub(crate) Arc<dyn Storage>);

#[async_trait]
impl Storage for Twice {
    async fn write(&self, mut work: Work) -> Result<(), StorageError> {
        let mut first = true;
        let twice = move |unit: &mut dyn Unit| {
            let verdict = work(unit);
            if std::mem::take(&mut first) { Err(Rollback::Failed(StorageError::Stale)) } else { verdict }
        };
        self.0.write(Box::new(twice)).await
    }

    async fn read(&self, mut work: Work) -> Result<(), StorageError> {
        let twice = move |unit: &mut dyn Unit| {
            let _ = work(unit);
            work(unit)
        };
        self.0.read(Box::new(twice)).await
    }
}

/// A host's transaction after a rollback: every unit succeeded, and nothing of it is there.
pub(crate) struct RolledBack(pub(crate) Arc<dyn Storage>);

#[async_trait]
impl Storage for RolledBack {
    async fn write(&self, mut work: Work) -> Result<(), StorageError> {
        self.0.write(Box::new(move |unit| work(unit).and(Err(Rollback::Decided)))).await
    }

    async fn read(&self, work: Work) -> Result<(), StorageError> {
        self.0.read(work).await
    }
}

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// For good.
    Broken,
    /// It lost a race; running the unit again will do.
    Busy,
    /// The value is there already: somebody stored it after this unit had looked.
    Duplicate,
    /// The code of the storage panics.
    Panic,
}

/// Which call fails next. Also counts the end of each unit as a call: its commit.
#[derive(Default)]
pub(crate) struct Plan {
    /// The calls until the fault; 0 for none.
    left: AtomicU32,
    fault: std::sync::Mutex<Option<Fault>>,
    /// If set, only calls of this name count.
    only: std::sync::Mutex<Option<&'static str>>,
}

impl Plan {
    /// The `nth` call from now fails, and only that one.
    pub(crate) fn fail(&self, nth: u32, fault: Fault) {
        *self.fault.lock().unwrap() = Some(fault);
        self.left.store(nth, Ordering::SeqCst);
    }

    /// The next call of this name fails, and only that one.
    pub(crate) fn fail_at(&self, call: &'static str, fault: Fault) {
        *self.only.lock().unwrap() = Some(call);
        self.fail(1, fault);
    }

    /// Nothing fails any more. Says whether the fault had struck.
    pub(crate) fn end(&self) -> bool {
        self.left.swap(0, Ordering::SeqCst) == 0
    }

    fn step(&self, call: &str) -> Result<(), StorageError> {
        if self.only.lock().unwrap().is_some_and(|only| only != call) {
            return Ok(());
        }
        let struck = self.left.load(Ordering::SeqCst) == 1;
        let _ = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        let fault = *self.fault.lock().unwrap();
        match fault.filter(|_| struck) {
            None => Ok(()),
            Some(Fault::Broken) => Err(StorageError::fault(StorageFault::Other, "the cable was pulled")),
            Some(Fault::Busy) => Err(StorageError::Busy("somebody else was faster".into())),
            Some(Fault::Duplicate) => Err(StorageError::Duplicate),
            Some(Fault::Panic) => panic!("the storage panicked, as planned"),
        }
    }
}

/// A storage whose calls fail by a plan.
pub(crate) struct Fragile {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) plan: Arc<Plan>,
}

impl Fragile {
    fn planned(&self, mut work: Work) -> Work {
        let plan = self.plan.clone();
        Box::new(move |unit| {
            work(&mut FragileUnit { unit, plan: &plan })?;
            plan.step("commit").map_err(Rollback::Failed)
        })
    }
}

#[async_trait]
impl Storage for Fragile {
    async fn write(&self, work: Work) -> Result<(), StorageError> {
        self.plan.step("write")?;
        self.storage.write(self.planned(work)).await
    }

    async fn read(&self, work: Work) -> Result<(), StorageError> {
        self.plan.step("read")?;
        self.storage.read(self.planned(work)).await
    }
}

struct FragileUnit<'a> {
    unit: &'a mut dyn Unit,
    plan: &'a Plan,
}

/// Passes every call on, unless the plan says otherwise.
macro_rules! fragile {
    ($($port:ident: $concept:ident { $(fn $call:ident($($arg:ident: $of:ty),*) -> $out:ty;)+ })+) => {
        $(impl $port for FragileUnit<'_> {$(
            fn $call(&mut self, $($arg: $of),*) -> Result<$out, StorageError> {
                self.plan.step(concat!(stringify!($concept), ".", stringify!($call)))?;
                self.unit.$concept().$call($($arg),*)
            }
        )+})+
    };
}

/// It asks no database, so it cannot fail.
impl Damages for FragileUnit<'_> {
    fn take_damages(&mut self) -> Vec<Damage> {
        self.unit.damages().take_damages()
    }
}

fragile! {
    Tickets: tickets {
        fn insert(ticket: &UnnumberedTicket) -> Ticket;
        fn find(number: TicketNumber) -> Option<Ticket>;
        fn find_customer(number: TicketNumber) -> Option<UserId>;
        fn update(ticket: &Ticket) -> ();
        fn delete(number: TicketNumber) -> bool;
    }
    Messages: messages {
        fn insert(message: &Message) -> ();
        fn find(ticket: TicketNumber, number: MessageNumber) -> Option<Message>;
        fn find_by_nonce(nonce: Nonce) -> Option<Message>;
        fn list(ticket: TicketNumber, after: Option<MessageNumber>, limit: u32) -> Vec<Message>;
    }
    Attachments: attachments {
        fn insert(attachments: &[Attachment]) -> ();
        fn find(id: AttachmentId) -> Option<Attachment>;
        fn list(ticket: TicketNumber) -> Vec<Attachment>;
        fn without_digest(after: Option<AttachmentId>, limit: u32) -> Vec<Attachment>;
        fn set_digest(id: AttachmentId, digest: &Digest) -> bool;
    }
    Ratings: ratings {
        fn insert(rating: &Rating) -> ();
        fn update(rating: &Rating) -> bool;
        fn find(ticket: TicketNumber, message: MessageNumber) -> Option<Rating>;
        fn list(ticket: TicketNumber) -> Vec<Rating>;
        fn tally(author: &UserId) -> Tally;
        fn last_active(author: &UserId, until: DateTime<Utc>) -> Option<DateTime<Utc>>;
        fn tally_periods(author: &UserId, periods: &[Period]) -> Vec<Tally>;
        fn list_by_author(query: &RatedQuery) -> Vec<RatedAnswer>;
    }
    FirstAnswers: first_answers {
        fn insert(first: &FirstAnswer) -> ();
        fn tally(author: &UserId, until: DateTime<Utc>) -> WaitTally;
        fn list(query: &FirstAnswerQuery) -> Vec<AnsweredTicket>;
    }
    Histories: histories {
        fn insert(entry: &HistoryEntry) -> ();
        fn list(ticket: TicketNumber) -> Vec<HistoryEntry>;
    }
    Marks: marks {
        fn mark(user: &UserId, ticket: TicketNumber, message: MessageNumber) -> ();
        fn list(user: &UserId, tickets: &[TicketNumber]) -> Vec<(TicketNumber, MessageNumber)>;
    }
    Overviews: overviews {
        fn list(query: &OverviewQuery) -> Vec<Ticket>;
        fn count(scope: &Scope, category: Option<&CategoryId>, search: Option<&Search>) -> Counts;
        fn next_waiting(query: &WaitingQuery) -> Option<TicketNumber>;
    }
    Supporters: supporters {
        fn insert(supporter: &Supporter) -> ();
        fn update(supporter: &Supporter) -> bool;
        fn delete(id: SupporterId) -> bool;
        fn find(id: SupporterId) -> Option<Supporter>;
        fn list() -> Vec<Supporter>;
    }
    SettingsStore: settings {
        fn find() -> Settings;
        fn update(settings: &Settings) -> ();
        fn revision() -> u64;
    }
    Categories: categories {
        fn insert(category: &KeptCategory) -> ();
        fn update(category: &KeptCategory) -> bool;
        fn find(id: &CategoryId) -> Option<KeptCategory>;
        fn list() -> Vec<KeptCategory>;
        fn order() -> Vec<CategoryId>;
        fn arrange(order: &[CategoryId]) -> ();
    }
    Outbox: outbox {
        fn insert(entries: &[OutboxEntry]) -> ();
        fn claim(now: DateTime<Utc>, until: DateTime<Utc>, limit: u32) -> Vec<OutboxEntry>;
        fn settle(id: LetterId, claims: u32, state: &LetterState) -> bool;
        fn put_back(id: LetterId, claims: u32, state: &LetterState) -> bool;
        fn bring_forward(latest: DateTime<Utc>, due: DateTime<Utc>) -> u64;
        fn hold() -> u64;
        fn end_hold(state: &LetterState) -> u64;
        fn held() -> u64;
        fn pulse() -> Option<Pulse>;
        fn set_pulse(pulse: &Pulse) -> ();
        fn retry(id: LetterId, now: DateTime<Utc>) -> bool;
        fn next_due() -> Option<DateTime<Utc>>;
        fn list_unsent(limit: u32) -> Vec<OutboxEntry>;
        fn count() -> OutboxCounts;
        fn delete_ended(before: DateTime<Utc>) -> u64;
    }
    Orphans: orphans {
        fn insert(keys: &[BlobKey], due: DateTime<Utc>) -> ();
        fn adopt(key: &BlobKey, now: DateTime<Utc>) -> bool;
        fn due(now: DateTime<Utc>, limit: u32) -> Vec<BlobKey>;
        fn delete(keys: &[BlobKey]) -> ();
    }
    Secrets: secrets {
        fn find(name: &str) -> Option<[u8; 32]>;
        fn insert(name: &str, secret: &[u8; 32]) -> ();
    }
    SiteAddresses: site_address {
        fn find() -> Option<SiteAddress>;
        fn replace(from: Option<&SiteAddress>, to: &SiteAddress) -> ();
    }
}
