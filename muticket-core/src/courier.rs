//! The courier: takes letters from the outbox, sends them, and records the results.
//!
//! It has no loop, timer or runtime. Its owner calls [`Courier::deliver_due`], which returns when to call again. Several
//! couriers may work on one storage: each letter is claimed before it is sent, so two couriers never send the same letter.
//!
//! A letter is sent at least once (P-22). It is sent again only if the first result is unknown: the mail server accepted it
//! but its answer was lost, or the process died before it could record the answer.
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
//! // Then repeat: deliver, and wait until the returned time or until a letter is added.
//! # async fn once(courier: Courier) -> Result<(), muticket_core::Unavailable> {
//! let next = courier.deliver_due().await?.next_due;
//! # Ok(())
//! # }
//! ```

mod answer;
mod base_url;
mod batch;
mod config;
mod copy;
mod made;
mod not_confirmed;
mod plan;
mod reason;
mod settle;
mod watch;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::blob::Blobs;
use crate::clock::{Clock, SystemClock};
pub use crate::courier::base_url::{BaseUrl, NotABaseUrl};
use crate::courier::batch::{Batch, Claimed, Keys, Sources};
pub use crate::courier::config::CourierConfig;
use crate::courier::copy::BeatCopy;
use crate::error::Unavailable;
use crate::host::{CategorySource, Directory};
use crate::id::{Ids as _, LetterId, SystemIds};
use crate::mail::{Letters, Mailer, MessageIdKey, ReplyKey, ReplyPattern, SendError};
use crate::notification::{LetterState, OutboxEntry};
use crate::secret::shared_secret;
use crate::storage::{Pulse, Storage};

/// Sends the letters in the outbox. See the [module](self).
pub struct Courier {
    sources: Sources,
    mailer: Arc<dyn Mailer>,
    letters: Letters,
    config: CourierConfig,
    clock: Arc<dyn Clock>,
    blobs: Option<Arc<dyn Blobs>>,
    claim: TimeDelta,
    hold_after: TimeDelta,
    replies: Option<ReplyPattern>,
    /// Whether supporters can reply, too.
    answers: bool,
    memory: Mutex<Memory>,
}

/// The courier's state between two calls.
#[derive(Debug, Default)]
struct Memory {
    /// Results that could not be recorded yet. They are recorded before anything else is sent, so that a failing database
    /// does not cause duplicate letters (K-45).
    unsettled: Vec<Settlement>,
    /// The number of failures of the mail server in a row.
    failures: usize,
    /// The mail server is down: no letters are claimed before this time.
    rests_until: Option<DateTime<Utc>>,
    /// When the next letter is due, as the last claiming or settling unit saw it.
    next_due: Option<DateTime<Utc>>,
    /// The last beat that this courier stored.
    pulse: Option<Pulse>,
    keys: Option<Keys>,
    /// The copy of the beat.
    copy: Option<BeatCopy>,
}

/// The end of a claim on a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Settlement {
    id: LetterId,
    claims: u32,
    state: LetterState,
    /// Whether the letter was tried under this claim.
    tried: bool,
}

/// The result for a claimed letter.
enum LetterResult {
    /// It was sent, failed, or is not to be sent.
    Ended(LetterState),
    /// The mail server accepts no letters, for this reason.
    NotTried(String),
}

/// The result of one call of [`Courier::deliver_due`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Delivery {
    /// Letters that the mailer accepted.
    pub sent: u32,
    /// Letters that are no longer to be sent.
    pub dropped: u32,
    /// Letters that were given up. Administrators see them.
    pub failed: u32,
    /// Letters that wait for another try.
    pub postponed: u32,
    /// Letters that were put on hold until an administrator decides, because the database seems to come from a backup.
    pub held: u64,
    /// The problem with the mail server, if it accepts no letters at all: one line for the log. Problems of single letters
    /// are stored with the letters, because they may contain names.
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
    /// The number of letters claimed at once.
    const BATCH: u32 = 20;
    /// The default lease time of a claim.
    const CLAIM: TimeDelta = TimeDelta::minutes(5);
    /// The shortest lease time of a claim.
    const SHORTEST_CLAIM: TimeDelta = TimeDelta::seconds(10);
    /// How often the beat is stored.
    const BEAT: TimeDelta = TimeDelta::minutes(1);
    /// The default time that a site may be down without having been stopped.
    const HOLD_AFTER: TimeDelta = TimeDelta::hours(4);
    /// How often recording a result is tried before it is left to the next call.
    const SETTLE_TRIES: u32 = 3;

    /// Creates a courier with the server's clock and the categories stored by MuTicket.
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
            blobs: None,
            claim: Self::CLAIM,
            hold_after: Self::HOLD_AFTER,
            replies: None,
            answers: false,
            memory: Mutex::default(),
        }
    }

    /// Takes the names of categories from the host (D-08).
    #[must_use]
    pub fn with_categories(mut self, categories: Arc<dyn CategorySource>) -> Self {
        self.sources.categories = Some(categories);
        self
    }

    /// Sets the clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Stores a copy of the [beat](crate::storage::Pulse) beside the attachments. If only the database is restored from a
    /// backup, the courier detects that at the next launch, however recent the backup is, and holds its letters.
    #[must_use]
    pub fn with_blobs(mut self, blobs: Arc<dyn Blobs>) -> Self {
        self.blobs = Some(blobs);
        self
    }

    /// Sets how long a site may be down that was not [stopped](Self::stop). Default: four hours. If it was down for longer,
    /// its database may be a backup, so its letters are held at launch until an administrator releases or discards them
    /// (P-34). A stopped site may be down for this time or for five days, whichever is longer.
    #[must_use]
    pub fn with_hold_after(mut self, time: TimeDelta) -> Self {
        self.hold_after = time;
        self
    }

    /// Lets customers reply to letters: each has an address of this pattern with a token of its own (M-03), and says that a reply
    /// works (M-10). Give the pattern that the mailroom has. Without it, letters say that nobody reads replies.
    #[must_use]
    pub fn with_replies(mut self, pattern: ReplyPattern) -> Self {
        self.replies = Some(pattern);
        self
    }

    /// Lets people reply to letters as the rules of the mailroom say: customers, and supporters if
    /// [they answer by mail](crate::MailIn::with_answers_of_supporters) and something can confirm them (M-01).
    #[cfg(feature = "mailroom")]
    #[must_use]
    pub fn with_mail_in(mut self, rules: &crate::mailroom::MailIn) -> Self {
        self.answers = rules.takes_answers && rules.confirms_senders();
        self.with_replies(rules.pattern().clone())
    }

    /// Sets the lease time of a claimed letter. If a node dies, its letters are retried after this time. Default: five
    /// minutes; at least ten seconds. Sending starts only while at least half the lease is left. The mailer must give up
    /// within that time, and the clocks of the nodes must differ by less, otherwise a letter may be sent twice.
    #[must_use]
    pub fn with_claim(mut self, claim: TimeDelta) -> Self {
        self.claim = claim.max(Self::SHORTEST_CLAIM);
        self
    }

    /// Sends a limited number of due letters and returns when to call again. If the call is cancelled, the unfinished
    /// letters are retried when its [claim](Self::with_claim) on them expires.
    ///
    /// # Errors
    /// The storage or the host failed. No letter is lost: results of sent letters are kept and recorded at the next call,
    /// unsent letters are tried again. Call again later.
    pub async fn deliver_due(&self) -> Result<Delivery, Unavailable> {
        self.settle().await?;
        let mut delivery = Delivery::default();
        self.beat(&mut delivery).await?;
        let due = if self.rests_until().is_none() {
            if let Some(claimed) = self.claim(&mut delivery).await? {
                self.deliver(claimed, &mut delivery).await?;
            }
            self.memory().next_due
        } else {
            self.storage().run_read(|unit| unit.outbox().next_due()).await.map_err(Unavailable::Storage)?
        };
        let rests_until = self.rests_until();
        delivery.next_due = due.map(|due| rests_until.map_or(due, |until| due.max(until)));
        Ok(delivery)
    }

    /// The name of the mail server, for the log: see [`Mailer::server`].
    pub fn server(&self) -> String {
        self.mailer.server()
    }

    /// The keys that message ids and addresses for replies are made with. Loaded once.
    async fn keys(&self) -> Result<Keys, Unavailable> {
        if let Some(keys) = &self.memory().keys {
            return Ok(keys.clone());
        }
        let secret = async |name| shared_secret(self.storage(), name, SystemIds.secret()).await.map_err(Unavailable::Storage);
        let threads = MessageIdKey::new(secret(MessageIdKey::SECRET).await?);
        let replies = match &self.replies {
            Some(pattern) => Some((pattern.clone(), ReplyKey::new(secret(ReplyKey::SECRET).await?))),
            None => None,
        };
        let keys = Keys { threads, replies, answers: self.answers };
        self.memory().keys = Some(keys.clone());
        Ok(keys)
    }

    async fn load(&self, claimed: Claimed) -> Result<(Batch, Keys), Unavailable> {
        Ok((Batch::load(&self.sources, claimed).await?, self.keys().await?))
    }

    async fn deliver(&self, claimed: Claimed, delivery: &mut Delivery) -> Result<(), Unavailable> {
        let (entries, until) = (claimed.entries.clone(), claimed.until);
        let (batch, keys) = match self.load(claimed).await {
            Ok(loaded) => loaded,
            Err(unavailable) => {
                self.put_back(&entries, delivery);
                // If this fails too, the results stay in memory. The caller needs to know the first failure.
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
            match self.deliver_one(&batch, &keys, entry).await {
                LetterResult::Ended(state) => self.end(entry, state, true, delivery),
                LetterResult::NotTried(reason) => {
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
                // Without a database no more letters are sent, because their results could not be recorded.
                self.put_back(rest, delivery);
                return Err(unavailable);
            }
        }
        self.settle().await
    }

    /// Sends one letter, or returns why not.
    async fn deliver_one(&self, batch: &Batch, keys: &Keys, entry: &OutboxEntry) -> LetterResult {
        let letter = match batch.prepare(entry, &self.letters, &self.config, keys, self.clock.now()) {
            Ok(letter) => letter,
            Err(state) => return LetterResult::Ended(state),
        };
        let outcome = self.mailer.send(&letter).await;
        let now = self.clock.now();
        if let Err(SendError::Passing { reason, server_down: true }) = outcome {
            return LetterResult::NotTried(reason);
        }
        {
            let mut memory = self.memory();
            memory.failures = 0;
            memory.rests_until = None;
        }
        LetterResult::Ended(match outcome {
            Ok(()) => LetterState::Sent { at: now },
            Err(error) => plan::after_failure(entry, &error, now),
        })
    }

    /// Only the server pauses, longer with each failure. A letter that was not tried keeps its place and has no waiting time
    /// of its own.
    fn server_is_down(&self, reason: &str, delivery: &mut Delivery) {
        let mut memory = self.memory();
        memory.failures += 1;
        memory.rests_until = Some(self.clock.now() + plan::rest(memory.failures));
        delivery.trouble = Some(plan::problem(reason));
    }

    /// The letters were not tried, so their previous state is restored.
    fn put_back(&self, entries: &[OutboxEntry], delivery: &mut Delivery) {
        for entry in entries {
            self.end(entry, plan::untried(entry), false, delivery);
        }
    }

    fn end(&self, entry: &OutboxEntry, state: LetterState, tried: bool, delivery: &mut Delivery) {
        delivery.count(&state);
        self.memory().unsettled.push(Settlement { id: entry.id, claims: entry.claims, state, tried });
    }

    fn storage(&self) -> &dyn Storage {
        self.sources.storage.as_ref()
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
