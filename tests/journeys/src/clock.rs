//! A clock that is turned by hand.

use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};
use muticket_core::Clock;

/// Stands still until it is turned.
#[derive(Debug)]
pub struct Hand(Mutex<DateTime<Utc>>);

impl Default for Hand {
    fn default() -> Self {
        Self(Mutex::new(DateTime::from_timestamp(1_800_000_000, 0).unwrap()))
    }
}

impl Hand {
    /// Turns it.
    pub fn turn(&self, by: TimeDelta) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for Hand {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}
