//! The site.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use muticket_core::backend::{Backend, CategoryNames, NewSettings, SupporterEdit};
use muticket_core::blob::{Blobs, MemoryBlobs};
use muticket_core::history::HistoryEntry;
use muticket_core::notification::{Notification, OutboxEntry};
use muticket_core::storage::Unit;
use muticket_core::ticket::{Message, Ticket};
use muticket_core::viewer::Side;
use muticket_core::{
    CategoryId, GroupId, Helpdesk, Language, MemoryStorage, Storage, StorageError, SupporterId, TicketNumber, TimeZone, UserId,
};

use crate::blobs::FaultyBlobs;
use crate::clock::ManualClock;
use crate::ids::CountedIds;
#[cfg(feature = "mail")]
use crate::mail::MailSink;
use crate::people::People;
use crate::storage::FaultyStorage;

/// A helpdesk, and everything around it that a test controls. Its supporters are the members of the group `support`.
#[non_exhaustive]
pub struct World {
    /// The helpdesk.
    pub helpdesk: Helpdesk,
    /// The host's users.
    pub people: Arc<People>,
    /// The clock of the helpdesk.
    pub clock: Arc<ManualClock>,
    /// The storage, which fails on command.
    pub storage: Arc<FaultyStorage>,
    /// The bytes of attachments, which fail on command.
    pub blobs: Arc<FaultyBlobs>,
    /// The mail server, which fails on command.
    #[cfg(feature = "mail")]
    pub mail: Arc<MailSink>,
    memory: Option<Arc<MemoryStorage>>,
}

/// Builds a [`World`].
pub struct Builder {
    people: Arc<People>,
    storage: Option<Arc<dyn Storage>>,
    blobs: Arc<dyn Blobs>,
    configure: Box<dyn FnOnce(muticket_core::helpdesk::Builder) -> muticket_core::helpdesk::Builder + Send>,
}

impl Builder {
    /// Sets the host's users. Default: [`People::cast`].
    #[must_use]
    pub fn people(mut self, people: Arc<People>) -> Self {
        self.people = people;
        self
    }

    /// Sets the storage, which must be empty. Default: in memory.
    #[must_use]
    pub fn storage(mut self, storage: Arc<dyn Storage>) -> Self {
        self.storage = Some(storage);
        self
    }

    /// Sets the store for the bytes of attachments. Default: in memory.
    #[must_use]
    pub fn blobs(mut self, blobs: Arc<dyn Blobs>) -> Self {
        self.blobs = blobs;
        self
    }

    /// Changes how the helpdesk is built: its limits, its ids, a source of categories.
    #[must_use]
    pub fn configure(
        mut self,
        configure: impl FnOnce(muticket_core::helpdesk::Builder) -> muticket_core::helpdesk::Builder + Send + 'static,
    ) -> Self {
        self.configure = Box::new(configure);
        self
    }

    /// Builds the site, without settings and supporters.
    ///
    /// The helpdesk counts days in UTC and gives [ids that are the same in every run](CountedIds).
    pub fn bare(self) -> World {
        let (memory, storage) = match self.storage {
            Some(storage) => (None, storage),
            None => {
                let memory = Arc::new(MemoryStorage::new());
                (Some(memory.clone()), memory as Arc<dyn Storage>)
            }
        };
        let storage = Arc::new(FaultyStorage::new(storage));
        let blobs = Arc::new(FaultyBlobs::new(self.blobs));
        let clock = Arc::new(ManualClock::default());
        let builder = Helpdesk::builder(storage.clone(), self.people.clone())
            .blobs(blobs.clone())
            .clock(clock.clone())
            .time_zone(TimeZone::UTC)
            .ids(Arc::new(CountedIds::default()));
        World {
            helpdesk: (self.configure)(builder).build(),
            people: self.people,
            clock,
            storage,
            blobs,
            #[cfg(feature = "mail")]
            mail: Arc::default(),
            memory,
        }
    }

    /// Builds the site. Ratings are on. Sara and Tom are supporters and present. Customers get no receipts and no letters about closing.
    ///
    /// # Panics
    /// If the storage is not empty or fails.
    pub async fn build(self) -> World {
        let world = self.bare();
        world.change_settings(|_| ()).await;
        for id in ["sara", "tom"] {
            world.add_supporter(id, true, &[]).await;
        }
        world
    }
}

/// All methods fail the test if the helpdesk refuses what they do, or the storage fails.
impl World {
    /// The usual site, in memory. Ratings are on, there are no categories, and Sara and Tom are supporters and present. Customers get no
    /// receipts and no letters about closing: see [`change_settings`](Self::change_settings).
    pub async fn new() -> Self {
        Self::builder().build().await
    }

    /// Starts a builder.
    pub fn builder() -> Builder {
        Builder {
            people: Arc::new(People::cast()),
            storage: None,
            blobs: Arc::new(MemoryBlobs::default()),
            configure: Box::new(|builder| builder),
        }
    }

    /// The administrators' door, opened by Ada.
    pub fn backend(&self) -> Backend {
        self.helpdesk.backend(&self.people.visitor("ada")).expect("ada is an administrator")
    }

    /// Stores the usual settings with a change. Customers get no receipts and no letters about closing, unless the change says so.
    pub async fn change_settings(&self, change: impl FnOnce(&mut NewSettings)) {
        let mut new = NewSettings {
            supporter_group: Some(GroupId::new("support")),
            ratings: true,
            // Many tests count letters, and these two are about few of them.
            receipts: false,
            closing_letters: false,
            ..Default::default()
        };
        change(&mut new);
        self.backend().update_settings(new).await.expect("settings");
    }

    /// Makes a member of the group a supporter, for the categories with these English names.
    pub async fn add_supporter(&self, id: &str, present: bool, categories: &[&str]) {
        let edit = SupporterEdit { present, categories: self.category_ids(categories).await };
        self.backend().add_supporter(Some(UserId::new(id)), edit).await.expect("a member of the group");
    }

    /// Changes the record of a supporter.
    pub async fn edit_supporter(&self, id: &str, present: bool, categories: &[&str]) {
        let edit = SupporterEdit { present, categories: self.category_ids(categories).await };
        self.backend().edit_supporter(self.supporter_id(id).await, edit).await.expect("a supporter");
    }

    /// Makes a supporter present or absent.
    pub async fn set_present(&self, id: &str, present: bool) {
        let team = self.backend().supporters().await.expect("supporters").supporters;
        let found = team.into_iter().find(|report| report.supporter.user.as_str() == id);
        let supporter = found.unwrap_or_else(|| panic!("{id} is no supporter")).supporter;
        let edit = SupporterEdit { present, categories: supporter.categories };
        self.backend().edit_supporter(supporter.id, edit).await.expect("a supporter");
    }

    /// Makes all supporters absent, so that support is off.
    pub async fn everybody_leaves(&self) {
        for report in self.backend().supporters().await.expect("supporters").supporters {
            self.set_present(report.supporter.user.as_str(), false).await;
        }
    }

    /// The id of a supporter's record.
    pub async fn supporter_id(&self, id: &str) -> SupporterId {
        let team = self.backend().supporters().await.expect("supporters").supporters;
        let found = team.into_iter().find(|report| report.supporter.user.as_str() == id);
        found.unwrap_or_else(|| panic!("{id} is no supporter")).supporter.id
    }

    /// Adds categories with these English names.
    pub async fn add_categories(&self, names: &[&str]) {
        for name in names {
            self.add_category(&[(Language::english(), name)]).await;
        }
    }

    /// Adds a category with these names.
    pub async fn add_category(&self, names: &[(Language, &str)]) {
        let names = names.iter().map(|(language, name)| (language.clone(), (*name).to_owned())).collect();
        self.backend().add_category(&CategoryNames(names)).await.expect("a category");
    }

    /// The id of the category with this English name, or an id that no category has.
    pub async fn category_id(&self, name: &str) -> CategoryId {
        let all = self.backend().categories().await.unwrap_or_default();
        let found = all.active().iter().find(|category| category.name(&Language::english()) == name);
        found.map_or_else(|| CategoryId::new(name), |category| category.id.clone())
    }

    async fn category_ids(&self, names: &[&str]) -> BTreeSet<CategoryId> {
        let mut ids = BTreeSet::new();
        for name in names {
            ids.insert(self.category_id(name).await);
        }
        ids
    }

    /// The stored ticket.
    pub async fn ticket(&self, number: TicketNumber) -> Ticket {
        self.backend().ticket(number).await.expect("a ticket")
    }

    /// The history of a ticket, oldest first.
    pub async fn history(&self, number: TicketNumber) -> Vec<HistoryEntry> {
        self.read(move |unit| unit.histories().list(number, Side::Desk, None)).await
    }

    /// All letters in the outbox that are not sent, newest first.
    pub async fn unsent(&self) -> Vec<OutboxEntry> {
        self.read(|unit| unit.outbox().list_unsent(10_000)).await
    }

    /// The letters about a message that are not sent: what each is about, and the recipient's id. Ordered by recipient.
    pub async fn unsent_about(&self, message: &Message) -> Vec<(Notification, String)> {
        let mut letters = self.unsent().await;
        letters.retain(|letter| (letter.ticket, letter.message) == (Some(message.ticket), Some(message.number)));
        letters.sort_by(|a, b| a.recipient.cmp(&b.recipient));
        letters.into_iter().map(|letter| (letter.notification, letter.recipient.to_string())).collect()
    }

    /// Reads the storage directly.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut dyn Unit) -> Result<T, StorageError> + Send + 'static,
    ) -> T {
        let storage: &dyn Storage = &*self.storage;
        storage.run_read(work).await.expect("the storage can be read")
    }

    /// Changes the storage directly.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut dyn Unit) -> Result<T, StorageError> + Send + 'static,
    ) -> T {
        let storage: &dyn Storage = &*self.storage;
        storage.run_write(work).await.expect("the storage can be written")
    }

    /// The whole storage as text, to be compared.
    ///
    /// # Panics
    /// If the world was built on a storage of its own.
    pub fn dump(&self) -> String {
        let memory = self.memory.as_ref().expect("only the storage in memory can be dumped");
        // A unit that panicked only leaves a mark on the lock.
        format!("{memory:?}").replace("poisoned: true", "poisoned: false")
    }
}

#[cfg(feature = "mail")]
impl World {
    /// A courier that sends the letters of this site to [`mail`](Self::mail).
    pub fn courier(&self) -> muticket_core::Courier {
        self.courier_to(self.mail.clone())
    }

    /// A courier that sends the letters of this site with another mailer.
    ///
    /// # Panics
    /// If the templates of the letters are wrong.
    pub fn courier_to(&self, mailer: Arc<dyn muticket_core::Mailer>) -> muticket_core::Courier {
        let letters = muticket_core::Letters::builder().build().expect("the letters of MuTicket are right");
        let config = crate::mail::courier_config();
        muticket_core::Courier::new(self.storage.clone(), self.people.clone(), mailer, letters, config)
            .with_clock(self.clock.clone())
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").field("people", &self.people).field("clock", &self.clock).finish_non_exhaustive()
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").finish_non_exhaustive()
    }
}
