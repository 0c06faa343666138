//! What happened to a ticket: one line for each change (D-13, P-27).

use chrono::{DateTime, Utc};

use crate::id::{MessageNumber, TicketNumber, UserId};
use crate::rating::Score;

/// One change of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// The ticket.
    pub ticket: TicketNumber,
    /// The ticket's version after the change: 1, 2, 3, ... without a gap.
    pub version: u32,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: UserId,
    /// What.
    pub change: Change,
}

/// What was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// The ticket was opened.
    Opened,
    /// Its customer wrote.
    Replied(MessageNumber),
    /// A supporter wrote.
    Answered(MessageNumber),
    /// Its customer rated an answer, or changed his rating.
    Rated(MessageNumber, Score),
    /// A supporter closed it.
    Closed,
    /// A supporter took it up again.
    Reopened,
}
