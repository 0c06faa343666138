//! A clock that the test turns.

use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};
use muticket_core::Clock;

/// A clock that stands still until it is turned.
#[derive(Debug)]
pub struct Hand(Mutex<DateTime<Utc>>);

impl Default for Hand {
    fn default() -> Self {
        Self(Mutex::new(DateTime::from_timestamp(1_800_000_000, 0).unwrap()))
    }
}

impl Hand {
    /// Turns the clock forward.
    pub fn turn(&self, by: TimeDelta) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for Hand {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}
