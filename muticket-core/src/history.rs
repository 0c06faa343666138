//! The history of a ticket: one entry for each change (D-13, P-27).

use chrono::{DateTime, Utc};

use crate::id::{MessageNumber, TicketNumber, UserId};
use crate::rating::Score;

/// One change of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct HistoryEntry {
    /// The ticket.
    pub ticket: TicketNumber,
    /// The ticket's version after the change: 1, 2, 3, ... without gaps.
    pub version: u32,
    /// The time of the change.
    pub at: DateTime<Utc>,
    /// The user who made the change.
    pub by: UserId,
    /// The change.
    pub change: Change,
}

/// A kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Change {
    /// The ticket was opened.
    Opened,
    /// Its customer wrote.
    Replied(MessageNumber),
    /// A supporter wrote.
    Answered(MessageNumber),
    /// Its customer rated an answer or changed the rating.
    Rated(MessageNumber, Score),
    /// A supporter closed it.
    Closed,
    /// A supporter reopened it.
    Reopened,
}

impl Change {
    /// The stored form: the name of the change, its message and its stars.
    pub fn parts(self) -> (&'static str, Option<MessageNumber>, Option<Score>) {
        match self {
            Self::Opened => ("opened", None, None),
            Self::Replied(message) => ("replied", Some(message), None),
            Self::Answered(message) => ("answered", Some(message), None),
            Self::Rated(message, score) => ("rated", Some(message), Some(score)),
            Self::Closed => ("closed", None, None),
            Self::Reopened => ("reopened", None, None),
        }
    }

    /// Parses the stored form. `None` if the name is unknown, or a part is missing or superfluous.
    pub fn from_parts(name: &str, message: Option<MessageNumber>, score: Option<Score>) -> Option<Self> {
        let change = match name {
            "opened" => Self::Opened,
            "replied" => Self::Replied(message?),
            "answered" => Self::Answered(message?),
            "rated" => Self::Rated(message?, score?),
            "closed" => Self::Closed,
            "reopened" => Self::Reopened,
            _ => return None,
        };
        (change.parts() == (name, message, score)).then_some(change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// D-13
    #[test]
    fn a_change_is_read_back_from_its_parts_and_nothing_else_is() {
        let (message, score) = (MessageNumber::FIRST, Score::new(4).unwrap());
        for change in [
            Change::Opened,
            Change::Replied(message),
            Change::Answered(message),
            Change::Rated(message, score),
            Change::Closed,
            Change::Reopened,
        ] {
            let (name, message, score) = change.parts();
            assert_eq!(Change::from_parts(name, message, score), Some(change));
        }
        let (message, score) = (Some(message), Some(score));
        for (name, message, score) in [
            ("odd", None, None),
            ("", None, None),
            ("replied", None, None),
            ("answered", None, score),
            ("rated", message, None),
            ("rated", None, score),
            ("closed", message, None),
            ("replied", message, score),
        ] {
            assert_eq!(Change::from_parts(name, message, score), None, "{name}");
        }
    }
}
