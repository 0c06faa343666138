//! Lists of tickets (D-11).

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use crate::id::{CategoryId, NotAnId, TicketNumber, UserId};
use crate::search::Search;
use crate::storage::StorageError;
use crate::ticket::{State, Ticket, Waiting};

/// Which tickets, in which order, from where on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverviewQuery {
    /// Whose tickets.
    pub scope: Scope,
    /// Open, closed or both.
    pub state: StateFilter,
    /// Only open tickets on which it is this one's turn.
    pub waiting: Option<Waiting>,
    /// Only this category.
    pub category: Option<CategoryId>,
    /// Only what this [finds](Search::finds). Without words and without a number it finds nothing.
    pub search: Option<Search>,
    /// By what they are ordered. Equal ones are ordered by number, the same way round.
    pub sort: SortKey,
    /// Which way round.
    pub order: Order,
    /// Only what comes after this place in the order.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: u32,
}

/// Whose tickets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everybody's.
    All,
    /// One customer's.
    Customer(UserId),
}

impl Scope {
    /// Whether the ticket is one of them.
    pub fn holds(&self, ticket: &Ticket) -> bool {
        match self {
            Self::All => true,
            Self::Customer(customer) => ticket.customer == *customer,
        }
    }
}

/// Which states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the tabs of the overview")]
#[non_exhaustive]
pub enum StateFilter {
    #[default]
    Open,
    Closed,
    All,
}

impl StateFilter {
    /// The states of the tickets that it lets through.
    pub fn states(self) -> &'static [State] {
        match self {
            Self::Open => &[State::Open],
            Self::Closed => &[State::Closed],
            Self::All => &[State::Open, State::Closed],
        }
    }
}

/// What the list is ordered by. A storage that does not know one yet orders by the activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SortKey {
    /// When the ticket last changed.
    #[default]
    Activity,
    /// Its number, which is also when it was opened.
    Number,
}

/// Which way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Newest first.
    #[default]
    Descending,
    /// Oldest first.
    Ascending,
}

/// Which of the tickets that wait for a supporter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingQuery {
    /// None of this customer's.
    pub except: UserId,
    /// Of which categories.
    pub categories: Among,
    /// Only what comes after this place in the queue.
    pub after: Option<Cursor>,
}

/// Some of all categories.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Among {
    /// Every one, and none at all.
    #[default]
    All,
    /// These.
    In(BTreeSet<CategoryId>),
    /// Every other one, and none at all.
    Outside(BTreeSet<CategoryId>),
}

impl Among {
    /// Whether a ticket with this category, or with none, belongs to them.
    pub fn contains(&self, category: Option<&CategoryId>) -> bool {
        match self {
            Self::All => true,
            Self::In(these) => category.is_some_and(|category| these.contains(category)),
            Self::Outside(these) => category.is_none_or(|category| !these.contains(category)),
        }
    }
}

/// A place in the order: right after one ticket, as it was then. It stays where it is while tickets come and move (D-11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// The ticket's last activity.
    pub activity: DateTime<Utc>,
    /// The ticket.
    pub number: TicketNumber,
}

impl Cursor {
    /// The place right after the ticket.
    pub fn after(ticket: &Ticket) -> Self {
        Self { activity: ticket.last_activity_at, number: ticket.number }
    }

    /// The place from which on, newest first, everything of this instant and before comes.
    pub(crate) fn from(activity: DateTime<Utc>) -> Self {
        Self { activity, number: TicketNumber::new(i64::MAX).expect("it is positive") }
    }
}

/// The form it has in addresses: microseconds since 1970 and the number.
impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.activity.timestamp_micros(), self.number)
    }
}

impl FromStr for Cursor {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        // The year 9999 is the last that every database keeps.
        const LAST_MICROSECOND: i64 = 253_402_300_799_999_999;
        let (written, number) = text.split_once('-').ok_or(NotAnId)?;
        let micros: i64 = written.parse().map_err(|_| NotAnId)?;
        if !(0..=LAST_MICROSECOND).contains(&micros) || micros.to_string() != written {
            return Err(NotAnId);
        }
        let activity = DateTime::from_timestamp_micros(micros).ok_or(NotAnId)?;
        Ok(Self { activity, number: number.parse()? })
    }
}

/// How many tickets there are, counted up to [`Counts::MANY`]; a number that large means "at least".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Open ones.
    pub open: u32,
    /// Closed ones.
    pub closed: u32,
}

impl Counts {
    /// Where counting stops: a page shows `999+` from here on, and no count costs more than this many rows.
    pub const MANY: u32 = 1000;
}

/// Lists and counts.
pub trait Overviews {
    /// The tickets the query asks for.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self, query: &OverviewQuery) -> Result<Vec<Ticket>, StorageError>;

    /// How many open and closed tickets there are in the scope, of the category if one is given, and found by the search if there is one.
    ///
    /// # Errors
    /// The storage failed.
    fn count(&mut self, scope: &Scope, category: Option<&CategoryId>, search: Option<&Search>) -> Result<Counts, StorageError>;

    /// The first ticket in the queue that the query asks for. The queue holds the open tickets on which it is a supporter's turn
    /// ([`Waiting::New`] or [`Waiting::Supporter`]), by the last activity and then by the number.
    ///
    /// # Errors
    /// The storage failed.
    fn next_waiting(&mut self, query: &WaitingQuery) -> Result<Option<TicketNumber>, StorageError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_from_its_address_or_not_at_all() {
        let cursor: Cursor = "1800000000123456-7".parse().unwrap();
        assert_eq!(cursor.to_string(), "1800000000123456-7");
        for text in [
            "",
            "-",
            "1",
            "1-",
            "-1-1",
            "1-0",
            "9999999999999999999-1",
            "253402300800000000-1",
            "1-1-1",
            "x-1",
            "+1-1",
            "01-1",
            "1-+1",
            "1-01",
            " 1-1",
        ] {
            assert!(text.parse::<Cursor>().is_err(), "{text:?}");
        }
    }
}
