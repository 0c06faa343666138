//! A site and its users. Ada is an administrator; Anna and Ben are customers; Sara and Tom are present supporters; Uwe is in
//! the supporters' group but has no record.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use chrono::TimeDelta;
use muticket_core::backend::{Backend, CategoryNames, NewSettings, SupporterEdit};
use muticket_core::conversation::Conversation;
use muticket_core::desk::Desk;
use muticket_core::helpdesk::Builder;
use muticket_core::history::HistoryEntry;
use muticket_core::notice::{Notice, OutboxEntry};
use muticket_core::portal::Portal;
use muticket_core::rating::{Rating, Score};
use muticket_core::ticket::{Message, Ticket};
use muticket_core::upload::Upload;
use muticket_core::{
    CategoryId, Denial, Error, Field, GroupId, Helpdesk, Language, MemoryStorage, MessageNumber, NewMessage, NewTicket, Problem,
    Refusal, Storage, StorageError, SupporterId, TicketNumber, TimeZone, Unavailable, UserId, Visitor,
};

use crate::host::{CountedIds, HandClock, Host};
use crate::ports::FragileBlobs;

/// A helpdesk, and everything around it that a test controls.
pub(crate) struct World {
    pub(crate) helpdesk: Helpdesk,
    pub(crate) blobs: Arc<FragileBlobs>,
    /// The host's users, which a test changes as the host would.
    pub(crate) host: Arc<Host>,
    memory: Arc<MemoryStorage>,
    clock: Arc<HandClock>,
}

impl World {
    /// The usual site: ratings on, no categories, Sara and Tom present.
    pub(crate) async fn new() -> Self {
        Self::built(|memory| memory, |builder| builder).await
    }

    /// The usual site with another storage around the memory, and a helpdesk built differently.
    pub(crate) async fn built(
        storage: impl FnOnce(Arc<MemoryStorage>) -> Arc<dyn Storage>,
        build: impl FnOnce(Builder) -> Builder,
    ) -> Self {
        let memory = Arc::new(MemoryStorage::new());
        let (host, blobs, clock) = (Arc::new(Host::default()), Arc::new(FragileBlobs::default()), Arc::new(HandClock::default()));
        let builder = Helpdesk::builder(storage(memory.clone()), host.clone());
        let builder =
            builder.blobs(blobs.clone()).clock(clock.clone()).time_zone(TimeZone::UTC).ids(Arc::new(CountedIds::default()));
        let world = Self { helpdesk: build(builder).build(), blobs, host, memory, clock };
        world.sets(|_| ()).await;
        for name in ["sara", "tom"] {
            world.engages(name, true, &[]).await;
        }
        world
    }

    pub(crate) fn person(&self, name: &'static str) -> Person<'_> {
        Person { world: self, name }
    }

    pub(crate) fn anna(&self) -> Person<'_> {
        self.person("anna")
    }

    pub(crate) fn ben(&self) -> Person<'_> {
        self.person("ben")
    }

    pub(crate) fn sara(&self) -> Person<'_> {
        self.person("sara")
    }

    pub(crate) fn tom(&self) -> Person<'_> {
        self.person("tom")
    }

    /// The backend, opened by Ada.
    pub(crate) fn backend(&self) -> Backend {
        self.helpdesk.backend(&self.person("ada").visitor()).unwrap()
    }

    /// Stores the usual settings with a change.
    pub(crate) async fn sets(&self, change: impl FnOnce(&mut NewSettings)) {
        let mut new = NewSettings { supporter_group: Some(GroupId::new("support")), ratings: true, ..Default::default() };
        change(&mut new);
        self.backend().update_settings(new).await.unwrap();
    }

    /// Makes a member of the group a supporter.
    pub(crate) async fn engages(&self, name: &str, present: bool, categories: &[&str]) {
        let edit = SupporterEdit { present, categories: self.ids_of(categories).await };
        self.backend().add_supporter(Some(UserId::new(name)), edit).await.unwrap();
    }

    /// Changes a supporter's record.
    pub(crate) async fn edits(&self, name: &str, present: bool, categories: &[&str]) {
        let edit = SupporterEdit { present, categories: self.ids_of(categories).await };
        self.backend().edit_supporter(self.record(name).await, edit).await.unwrap();
    }

    /// Sara and Tom become absent: support is off.
    pub(crate) async fn everybody_goes_home(&self) {
        self.edits("sara", false, &[]).await;
        self.edits("tom", false, &[]).await;
    }

    /// The record of a supporter.
    pub(crate) async fn record(&self, name: &str) -> SupporterId {
        let team = self.backend().supporters().await.unwrap();
        team.supporters.into_iter().find(|report| report.supporter.user.as_str() == name).unwrap().supporter.id
    }

    /// Adds categories with these English names.
    pub(crate) async fn has_categories(&self, names: &[&str]) {
        for name in names {
            let names = CategoryNames(vec![(Language::english(), (*name).to_owned())]);
            self.backend().add_category(&names).await.unwrap();
        }
    }

    /// The id of the category with that name, or an id that no category has.
    pub(crate) async fn category(&self, name: &str) -> CategoryId {
        let all = self.backend().categories().await.unwrap_or_default();
        let found = all.active().iter().find(|category| category.name(&Language::english()) == name);
        found.map_or_else(|| CategoryId::new(name), |category| category.id.clone())
    }

    async fn ids_of(&self, names: &[&str]) -> BTreeSet<CategoryId> {
        let mut ids = BTreeSet::new();
        for name in names {
            ids.insert(self.category(name).await);
        }
        ids
    }

    /// Turns the clock.
    pub(crate) fn passes(&self, time: TimeDelta) {
        self.clock.turn(time);
    }

    /// All unsent letters in the outbox, newest first.
    pub(crate) async fn letters(&self) -> Vec<OutboxEntry> {
        let storage: &dyn Storage = &*self.memory;
        storage.run_read(|unit| unit.outbox().list_unsent(10_000)).await.map_err(|error: StorageError| error).unwrap()
    }

    /// The notices and recipients of the letters about a message.
    pub(crate) async fn mailed(&self, message: &Message) -> Vec<(Notice, String)> {
        let mut letters = self.letters().await;
        letters.retain(|letter| (letter.ticket, letter.message) == (message.ticket, message.number));
        letters.sort_by(|a, b| a.recipient.cmp(&b.recipient));
        letters.into_iter().map(|letter| (letter.notice, letter.recipient.to_string())).collect()
    }

    /// The stored ticket.
    pub(crate) async fn stored(&self, number: TicketNumber) -> Ticket {
        self.backend().ticket(number).await.unwrap()
    }

    /// The ticket's history, oldest first.
    pub(crate) async fn history(&self, number: TicketNumber) -> Vec<HistoryEntry> {
        let storage: &dyn Storage = &*self.memory;
        storage.run_read(move |unit| unit.histories().list(number)).await.map_err(|error: StorageError| error).unwrap()
    }

    /// The whole storage as text, to be compared.
    pub(crate) fn dump(&self) -> String {
        // A panicked unit only leaves a mark on the lock.
        format!("{:#?}", self.memory).replace("poisoned: true", "poisoned: false")
    }
}

/// A user of the site, and their actions at their doors.
#[derive(Clone, Copy)]
pub(crate) struct Person<'w> {
    world: &'w World,
    name: &'static str,
}

impl Person<'_> {
    pub(crate) fn visitor(&self) -> Visitor {
        Visitor::User(self.world.host.user(self.name))
    }

    pub(crate) fn portal(&self) -> Portal {
        self.world.helpdesk.portal(&self.visitor()).unwrap()
    }

    pub(crate) async fn desk(&self) -> Result<Desk, Error> {
        self.world.helpdesk.desk(&self.visitor()).await
    }

    pub(crate) async fn opens(&self, subject: &str, category: Option<&str>) -> Result<Ticket, Error> {
        let category = match category {
            Some(name) => Some(self.world.category(name).await),
            None => None,
        };
        let body = format!("It is about {subject}.");
        self.portal().open(NewTicket { subject: subject.to_owned(), body, category, ..Default::default() }).await
    }

    pub(crate) async fn replies(&self, ticket: &Ticket, body: &str) -> Result<Message, Error> {
        self.portal().reply(ticket.number, text(body)).await
    }

    pub(crate) async fn answers(&self, ticket: &Ticket, body: &str) -> Result<Message, Error> {
        self.desk().await?.answer(ticket.number, text(body)).await
    }

    pub(crate) async fn rates(&self, message: &Message, stars: u8) -> Result<Rating, Error> {
        self.portal().rate(message.ticket, message.number, Score::new(stars).unwrap()).await
    }

    pub(crate) async fn closes(&self, ticket: &Ticket) -> Result<Ticket, Error> {
        self.desk().await?.close(ticket.number, None).await
    }

    pub(crate) async fn reopens(&self, ticket: &Ticket) -> Result<Ticket, Error> {
        self.desk().await?.reopen(ticket.number).await
    }

    /// Shows a ticket at the customers' door.
    pub(crate) async fn sees(&self, ticket: &Ticket) -> Result<Conversation, Error> {
        self.portal().show(ticket.number, None).await
    }

    pub(crate) async fn attaches(&self, name: &str, bytes: &'static [u8]) -> Result<Upload, Error> {
        self.portal().attach(name, &mut Some(Bytes::from_static(bytes))).await
    }
}

/// A message without anything but its text.
pub(crate) fn text(body: &str) -> NewMessage {
    NewMessage { body: body.to_owned(), ..Default::default() }
}

/// The position of a message.
pub(crate) fn place(number: u32) -> MessageNumber {
    MessageNumber::new(number).unwrap()
}

/// The parsed answer of a door. Fails the test if it is not the expected kind.
pub(crate) trait Answer: Sized {
    fn error(self) -> Error;

    fn is_missing(&self) -> bool;

    #[track_caller]
    fn refusal(self) -> Refusal {
        match self.error() {
            Error::Refused(refusal) => refusal,
            other => panic!("not refused but {other:?}"),
        }
    }

    #[track_caller]
    fn denial(self) -> Denial {
        match self.error() {
            Error::Denied(denial) => denial,
            other => panic!("not denied but {other:?}"),
        }
    }

    #[track_caller]
    fn problems(self) -> Vec<(Field, Problem)> {
        match self.error() {
            Error::Invalid(fields) => fields.into_iter().map(|wrong| (wrong.field, wrong.problem)).collect(),
            other => panic!("not invalid but {other:?}"),
        }
    }

    #[track_caller]
    fn unavailable(self) -> Unavailable {
        match self.error() {
            Error::Unavailable(part) => part,
            other => panic!("not unavailable but {other:?}"),
        }
    }
}

impl<T: std::fmt::Debug> Answer for Result<T, Error> {
    #[track_caller]
    fn error(self) -> Error {
        self.unwrap_err()
    }

    fn is_missing(&self) -> bool {
        matches!(self, Err(Error::NotFound))
    }
}
