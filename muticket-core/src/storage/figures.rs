//! First answers, and lists of the answers behind a figure (R-18, D-07).

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use crate::figures::{FirstAnswer, Period, Wait, WaitTally};
use crate::id::{MessageNumber, NotAnId, TicketNumber, UserId};
use crate::rating::{Rating, Score};
use crate::storage::{Cursor, StorageError};
use crate::ticket::Subject;

/// Which rated answers, from where on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatedQuery {
    /// Whose answers.
    pub author: UserId,
    /// Only those that got so many stars.
    pub score: Option<Score>,
    /// Only those that were last rated in it.
    pub period: Option<Period>,
    /// Only what comes after this place in the order.
    pub after: Option<AnswerCursor>,
    /// At most so many.
    pub limit: u32,
}

/// A rating, and the subject of its ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatedAnswer {
    /// The rating.
    pub rating: Rating,
    /// What the ticket is about.
    pub subject: Subject,
}

/// Which first answers, from where on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstAnswerQuery {
    /// Whose answers.
    pub author: UserId,
    /// Only those for which the customer waited so long.
    pub wait: Option<Wait>,
    /// Only what comes after this place in the order.
    pub after: Option<AnswerCursor>,
    /// At most so many.
    pub limit: u32,
}

/// A first answer, and what it answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnsweredTicket {
    /// The answer.
    pub first: FirstAnswer,
    /// What the ticket is about.
    pub subject: Subject,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
}

/// A place in a list of answers: right after one answer, as it was then. It stays where it is while answers come and are rated again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AnswerCursor {
    /// When it was rated, or given.
    pub at: DateTime<Utc>,
    /// Its ticket.
    pub ticket: TicketNumber,
    /// The answer.
    pub message: MessageNumber,
}

impl AnswerCursor {
    /// The place from which on, newest first, everything of this instant and before comes.
    pub(crate) fn from(at: DateTime<Utc>) -> Self {
        let (ticket, message) = (TicketNumber::new(i64::MAX), MessageNumber::new(u32::MAX));
        let (ticket, message) = (ticket.expect("it is positive"), message.expect("it is positive"));
        Self { at, ticket, message }
    }
}

impl RatedAnswer {
    /// The place right after it.
    pub fn cursor(&self) -> AnswerCursor {
        AnswerCursor { at: self.rating.rated_at, ticket: self.rating.ticket, message: self.rating.message }
    }
}

impl AnsweredTicket {
    /// The place right after it.
    pub fn cursor(&self) -> AnswerCursor {
        AnswerCursor { at: self.first.answered_at, ticket: self.first.ticket, message: self.first.message }
    }
}

/// The form it has in addresses: microseconds since 1970, the ticket and the message.
impl fmt::Display for AnswerCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.at.timestamp_micros(), self.ticket, self.message)
    }
}

impl FromStr for AnswerCursor {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let (place, message) = text.rsplit_once('-').ok_or(NotAnId)?;
        let Cursor { activity: at, number: ticket } = place.parse()?;
        Ok(Self { at, ticket, message: message.parse()? })
    }
}

/// The first answer of each ticket that has one.
pub trait FirstAnswers {
    /// Stores the first answer of a ticket. It belongs to its message.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] if the ticket has one.
    fn insert(&mut self, first: &FirstAnswer) -> Result<(), StorageError>;

    /// How long customers waited for the first answers of one author. What was given after `until` is not counted: a clock was wrong then.
    ///
    /// # Errors
    /// The storage failed.
    fn tally(&mut self, author: &UserId, until: DateTime<Utc>) -> Result<WaitTally, StorageError>;

    /// The first answers the query asks for, the last given first.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self, query: &FirstAnswerQuery) -> Result<Vec<AnsweredTicket>, StorageError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_from_its_address_or_not_at_all() {
        let cursor: AnswerCursor = "1800000000123456-7-2".parse().unwrap();
        assert_eq!(cursor.to_string(), "1800000000123456-7-2");
        for text in [
            "",
            "-",
            "1-1",
            "1-1-",
            "1-1-0",
            "1-0-1",
            "-1-1-1",
            "253402300800000000-1-1",
            "1-1-1-1",
            "x-1-1",
            "1-1-4294967296",
            "+1-1-1",
            "01-1-1",
            "1-1-+1",
        ] {
            assert!(text.parse::<AnswerCursor>().is_err(), "{text:?}");
        }
    }
}
