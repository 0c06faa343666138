//! The port to the database, and its contract.
//!
//! # The contract
//!
//! Every sentence here is a promise that the doors rely on.
//!
//! **Unit of work.** [`Storage::write`] runs the closure it is given in one transaction. If the closure returns `Ok`, everything it did
//! is durable when `write` returns `Ok` (it survives a crash of the process and of the machine). If the closure returns `Err` or panics,
//! nothing it did remains. A unit sees its own writes; nobody else sees them before the end. Two units that write the same
//! ticket behave as if one ran after the other. A unit in which an insert was refused as [`StorageError::Duplicate`] can be used further.
//!
//! **Repeating.** A storage may run the closure again, from the start and with nothing of the first run left, when it lost a race
//! against another unit or the closure returned [`Rollback::Failed`] with an error that [says so](StorageError::may_repeat). It does so a
//! bounded number of times. After an unknown outcome of a commit it never repeats. So a closure touches nothing but its unit.
//!
//! **Reading.** [`Storage::read`] gives one consistent picture with everything in it that was committed before it began. A write inside
//! it fails.
//!
//! **Glancing.** [`Storage::glance`] is the same, but its picture may be an older one: a replica may answer it, and it alone, because only
//! pages that show something glance, while everything that decides (rights, settings, staff, forms and their answers, the courier) reads.
//!
//! **Values.** Texts come back exactly as they were stored: every Unicode character but the control characters that the types of the core
//! refuse. An empty text is a text, and not a missing one. Identifiers are compared byte for byte: case, accents and trailing blanks make
//! a difference, also where one may be there only once. Instants are kept to the microsecond. What is finer is kept or cut off, and never
//! rounded up; the core stores nothing finer, for its [`Clock`](crate::Clock) cuts. A size is at most `i64::MAX`; other numbers are kept
//! as far as their types go. Nothing else is ever cut.
//!
//! **Looking up.** What does not exist is `None`, an empty list or `false`, never an error.
//!
//! **Deleting.** Deleting a ticket deletes everything that belongs to it, in every table.
//!
//! A storage decides nothing: it knows no rights and no rules.

mod damage;
mod error;
mod figures;
pub mod memory;
mod outbox;
mod overview;
mod sites;
mod staff;
mod tickets;

use async_trait::async_trait;

pub use crate::storage::damage::{Damage, Damages};
pub use crate::storage::error::{StorageError, StorageFault};
pub use crate::storage::figures::{AnswerCursor, AnsweredTicket, FirstAnswerQuery, FirstAnswers, RatedAnswer, RatedQuery};
pub use crate::storage::memory::MemoryStorage;
pub use crate::storage::outbox::{Orphans, Outbox, OutboxCounts, Pulse};
pub use crate::storage::overview::{
    Among, Counts, Cursor, Order, OverviewQuery, Overviews, Scope, SortKey, StateFilter, WaitingQuery,
};
pub use crate::storage::sites::SiteAddresses;
pub use crate::storage::staff::{Categories, KeptCategory, Secrets, SettingsStore, Supporters};
pub use crate::storage::tickets::{Attachments, Histories, Marks, Messages, Ratings, Tickets};

/// A database, or something that keeps the same promises: see [the contract](self#the-contract).
#[async_trait]
pub trait Storage: Send + Sync + 'static {
    /// Runs the work in one transaction. A work that decided to roll back is no error here: it keeps its own reason.
    ///
    /// # Errors
    /// The transaction could not be begun, carried out or committed, also after repeating.
    async fn write(&self, work: Work) -> Result<(), StorageError>;

    /// Runs the work on one consistent picture of what is so now. Not from a replica: a courier that does not find the ticket of a letter
    /// drops the letter for good.
    ///
    /// # Errors
    /// The picture could not be had.
    async fn read(&self, work: Work) -> Result<(), StorageError>;

    /// Runs the work on one consistent picture that may be a moment old. Whoever has a replica asks it here; without one, this is
    /// [`read`](Self::read).
    ///
    /// # Errors
    /// The picture could not be had.
    async fn glance(&self, work: Work) -> Result<(), StorageError> {
        self.read(work).await
    }
}

/// What a storage runs in one unit. It may run more than once.
pub type Work = Box<dyn FnMut(&mut dyn Unit) -> Result<(), Rollback> + Send>;

/// Why a unit shall leave nothing behind.
#[derive(Debug)]
pub enum Rollback {
    /// The use case decided so; it keeps its reason.
    Decided,
    /// The storage failed inside; it may repeat the unit.
    Failed(StorageError),
}

/// One open transaction, and the only way to what is stored.
pub trait Unit {
    /// Tickets.
    fn tickets(&mut self) -> &mut dyn Tickets;
    /// Their messages.
    fn messages(&mut self) -> &mut dyn Messages;
    /// Their files.
    fn attachments(&mut self) -> &mut dyn Attachments;
    /// The ratings of their answers.
    fn ratings(&mut self) -> &mut dyn Ratings;
    /// The first answer of each.
    fn first_answers(&mut self) -> &mut dyn FirstAnswers;
    /// What happened to them.
    fn histories(&mut self) -> &mut dyn Histories;
    /// How far people have read them.
    fn marks(&mut self) -> &mut dyn Marks;
    /// Lists of them.
    fn overviews(&mut self) -> &mut dyn Overviews;
    /// The supporters' records.
    fn supporters(&mut self) -> &mut dyn Supporters;
    /// The settings.
    fn settings(&mut self) -> &mut dyn SettingsStore;
    /// The categories, when MuTicket keeps them itself.
    fn categories(&mut self) -> &mut dyn Categories;
    /// The letters to be sent.
    fn outbox(&mut self) -> &mut dyn Outbox;
    /// Blobs that belong to no message.
    fn orphans(&mut self) -> &mut dyn Orphans;
    /// Keys that the nodes of a site share.
    fn secrets(&mut self) -> &mut dyn Secrets;
    /// Which site the storage belongs to.
    fn site_address(&mut self) -> &mut dyn SiteAddresses;
    /// What the lists left out.
    fn damages(&mut self) -> &mut dyn Damages;
}

/// What implements every one of them is a unit.
impl<T> Unit for T
where
    T: Tickets + Messages + Attachments + Ratings + FirstAnswers + Histories + Marks + Overviews,
    T: Supporters + SettingsStore + Categories + Outbox + Orphans + Secrets + SiteAddresses + Damages,
{
    fn tickets(&mut self) -> &mut dyn Tickets {
        self
    }

    fn messages(&mut self) -> &mut dyn Messages {
        self
    }

    fn attachments(&mut self) -> &mut dyn Attachments {
        self
    }

    fn ratings(&mut self) -> &mut dyn Ratings {
        self
    }

    fn first_answers(&mut self) -> &mut dyn FirstAnswers {
        self
    }

    fn histories(&mut self) -> &mut dyn Histories {
        self
    }

    fn marks(&mut self) -> &mut dyn Marks {
        self
    }

    fn overviews(&mut self) -> &mut dyn Overviews {
        self
    }

    fn supporters(&mut self) -> &mut dyn Supporters {
        self
    }

    fn settings(&mut self) -> &mut dyn SettingsStore {
        self
    }

    fn categories(&mut self) -> &mut dyn Categories {
        self
    }

    fn outbox(&mut self) -> &mut dyn Outbox {
        self
    }

    fn orphans(&mut self) -> &mut dyn Orphans {
        self
    }

    fn secrets(&mut self) -> &mut dyn Secrets {
        self
    }

    fn site_address(&mut self) -> &mut dyn SiteAddresses {
        self
    }

    fn damages(&mut self) -> &mut dyn Damages {
        self
    }
}

/// An error that a unit may end with: it can hold a [`StorageError`], and gives it back so that the storage can repeat the unit.
pub trait UnitError: From<StorageError> + Send + 'static {
    /// The storage's error inside, or the error itself.
    ///
    /// # Errors
    /// The error itself, when it is none of the storage's.
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
    /// [`write`](Storage::write) for a work that returns a value: `Ok` commits, `Err` leaves nothing behind.
    ///
    /// # Errors
    /// What the work returned, or the storage's own error.
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

    /// [`read`](Storage::read) for a work that returns a value.
    ///
    /// # Errors
    /// What the work returned, or the storage's own error.
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

    /// [`glance`](Storage::glance) for a work that returns a value.
    ///
    /// # Errors
    /// What the work returned, or the storage's own error.
    pub async fn run_glance<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: UnitError,
        F: FnMut(&mut dyn Unit) -> Result<T, E> + Send + 'static,
    {
        let (work, slot) = keep_result(work);
        self.glance(work).await?;
        taken(&slot)
    }
}

type Slot<T, E> = std::sync::Arc<std::sync::Mutex<Option<Result<T, E>>>>;

/// Wraps a work so that what its last run returned can be had afterwards.
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
