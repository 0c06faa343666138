//! The port to the database, and its contract.
//!
//! # The contract
//!
//! The doors rely on every sentence here.
//!
//! **Unit of work.** [`Storage::write`] runs the closure in one transaction. If the closure returns `Ok`, all its changes
//! are durable when `write` returns `Ok` (they survive a crash of the process and of the machine). If the closure returns
//! `Err` or panics, none of its changes remain. A unit sees its own writes; other units see them only after the commit. Two
//! units that write the same ticket behave as if one ran after the other. A unit remains usable after an insert was refused
//! as [`StorageError::Duplicate`].
//!
//! **Repeating.** A storage may run the closure again, from the start and without the changes of the first run, if it lost a
//! race against another unit or the closure returned [`Rollback::Failed`] with an error that [allows
//! it](StorageError::is_retryable). It does so a limited number of times, and never after a commit with an unknown outcome.
//! Therefore a closure must have no effect outside its unit.
//!
//! **Reading.** [`Storage::read`] provides one consistent snapshot with everything that was committed before it began. A
//! write inside it fails.
//!
//! **Reading stale data.** [`Storage::read_stale`] is the same, but its snapshot may be older, so a replica may answer it. Only
//! pages that show data use it. Everything that decides (rights, settings, staff, forms and their answers, the courier) uses
//! `read`.
//!
//! **Values.** Text is returned exactly as stored: all Unicode characters except the control characters that the core's
//! types refuse. Empty text is not the same as missing text. Ids are compared byte for byte: case, accents and trailing
//! spaces are significant, also where a value must be unique. Times are stored to the microsecond. A finer part is kept or
//! truncated, never rounded up; the core stores none, because its [`Clock`](crate::Clock) truncates. A size is at most
//! `i64::MAX`; other numbers use the full range of their types. Nothing else is ever truncated.
//!
//! **Looking up.** What does not exist is returned as `None`, an empty list or `false`, never as an error.
//!
//! **Deleting.** Deleting a ticket deletes everything that belongs to it, in every table.
//!
//! A storage makes no decisions: it has no rights and no business rules.

mod damage;
mod error;
mod figures;
mod incoming;
mod labels;
mod mailboxes;
pub mod memory;
mod notes;
mod open_pages;
mod outbox;
mod overview;
mod place;
mod saved_answers;
mod saved_views;
mod senders;
mod sites;
mod staff;
mod tickets;
mod undeliverable;

use async_trait::async_trait;

pub use crate::storage::damage::{Damage, DamageStore};
pub use crate::storage::error::{Rollback, StorageError, StorageFault};
pub use crate::storage::figures::{AnswerCursor, AnsweredTicket, FirstAnswerQuery, FirstAnswerStore, RatedAnswer, RatedQuery};
pub use crate::storage::incoming::IncomingStore;
pub use crate::storage::labels::LabelStore;
pub use crate::storage::mailboxes::MailboxStore;
pub use crate::storage::memory::MemoryStorage;
pub use crate::storage::notes::NoteStore;
pub use crate::storage::open_pages::OpenPageStore;
pub use crate::storage::outbox::{OrphanStore, OutboxCounts, OutboxStore, Pulse};
pub use crate::storage::overview::{
    Among, Assigned, Counts, MOST_ASSIGNEES, OverviewQuery, OverviewStore, Reach, StateFilter, View, WaitingFilter,
};
pub use crate::storage::place::{Cursor, Order, SortKey};
pub use crate::storage::saved_answers::SavedAnswerStore;
pub use crate::storage::saved_views::SavedViewStore;
pub use crate::storage::senders::SenderStore;
pub use crate::storage::sites::SiteAddressStore;
pub use crate::storage::staff::{CategoryStore, SecretStore, SettingsStore, StoredCategory, SupporterStore};
pub use crate::storage::tickets::{AttachmentStore, BEGINNING, HistoryStore, MarkStore, MessageStore, RatingStore, TicketStore};
pub use crate::storage::undeliverable::UndeliverableStore;

/// A database, or anything that fulfils [the contract](self#the-contract).
#[async_trait]
pub trait Storage: Send + Sync + 'static {
    /// Runs the work in one transaction. If the work decides to roll back, this returns `Ok`: the work keeps its own error.
    ///
    /// # Errors
    /// The transaction could not be started, run or committed, even after repeating.
    async fn write(&self, work: Work) -> Result<(), StorageError>;

    /// Runs the work on one consistent and current snapshot. A replica must not answer it: a courier that does not find the
    /// ticket of a letter drops the letter permanently.
    ///
    /// # Errors
    /// The snapshot could not be read.
    async fn read(&self, work: Work) -> Result<(), StorageError>;

    /// Runs the work on one consistent snapshot that may be slightly old. A storage with a replica may use it here. Default:
    /// the same as [`read`](Self::read).
    ///
    /// # Errors
    /// The snapshot could not be read.
    async fn read_stale(&self, work: Work) -> Result<(), StorageError> {
        self.read(work).await
    }
}

/// The closure that a storage runs in a unit. It may run more than once.
pub type Work = Box<dyn FnMut(&mut dyn Unit) -> Result<(), Rollback> + Send>;

/// An open transaction, and the only access to the stored data.
pub trait Unit {
    /// Tickets.
    fn tickets(&mut self) -> &mut dyn TicketStore;
    /// Messages of tickets.
    fn messages(&mut self) -> &mut dyn MessageStore;
    /// Files of messages.
    fn attachments(&mut self) -> &mut dyn AttachmentStore;
    /// Notes of tickets, and their files.
    fn notes(&mut self) -> &mut dyn NoteStore;
    /// Pages of tickets that supporters have open.
    fn open_pages(&mut self) -> &mut dyn OpenPageStore;
    /// Labels, and the tickets that have them.
    fn labels(&mut self) -> &mut dyn LabelStore;
    /// Ratings of answers.
    fn ratings(&mut self) -> &mut dyn RatingStore;
    /// The first answers of tickets.
    fn first_answers(&mut self) -> &mut dyn FirstAnswerStore;
    /// The histories of tickets.
    fn histories(&mut self) -> &mut dyn HistoryStore;
    /// Which messages users have read.
    fn marks(&mut self) -> &mut dyn MarkStore;
    /// Lists of tickets.
    fn overviews(&mut self) -> &mut dyn OverviewStore;
    /// Supporter records.
    fn supporters(&mut self) -> &mut dyn SupporterStore;
    /// The settings.
    fn settings(&mut self) -> &mut dyn SettingsStore;
    /// The categories that MuTicket stores.
    fn categories(&mut self) -> &mut dyn CategoryStore;
    /// Saved answers.
    fn saved_answers(&mut self) -> &mut dyn SavedAnswerStore;
    /// Saved views of the supporters' list, and the view that each supporter opens first.
    fn saved_views(&mut self) -> &mut dyn SavedViewStore;
    /// The letters to be sent.
    fn outbox(&mut self) -> &mut dyn OutboxStore;
    /// The letters that came in.
    fn incoming(&mut self) -> &mut dyn IncomingStore;
    /// Users whom letters do not reach.
    fn undeliverable(&mut self) -> &mut dyn UndeliverableStore;
    /// How far mailboxes were read.
    fn mailboxes(&mut self) -> &mut dyn MailboxStore;
    /// The addresses that are assigned to users.
    fn senders(&mut self) -> &mut dyn SenderStore;
    /// Blobs that belong to no message and no note.
    fn orphans(&mut self) -> &mut dyn OrphanStore;
    /// Keys shared by the nodes of a site.
    fn secrets(&mut self) -> &mut dyn SecretStore;
    /// The address of the site that the storage belongs to.
    fn site_address(&mut self) -> &mut dyn SiteAddressStore;
    /// The damaged rows that lists left out.
    fn damages(&mut self) -> &mut dyn DamageStore;
}

/// A type that implements all parts is a unit.
impl<T> Unit for T
where
    T: TicketStore
        + MessageStore
        + AttachmentStore
        + NoteStore
        + OpenPageStore
        + LabelStore
        + RatingStore
        + FirstAnswerStore
        + HistoryStore
        + MarkStore
        + OverviewStore
        + SavedAnswerStore
        + SavedViewStore,
    T: SupporterStore
        + SettingsStore
        + CategoryStore
        + OutboxStore
        + IncomingStore
        + UndeliverableStore
        + MailboxStore
        + SenderStore
        + OrphanStore
        + SecretStore
        + SiteAddressStore
        + DamageStore,
{
    fn tickets(&mut self) -> &mut dyn TicketStore {
        self
    }

    fn messages(&mut self) -> &mut dyn MessageStore {
        self
    }

    fn attachments(&mut self) -> &mut dyn AttachmentStore {
        self
    }

    fn notes(&mut self) -> &mut dyn NoteStore {
        self
    }

    fn open_pages(&mut self) -> &mut dyn OpenPageStore {
        self
    }

    fn labels(&mut self) -> &mut dyn LabelStore {
        self
    }

    fn ratings(&mut self) -> &mut dyn RatingStore {
        self
    }

    fn first_answers(&mut self) -> &mut dyn FirstAnswerStore {
        self
    }

    fn histories(&mut self) -> &mut dyn HistoryStore {
        self
    }

    fn marks(&mut self) -> &mut dyn MarkStore {
        self
    }

    fn overviews(&mut self) -> &mut dyn OverviewStore {
        self
    }

    fn supporters(&mut self) -> &mut dyn SupporterStore {
        self
    }

    fn settings(&mut self) -> &mut dyn SettingsStore {
        self
    }

    fn categories(&mut self) -> &mut dyn CategoryStore {
        self
    }

    fn saved_answers(&mut self) -> &mut dyn SavedAnswerStore {
        self
    }

    fn saved_views(&mut self) -> &mut dyn SavedViewStore {
        self
    }

    fn outbox(&mut self) -> &mut dyn OutboxStore {
        self
    }

    fn incoming(&mut self) -> &mut dyn IncomingStore {
        self
    }

    fn undeliverable(&mut self) -> &mut dyn UndeliverableStore {
        self
    }

    fn mailboxes(&mut self) -> &mut dyn MailboxStore {
        self
    }

    fn senders(&mut self) -> &mut dyn SenderStore {
        self
    }

    fn orphans(&mut self) -> &mut dyn OrphanStore {
        self
    }

    fn secrets(&mut self) -> &mut dyn SecretStore {
        self
    }

    fn site_address(&mut self) -> &mut dyn SiteAddressStore {
        self
    }

    fn damages(&mut self) -> &mut dyn DamageStore {
        self
    }
}

/// The error type of a unit: it can contain a [`StorageError`], and returns it so that the storage can repeat the unit.
pub trait UnitError: From<StorageError> + Send + 'static {
    /// Returns the storage error inside, or the error itself.
    ///
    /// # Errors
    /// The error itself, if it does not come from the storage.
    fn into_storage(self) -> Result<StorageError, Self>;
}

impl UnitError for StorageError {
    fn into_storage(self) -> Result<StorageError, Self> {
        Ok(self)
    }
}

impl UnitError for crate::Error {
    fn into_storage(self) -> Result<StorageError, Self> {
        match self {
            Self::Unavailable(crate::Unavailable::Storage(error)) => Ok(error),
            other => Err(other),
        }
    }
}

impl dyn Storage {
    /// Runs [`write`](Storage::write) with a work that returns a value: `Ok` commits, `Err` rolls back.
    ///
    /// # Errors
    /// The error of the work, or of the storage.
    pub async fn run_write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: UnitError,
        F: FnMut(&mut dyn Unit) -> Result<T, E> + Send + 'static,
    {
        let (work, slot) = keep_result(work);
        self.write(work).await?;
        taken(&slot)
    }

    /// Runs [`read`](Storage::read) with a work that returns a value.
    ///
    /// # Errors
    /// The error of the work, or of the storage.
    pub async fn run_read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: UnitError,
        F: FnMut(&mut dyn Unit) -> Result<T, E> + Send + 'static,
    {
        let (work, slot) = keep_result(work);
        self.read(work).await?;
        taken(&slot)
    }

    /// Runs [`read_stale`](Storage::read_stale) with a work that returns a value.
    ///
    /// # Errors
    /// The error of the work, or of the storage.
    pub async fn run_read_stale<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: UnitError,
        F: FnMut(&mut dyn Unit) -> Result<T, E> + Send + 'static,
    {
        let (work, slot) = keep_result(work);
        self.read_stale(work).await?;
        taken(&slot)
    }
}

type Slot<T, E> = std::sync::Arc<std::sync::Mutex<Option<Result<T, E>>>>;

/// Wraps a work so that the result of its last run can be read afterwards.
fn keep_result<T, E, F>(mut work: F) -> (Work, Slot<T, E>)
where
    T: Send + 'static,
    E: UnitError,
    F: FnMut(&mut dyn Unit) -> Result<T, E> + Send + 'static,
{
    let slot: Slot<T, E> = Slot::default();
    let inside = slot.clone();
    let wrapped = move |unit: &mut dyn Unit| {
        let (kept, verdict) = match work(unit) {
            Ok(value) => (Some(Ok(value)), Ok(())),
            Err(error) => match error.into_storage() {
                Ok(error) => (None, Err(Rollback::Failed(error))),
                Err(decided) => (Some(Err(decided)), Err(Rollback::Decided)),
            },
        };
        *inside.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = kept;
        verdict
    };
    (Box::new(wrapped), slot)
}

fn taken<T, E: UnitError>(slot: &Slot<T, E>) -> Result<T, E> {
    let result = slot.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
    result.unwrap_or_else(|| Err(StorageError::fault(StorageFault::Other, "the storage said it ran the work and did not").into()))
}
