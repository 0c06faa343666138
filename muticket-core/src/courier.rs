//! The courier: takes letters from the outbox, sends them, and records what became of them.
//!
//! It has no loop, no timer and no runtime of its own: whoever runs it calls [`Courier::deliver_due`] and learns when to call again.
//! Several couriers may work on one storage; a letter is claimed before it is sent, so no letter is sent by two.
//!
//! A letter is sent at least once (P-22). It is sent a second time only if nobody knows whether the first time succeeded: the mail server
//! took it and its answer got lost, or the process died before it could write down the answer.
//!
//! ```
//! # use std::sync::Arc;
//! # use muticket_core::{Directory, Storage, language::Language};
//! use muticket_core::courier::{Courier, CourierConfig};
//! use muticket_core::mail::{Letters, Mailer};
//!
//! fn courier(
//!     storage: Arc<dyn Storage>,
//!     directory: Arc<dyn Directory>,
//!     mailer: Arc<dyn Mailer>,
//! ) -> Result<Courier, Box<dyn std::error::Error>> {
//!     let letters = Letters::builder()
//!         .with_default_language(Language::german())
//!         .with_messages(Language::english(), "greeting = Dear { $name },")
//!         .build()?;
//!     let config = CourierConfig {
//!         from: "Support <support@example.org>".parse()?,
//!         base_url: "https://example.org/support".parse()?,
//!         site_name: "Example Ltd".to_owned(),
//!     };
//!     Ok(Courier::new(storage, directory, mailer, letters, config))
//! }
//!
//! // Then, for ever: deliver, and wait until the instant it names, or until a letter was added.
//! # async fn once(courier: Courier) -> Result<(), muticket_core::Unavailable> {
//! let next = courier.deliver_due().await?.next_due;
//! # Ok(())
//! # }
//! ```

mod base_url;
mod batch;
mod plan;
mod watch;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::blob::Blobs;
use crate::clock::{Clock, SystemClock};
pub use crate::courier::base_url::{BaseUrl, NotABaseUrl};
use crate::courier::batch::{Batch, Sources};
use crate::error::Unavailable;
use crate::helpdesk::shared_secret;
use crate::host::{CategorySource, Directory};
use crate::id::{Ids, LetterId, SystemIds};
use crate::mail::{Instance, Letters, Mailbox, Mailer, SendError};
use crate::notice::{LetterState, OutboxEntry};
use crate::storage::{Pulse, Storage, StorageError, Unit};

/// What letters say about the site.
#[derive(Debug, Clone)]
pub struct CourierConfig {
    /// Who letters come from. Its domain also names the letters, so it should be the site's own.
    pub from: Mailbox,
    /// Where the pages are.
    pub base_url: BaseUrl,
    /// What the site is called.
    pub site_name: String,
}

/// Sends what is in the outbox. See the [module](self).
pub struct Courier {
    sources: Sources,
    mailer: Arc<dyn Mailer>,
    letters: Letters,
    config: CourierConfig,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    blobs: Option<Arc<dyn Blobs>>,
    claim: TimeDelta,
    hold_after: TimeDelta,
    memory: Mutex<Memory>,
}

/// What the courier has to remember between two calls.
#[derive(Debug, Default)]
struct Memory {
    /// What became of letters and could not be written down yet: written down before anything else is sent, so that a database that
    /// fails does not cause copies (K-45).
    unsettled: Vec<Ending>,
    /// How often in a row the mail server took no letters at all.
    failures: usize,
    /// The mail server is down; no letter is taken up before this.
    rests_until: Option<DateTime<Utc>>,
    /// The last beat that this courier wrote.
    pulse: Option<Pulse>,
    instance: Option<Instance>,
    /// The copy of the beat.
    copy: Option<watch::Copy>,
}

/// How a claim on a letter ends.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Ending {
    id: LetterId,
    claims: u32,
    state: LetterState,
    /// Whether the letter was tried under this claim.
    tried: bool,
}

/// What became of a letter that was taken up.
enum Outcome {
    /// It was sent, or tried in vain, or is not to be sent.
    Ended(LetterState),
    /// The mail server takes no letters, for this reason.
    NotTried(String),
}

/// What one call of [`Courier::deliver_due`] did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Delivery {
    /// Letters that the mailer took.
    pub sent: u32,
    /// Letters that were not to be sent any more.
    pub dropped: u32,
    /// Letters that were given up; an administrator sees them.
    pub failed: u32,
    /// Letters that wait for another try.
    pub postponed: u32,
    /// Letters that are held from now on until an administrator decides, because the database seems to come from a backup.
    pub held: u64,
    /// What is wrong with the mail server, if it takes no letters at all just now: one line for the log. What was said of a single letter
    /// is kept with the letter and not here, for it may name people.
    pub trouble: Option<String>,
    /// When to call again, at once if it is past; `None` if the outbox is empty. A new letter may be due earlier.
    pub next_due: Option<DateTime<Utc>>,
}

impl Delivery {
    fn count(&mut self, state: &LetterState) {
        let count = match state {
            LetterState::Sent { .. } => &mut self.sent,
            LetterState::Dropped { .. } => &mut self.dropped,
            LetterState::Failed { .. } => &mut self.failed,
            LetterState::Waiting { .. } | LetterState::Claimed { .. } | LetterState::Held => &mut self.postponed,
        };
        *count += 1;
    }
}

impl fmt::Debug for Courier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Courier").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Courier {
    /// How many letters are claimed at once.
    const BATCH: u32 = 20;
    /// How long a claim holds unless another time is set.
    const CLAIM: TimeDelta = TimeDelta::minutes(5);
    /// The shortest claim there is.
    const SHORTEST_CLAIM: TimeDelta = TimeDelta::seconds(10);
    /// How often the beat is written.
    const BEAT: TimeDelta = TimeDelta::minutes(1);
    /// How long a site may have been gone without having been stopped, unless another time is set.
    const HOLD_AFTER: TimeDelta = TimeDelta::hours(4);
    /// How often it is tried to write down what became of a letter, before the rest waits for the next call.
    const SETTLE_TRIES: u32 = 3;

    /// A courier with the computer's clock and the categories that MuTicket keeps itself.
    pub fn new(
        storage: Arc<dyn Storage>,
        directory: Arc<dyn Directory>,
        mailer: Arc<dyn Mailer>,
        letters: Letters,
        config: CourierConfig,
    ) -> Self {
        let sources = Sources { storage, directory, categories: None };
        Self {
            sources,
            mailer,
            letters,
            config,
            clock: Arc::new(SystemClock),
            ids: Arc::new(SystemIds),
            blobs: None,
            claim: Self::CLAIM,
            hold_after: Self::HOLD_AFTER,
            memory: Mutex::default(),
        }
    }

    /// Takes the names of categories from the host (D-08).
    #[must_use]
    pub fn with_categories(mut self, categories: Arc<dyn CategorySource>) -> Self {
        self.sources.categories = Some(categories);
        self
    }

    /// Takes the time from another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Takes the secret that names the site's threads, if there is none yet, from another source than the operating system.
    #[must_use]
    pub fn with_ids(mut self, ids: Arc<dyn Ids>) -> Self {
        self.ids = ids;
        self
    }

    /// Keeps a copy of the [beat](crate::storage::Pulse) beside the attachments. If only the database is put back from a backup, the courier
    /// sees it at the next launch, however young the backup is, and holds the letters in it.
    #[must_use]
    pub fn with_blobs(mut self, blobs: Arc<dyn Blobs>) -> Self {
        self.blobs = Some(blobs);
        self
    }

    /// How long a site may have been gone that was cut off and not [stopped](Self::stop), four hours unless set. If it was gone for longer,
    /// its database may be a backup, so the letters in it are held at launch until an administrator releases or discards them (P-34). A
    /// site that was stopped may have been gone for this time or five days, whatever is longer.
    #[must_use]
    pub fn with_hold_after(mut self, time: TimeDelta) -> Self {
        self.hold_after = time;
        self
    }

    /// How long a claim on letters holds: so long the letters wait that a node had taken up when it died. Five minutes unless set, ten
    /// seconds at least. Half of it is left when a letter begins to be sent, so the mailer has to give up sooner than that, and the clocks
    /// of the nodes must not differ by as much; else a letter may be sent twice.
    #[must_use]
    pub fn with_claim(mut self, claim: TimeDelta) -> Self {
        self.claim = claim.max(Self::SHORTEST_CLAIM);
        self
    }

    /// Sends letters that are due, a bounded number of them, and says when to call again. If the call is cancelled in between, the letters
    /// it had not finished are taken up again when its [claim](Self::with_claim) on them lapses.
    ///
    /// # Errors
    /// The storage or the host failed. No letter is lost: what was sent is remembered and written down at the next call, what was not
    /// sent is tried again. Call again after a while.
    pub async fn deliver_due(&self) -> Result<Delivery, Unavailable> {
        self.settle().await?;
        let mut delivery = Delivery::default();
        self.beat(&mut delivery).await?;
        if self.rests_until().is_none() {
            let (entries, until) = self.claim(&mut delivery).await?;
            if !entries.is_empty() {
                self.deliver(entries, until, &mut delivery).await?;
            }
        }
        let due = self.storage().run_read(|unit| unit.outbox().next_due()).await.map_err(Unavailable::Storage)?;
        let rests_until = self.rests_until();
        delivery.next_due = due.map(|due| rests_until.map_or(due, |until| due.max(until)));
        Ok(delivery)
    }

    /// What takes the letters, for the log: see [`Mailer::server`].
    pub fn server(&self) -> String {
        self.mailer.server()
    }

    /// What names this site's letters and threads; asked for once.
    async fn instance(&self) -> Result<Instance, Unavailable> {
        if let Some(instance) = &self.memory().instance {
            return Ok(instance.clone());
        }
        let secret = shared_secret(self.storage(), "threads", self.ids.secret()).await.map_err(Unavailable::Storage)?;
        let instance = Instance::new(secret);
        self.memory().instance = Some(instance.clone());
        Ok(instance)
    }

    async fn load(&self, entries: &[OutboxEntry]) -> Result<(Batch, Instance), Unavailable> {
        Ok((Batch::load(&self.sources, entries).await?, self.instance().await?))
    }

    async fn deliver(&self, entries: Vec<OutboxEntry>, until: DateTime<Utc>, delivery: &mut Delivery) -> Result<(), Unavailable> {
        let (batch, instance) = match self.load(&entries).await {
            Ok(loaded) => loaded,
            Err(unavailable) => {
                self.put_back(&entries, delivery);
                // A failure here leaves them in the memory; what failed first is what the caller needs to know.
                let _ = self.settle().await;
                return Err(unavailable);
            }
        };
        let mut rest = entries.as_slice();
        while let Some((entry, later)) = rest.split_first() {
            if self.clock.now() + self.claim / 2 > until {
                self.put_back(rest, delivery);
                break;
            }
            match self.deliver_one(&batch, &instance, entry).await {
                Outcome::Ended(state) => self.end(entry, state, true, delivery),
                Outcome::NotTried(reason) => {
                    self.server_is_down(&reason, delivery);
                    for entry in rest {
                        let state = plan::after_outage(entry, &reason, self.clock.now());
                        self.end(entry, state, false, delivery);
                    }
                    break;
                }
            }
            rest = later;
            if let Err(unavailable) = self.settle().await {
                // Without a database nothing more is sent: it could not be written down.
                self.put_back(rest, delivery);
                return Err(unavailable);
            }
        }
        self.settle().await
    }

    /// Sends one letter, or says why not.
    async fn deliver_one(&self, batch: &Batch, instance: &Instance, entry: &OutboxEntry) -> Outcome {
        let letter = match batch.prepare(entry, &self.letters, &self.config, instance, self.clock.now()) {
            Ok(letter) => letter,
            Err(state) => return Outcome::Ended(state),
        };
        let outcome = self.mailer.send(&letter).await;
        let now = self.clock.now();
        if let Err(SendError::Passing { reason, server_down: true }) = outcome {
            return Outcome::NotTried(reason);
        }
        {
            let mut memory = self.memory();
            memory.failures = 0;
            memory.rests_until = None;
        }
        Outcome::Ended(match outcome {
            Ok(()) => LetterState::Sent { at: now },
            Err(error) => plan::after_failure(entry, &error, now),
        })
    }

    /// The pauses are the server's, and grow with its failures: a letter that was not tried keeps its place and waits for nothing else.
    fn server_is_down(&self, reason: &str, delivery: &mut Delivery) {
        let mut memory = self.memory();
        memory.failures += 1;
        memory.rests_until = Some(self.clock.now() + plan::rest(memory.failures));
        delivery.trouble = Some(plan::problem(reason));
    }

    /// They were not tried: they are as they were before.
    fn put_back(&self, entries: &[OutboxEntry], delivery: &mut Delivery) {
        for entry in entries {
            self.end(entry, plan::untried(entry), false, delivery);
        }
    }

    fn end(&self, entry: &OutboxEntry, state: LetterState, tried: bool, delivery: &mut Delivery) {
        delivery.count(&state);
        self.memory().unsettled.push(Ending { id: entry.id, claims: entry.claims, state, tried });
    }

    /// Writes down what became of letters, each in its own unit, and forgets it only then.
    async fn settle(&self) -> Result<(), Unavailable> {
        let endings = self.memory().unsettled.clone();
        for ending in endings {
            let mut tries = 1;
            while let Err(error) = self.settle_one(&ending).await {
                if tries == Self::SETTLE_TRIES {
                    return Err(Unavailable::Storage(error));
                }
                tries += 1;
            }
            self.memory().unsettled.retain(|other| *other != ending);
        }
        Ok(())
    }

    /// A letter that is gone, with its ticket, or that somebody else has taken up since, is no longer ours to write about.
    async fn settle_one(&self, ending: &Ending) -> Result<(), StorageError> {
        let Ending { id, claims, state, tried } = ending.clone();
        let work = move |unit: &mut dyn Unit| match tried {
            true => unit.outbox().settle(id, claims, &state),
            false => unit.outbox().put_back(id, claims, &state),
        };
        self.storage().run_write(work).await.map(drop)
    }

    fn storage(&self) -> &dyn Storage {
        self.sources.storage.as_ref()
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
