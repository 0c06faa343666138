//! A store with one defect: the reference implementation, in a wrapper that falsifies arguments and results.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound, Utc};
use muticket_core::blob::BlobKey;
use muticket_core::history::HistoryEntry;
use muticket_core::id::{LabelId, MessageNumber, SavedAnswerId, SavedViewId, TicketNumber, UserId};
use muticket_core::note::{Note, NoteFile};
use muticket_core::saved_view::{FirstView, SavedView};
use muticket_core::storage::{MemoryStorage, Rollback, Storage, StorageError, StorageFault, Unit, Work};
use muticket_core::ticket::Ticket;

use crate::defect::Defect;

#[derive(Clone)]
pub(crate) struct Broken {
    pub(crate) defect: Defect,
    pub(crate) inner: Arc<MemoryStorage>,
    remains: Arc<Mutex<Remains>>,
    connections: Arc<AtomicU32>,
    commits: Arc<AtomicU32>,
    locked: Arc<AtomicBool>,
}

/// What a defective store keeps although it should not.
#[derive(Default)]
pub(crate) struct Remains {
    pub(crate) deleted: Option<TicketNumber>,
    pub(crate) history: Vec<HistoryEntry>,
    pub(crate) notes: Vec<Note>,
    pub(crate) note_files: Vec<NoteFile>,
    /// Labels that are still on tickets.
    pub(crate) labels: Vec<(TicketNumber, LabelId)>,
    pub(crate) letters: u64,
    /// The blobs of letters that came in for a deleted ticket.
    pub(crate) incoming: Vec<BlobKey>,
    /// The owners of saved answers that are stored as shared ones.
    pub(crate) owners: BTreeMap<SavedAnswerId, Option<UserId>>,
    /// Whether a saved answer was deleted without its uses.
    pub(crate) kept_uses: bool,
    /// Saved views that were deleted, and choices of them.
    pub(crate) views: Vec<SavedView>,
    pub(crate) first_views: BTreeMap<UserId, FirstView>,
    /// The personal saved views of everybody.
    pub(crate) personal_views: BTreeMap<SavedViewId, SavedView>,
    /// Every mark as it was last made.
    pub(crate) marks: Vec<(UserId, TicketNumber, MessageNumber)>,
    pub(crate) unfinished: Option<Ticket>,
    pub(crate) served: usize,
    pub(crate) assignees: BTreeSet<UserId>,
    /// The content before the last unit that wrote.
    replica: MemoryStorage,
    pub(crate) adopted: Vec<BlobKey>,
    pub(crate) swept: Vec<BlobKey>,
    pub(crate) found: Option<Ticket>,
    surviving: Vec<Survivor>,
}

/// A write of a unit that is repeated after the unit was rolled back.
type Survivor = Box<dyn FnMut(&mut dyn Unit) -> Result<(), StorageError> + Send>;

/// How a defective unit of work ended, which the reference implementation does not see.
#[derive(Default)]
struct Aside {
    error: Option<StorageError>,
    panic: Option<Box<dyn Any + Send>>,
    committed: bool,
}

impl Broken {
    pub(crate) fn new(defect: Defect) -> Self {
        Self {
            defect,
            inner: Arc::default(),
            remains: Arc::default(),
            connections: Arc::new(AtomicU32::new(5)),
            commits: Arc::default(),
            locked: Arc::default(),
        }
    }

    pub(crate) fn remains(&self) -> MutexGuard<'_, Remains> {
        lock(&self.remains)
    }

    fn twisted(&self, writing: bool, mut work: Work) -> Work {
        let store = self.clone();
        Box::new(move |unit: &mut dyn Unit| work(&mut Twisted { unit, store: store.clone(), writing, poisoned: false }))
    }

    async fn write_with_wrong_end(&self, mut work: Work) -> Result<(), StorageError> {
        let (store, aside) = (self.clone(), Arc::new(Mutex::new(Aside::default())));
        let inside = aside.clone();
        let wrong: Work = Box::new(move |unit: &mut dyn Unit| {
            let defect = store.defect;
            let verdict = catch_unwind(AssertUnwindSafe(|| work(unit))).unwrap_or_else(|panic| {
                lock(&inside).panic = Some(panic);
                if defect == Defect::CommitsOnPanic { Ok(()) } else { Err(Rollback::Decided) }
            });
            lock(&inside).committed = verdict.is_ok();
            match verdict {
                Ok(()) if defect == Defect::LosesCommits && store.commits.fetch_add(1, Ordering::SeqCst) % 10 == 9 => {
                    Err(Rollback::Decided)
                }
                Err(Rollback::Decided) if defect == Defect::CommitsWhenDecidedAgainst => Ok(()),
                Err(Rollback::Failed(error)) if defect == Defect::CommitsOnError => {
                    lock(&inside).error = Some(error);
                    Ok(())
                }
                Err(Rollback::Failed(error)) if defect == Defect::NeverRepeats => {
                    lock(&inside).error = Some(error);
                    Err(Rollback::Decided)
                }
                verdict => verdict,
            }
        });
        let ended = self.inner.write(wrong).await;
        let aside = std::mem::take(&mut *lock(&aside));
        let surviving = std::mem::take(&mut self.remains().surviving);
        if !aside.committed {
            self.survive(surviving).await;
        }
        ended?;
        if let Some(panic) = aside.panic {
            resume_unwind(panic);
        }
        aside.error.map_or(Ok(()), Err)
    }

    async fn survive(&self, surviving: Vec<Survivor>) {
        for mut survivor in surviving {
            let again: Work = Box::new(move |unit: &mut dyn Unit| survivor(unit).map_err(Rollback::Failed));
            // A write that cannot be repeated alone is left out.
            drop(self.inner.write(again).await);
        }
    }

    /// Repeats the work inside one and the same unit.
    fn repeating(&self, mut work: Work) -> Work {
        let (limit, all) = match self.defect {
            Defect::RepeatsForEver => (1000, false),
            Defect::RepeatsAllErrors => (3, true),
            _ => (5, false),
        };
        Box::new(move |unit: &mut dyn Unit| {
            let mut verdict = work(unit);
            for _ in 1..limit {
                match &verdict {
                    Err(Rollback::Failed(error)) if all || error.is_retryable() => verdict = work(unit),
                    Ok(()) | Err(_) => break,
                }
            }
            verdict
        })
    }
}

#[async_trait]
impl Storage for Broken {
    async fn write(&self, work: Work) -> Result<(), StorageError> {
        self.remains().replica = self.inner.snapshot();
        let work = self.twisted(true, work);
        match self.defect {
            Defect::RepeatsForEver | Defect::RepeatsAllErrors | Defect::RepeatsOnRemains => {
                self.inner.write(self.repeating(work)).await
            }
            Defect::StaysLockedWhenAbandoned => {
                if self.locked.swap(true, Ordering::SeqCst) {
                    return Err(wrong("the database is locked"));
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
                let result = self.inner.write(work).await;
                self.locked.store(false, Ordering::SeqCst);
                result
            }
            _ => self.write_with_wrong_end(work).await,
        }
    }

    async fn read(&self, work: Work) -> Result<(), StorageError> {
        match self.defect {
            Defect::WritesInRead => self.inner.write(work).await,
            Defect::ReadsFromALaggingReplica => {
                let replica = self.remains().replica.snapshot();
                replica.read(work).await
            }
            Defect::LosesConnectionsOnPanic => {
                if self.connections.load(Ordering::SeqCst) == 0 {
                    return Err(wrong("there are no connections left"));
                }
                self.connections.fetch_sub(1, Ordering::SeqCst);
                let result = self.inner.read(work).await;
                self.connections.fetch_add(1, Ordering::SeqCst);
                result
            }
            _ => self.inner.read(self.twisted(false, work)).await,
        }
    }

    async fn read_stale(&self, work: Work) -> Result<(), StorageError> {
        match self.defect {
            Defect::WritesInStaleRead => self.inner.write(work).await,
            _ => self.read(work).await,
        }
    }
}

pub(crate) fn wrong(cause: &'static str) -> StorageError {
    StorageError::fault(StorageFault::Other, cause)
}

/// Accepts a duplicate.
pub(crate) fn taken(result: Result<(), StorageError>) -> Result<(), StorageError> {
    match result {
        Err(StorageError::Duplicate) => Ok(()),
        other => other,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The text with one character replaced by an equivalent one.
pub(crate) fn normalized(text: &str) -> String {
    text.replace('\u{212b}', "\u{c5}")
}

/// The instant, cut to the millisecond.
pub(crate) fn cut(instant: DateTime<Utc>) -> DateTime<Utc> {
    instant.trunc_subsecs(3)
}

/// Polls a future once. The reference implementation never waits.
pub(crate) fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("the memory was waiting"),
    }
}

/// A unit with the defect of its store.
pub(crate) struct Twisted<'a> {
    pub(crate) unit: &'a mut dyn Unit,
    pub(crate) store: Broken,
    pub(crate) writing: bool,
    pub(crate) poisoned: bool,
}

impl Twisted<'_> {
    pub(crate) fn has(&self, defect: Defect) -> bool {
        self.store.defect == defect
    }

    /// With the defect, a unit's write is repeated after the unit was rolled back.
    pub(crate) fn outlives(&self, defect: Defect, write: impl FnMut(&mut dyn Unit) -> Result<(), StorageError> + Send + 'static) {
        if self.has(defect) && self.writing {
            self.store.remains().surviving.push(Box::new(write));
        }
    }

    /// With the defect, every insert after a refused one fails.
    pub(crate) fn poisoned(
        &mut self,
        defect: Defect,
        insert: impl FnOnce(&mut dyn Unit) -> Result<(), StorageError>,
    ) -> Result<(), StorageError> {
        if self.poisoned {
            return Err(wrong("the transaction was aborted"));
        }
        let result = insert(self.unit);
        self.poisoned = self.has(defect) && result.is_err();
        result
    }
}
