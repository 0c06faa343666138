//! Which supporters have the page of a ticket open (T-14).

use chrono::{DateTime, TimeDelta, Utc};

use crate::id::{TicketNumber, UserId};
use crate::supporter::Staff;
use crate::user::User;

/// A page of a ticket that a supporter has open. The page reports itself every few seconds. Who only looks at it without
/// JavaScript is not seen.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct OpenPage {
    /// The ticket.
    pub ticket: TicketNumber,
    /// The supporter.
    pub user: UserId,
    /// Whether they are writing an answer.
    pub writes: bool,
    /// When the page last reported itself.
    pub seen_at: DateTime<Utc>,
}

impl OpenPage {
    /// How long a page counts as open after it has reported itself: 30 seconds. Pages report themselves every ten.
    pub const LASTS: TimeDelta = TimeDelta::seconds(30);
}

/// A colleague who has the same ticket open.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Colleague {
    /// The supporter.
    pub user: User,
    /// Whether they are writing an answer.
    pub writes: bool,
}

/// The current supporters behind these pages, except `user`.
pub(crate) fn colleagues(open: Vec<OpenPage>, staff: &Staff, user: &UserId) -> Vec<Colleague> {
    let others = open.into_iter().filter(|page| page.user != *user);
    let colleague = |page: OpenPage| {
        let user = staff.users().find(|user| user.id == page.user)?.clone();
        Some(Colleague { user, writes: page.writes })
    };
    others.filter_map(colleague).collect()
}
