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

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::clock::{Clock, SystemClock};
pub use crate::courier::base_url::{BaseUrl, NotABaseUrl};
use crate::courier::batch::{Batch, Sources};
use crate::error::Unavailable;
use crate::host::{CategorySource, Directory};
use crate::id::LetterId;
use crate::mail::{Letters, Mailbox, Mailer, SendError};
use crate::notice::{LetterState, OutboxEntry};
use crate::storage::{Storage, StorageError};

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
    claim: TimeDelta,
    memory: Mutex<Memory>,
}

/// What the courier has to remember between two calls.
#[derive(Debug, Default)]
struct Memory {
    /// What became of letters and could not be written down yet: written down before anything else is sent, so that a database that
    /// fails does not cause copies (K-45).
    unsettled: Vec<Ending>,
    /// The mail server is down; no letter is taken up before this.
    rests_until: Option<DateTime<Utc>>,
}

/// How a claim on a letter ends.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Ending {
    id: LetterId,
    claims: u32,
    state: LetterState,
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
            LetterState::Waiting { .. } | LetterState::Claimed { .. } => &mut self.postponed,
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
    /// How long nothing is tried after the mail server could not be reached.
    const REST: TimeDelta = TimeDelta::minutes(1);
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
        Self { sources, mailer, letters, config, clock: Arc::new(SystemClock), claim: Self::CLAIM, memory: Mutex::default() }
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
        let rests_until = self.memory().rests_until.filter(|until| *until > self.clock.now());
        if rests_until.is_none() {
            let (entries, until) = self.claim().await?;
            if !entries.is_empty() {
                self.deliver(entries, until, &mut delivery).await?;
            }
        }
        let due = self.storage().run_read(|unit| unit.outbox().next_due()).await.map_err(Unavailable::Storage)?;
        let rests_until = self.memory().rests_until.filter(|until| *until > self.clock.now());
        delivery.next_due = due.map(|due| rests_until.map_or(due, |until| due.max(until)));
        Ok(delivery)
    }

    async fn claim(&self) -> Result<(Vec<OutboxEntry>, DateTime<Utc>), Unavailable> {
        let now = self.clock.now();
        let until = now + self.claim;
        let claimed = self.storage().run_write(move |unit| unit.outbox().claim(now, until, Self::BATCH)).await;
        Ok((claimed.map_err(Unavailable::Storage)?, until))
    }

    async fn deliver(&self, entries: Vec<OutboxEntry>, until: DateTime<Utc>, delivery: &mut Delivery) -> Result<(), Unavailable> {
        let batch = match Batch::load(&self.sources, &entries).await {
            Ok(batch) => batch,
            Err(unavailable) => {
                self.postpone(&entries, &plan::one_line_report(&unavailable), delivery);
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
            rest = later;
            let (state, down) = self.deliver_one(&batch, entry).await;
            delivery.count(&state);
            self.end(entry, state);
            if let Some(reason) = down {
                self.memory().rests_until = Some(self.clock.now() + Self::REST);
                self.postpone(rest, &reason, delivery);
                delivery.trouble = Some(plan::problem(&reason));
                break;
            }
            if let Err(unavailable) = self.settle().await {
                // Without a database nothing more is sent: it could not be written down.
                self.put_back(rest, delivery);
                return Err(unavailable);
            }
        }
        self.settle().await
    }

    /// Sends one letter, or says why not. With the trouble, if the server is down for all letters.
    async fn deliver_one(&self, batch: &Batch, entry: &OutboxEntry) -> (LetterState, Option<String>) {
        let letter = match batch.prepare(entry, &self.letters, &self.config, self.clock.now()) {
            Ok(letter) => letter,
            Err(state) => return (state, None),
        };
        let outcome = self.mailer.send(&letter).await;
        let now = self.clock.now();
        match outcome {
            Ok(()) => (LetterState::Sent { at: now }, None),
            Err(error) => {
                let down = match &error {
                    SendError::Passing { reason, server_down: true } => Some(reason.clone()),
                    SendError::Passing { .. } | SendError::Permanent { .. } | SendError::Unknown { .. } => None,
                };
                (plan::after_failure(entry, &error, now), down)
            }
        }
    }

    /// They were not tried, for a trouble that concerns all: they wait as if they had been.
    fn postpone(&self, entries: &[OutboxEntry], reason: &str, delivery: &mut Delivery) {
        let trouble = SendError::Passing { reason: reason.to_owned(), server_down: true };
        for entry in entries {
            let state = plan::after_failure(entry, &trouble, self.clock.now());
            delivery.count(&state);
            self.end(entry, state);
        }
    }

    /// They were not tried, for want of time: they are due again at once.
    fn put_back(&self, entries: &[OutboxEntry], delivery: &mut Delivery) {
        for entry in entries {
            let state = LetterState::Waiting { not_before: self.clock.now(), problem: None };
            delivery.count(&state);
            self.end(entry, state);
        }
    }

    fn end(&self, entry: &OutboxEntry, state: LetterState) {
        self.memory().unsettled.push(Ending { id: entry.id, claims: entry.claims, state });
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
        let Ending { id, claims, state } = ending.clone();
        self.storage().run_write(move |unit| unit.outbox().settle(id, claims, &state)).await.map(|_| ())
    }

    fn storage(&self) -> &dyn Storage {
        self.sources.storage.as_ref()
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
