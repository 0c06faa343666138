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

/// Which tickets a list or a count is about. A ticket is in the view if every field includes it.
///
/// A storage takes this apart completely (`let View { reach, .. }` with every field named), so that a new field cannot be
/// overlooked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// The tickets that the viewer may see at all. The other fields only narrow it: a view of a customer's own tickets never
    /// has a ticket of anybody else (P-02).
    pub reach: Reach,
    /// Only tickets of this customer.
    pub customer: Option<UserId>,
    /// No tickets of this customer.
    pub except: Option<UserId>,
    /// Open tickets, closed ones or both.
    pub state: StateFilter,
    /// Whom the tickets wait for.
    pub waiting: WaitingFilter,
    /// The categories of the tickets.
    pub categories: Among,
    /// Only tickets that the search [finds](Search::finds). A search without words and without a number finds nothing.
    pub search: Option<Search>,
}

impl View {
    /// All tickets within a reach.
    pub fn of(reach: Reach) -> Self {
        Self {
            reach,
            customer: None,
            except: None,
            state: StateFilter::All,
            waiting: WaitingFilter::All,
            categories: Among::All,
            search: None,
        }
    }

    /// Whether the ticket is in the view.
    pub fn includes(&self, ticket: &Ticket) -> bool {
        let Self { reach, customer, except, state, waiting, categories, search } = self;
        reach.includes(&ticket.customer)
            && customer.as_ref().is_none_or(|customer| ticket.customer == *customer)
            && except.as_ref().is_none_or(|customer| ticket.customer != *customer)
            && state.states().contains(&ticket.state)
            && waiting.includes(ticket.waiting())
            && categories.contains(ticket.category.as_ref())
            && search.as_ref().is_none_or(|search| search.finds(ticket))
    }
}

/// The tickets that a viewer may see at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// All tickets: for supporters.
    All,
    /// The tickets of this customer.
    Own(UserId),
}

impl Reach {
    /// Whether tickets of the customer are within the reach.
    pub fn includes(&self, customer: &UserId) -> bool {
        match self {
            Self::All => true,
            Self::Own(own) => own == customer,
        }
    }
}

/// Selects tickets, their order and a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverviewQuery {
    /// The tickets.
    pub view: View,
    /// The sort key. Equal tickets are sorted by number in the same order.
    pub sort: SortKey,
    /// Ascending or descending.
    pub order: Order,
    /// Only tickets after this place.
    pub after: Option<Cursor>,
    /// The most tickets to return.
    pub limit: u32,
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

/// Selects tickets by the side that they wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum WaitingFilter {
    /// All tickets.
    #[default]
    All,
    /// Open tickets that wait for this side.
    For(Waiting),
    /// Open tickets that wait for a supporter: [new](Waiting::New) ones, and those in which the customer
    /// [wrote last](Waiting::Supporter).
    ForSupporters,
}

impl WaitingFilter {
    /// Whether the filter includes a ticket that waits for this side; `None` stands for a closed ticket.
    pub fn includes(self, waiting: Option<Waiting>) -> bool {
        match self {
            Self::All => true,
            Self::For(side) => waiting == Some(side),
            Self::ForSupporters => matches!(waiting, Some(Waiting::New | Waiting::Supporter)),
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

/// The numbers of tickets on the tabs of a list, counted up to [`Counts::MANY`]. That number means "at least".
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
pub trait OverviewStore {
    /// Lists the tickets that the query selects.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self, query: &OverviewQuery) -> Result<Vec<Ticket>, StorageError>;

    /// Counts the tickets of each view, in the order of the views. Counting stops at [`Counts::MANY`].
    ///
    /// # Errors
    /// The storage failed.
    fn count(&mut self, views: &[View]) -> Result<Vec<u32>, StorageError>;
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
