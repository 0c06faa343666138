//! What a helpdesk is made of: its ports, limits and caches. The helpdesk and its doors share it.

#[cfg(feature = "host-connections")]
mod host_transaction;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use chrono::{DateTime, Utc};

use crate::blob::{Blobs, Seal};
use crate::clock::{Clock, SystemClock};
use crate::configuration::Configuration;
use crate::host::{AskedDirectory, CategorySource, CustomerFacts, Directory, HostCalls};
use crate::id::{AttachmentId, Ids, SystemIds, UserId};
#[cfg(feature = "mailroom")]
use crate::mailroom::rules::MailIn;
use crate::storage::Storage;
use crate::time_zone::TimeZone;

/// What a helpdesk is made of.
pub(crate) struct Parts {
    pub(crate) storage: Arc<dyn Storage>,
    /// The storage outside the host's transaction, if `storage` works inside one.
    #[cfg(feature = "host-connections")]
    outside: Option<Arc<dyn Storage>>,
    pub(crate) directory: Arc<dyn Directory>,
    pub(crate) categories: Option<Arc<dyn CategorySource>>,
    pub(crate) facts: Option<Arc<dyn CustomerFacts>>,
    /// Time limit and listener for all questions to the host.
    pub(crate) host: Arc<HostCalls>,
    pub(crate) blobs: Option<Arc<dyn Blobs>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) limits: Limits,
    pub(crate) time_zone: TimeZone,
    /// How letters come in; `None` if they do not.
    #[cfg(feature = "mailroom")]
    pub(crate) mail_in: Option<MailIn>,
    bell: OnceLock<Box<dyn Fn() + Send + Sync>>,
    /// The configuration as the storage last returned it.
    configuration: Mutex<Option<Arc<Configuration>>>,
    /// The supporters as the host last described them.
    staff: Mutex<BTreeSet<UserId>>,
    /// How far this process has computed missing digests.
    pub(crate) digested: Mutex<Digested>,
    /// The key that seals data beside files. Loaded when first needed.
    pub(crate) seal: OnceLock<Seal>,
}

impl Parts {
    /// The parts with their defaults.
    pub(crate) fn new(storage: Arc<dyn Storage>, directory: Arc<dyn Directory>) -> Self {
        let host = Arc::new(HostCalls::default());
        Self {
            storage,
            #[cfg(feature = "host-connections")]
            outside: None,
            directory: Arc::new(AskedDirectory { inner: directory, answers: host.clone() }),
            categories: None,
            facts: None,
            host,
            blobs: None,
            clock: Arc::new(SystemClock),
            ids: Arc::new(SystemIds),
            limits: Limits::default(),
            time_zone: TimeZone::of_this_computer(),
            #[cfg(feature = "mailroom")]
            mail_in: None,
            bell: OnceLock::new(),
            configuration: Mutex::default(),
            staff: Mutex::default(),
            digested: Mutex::default(),
            seal: OnceLock::new(),
        }
    }

    /// Caches the configuration for the next request.
    pub(crate) fn cache(&self, configuration: Arc<Configuration>) {
        *self.configuration.lock().unwrap_or_else(PoisonError::into_inner) = Some(configuration);
    }

    /// The configuration as the storage last returned it; `None` if it was never read.
    pub(crate) fn cached(&self) -> Option<Arc<Configuration>> {
        self.configuration.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Remembers the supporters for the next request.
    pub(crate) fn remember_staff(&self, staff: BTreeSet<UserId>) {
        *self.staff.lock().unwrap_or_else(PoisonError::into_inner) = staff;
    }

    /// The supporters as the host last described them. Use it only to decide what to read.
    pub(crate) fn remembered_staff(&self) -> BTreeSet<UserId> {
        self.staff.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The current time.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Sets what [`ring`](Self::ring) calls. Only the first call has an effect.
    pub(crate) fn set_bell(&self, ring: Box<dyn Fn() + Send + Sync>) {
        let _ = self.bell.set(ring);
    }

    /// Tells the courier that there are letters.
    pub(crate) fn ring(&self) {
        if let Some(ring) = self.bell.get() {
            ring();
        }
    }
}

/// Without the feature `host-connections`, no transaction belongs to the host.
#[cfg(not(feature = "host-connections"))]
impl Parts {
    pub(crate) fn storage_of_notes(&self) -> &Arc<dyn Storage> {
        &self.storage
    }

    #[expect(clippy::unused_self, reason = "with the feature, the answer depends on the parts")]
    pub(crate) fn is_in_host_transaction(&self) -> bool {
        false
    }
}

/// How far this process has computed the digests of files that were stored without one (P-29).
#[derive(Debug, Clone, Copy)]
pub(crate) enum Digested {
    /// All files up to this one were read.
    After(Option<AttachmentId>),
    /// None are left. New files have a digest. A file stored by an older version meanwhile gets its digest after the next
    /// launch.
    All,
}

impl Default for Digested {
    fn default() -> Self {
        Self::After(None)
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
    /// Tickets per page of the overview for supporters. Default: 50.
    pub desk_page: u32,
    /// The most messages per page of a conversation. Default: 100.
    pub messages: u32,
    /// The most bytes of HTML that the messages on a page of a conversation fill, estimated before they are rendered. At
    /// least one message is shown; a very long one is cut. Default: 240,000.
    pub page_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { attachments: 5, attachment_bytes: 10 * 1024 * 1024, page: 20, desk_page: 50, messages: 100, page_bytes: 240_000 }
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts").field("limits", &self.limits).finish_non_exhaustive()
    }
}
