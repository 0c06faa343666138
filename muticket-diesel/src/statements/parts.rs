//! Which condition of a view leads to its tickets, and the parts of which a list is composed.
//!
//! An index begins with the column of the leading condition and the state, and ends with the last activity. So a list of several states,
//! assignees or categories is composed of one list for each. Most indexes hold the priority before the time. Such a list is composed of
//! one list for each priority too; they are short, because most tickets have the same priority.

use muticket_core::id::{CategoryId, UserId};
use muticket_core::storage::{Among, Assigned, Reach, SortKey, View, WaitingFilter};
use muticket_core::ticket::{Priority, State, Waiting};

/// The most categories that lead. With every priority and two states, the parts of their list fit into one statement.
const CATEGORIES: usize = 12;

/// The condition whose index leads to the tickets. The others are tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    /// A search with few matches.
    Search,
    /// The customer, who has few tickets.
    Customer,
    /// The assignee, or nobody.
    Assignee,
    /// One category, or several.
    Category,
    /// The side that the tickets wait for. Each ticket has one, so the index leads to all tickets of a priority too.
    Turn,
    /// The state alone.
    List,
}

impl Lead {
    /// The leading condition of a view that is sorted by this key.
    pub(super) fn of(view: &View, sort: SortKey, is_selective: bool) -> Self {
        let has_few_categories = matches!(&view.categories, Among::In(these) if (1..=CATEGORIES).contains(&these.len()));
        if is_selective {
            Self::Search
        } else if view.customer.is_some() || view.reach != Reach::All {
            Self::Customer
        } else if view.assigned != Assigned::All {
            Self::Assignee
        } else if has_few_categories {
            Self::Category
        } else if view.waiting != WaitingFilter::All || view.priority.is_some() || sort == SortKey::ToDo {
            Self::Turn
        } else {
            Self::List
        }
    }

    /// Whether its index holds the priority before the time.
    pub(super) fn holds_priorities(self) -> bool {
        match self {
            Self::Assignee | Self::Category | Self::Turn => true,
            Self::Search | Self::Customer | Self::List => false,
        }
    }

    /// Whether a list is composed of one list for each priority.
    pub(super) fn splits(self, sort: SortKey) -> bool {
        match sort {
            SortKey::Number => false,
            SortKey::ToDo => true,
            _ => self.holds_priorities(),
        }
    }
}

/// A part of a list that follows one index from its first row to its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part<'v> {
    pub(super) range: Range,
    /// The assignee, or `Some(None)` for the tickets without one; `None` if the assignee does not lead.
    pub(super) assignee: Option<Option<&'v UserId>>,
    /// The category; `None` if the category does not lead.
    pub(super) category: Option<&'v CategoryId>,
    /// One priority; `None` for all.
    pub(super) priority: Option<Priority>,
}

/// States of tickets that one index leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Range {
    /// The tickets of one state, and of one side if there is one.
    Of(State, Option<Waiting>),
    /// The tickets whose state is a word before, between or after the two known words. An index can be searched for each of them.
    Before,
    Between,
    After,
}

impl Part<'_> {
    /// Whether it is the one of several parts of the same assignee, category and priority that stands for all of them.
    pub(super) fn is_first_of_its_kind(self) -> bool {
        matches!(self.range, Range::Of(State::Open, None | Some(Waiting::New)))
    }
}

/// Whether tickets of every state are in the view, known or not.
pub(super) fn has_all_states(view: &View) -> bool {
    view.waiting == WaitingFilter::All && view.state.states().len() == [State::Open, State::Closed].len()
}

/// The parts of a view, without unknown states. With `split`, one for each priority.
pub(super) fn parts_of(view: &View, lead: Lead, split: bool) -> Vec<Part<'_>> {
    let assignees: Vec<Option<Option<&UserId>>> = match (lead, &view.assigned) {
        (Lead::Assignee, Assigned::To(user)) => vec![Some(Some(user))],
        (Lead::Assignee, Assigned::ToNobodyBut(former)) => {
            std::iter::once(None).chain(former.iter().map(Some)).map(Some).collect()
        }
        _ => vec![None],
    };
    let categories: Vec<Option<&CategoryId>> = match (lead, &view.categories) {
        (Lead::Category, Among::In(these)) => these.iter().map(Some).collect(),
        _ => vec![None],
    };
    let priorities: Vec<Option<Priority>> = match view.priority {
        None if split => Priority::ALL.iter().copied().map(Some).collect(),
        priority => vec![priority],
    };
    let mut parts = Vec::new();
    for range in ranges_of(view, lead) {
        for (assignee, category) in
            assignees.iter().flat_map(|assignee| categories.iter().map(move |category| (*assignee, *category)))
        {
            parts.extend(priorities.iter().map(|priority| Part { range, assignee, category, priority: *priority }));
        }
    }
    parts
}

fn ranges_of(view: &View, lead: Lead) -> Vec<Range> {
    const SIDES: [Waiting; 3] = [Waiting::New, Waiting::Supporter, Waiting::Customer];
    let states = view.state.states();
    let open = |side| Range::Of(State::Open, Some(side));
    match view.waiting {
        WaitingFilter::All if lead == Lead::Turn => {
            states.iter().flat_map(|state| SIDES.map(|side| Range::Of(*state, Some(side)))).collect()
        }
        WaitingFilter::All => states.iter().map(|state| Range::Of(*state, None)).collect(),
        // Closed tickets do not wait for anybody.
        _ if !states.contains(&State::Open) => Vec::new(),
        WaitingFilter::For(side) => vec![open(side)],
        _ => vec![open(Waiting::New), open(Waiting::Supporter)],
    }
}
