//! Limits how many forms one visitor may send in a minute (429). The limit is high enough for the fastest person and stops a runaway
//! script.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use muticket_core::UserId;

/// Counts each visitor's forms in the current minute of the clock. Each node of a site counts separately.
pub(crate) struct Limiter {
    per_minute: u32,
    window: Mutex<Window>,
}

/// One minute. The counts are dropped when it ends, so they never hold more visitors than sent a form within one minute.
#[derive(Default)]
struct Window {
    minute: i64,
    sent: HashMap<UserId, u32>,
}

impl Limiter {
    pub(crate) fn new(per_minute: u32) -> Self {
        Self { per_minute, window: Mutex::default() }
    }

    /// Counts one form of the visitor.
    ///
    /// # Errors
    /// The visitor has reached the limit. The value is the number of seconds until they may send again.
    pub(crate) fn take(&self, user: &UserId, now: DateTime<Utc>) -> Result<(), i64> {
        let seconds = now.timestamp();
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if window.minute != seconds.div_euclid(60) {
            *window = Window { minute: seconds.div_euclid(60), sent: HashMap::new() };
        }
        let sent = window.sent.entry(user.clone()).or_default();
        if *sent >= self.per_minute {
            return Err(60 - seconds.rem_euclid(60));
        }
        *sent += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    /// P-07
    #[test]
    fn each_visitor_has_their_own_count_in_each_minute() {
        let limiter = Limiter::new(2);
        let (anna, ben) = (UserId::new("anna"), UserId::new("ben"));
        let now = DateTime::from_timestamp(1_800_000_015, 0).unwrap();
        assert_eq!([limiter.take(&anna, now), limiter.take(&anna, now), limiter.take(&anna, now)], [Ok(()), Ok(()), Err(45)]);
        assert_eq!(limiter.take(&ben, now), Ok(()));
        assert_eq!(limiter.take(&anna, now + TimeDelta::seconds(44)), Err(1));
        assert_eq!(limiter.take(&anna, now + TimeDelta::seconds(45)), Ok(()));
    }
}
