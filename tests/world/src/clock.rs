//! A clock that a test sets.

use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};
use muticket_core::Clock;

use crate::lock;

/// A clock that stands still until it is set. It starts on 15 January 2027 at 8:00 UTC.
#[derive(Debug)]
pub struct ManualClock(Mutex<DateTime<Utc>>);

impl ManualClock {
    /// The time at which a new clock starts.
    pub const START: DateTime<Utc> = DateTime::from_timestamp(1_800_000_000, 0).expect("a time in range");

    /// A clock that shows this time.
    pub fn new(now: DateTime<Utc>) -> Self {
        Self(Mutex::new(now))
    }

    /// The time that it shows.
    pub fn now(&self) -> DateTime<Utc> {
        *lock(&self.0)
    }

    /// Moves the time forward, or back if `by` is negative.
    pub fn advance(&self, by: TimeDelta) {
        *lock(&self.0) += by;
    }

    /// Moves the time forward to this instant, unless it has passed.
    pub fn advance_to(&self, instant: DateTime<Utc>) {
        let mut now = lock(&self.0);
        *now = instant.max(*now);
    }

    /// Sets the time.
    pub fn set(&self, now: DateTime<Utc>) {
        *lock(&self.0) = now;
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new(Self::START)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        Self::now(self)
    }
}
