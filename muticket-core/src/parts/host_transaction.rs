//! The feature `host-connections`: a helpdesk that works inside a transaction of the host.
//!
//! A rollback does not undo changes to files. So no file is deleted because of uncommitted rows, and the note about a file
//! that will be written is committed first, outside the transaction.

use std::sync::{Arc, Mutex, OnceLock};

use crate::helpdesk::Helpdesk;
use crate::parts::Parts;
use crate::storage::Storage;

impl Helpdesk {
    /// The same helpdesk on another storage: one that works inside a transaction of the host, so that a ticket is opened
    /// together with the host's own rows, or not at all. It does not notify the courier. Call [`ring`](Self::ring) of this
    /// helpdesk after the commit.
    ///
    /// Files are not part of that transaction. Attach them through this helpdesk before the transaction begins, and pass
    /// the uploads to the doors of the returned one. After a rollback the [sweep](Self::sweep) deletes them, like those of
    /// a refused form. The returned helpdesk can attach files too. It notes each file in this helpdesk's storage before it
    /// writes the bytes. SQLite has one writer, so if the host's transaction is that writer, the file is refused as
    /// [`Error::Unavailable`](crate::Error::Unavailable) after some seconds of waiting. Files deleted in the transaction
    /// lose their bytes at the first sweep of this helpdesk after the commit.
    #[must_use]
    pub fn with_storage(&self, storage: Arc<dyn Storage>) -> Self {
        Self { parts: Arc::new(self.parts.in_host_transaction(storage)) }
    }
}

impl Parts {
    /// The same parts over another storage, which works inside a transaction of the host. It has no bell and no caches.
    fn in_host_transaction(&self, storage: Arc<dyn Storage>) -> Self {
        Self {
            storage,
            outside: Some(self.storage_of_notes().clone()),
            directory: self.directory.clone(),
            categories: self.categories.clone(),
            facts: self.facts.clone(),
            host: self.host.clone(),
            blobs: self.blobs.clone(),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
            limits: self.limits,
            time_zone: self.time_zone,
            #[cfg(feature = "mailroom")]
            mail_in: self.mail_in.clone(),
            bell: OnceLock::new(),
            configuration: Mutex::default(),
            staff: Mutex::default(),
            digested: Mutex::default(),
            seal: OnceLock::new(),
        }
    }

    /// The storage for notes about files to be written. They must survive a rollback of the host's transaction.
    pub(crate) fn storage_of_notes(&self) -> &Arc<dyn Storage> {
        self.outside.as_ref().unwrap_or(&self.storage)
    }

    /// Whether the storage works inside a transaction of the host.
    pub(crate) fn is_in_host_transaction(&self) -> bool {
        self.outside.is_some()
    }
}
