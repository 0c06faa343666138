//! Lists of tickets (D-11).

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use strum::{EnumString, IntoStaticStr};

use crate::id::{CategoryId, NotAnId, TicketNumber, UserId};
use crate::search::Search;
use crate::storage::StorageError;
use crate::ticket::{State, Ticket, Waiting};

/// Selects tickets, their order and a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverviewQuery {
    /// All tickets, or those of one customer.
    pub scope: Scope,
    /// Open tickets, closed ones or both.
    pub state: StateFilter,
    /// Only open tickets that wait for this side.
    pub waiting: Option<Waiting>,
    /// Only tickets with this category.
    pub category: Option<CategoryId>,
    /// Only tickets that the search [finds](Search::finds). A search without words and without a number finds nothing.
    pub search: Option<Search>,
    /// The sort key. Equal tickets are sorted by number in the same order.
    pub sort: SortKey,
    /// Ascending or descending.
    pub order: Order,
    /// Only tickets after this place.
    pub after: Option<Cursor>,
    /// The most tickets to return.
    pub limit: u32,
}

/// Whose tickets to select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All tickets.
    All,
    /// The tickets of one customer.
    Customer(UserId),
}

impl Scope {
    /// Whether the ticket is in this scope.
    pub fn holds(&self, ticket: &Ticket) -> bool {
        match self {
            Self::All => true,
            Self::Customer(customer) => ticket.customer == *customer,
        }
    }
}

/// Selects tickets by their state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, IntoStaticStr, EnumString)]
#[strum(serialize_all = "kebab-case")]
#[expect(missing_docs, reason = "the tabs of the overview")]
#[non_exhaustive]
pub enum StateFilter {
    #[default]
    Open,
    Closed,
    All,
}

impl StateFilter {
    /// The word in URLs and templates. `parse` reads it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The ticket states that the filter includes.
    pub fn states(self) -> &'static [State] {
        match self {
            Self::Open => &[State::Open],
            Self::Closed => &[State::Closed],
            Self::All => &[State::Open, State::Closed],
        }
    }
}

/// The sort key of the list. A storage that does not support one sorts by activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SortKey {
    /// The time of the ticket's last change.
    #[default]
    Activity,
    /// The ticket's number, which follows the order of opening.
    Number,
}

/// The sort order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Newest first.
    #[default]
    Descending,
    /// Oldest first.
    Ascending,
}

/// Selects tickets that wait for a supporter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingQuery {
    /// Excludes the tickets of this customer.
    pub except: UserId,
    /// The categories to include.
    pub categories: Among,
    /// Only tickets after this place in the queue.
    pub after: Option<Cursor>,
}

/// A selection of categories.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Among {
    /// All categories, and tickets without one.
    #[default]
    All,
    /// Only these categories.
    In(BTreeSet<CategoryId>),
    /// All other categories, and tickets without one.
    Outside(BTreeSet<CategoryId>),
}

impl Among {
    /// Whether the selection includes a ticket with this category, or without one.
    pub fn contains(&self, category: Option<&CategoryId>) -> bool {
        match self {
            Self::All => true,
            Self::In(these) => category.is_some_and(|category| these.contains(category)),
            Self::Outside(these) => category.is_none_or(|category| !these.contains(category)),
        }
    }
}

/// A place in a sorted list: right after a ticket as it was then. The place does not move when tickets are added or change
/// (D-11).
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

    /// The place before all tickets of this time and earlier, newest first.
    pub(crate) fn from(activity: DateTime<Utc>) -> Self {
        Self { activity, number: TicketNumber::new(i64::MAX).expect("it is positive") }
    }
}

/// The form in URLs: microseconds since 1970 and the number.
impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.activity.timestamp_micros(), self.number)
    }
}

impl FromStr for Cursor {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        // The end of the year 9999, the latest time that every database can store.
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

/// The numbers of tickets, counted up to [`Counts::MANY`]. That number means "at least".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// The number of open tickets.
    pub open: u32,
    /// The number of closed tickets.
    pub closed: u32,
}

impl Counts {
    /// The count at which counting stops, so that no count reads more rows. A page then shows `999+`.
    pub const MANY: u32 = 1000;
}

/// Lists and counts of tickets.
pub trait Overviews {
    /// Lists the tickets that the query selects.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self, query: &OverviewQuery) -> Result<Vec<Ticket>, StorageError>;

    /// Counts the open and closed tickets in the scope; with a category or a search, only those that match.
    ///
    /// # Errors
    /// The storage failed.
    fn count(&mut self, scope: &Scope, category: Option<&CategoryId>, search: Option<&Search>) -> Result<Counts, StorageError>;

    /// Finds the first ticket in the queue that the query selects. The queue holds the open tickets that wait for a
    /// supporter ([`Waiting::New`] or [`Waiting::Supporter`]), sorted by last activity, then by number.
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
