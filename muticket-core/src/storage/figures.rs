//! First answers, and lists of the answers behind a figure (R-18, D-07).

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use crate::figures::{FirstAnswer, Period, Wait, WaitTally};
use crate::id::{MessageNumber, NotAnId, TicketNumber, UserId};
use crate::rating::{Rating, Score};
use crate::storage::{Cursor, StorageError};
use crate::ticket::Subject;

/// Selects rated answers and a page of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatedQuery {
    /// The author of the answers.
    pub author: UserId,
    /// Only answers with this many stars.
    pub score: Option<Score>,
    /// Only answers whose current rating was given in this period.
    pub period: Option<Period>,
    /// Only answers after this place.
    pub after: Option<AnswerCursor>,
    /// The most answers to return.
    pub limit: u32,
}

/// A rating with the subject of its ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatedAnswer {
    /// The rating.
    pub rating: Rating,
    /// The subject of the ticket.
    pub subject: Subject,
}

/// Selects first answers and a page of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstAnswerQuery {
    /// The author of the answers.
    pub author: UserId,
    /// Only answers for which the customer waited this long.
    pub wait: Option<Wait>,
    /// Only answers after this place.
    pub after: Option<AnswerCursor>,
    /// The most answers to return.
    pub limit: u32,
}

/// A first answer with data of its ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnsweredTicket {
    /// The answer.
    pub first: FirstAnswer,
    /// The subject of the ticket.
    pub subject: Subject,
    /// When the ticket was opened.
    pub opened_at: DateTime<Utc>,
}

/// A place in a list of answers: right after an answer as it was then. The place does not move when answers are added or
/// rated again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AnswerCursor {
    /// When the answer was rated or given.
    pub at: DateTime<Utc>,
    /// The ticket of the answer.
    pub ticket: TicketNumber,
    /// The answer.
    pub message: MessageNumber,
}

impl AnswerCursor {
    /// The place before all answers of this time and earlier, newest first.
    pub(crate) fn from(at: DateTime<Utc>) -> Self {
        let (ticket, message) = (TicketNumber::new(i64::MAX), MessageNumber::new(u32::MAX));
        let (ticket, message) = (ticket.expect("it is positive"), message.expect("it is positive"));
        Self { at, ticket, message }
    }
}

impl RatedAnswer {
    /// The place right after this answer.
    pub fn cursor(&self) -> AnswerCursor {
        AnswerCursor { at: self.rating.rated_at, ticket: self.rating.ticket, message: self.rating.message }
    }
}

impl AnsweredTicket {
    /// The place right after this answer.
    pub fn cursor(&self) -> AnswerCursor {
        AnswerCursor { at: self.first.answered_at, ticket: self.first.ticket, message: self.first.message }
    }
}

/// The form in URLs: microseconds since 1970, the ticket and the message.
impl fmt::Display for AnswerCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.at.timestamp_micros(), self.ticket, self.message)
    }
}

impl FromStr for AnswerCursor {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let (place, message) = text.rsplit_once('-').ok_or(NotAnId)?;
        let Cursor { activity: at, number: ticket, priority: None } = place.parse()? else { return Err(NotAnId) };
        Ok(Self { at, ticket, message: message.parse()? })
    }
}

/// The first answers of tickets.
pub trait FirstAnswerStore {
    /// Stores the first answer of a ticket. Its message must exist.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] if the ticket already has one.
    fn insert(&mut self, first: &FirstAnswer) -> Result<(), StorageError>;

    /// Counts how long customers waited for the first answers of an author. Answers after `until` are not counted, because a
    /// wrong clock dated them.
    ///
    /// # Errors
    /// The storage failed.
    fn tally(&mut self, author: &UserId, until: DateTime<Utc>) -> Result<WaitTally, StorageError>;

    /// Lists the first answers that the query selects, most recent first.
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
