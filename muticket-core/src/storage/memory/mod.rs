//! The reference implementation: keeps all data in memory, for tests and examples.
//!
//! It fulfils [the contract](crate::storage#the-contract) in the simplest way: a unit works on a copy, and a commit swaps it
//! in. It is deliberately simple rather than fast. The data is lost when the process ends, unless a host saves it: with the
//! feature `serde`, a [`MemoryStorage`] can be written and read back. Only the version that wrote it can read it.

mod figures;
mod incoming;
mod labels;
mod mailboxes;
mod notes;
mod open_pages;
mod outbox;
mod overview;
mod saved_answers;
mod saved_views;
mod senders;
mod staff;
mod tickets;
mod undeliverable;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::blob::BlobKey;
use crate::figures::FirstAnswer;
use crate::history::HistoryEntry;
use crate::id::{
    AttachmentId, CategoryId, IncomingId, LabelId, LetterId, MessageNumber, NoteFileId, NoteNumber, SavedAnswerId, SavedViewId,
    TicketNumber, UserId,
};
use crate::incoming::Incoming;
use crate::label::Label;
use crate::mailbox::MailboxState;
use crate::note::{Note, NoteFile};
use crate::notification::OutboxEntry;
use crate::open_page::OpenPage;
use crate::rating::Rating;
use crate::saved_answer::SavedAnswer;
use crate::saved_view::{FirstView, SavedView};
use crate::sender::AssignedSender;
#[cfg(feature = "serde")]
use crate::serialization::pairs;
use crate::settings::Settings;
use crate::site_address::SiteAddress;
use crate::storage::{Damage, DamageStore, Pulse, Rollback, Storage, StorageError, StorageFault, StoredCategory, Work};
use crate::supporter::Supporter;
use crate::ticket::{Attachment, Message, Ticket};
use crate::undeliverable::Undeliverable;

/// Keeps all data in memory until it is dropped.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use muticket_core::settings::Settings;
/// use muticket_core::storage::{MemoryStorage, Storage, StorageError};
///
/// let storage = MemoryStorage::new();
/// let storage: &dyn Storage = &storage;
/// let settings: Result<Settings, StorageError> = storage.run_read(|unit| unit.settings().find()).await;
/// assert_eq!(settings.unwrap(), Settings::default());
/// # });
/// ```
#[derive(Debug, Default)]
pub struct MemoryStorage {
    /// Locked by the one writing unit while it runs.
    writer: Mutex<()>,
    /// The committed tables. Never changed, only replaced.
    committed: Mutex<Arc<Tables>>,
}

impl MemoryStorage {
    /// How often a unit is run before its error is returned.
    const RUNS: u32 = 5;

    /// Creates an empty storage.
    pub fn new() -> Self {
        Self::default()
    }

    /// Copies the current content into a separate storage: later changes to one do not affect the other. Tests use it as a
    /// lagging replica, and a storage that saves the content uses it as the draft of a unit.
    #[must_use]
    pub fn snapshot(&self) -> Self {
        Self { writer: Mutex::default(), committed: Mutex::new(self.committed().clone()) }
    }

    fn committed(&self) -> MutexGuard<'_, Arc<Tables>> {
        lock(&self.committed)
    }
}

/// A panic leaves no half-done change behind these locks, so poisoning is ignored.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl Storage for MemoryStorage {
    async fn write(&self, mut work: Work) -> Result<(), StorageError> {
        let _writing = lock(&self.writer);
        let mut run = 1;
        loop {
            let mut unit = MemoryUnit { tables: self.committed().clone(), writable: true };
            match work(&mut unit) {
                Ok(()) => {
                    *self.committed() = unit.tables;
                    return Ok(());
                }
                Err(Rollback::Decided) => return Ok(()),
                Err(Rollback::Failed(error)) if error.is_retryable() && run < Self::RUNS => run += 1,
                Err(Rollback::Failed(error)) => return Err(error),
            }
        }
    }

    async fn read(&self, mut work: Work) -> Result<(), StorageError> {
        let mut unit = MemoryUnit { tables: self.committed().clone(), writable: false };
        match work(&mut unit) {
            Ok(()) | Err(Rollback::Decided) => Ok(()),
            Err(Rollback::Failed(error)) => Err(error),
        }
    }
}

/// All tables.
#[derive(Debug, Clone, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
struct Tables {
    last_ticket: i64,
    #[cfg_attr(feature = "serde", serde(with = "pairs"))]
    tickets: BTreeMap<TicketNumber, Ticket>,
    #[cfg_attr(feature = "serde", serde(with = "pairs"))]
    messages: BTreeMap<(TicketNumber, MessageNumber), Message>,
    #[cfg_attr(feature = "serde", serde(with = "pairs"))]
    attachments: BTreeMap<AttachmentId, Attachment>,
    #[cfg_attr(feature = "serde", serde(with = "pairs"))]
    notes: BTreeMap<(TicketNumber, NoteNumber), Note>,
    #[cfg_attr(feature = "serde", serde(with = "pairs"))]
    note_files: BTreeMap<NoteFileId, NoteFile>,
    #[cfg_attr(feature = "serde", serde(with = "pairs"))]
    open_pages: BTreeMap<(TicketNumber, UserId), OpenPage>,
    #[cfg_attr(feature = "serde", serde(with = "pairs"))]
    ratings: BTreeMap<(TicketNumber, MessageNumber), Rating>,
    #[cfg_attr(feature = "serde", serde(with = "pairs"))]
    first_answers: BTreeMap<TicketNumber, FirstAnswer>,
    #[cfg_attr(feature = "serde", serde(with = "pairs"))]
    histories: BTreeMap<(TicketNumber, u32), HistoryEntry>,
    #[cfg_attr(feature = "serde", serde(with = "pairs"))]
    marks: BTreeMap<(TicketNumber, UserId), MessageNumber>,
    /// Oldest first.
    supporters: Vec<Supporter>,
    settings: Settings,
    /// The number of changes to settings, supporters, categories and labels.
    revision: u64,
    /// Oldest first.
    categories: Vec<StoredCategory>,
    category_order: Vec<CategoryId>,
    /// Oldest first.
    labels: Vec<Label>,
    labels_on_tickets: BTreeSet<(TicketNumber, LabelId)>,
    #[cfg_attr(feature = "serde", serde(with = "pairs"))]
    saved_answers: BTreeMap<SavedAnswerId, SavedAnswer>,
    #[cfg_attr(feature = "serde", serde(with = "pairs"))]
    saved_uses: BTreeMap<(SavedAnswerId, UserId), u32>,
    #[cfg_attr(feature = "serde", serde(with = "pairs"))]
    saved_views: BTreeMap<SavedViewId, SavedView>,
    #[cfg_attr(feature = "serde", serde(with = "pairs"))]
    first_views: BTreeMap<UserId, FirstView>,
    #[cfg_attr(feature = "serde", serde(with = "pairs"))]
    letters: BTreeMap<LetterId, OutboxEntry>,
    #[cfg_attr(feature = "serde", serde(with = "pairs"))]
    incoming: BTreeMap<IncomingId, Incoming>,
    #[cfg_attr(feature = "serde", serde(with = "pairs"))]
    undeliverable: BTreeMap<UserId, Undeliverable>,
    mailboxes: BTreeMap<String, MailboxState>,
    senders: BTreeMap<String, AssignedSender>,
    pulse: Option<Pulse>,
    #[cfg_attr(feature = "serde", serde(with = "pairs"))]
    orphans: BTreeMap<BlobKey, DateTime<Utc>>,
    secrets: BTreeMap<String, [u8; 32]>,
    site_address: Option<SiteAddress>,
}

/// Writes the committed content.
#[cfg(feature = "serde")]
impl serde::Serialize for MemoryStorage {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let committed = self.committed().clone();
        committed.serialize(to)
    }
}

/// Reads what was written. A value that is not valid is an error.
#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for MemoryStorage {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let committed = Arc::new(Tables::deserialize(from)?);
        Ok(Self { writer: Mutex::default(), committed: Mutex::new(committed) })
    }
}

/// A unit: the tables at its beginning, copied on its first write.
struct MemoryUnit {
    tables: Arc<Tables>,
    writable: bool,
}

/// Data in memory is never damaged.
impl DamageStore for MemoryUnit {
    fn take_damages(&mut self) -> Vec<Damage> {
        Vec::new()
    }
}

impl MemoryUnit {
    fn change(&mut self) -> Result<&mut Tables, StorageError> {
        if !self.writable {
            return Err(StorageError::fault(StorageFault::NotWritable, "a reading unit does not write"));
        }
        Ok(Arc::make_mut(&mut self.tables))
    }
}

impl Tables {
    /// Counts a change to settings, supporters, categories or labels.
    fn revise(&mut self) -> &mut Self {
        self.revision += 1;
        self
    }

    /// A row needs an owner, as with foreign keys in a database.
    fn must_have_ticket(&self, number: TicketNumber) -> Result<(), StorageError> {
        if self.tickets.contains_key(&number) { Ok(()) } else { Err(no_owner()) }
    }

    /// See [`must_have_ticket`](Self::must_have_ticket).
    fn must_have_message(&self, ticket: TicketNumber, message: MessageNumber) -> Result<(), StorageError> {
        if self.messages.contains_key(&(ticket, message)) { Ok(()) } else { Err(no_owner()) }
    }

    /// See [`must_have_ticket`](Self::must_have_ticket).
    fn must_have_note(&self, ticket: TicketNumber, note: NoteNumber) -> Result<(), StorageError> {
        if self.notes.contains_key(&(ticket, note)) { Ok(()) } else { Err(no_owner()) }
    }
}

fn no_owner() -> StorageError {
    StorageError::fault(StorageFault::Other, "the row belongs to a ticket, message or note that does not exist")
}

/// Converts a limit.
fn at_most(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}
