//! What time it is.

use chrono::{DateTime, SubsecRound, Utc};

/// Tells the time. A test hands in one that it turns by hand.
pub trait Clock: Send + Sync + 'static {
    /// The present instant, cut to whole microseconds: what every database keeps.
    fn now(&self) -> DateTime<Utc>;
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
