//! What time it is.

use std::time::SystemTime;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// Tells the time. A test hands in one that it turns by hand.
pub trait Clock: Send + Sync + 'static {
    /// The present instant, cut to whole microseconds: what every database keeps.
    fn now(&self) -> DateTime<Utc>;
}

/// How far the clocks of a site's nodes may differ. An instant that lies further ahead was written while a clock was wrong.
const SKEW: TimeDelta = TimeDelta::minutes(5);

/// The last instant that counts as now. Lists and figures keep what lies beyond it from hiding the present.
pub(crate) fn horizon(now: DateTime<Utc>) -> DateTime<Utc> {
    now + SKEW
}

/// The computer's clock: the default.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        #[expect(clippy::disallowed_methods, reason = "this is the one place it is asked")]
        instant(SystemTime::now())
    }
}

/// `Utc::now` panics before 1970.
fn instant(time: SystemTime) -> DateTime<Utc> {
    DateTime::<Utc>::from(time).trunc_subsecs(6)
}

/// The clock of the machine shows a time before 1970, as one does whose battery is empty. What a site stores then would be sorted wrongly
/// for ever, and other programs, TLS among them, do not work at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the clock of this machine shows {0}, which is before 1970: set it, and start again")]
pub struct ClockIsWrong(pub DateTime<Utc>);

/// Looks at the clock, before a site is launched.
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
