//! What a visitor selects of a list of tickets (D-11, T-12).

use std::collections::BTreeSet;

use crate::id::{CategoryId, LabelId, UserId};
use crate::overview::basis::{Basis, FilterPart};
use crate::overview::named::{AssigneeFilter, NamedView};
use crate::search::Search;
use crate::storage::{Among, Assigned, Cursor, Order, Reach, SortKey, StateFilter, StorageError, Unit, View, WaitingFilter};
use crate::supporter::Staff;
use crate::ticket::{Priority, Waiting};

/// The visitor's selection of tickets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the parameters of the page, see OverviewQuery")]
pub struct Filter {
    pub state: StateFilter,
    pub waiting: Option<Waiting>,
    pub category: Option<CategoryId>,
    pub customer: Option<UserId>,
    pub search: Option<Search>,
    pub sort: SortKey,
    pub order: Order,
    pub after: Option<Cursor>,
    /// What only supporters select. It is ignored for everyone else.
    pub desk: DeskFilter,
    /// Whether a parameter is malformed. Then no tickets are found, rather than more than the visitor wanted.
    pub unreadable: bool,
}

/// What only supporters select.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeskFilter {
    /// One of the ready views, which the other filters narrow.
    pub view: Option<NamedView>,
    /// What the list begins with: a saved view has parts of its own.
    pub basis: Basis,
    /// To whom the tickets are assigned.
    pub assignee: Option<AssigneeFilter>,
    /// Their priority.
    pub priority: Option<Priority>,
    /// A label that they have (T-06).
    pub label: Option<LabelId>,
    /// Whether each ticket shows the beginning of its newest message. It selects nothing, as the order does not.
    pub texts: bool,
    /// Only the last tickets before this place: the way back to the previous page.
    pub before: Option<Cursor>,
    /// The number of the first ticket of the page, as the link to the page says it. It is only shown.
    pub at: Option<u32>,
    /// Whether one of these parameters is malformed.
    pub unreadable: bool,
}

impl Filter {
    /// The order in which a view is sorted unless the visitor selects another one.
    pub fn default_order(view: Option<NamedView>) -> (SortKey, Order) {
        match view {
            Some(NamedView::Waiting) => (SortKey::ToDo, Order::Ascending),
            _ => Default::default(),
        }
    }

    /// The filter as it applies to a supporter, or to anyone else. Customers see only their own tickets and nothing of the
    /// desk. A closed ticket waits for nobody, and nothing is to be done about it. A place in another order is ignored. A filter that
    /// depends on a view that is yet to be read stays as it is.
    #[must_use]
    pub fn applied(mut self, is_supporter: bool) -> Self {
        if !is_supporter {
            self.customer = None;
            self.desk = DeskFilter::default();
        }
        if matches!(self.desk.basis, Basis::First | Basis::Asked { .. }) {
            return self;
        }
        self.waiting = self.waiting.filter(|_| self.state != StateFilter::Closed);
        if self.sort == SortKey::ToDo && (!is_supporter || self.state != StateFilter::Open) {
            (self.sort, self.order) = Default::default();
        }
        let sort = self.sort;
        self.after = self.after.filter(|place| place.is_of(sort));
        self.desk.before = self.desk.before.filter(|place| place.is_of(sort) && self.after.is_none());
        self
    }

    /// Whether the filter selects fewer tickets than a list of its state, its view and its waiting side.
    pub fn narrows(&self) -> bool {
        let Self { category, customer, search, desk, unreadable, .. } = self;
        let DeskFilter { assignee, priority, label, unreadable: also_unreadable, .. } = desk;
        let is_set = category.is_some() || customer.is_some() || search.is_some() || assignee.is_some() || priority.is_some();
        is_set || label.is_some() || *unreadable || *also_unreadable
    }

    /// The order in which a supporter works through the list. While the order is that of a view that is yet to be read, it may be
    /// the one by priority.
    pub(crate) fn queue_order(&self) -> SortKey {
        match self.sort {
            SortKey::Activity | SortKey::Number if self.awaits_order() => SortKey::ToDo,
            SortKey::ToDo => SortKey::ToDo,
            SortKey::Activity | SortKey::Number => SortKey::Activity,
        }
    }

    fn awaits_order(&self) -> bool {
        match &self.desk.basis {
            Basis::Asked { stated, .. } => !stated.contains(&FilterPart::Order),
            Basis::Nothing | Basis::First | Basis::Saved(_) => false,
        }
    }

    /// Whether the filter selects tickets of nobody, which takes a look at all assignees.
    pub(crate) fn asks_for_nobody(&self) -> bool {
        self.desk.view == Some(NamedView::Nobody) || self.desk.assignee == Some(AssigneeFilter::Nobody)
    }

    /// The tickets that the filter selects within a reach. Without a desk, what only supporters select has no effect.
    pub(crate) fn view(&self, reach: Reach, desk: Option<&DeskScope>) -> View {
        let customer = match reach {
            Reach::All => self.customer.clone(),
            // Customers have only one customer to choose from.
            Reach::Own(_) => None,
        };
        let categories = self.category.iter().cloned().collect();
        let mut view = View {
            customer,
            state: self.state,
            waiting: self.waiting.map_or(WaitingFilter::All, WaitingFilter::For),
            categories: if self.category.is_some() { Among::In(categories) } else { Among::All },
            search: self.search.clone(),
            ..View::of(reach)
        };
        if let Some(desk) = desk.filter(|_| self.sort == SortKey::ToDo) {
            // The order would tell a supporter the priority of their own tickets (D-05).
            view.except = Some(desk.me.clone());
        }
        let is_possible = desk.is_none_or(|desk| self.desk.narrow(&mut view, desk).is_some());
        if self.unreadable || !is_possible {
            // No category, so no ticket.
            view.categories = Among::In(BTreeSet::new());
        }
        view
    }
}

impl DeskFilter {
    /// Narrows the view to these tickets; `None` if there can be none.
    fn narrow(&self, view: &mut View, desk: &DeskScope) -> Option<()> {
        if self.unreadable {
            return None;
        }
        let mine = || Assigned::To(desk.me.clone());
        let nobodys = || Assigned::ToNobodyBut(desk.former.clone());
        let assigned = match &self.assignee {
            None => Assigned::All,
            Some(AssigneeFilter::Me) => mine(),
            Some(AssigneeFilter::Nobody) => nobodys(),
            Some(AssigneeFilter::User(user)) => Assigned::To(user.clone()),
        };
        view.assigned = match self.view {
            Some(NamedView::Mine) => assigned.and(mine())?,
            Some(NamedView::Nobody) => assigned.and(nobodys())?,
            Some(NamedView::Waiting | NamedView::Categories) | None => assigned,
        };
        view.priority = self.priority;
        view.label = self.label;
        if self.view.is_some() || self.assignee.is_some() || self.priority.is_some() || self.label.is_some() {
            // A supporter learns nothing of the desk about their own tickets (D-05).
            view.except = Some(desk.me.clone());
        }
        match (self.view, view.waiting) {
            (Some(NamedView::Waiting), WaitingFilter::All) => view.waiting = WaitingFilter::ForSupporters,
            (Some(NamedView::Waiting), WaitingFilter::For(Waiting::Customer)) => return None,
            _ => {}
        }
        if self.view == Some(NamedView::Categories) {
            view.categories = match &view.categories {
                Among::In(these) => Among::In(these.intersection(&desk.categories).cloned().collect()),
                Among::All => Among::In(desk.categories.clone()),
                Among::Outside(these) => Among::In(desk.categories.difference(these).cloned().collect()),
            };
        }
        Some(())
    }
}

/// What the selections of a supporter depend on.
#[derive(Debug, Clone)]
pub(crate) struct DeskScope {
    me: UserId,
    /// The supporter's categories.
    categories: BTreeSet<CategoryId>,
    /// The current supporters.
    staff: BTreeSet<UserId>,
    /// The assignees who are no supporters any more.
    former: BTreeSet<UserId>,
}

impl DeskScope {
    /// The scope of a supporter, before [`read`](Self::read).
    pub(crate) fn of(staff: &Staff, me: &UserId) -> Self {
        Self { me: me.clone(), categories: staff.categories_of(me), staff: staff.ids(), former: BTreeSet::new() }
    }

    /// Reads who was a supporter and still has tickets.
    pub(crate) fn read(mut self, unit: &mut dyn Unit) -> Result<Self, StorageError> {
        let assignees = unit.overviews().assignees()?;
        self.former = assignees.into_iter().filter(|user| !self.staff.contains(user)).collect();
        Ok(self)
    }

    /// The views that hold something for this supporter.
    pub(crate) fn views(&self) -> impl Iterator<Item = NamedView> {
        let has_some = !self.categories.is_empty();
        NamedView::ALL.iter().copied().filter(move |view| *view != NamedView::Categories || has_some)
    }
}
