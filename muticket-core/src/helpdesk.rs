//! The helpdesk: built once by the host, with three doors into it.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::access::{SiteAction, allows_on_site, signed_in};
use crate::backend::Backend;
use crate::blob::Blobs;
use crate::clock::Clock;
use crate::desk::Desk;
use crate::error::{Error, Unavailable};
use crate::host::{AskedCategories, AskedFacts, CategorySource, CustomerFacts, Directory, HostTrouble, IdOf};
use crate::id::Ids;
#[cfg(feature = "mailroom")]
use crate::mailroom::rules::MailIn;
pub use crate::parts::Limits;
use crate::parts::Parts;
use crate::portal::Portal;
use crate::secret::shared_secret;
use crate::situation::Situation;
use crate::storage::Storage;
use crate::sweep::sweep;
use crate::time_zone::TimeZone;
use crate::user::{User, Visitor};
use crate::viewer::Viewer;

/// MuTicket for one site. Cheap to clone; all clones share one helpdesk.
#[derive(Clone)]
pub struct Helpdesk {
    pub(crate) parts: Arc<Parts>,
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

    /// Shows supporters what the host knows about the customer of a ticket (T-13). Default: nothing.
    pub fn customer_facts(mut self, facts: Arc<dyn CustomerFacts>) -> Self {
        self.parts.facts = Some(Arc::new(AskedFacts { inner: facts, answers: self.parts.host.clone() }));
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

    /// Lets letters come in (M-08). They need a [store for files](Self::blobs). Default: nobody reads replies to letters.
    #[cfg(feature = "mailroom")]
    pub fn mail_in(mut self, rules: MailIn) -> Self {
        self.parts.mail_in = Some(rules);
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
        Builder { parts: Parts::new(storage, directory) }
    }

    /// The customers' door, open to every user of the host.
    ///
    /// # Errors
    /// [`Error::SignIn`] for a guest.
    pub fn portal(&self, visitor: &Visitor) -> Result<Portal, Error> {
        Ok(Portal::new(self.parts.clone(), self.signed_in(visitor)?.clone(), None))
    }

    /// The supporters' door, for users with a supporter record who are still in the supporters' group (D-04).
    ///
    /// # Errors
    /// [`Error::SignIn`] for a guest, [`Error::NotFound`] for a user who is not a supporter, [`Error::Unavailable`].
    pub async fn desk(&self, visitor: &Visitor) -> Result<Desk, Error> {
        let user = self.signed_in(visitor)?;
        let situation = Arc::new(Situation::load(&self.parts, user).await?);
        Desk::of(&self.parts, user, &situation).ok_or(Error::NotFound)
    }

    /// The administrators' door.
    ///
    /// # Errors
    /// [`Error::SignIn`] for a guest, [`Error::Denied`] below [`AccessLevel::Admin`](crate::AccessLevel::Admin).
    pub fn backend(&self, visitor: &Visitor) -> Result<Backend, Error> {
        let user = self.signed_in(visitor)?;
        allows_on_site(Viewer::customer(user), SiteAction::Administer).obey()?;
        Ok(Backend::new(self.parts.clone(), user.clone()))
    }

    /// Sets a time limit for questions to the host. After it, the caller gets
    /// [`Error::Unavailable`] and the question's future is dropped. `timer` returns a future that
    /// ends after the given time; the core has no timer of its own. Without this call a question may take any time. Only the
    /// first call has an effect.
    pub fn limit_host<T>(&self, limit: Duration, timer: impl Fn(Duration) -> T + Send + Sync + 'static)
    where
        T: Future<Output = ()> + Send + 'static,
    {
        let timer = move |time| Box::pin(timer(time)) as Pin<Box<dyn Future<Output = ()> + Send>>;
        self.parts.host.limit(limit, Box::new(timer));
    }

    /// Calls `tell` when the host's answers contain a mistake that could be misread on the pages, once for each kind of
    /// mistake. `tell` must not block. Only the first call of this function has an effect.
    pub fn on_host_trouble(&self, tell: impl Fn(&HostTrouble) + Send + Sync + 'static) {
        self.parts.host.listen(Box::new(tell));
    }

    /// Calls `ring` after every unit that put letters into the outbox, so that a courier need not wait for its next round, and when
    /// letters that came in need no longer wait.
    /// `ring` must not block. Only the first call of this function has an effect.
    pub fn on_letters(&self, ring: impl Fn() + Send + Sync + 'static) {
        // A second module on the same helpdesk shares the first one's outbox and courier.
        self.parts.set_bell(Box::new(ring));
    }

    /// Deletes files that belong to no message, letters that ended 30 days ago, and held letters from unknown senders (`MailIn` sets
    /// after which time), and computes missing digests. Call it every few minutes. Returns the number of deleted files.
    ///
    /// # Errors
    /// [`Error::Unavailable`]. Files that were not deleted stay noted and are tried again next time.
    pub async fn sweep(&self) -> Result<usize, Error> {
        sweep(&self.parts).await
    }

    /// A secret that all nodes of this site share. Created by the first call.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn secret(&self, name: &'static str) -> Result<[u8; 32], Error> {
        shared_secret(&*self.parts.storage, name, self.parts.ids.secret()).await.map_err(Error::from)
    }

    /// How letters come in; `None` if they do not.
    #[cfg(feature = "mailroom")]
    pub fn mail_in(&self) -> Option<&MailIn> {
        self.parts.mail_in.as_ref()
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
        self.parts.now()
    }

    /// A fresh value for a form's `nonce` field.
    pub fn nonce(&self) -> crate::id::Nonce {
        crate::id::Nonce(self.parts.ids.next())
    }

    /// The user who makes the request. Guests and ids that not every database can store (P-30) are errors.
    pub(crate) fn signed_in<'v>(&self, visitor: &'v Visitor) -> Result<&'v User, Error> {
        let user = signed_in(visitor)?;
        user.id.check().map_err(|problem| {
            self.parts.host.tell(HostTrouble::UnfitId { of: IdOf::Visitor, problem });
            Unavailable::VisitorId(problem)
        })?;
        Ok(user)
    }

    /// Tells the courier that there are letters. Every door does this on its own. Call it after you commit a transaction of
    /// your own in which MuTicket worked. Without the call the courier finds the letters a little later.
    pub fn ring(&self) {
        self.parts.ring();
    }
}

impl fmt::Debug for Helpdesk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Helpdesk").field("limits", &self.parts.limits).finish_non_exhaustive()
    }
}
