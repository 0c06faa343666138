//! Lists of tickets (D-11).

use std::collections::BTreeSet;

use strum::{EnumString, IntoStaticStr};

use crate::id::{CategoryId, LabelId, UserId};
use crate::search::Search;
use crate::storage::{Cursor, Order, SortKey, StorageError};
use crate::ticket::{Priority, State, Ticket, Waiting};

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
    /// To whom the tickets are assigned.
    pub assigned: Assigned,
    /// Only tickets of this priority.
    pub priority: Option<Priority>,
    /// Only tickets that have this label (T-06).
    pub label: Option<LabelId>,
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
            assigned: Assigned::All,
            priority: None,
            label: None,
            search: None,
        }
    }

    /// Whether the ticket is in the view, apart from its labels, which are not part of it.
    pub fn includes(&self, ticket: &Ticket) -> bool {
        let Self { reach, customer, except, state, waiting, categories, assigned, priority, label: _, search } = self;
        reach.includes(&ticket.customer)
            && customer.as_ref().is_none_or(|customer| ticket.customer == *customer)
            && except.as_ref().is_none_or(|customer| ticket.customer != *customer)
            && state.states().contains(&ticket.state)
            && waiting.includes(ticket.waiting())
            && categories.contains(ticket.category.as_ref())
            && assigned.includes(ticket.assignee.as_ref())
            && priority.is_none_or(|priority| ticket.priority == priority)
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
    /// Only tickets after this place, which is one of the same sort key ([`Cursor::of`]).
    pub after: Option<Cursor>,
    /// The most tickets to return.
    pub limit: u32,
}

/// Selects tickets by their state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, IntoStaticStr, EnumString)]
#[strum(serialize_all = "kebab-case")]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
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

/// Selects tickets by their assignee (T-03).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Assigned {
    /// All tickets.
    #[default]
    All,
    /// Tickets that are assigned to this user.
    To(UserId),
    /// Tickets without an assignee, and those that are assigned to one of these users, who are no supporters any more.
    ToNobodyBut(BTreeSet<UserId>),
}

impl Assigned {
    /// Whether the selection includes a ticket with this assignee, or without one.
    pub fn includes(&self, assignee: Option<&UserId>) -> bool {
        match self {
            Self::All => true,
            Self::To(user) => assignee == Some(user),
            Self::ToNobodyBut(former) => assignee.is_none_or(|assignee| former.contains(assignee)),
        }
    }

    /// The selection of the tickets that are in both; `None` if there can be none.
    #[must_use]
    pub fn and(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::All, both) | (both, Self::All) => Some(both),
            (Self::To(user), other) | (other, Self::To(user)) => other.includes(Some(&user)).then_some(Self::To(user)),
            (Self::ToNobodyBut(one), Self::ToNobodyBut(other)) => {
                Some(Self::ToNobodyBut(one.intersection(&other).cloned().collect()))
            }
        }
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

    /// Lists the users to whom tickets are assigned, open or closed: each once, sorted byte for byte. A storage may stop after
    /// [`MOST_ASSIGNEES`] of them.
    ///
    /// # Errors
    /// The storage failed.
    fn assignees(&mut self) -> Result<Vec<UserId>, StorageError>;
}

/// The number of users after which [`OverviewStore::assignees`] may stop.
pub const MOST_ASSIGNEES: usize = 900;
