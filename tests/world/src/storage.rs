//! A storage that fails on command.

mod plan;
mod unit;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use async_trait::async_trait;
use muticket_core::storage::{Rollback, Storage, StorageError, Work};

pub use self::plan::Call;
use self::plan::Plan;
use self::unit::FaultyUnit;
use crate::fault::{self, Fault};
use crate::lock;

/// Passes every call on to another storage, until it is told to fail.
pub struct FaultyStorage {
    inner: Arc<dyn Storage>,
    plan: Arc<Plan>,
}

impl FaultyStorage {
    /// A storage that works.
    pub fn new(inner: Arc<dyn Storage>) -> Self {
        Self { inner, plan: Arc::default() }
    }

    /// From now on the closure decides which calls fail, and how.
    pub fn fail_when(&self, decide: impl FnMut(&Call<'_>) -> Option<Fault> + Send + 'static) {
        *lock(&self.plan.decide) = Some(Box::new(decide));
        self.plan.failures.store(0, Ordering::SeqCst);
    }

    /// The `nth` call from now fails, and only that one. The first call is 1. With 0, no call fails.
    pub fn fail_nth(&self, nth: u32, fault: Fault) {
        let mut count = 0;
        self.fail_when(move |_| {
            count += 1;
            (count == nth).then_some(fault)
        });
    }

    /// The next call of this name fails, and only that one.
    pub fn fail_next(&self, name: &'static str, fault: Fault) {
        let mut fault = Some(fault);
        self.fail_when(move |call| if call.name == name { fault.take() } else { None });
    }

    /// So many units succeed from now on. All later ones fail before they begin, as if the database went away.
    pub fn go_away_after(&self, units: u32) {
        let mut left = units;
        self.fail_when(move |call| {
            if !call.is_unit() {
                return None;
            }
            if left == 0 {
                return Some(fault::away);
            }
            left -= 1;
            None
        });
    }

    /// No unit that writes can begin from now on, as if the disk were full.
    pub fn refuse_writes(&self) {
        self.fail_when(|call| (call.name == "write").then_some(fault::full));
    }

    /// How many units were begun so far, also failed ones.
    pub fn units(&self) -> u32 {
        self.plan.units.load(Ordering::SeqCst)
    }

    /// All calls succeed again. Returns how many calls failed since the storage was told to fail.
    pub fn mend(&self) -> u32 {
        *lock(&self.plan.decide) = None;
        self.plan.failures.load(Ordering::SeqCst)
    }

    fn faulty(&self, mut work: Work) -> Work {
        let plan = self.plan.clone();
        Box::new(move |unit| {
            work(&mut FaultyUnit { unit, plan: &plan })?;
            plan.check("commit", format_args!("")).map_err(Rollback::Failed)
        })
    }
}

#[async_trait]
impl Storage for FaultyStorage {
    async fn write(&self, work: Work) -> Result<(), StorageError> {
        self.plan.check("write", format_args!(""))?;
        self.inner.write(self.faulty(work)).await
    }

    async fn read(&self, work: Work) -> Result<(), StorageError> {
        self.plan.check("read", format_args!(""))?;
        self.inner.read(self.faulty(work)).await
    }

    async fn read_stale(&self, work: Work) -> Result<(), StorageError> {
        self.plan.check("read_stale", format_args!(""))?;
        self.inner.read_stale(self.faulty(work)).await
    }
}

impl fmt::Debug for FaultyStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultyStorage").field("failures", &self.plan.failures).finish_non_exhaustive()
    }
}
