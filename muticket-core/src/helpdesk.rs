//! The helpdesk: built once by the host, with three doors into it.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::access::{Action, Subject, User, Visitor};
use crate::backend::Backend;
use crate::blob::{BlobError, BlobKey, Blobs, Seal};
use crate::clock::{Clock, SystemClock};
use crate::desk::Desk;
use crate::digests::Digested;
use crate::error::{Error, Unavailable};
use crate::host::{Answers, AskedCategories, AskedDirectory, CategorySource, Directory, HostTrouble, IdOf};
use crate::id::{Ids, SystemIds};
use crate::portal::{Portal, permit};
use crate::situation::{Known, Situation};
use crate::storage::{Storage, StorageError, Unit};
use crate::time_zone::TimeZone;

/// MuTicket for one site. Cheap to clone; all clones share one helpdesk.
#[derive(Clone)]
pub struct Helpdesk {
    pub(crate) parts: Arc<Parts>,
}

pub(crate) struct Parts {
    pub(crate) storage: Arc<dyn Storage>,
    /// The storage outside the host's transaction, if `storage` works inside one. A rollback does not undo changes to files,
    /// so none are written or deleted because of uncommitted rows.
    outside: Option<Arc<dyn Storage>>,
    pub(crate) directory: Arc<dyn Directory>,
    pub(crate) categories: Option<Arc<dyn CategorySource>>,
    /// Time limit and listener for all questions to the host.
    pub(crate) host: Arc<Answers>,
    pub(crate) blobs: Option<Arc<dyn Blobs>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) limits: Limits,
    pub(crate) time_zone: TimeZone,
    bell: OnceLock<Box<dyn Fn() + Send + Sync>>,
    known: Mutex<Option<Arc<Known>>>,
    /// How far missing digests have been computed.
    pub(crate) digested: Mutex<Digested>,
    /// The key that seals data beside files. Loaded when first needed.
    pub(crate) seal: OnceLock<Seal>,
}

impl Parts {
    /// The storage for notes about files to be written. They must survive a rollback of the host's transaction.
    pub(crate) fn notes(&self) -> &Arc<dyn Storage> {
        self.outside.as_ref().unwrap_or(&self.storage)
    }

    /// Caches what the storage returned, for the next request.
    pub(crate) fn remember(&self, known: Arc<Known>) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
    }

    /// What the storage last returned; `None` if it was never asked.
    pub(crate) fn remembered(&self) -> Option<Arc<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Limits that protect the server. An administrator's choices are in [`Settings`](crate::Settings) instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The most files per message. Default: 5 (D-10).
    pub attachments: usize,
    /// The largest file in bytes. Default: 10 MiB.
    pub attachment_bytes: u64,
    /// Tickets per page of the overview. Default: 20 (D-11).
    pub page: u32,
    /// The most messages per page of a conversation. Default: 100.
    pub messages: u32,
    /// The most bytes of HTML that the messages on a page of a conversation fill, estimated before they are rendered. At
    /// least one message is shown; a very long one is cut. Default: 250,000.
    pub page_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { attachments: 5, attachment_bytes: 10 * 1024 * 1024, page: 20, messages: 100, page_bytes: 250_000 }
    }
}

/// Builds a [`Helpdesk`].
pub struct Builder {
    parts: Parts,
}

impl Builder {
    /// Sets the store for the bytes of attachments. Without it, messages carry no files.
    pub fn blobs(mut self, blobs: Arc<dyn Blobs>) -> Self {
        self.parts.blobs = Some(blobs);
        self
    }

    /// Takes the categories from the host. Without it, MuTicket stores them and administrators edit them in the backend
    /// (D-08).
    pub fn categories(mut self, source: Arc<dyn CategorySource>) -> Self {
        self.parts.categories = Some(Arc::new(AskedCategories { inner: source, answers: self.parts.host.clone() }));
        self
    }

    /// Sets the clock. Default: the server's.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.parts.clock = clock;
        self
    }

    /// Sets the source of ids. Default: the operating system's random numbers.
    pub fn ids(mut self, ids: Arc<dyn Ids>) -> Self {
        self.parts.ids = ids;
        self
    }

    /// Sets the time zone in which statistics count days and months (D-17), unless an administrator sets another. Default:
    /// the server's time zone.
    pub fn time_zone(mut self, zone: TimeZone) -> Self {
        self.parts.time_zone = zone;
        self
    }

    /// Changes the limits: `|limits| limits.attachment_bytes = 50 * 1024 * 1024`.
    pub fn limits(mut self, change: impl FnOnce(&mut Limits)) -> Self {
        change(&mut self.parts.limits);
        self
    }

    /// Builds the helpdesk.
    pub fn build(self) -> Helpdesk {
        Helpdesk { parts: Arc::new(self.parts) }
    }
}

impl Helpdesk {
    /// Starts a builder with the two parts that have no default: the storage, and the host's users.
    pub fn builder(storage: Arc<dyn Storage>, directory: Arc<dyn Directory>) -> Builder {
        let host = Arc::new(Answers::default());
        Builder {
            parts: Parts {
                storage,
                outside: None,
                directory: Arc::new(AskedDirectory { inner: directory, answers: host.clone() }),
                categories: None,
                host,
                blobs: None,
                clock: Arc::new(SystemClock),
                ids: Arc::new(SystemIds),
                limits: Limits::default(),
                time_zone: TimeZone::of_this_computer(),
                bell: OnceLock::new(),
                known: Mutex::default(),
                digested: Mutex::default(),
                seal: OnceLock::new(),
            },
        }
    }

    /// The same helpdesk on another storage: one that works inside a transaction of the host, so that a ticket is opened
    /// together with the host's own rows, or not at all. It does not notify the courier: call [`ring`](Self::ring) of this
    /// helpdesk after the commit.
    ///
    /// Files are not part of that transaction. Attach them through this helpdesk before the transaction begins, and pass the
    /// uploads to the doors of the returned one. After a rollback the [sweep](Self::sweep) deletes them, like those of a
    /// refused form. The returned helpdesk can attach files too. It notes each file in this helpdesk's storage before it
    /// writes the bytes. SQLite has one writer, so if the host's transaction is that writer, the file is refused as
    /// [`Error::Unavailable`] after some seconds of waiting. Files deleted in the transaction lose their bytes at the first
    /// sweep of this helpdesk after the commit.
    #[must_use]
    pub fn with_storage(&self, storage: Arc<dyn Storage>) -> Self {
        let Parts { directory, categories, host, blobs, clock, ids, limits, time_zone, .. } = &*self.parts;
        let parts = Parts {
            storage,
            outside: Some(self.parts.notes().clone()),
            directory: directory.clone(),
            categories: categories.clone(),
            host: host.clone(),
            blobs: blobs.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
            limits: *limits,
            time_zone: *time_zone,
            bell: OnceLock::new(),
            known: Mutex::default(),
            digested: Mutex::default(),
            seal: OnceLock::new(),
        };
        Self { parts: Arc::new(parts) }
    }

    /// The customers' door, open to every user of the host.
    ///
    /// # Errors
    /// [`Error::SignIn`] for a guest.
    pub fn portal(&self, visitor: &Visitor) -> Result<Portal, Error> {
        Ok(Portal::new(self.clone(), self.known(visitor)?.clone(), None))
    }

    /// The supporters' door, for users with a supporter record who are still in the supporters' group (D-04).
    ///
    /// # Errors
    /// [`Error::SignIn`] for a guest, [`Error::NotFound`] for a user who is not a supporter, [`Error::Unavailable`].
    pub async fn desk(&self, visitor: &Visitor) -> Result<Desk, Error> {
        self.enter(visitor).await?.desk.ok_or(Error::NotFound)
    }

    /// The administrators' door.
    ///
    /// # Errors
    /// [`Error::SignIn`] for a guest, [`Error::Denied`] below [`AccessLevel::Admin`](crate::AccessLevel::Admin).
    pub fn backend(&self, visitor: &Visitor) -> Result<Backend, Error> {
        let user = self.known(visitor)?;
        permit(user, Action::Administer, Subject::Nothing)?;
        Ok(Backend::new(self.clone(), user.clone()))
    }

    /// Calls `ring` after every unit that put letters into the outbox, so that a courier need not wait for its next round.
    /// `ring` must not block. Only the first call of this function has an effect.
    pub fn on_letters(&self, ring: impl Fn() + Send + Sync + 'static) {
        // A second module on the same helpdesk shares the first one's outbox and courier.
        let _ = self.parts.bell.set(Box::new(ring));
    }

    /// Deletes files that belong to no message and letters that ended 30 days ago, and computes missing digests. Call it
    /// every few minutes. Returns the number of deleted files.
    ///
    /// # Errors
    /// [`Error::Unavailable`]. Files that were not deleted stay noted and are tried again next time.
    pub async fn sweep(&self) -> Result<usize, Error> {
        let now = self.now();
        let ended = now - TimeDelta::days(30);
        let storage = &self.parts.storage;
        storage.run_write(move |unit| unit.outbox().delete_ended(ended)).await.map_err(Error::from)?;
        let mut deleted = 0;
        if self.parts.blobs.is_none() || self.parts.outside.is_some() {
            return Ok(deleted);
        }
        loop {
            let claim = move |unit: &mut dyn Unit| {
                let due = unit.orphans().due(now, 100)?;
                // Marked as due since 1970, so that a form on a node whose clock is behind cannot adopt a file that is being
                // deleted.
                unit.orphans().insert(&due, DateTime::UNIX_EPOCH)?;
                Ok::<_, StorageError>(due)
            };
            // A write unit locks the notes until they are marked, so that no form adopts a file meanwhile.
            let due = storage.run_write(claim).await.map_err(Error::from)?;
            if due.is_empty() {
                break;
            }
            deleted += due.len();
            self.delete_blobs(due).await?;
        }
        self.digest_older_files().await?;
        Ok(deleted)
    }

    /// Deletes the bytes of orphans, then their notes. Files that cannot be deleted do not block the others.
    ///
    /// # Errors
    /// The first failure. The notes about files that were not deleted stay.
    pub(crate) async fn delete_blobs(&self, keys: Vec<BlobKey>) -> Result<(), Error> {
        // Without a store nothing can be deleted. The notes stay until a store is configured again.
        let Some(blobs) = &self.parts.blobs else { return Ok(()) };
        // If the host rolls back, the files are still needed. If it commits, the sweep finds the notes.
        if self.parts.outside.is_some() {
            return Ok(());
        }
        let mut deleted = Vec::with_capacity(keys.len());
        let mut outcome = Ok(());
        for key in keys {
            match delete_both(&**blobs, &key).await {
                Ok(()) => deleted.push(key),
                Err(error) => outcome = outcome.and(Err(error.into())),
            }
        }
        if !deleted.is_empty() {
            let forget = move |unit: &mut dyn Unit| unit.orphans().delete(&deleted);
            self.parts.storage.run_write(forget).await.map_err(Error::from)?;
        }
        outcome
    }

    /// A secret that all nodes of this site share. Created by the first call.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn secret(&self, name: &'static str) -> Result<[u8; 32], Error> {
        shared_secret(&*self.parts.storage, name, self.parts.ids.secret()).await.map_err(Error::from)
    }

    /// The limits this helpdesk was built with.
    pub fn limits(&self) -> &Limits {
        &self.parts.limits
    }

    /// The store for the bytes of attachments; `None` if messages carry no files.
    pub fn blobs(&self) -> Option<&Arc<dyn Blobs>> {
        self.parts.blobs.as_ref()
    }

    /// The storage, for a courier or another module.
    pub fn storage(&self) -> &Arc<dyn Storage> {
        &self.parts.storage
    }

    /// The host's users, for a courier.
    pub fn directory(&self) -> &Arc<dyn Directory> {
        &self.parts.directory
    }

    /// The host's categories; `None` if MuTicket stores them.
    pub fn category_source(&self) -> Option<&Arc<dyn CategorySource>> {
        self.parts.categories.as_ref()
    }

    /// The clock, for a courier.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.parts.clock
    }

    /// The current time.
    pub fn now(&self) -> DateTime<Utc> {
        self.parts.clock.now()
    }

    /// A fresh value for a form's `nonce` field.
    pub fn nonce(&self) -> crate::id::Nonce {
        crate::id::Nonce(self.parts.ids.next())
    }

    pub(crate) async fn situation(&self, visitor: &User) -> Result<Situation, Error> {
        Situation::load(self, visitor).await
    }

    /// The user who makes the request. Guests and ids that not every database can store (P-30) are errors.
    pub(crate) fn known<'v>(&self, visitor: &'v Visitor) -> Result<&'v User, Error> {
        let user = match visitor {
            Visitor::Guest => return Err(Error::SignIn),
            Visitor::User(user) => user,
        };
        user.id.check().map_err(|problem| {
            self.parts.host.tell(HostTrouble::UnfitId { of: IdOf::Visitor, problem });
            Unavailable::VisitorId(problem)
        })?;
        Ok(user)
    }

    /// Tells the courier that there are letters. Every door does this on its own. Call it after committing work done [on
    /// another storage](Self::with_storage). Without the call the courier finds the letters a little later.
    pub fn ring(&self) {
        if let Some(ring) = self.parts.bell.get() {
            ring();
        }
    }
}

/// The stored secret of that name. Stores `fresh` if there is none.
pub(crate) async fn shared_secret(storage: &dyn Storage, name: &'static str, fresh: [u8; 32]) -> Result<[u8; 32], StorageError> {
    let work = move |unit: &mut dyn Unit| -> Result<[u8; 32], StorageError> {
        if let Some(secret) = unit.secrets().find(name)? {
            return Ok(secret);
        }
        match unit.secrets().insert(name, &fresh) {
            Ok(()) => Ok(fresh),
            Err(StorageError::Duplicate) => Err(StorageError::Stale),
            Err(error) => Err(error),
        }
    };
    storage.run_write(work).await
}

impl fmt::Debug for Helpdesk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Helpdesk").field("limits", &self.parts.limits).finish_non_exhaustive()
    }
}

/// Deletes a file and, if it is a picture, its other versions.
async fn delete_both(blobs: &dyn Blobs, key: &BlobKey) -> Result<(), BlobError> {
    blobs.delete(key).await?;
    for version in key.versions() {
        blobs.delete(&version).await?;
    }
    Ok(())
}
