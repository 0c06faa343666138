//! What time it is.

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
        Utc::now().trunc_subsecs(6)
    }
}
