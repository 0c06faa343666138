//! The current time.

use std::time::SystemTime;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// Tells the time. Tests use a clock that they set themselves.
pub trait Clock: Send + Sync + 'static {
    /// The current time, truncated to microseconds, which every database can store.
    fn now(&self) -> DateTime<Utc>;
}

/// How much the clocks of a site's nodes may differ. A later time was written while a clock was wrong.
const SKEW: TimeDelta = TimeDelta::minutes(5);

/// The latest time that counts as now. Entries with a later time must not hide current ones in lists and figures.
pub(crate) fn horizon(now: DateTime<Utc>) -> DateTime<Utc> {
    now + SKEW
}

/// The server's clock. This is the default.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        #[expect(clippy::disallowed_methods, reason = "this is the one place it is asked")]
        instant(SystemTime::now())
    }
}

/// Unlike `Utc::now`, this does not panic before 1970.
fn instant(time: SystemTime) -> DateTime<Utc> {
    DateTime::<Utc>::from(time).trunc_subsecs(6)
}

/// The server's clock shows a time before 1970, as with an empty battery. Rows stored with it would stay in the wrong order
/// for good, and other software such as TLS fails too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the clock of this machine shows {0}, which is before 1970: set it, and start again")]
pub struct ClockIsWrong(pub DateTime<Utc>);

/// Checks the clock. Call it before a site is launched.
///
/// # Errors
/// [`ClockIsWrong`].
pub fn check(clock: &dyn Clock) -> Result<(), ClockIsWrong> {
    let now = clock.now();
    if now < DateTime::UNIX_EPOCH { Err(ClockIsWrong(now)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    struct Standing(SystemTime);

    impl Clock for Standing {
        fn now(&self) -> DateTime<Utc> {
            instant(self.0)
        }
    }

    #[test]
    fn a_clock_before_1970_ends_in_a_sentence() {
        for seconds in [1, 3600, 40 * 365 * 24 * 3600] {
            let clock = Standing(SystemTime::UNIX_EPOCH - Duration::from_secs(seconds));
            let error = check(&clock).unwrap_err().to_string();
            assert!(error.contains("before 1970: set it"), "{error}");
        }
        assert_eq!(check(&Standing(SystemTime::UNIX_EPOCH)), Ok(()));
        assert_eq!(check(&SystemClock), Ok(()));
    }
}
