//! Filters and saved views: what a view keeps of a filter, and filters on top of a view (T-12).

use std::collections::BTreeSet;

use crate::id::{SavedViewId, UserId};
use crate::overview::basis::{Basis, FilterPart};
use crate::overview::filter::{DeskFilter, Filter};
use crate::overview::named::NamedView;
use crate::saved_view::{FirstView, SavedView, ViewFilter};
use crate::storage::{StorageError, Unit};

/// The saved views that a supporter may open, and the view that they open first.
#[derive(Debug, Clone, Default)]
pub(crate) struct SavedViews {
    pub(crate) all: Vec<SavedView>,
    pub(crate) first: Option<FirstView>,
}

impl SavedViews {
    /// Reads them, in two statements.
    pub(crate) fn read(unit: &mut dyn Unit, user: &UserId) -> Result<Self, StorageError> {
        let (all, first) = (unit.saved_views().list(user)?, unit.saved_views().first(user)?);
        let mut views = Self { all, first };
        // A view that is no longer shared is no first view of others.
        views.first = views.first.filter(|first| match first {
            FirstView::Ready(_) => true,
            FirstView::Saved(id) => views.find(*id).is_some(),
        });
        Ok(views)
    }

    fn find(&self, id: SavedViewId) -> Option<&SavedView> {
        self.all.iter().find(|view| view.id == id)
    }
}

impl Filter {
    /// The list of a ready view.
    pub fn of_ready(view: NamedView) -> Self {
        let (sort, order) = Self::default_order(Some(view));
        Self { sort, order, desk: DeskFilter { view: Some(view), ..DeskFilter::default() }, ..Self::default() }
    }

    /// The list of a saved view.
    pub fn of_saved(saved: SavedView) -> Self {
        let ViewFilter { state, view, waiting, category, customer, assignee, priority, label, search, sort, order, texts } =
            saved.filter.clone();
        let basis = Basis::Saved(Box::new(saved));
        let desk = DeskFilter { view, assignee, priority, label, texts, basis, ..DeskFilter::default() };
        Self { state, waiting, category, customer, search, sort, order, desk, ..Self::default() }
    }

    /// What a saved view keeps of the filter, which must be resolved.
    pub(crate) fn to_save(&self) -> ViewFilter {
        let Self { state, waiting, category, customer, search, sort, order, after: _, desk, unreadable: _ } = self.clone();
        let DeskFilter { view, basis: _, assignee, priority, label, texts, before: _, at: _, unreadable: _ } = desk;
        ViewFilter { state, view, waiting, category, customer, assignee, priority, label, search, sort, order, texts }
    }

    /// The saved view that the list begins with, if it was read.
    pub fn saved_view(&self) -> Option<&SavedView> {
        match &self.desk.basis {
            Basis::Saved(view) => Some(view),
            Basis::Nothing | Basis::First | Basis::Asked { .. } => None,
        }
    }

    /// Whether the filter depends on a view that is yet to be read.
    pub(crate) fn is_pending(&self) -> bool {
        matches!(self.desk.basis, Basis::First | Basis::Asked { .. })
    }

    /// The parts in which the filter differs from the saved view that it begins with, or without one from the default list of its
    /// ready view.
    pub fn stated(&self) -> BTreeSet<FilterPart> {
        let begins = match &self.desk.basis {
            Basis::Asked { stated, .. } => return stated.clone(),
            Basis::Saved(view) => Self::of_saved(SavedView::clone(view)),
            Basis::Nothing | Basis::First => {
                let (sort, order) = Self::default_order(self.desk.view);
                Self { sort, order, ..Self::default() }
            }
        };
        FilterPart::ALL.iter().copied().filter(|part| !self.is_like(&begins, *part)).collect()
    }

    fn is_like(&self, other: &Self, part: FilterPart) -> bool {
        match part {
            FilterPart::State => self.state == other.state,
            FilterPart::Waiting => self.waiting == other.waiting,
            FilterPart::Category => self.category == other.category,
            FilterPart::Customer => self.customer == other.customer,
            FilterPart::Assignee => self.desk.assignee == other.desk.assignee,
            FilterPart::Priority => self.desk.priority == other.desk.priority,
            FilterPart::Label => self.desk.label == other.desk.label,
            FilterPart::Search => self.search == other.search,
            FilterPart::Order => (self.sort, self.order) == (other.sort, other.order),
            FilterPart::Text => self.desk.texts == other.desk.texts,
        }
    }

    /// The filter with some parts, the page, and what cannot be read of another one.
    fn with(self, parts: &BTreeSet<FilterPart>, other: &Self) -> Self {
        let DeskFilter { before, at, unreadable, .. } = other.desk;
        let desk = DeskFilter { before, at, unreadable, ..self.desk };
        let mut filter = Self { after: other.after, unreadable: other.unreadable, desk, ..self };
        for part in parts {
            match part {
                FilterPart::State => filter.state = other.state,
                FilterPart::Waiting => filter.waiting = other.waiting,
                FilterPart::Category => filter.category.clone_from(&other.category),
                FilterPart::Customer => filter.customer.clone_from(&other.customer),
                FilterPart::Assignee => filter.desk.assignee.clone_from(&other.desk.assignee),
                FilterPart::Priority => filter.desk.priority = other.desk.priority,
                FilterPart::Label => filter.desk.label = other.desk.label,
                FilterPart::Search => filter.search.clone_from(&other.search),
                FilterPart::Order => (filter.sort, filter.order) = (other.sort, other.order),
                FilterPart::Text => filter.desk.texts = other.desk.texts,
            }
        }
        filter
    }

    /// The filter without the saved view that it begins with: only what was stated on top of it. Tabs and ready views keep this.
    #[must_use]
    pub fn without_saved(&self) -> Self {
        match self.saved_view() {
            Some(_) => Self::default().with(&self.stated(), self),
            None => self.clone(),
        }
    }

    /// The filter with the view that it begins with. A saved view that the supporter may not open, or that is gone, finds nothing.
    /// A first view that was deleted does not count.
    pub(crate) fn resolved(self, views: &SavedViews) -> Self {
        match &self.desk.basis {
            Basis::Nothing | Basis::Saved(_) => self,
            Basis::First => match views.first {
                Some(FirstView::Ready(view)) => Self::of_ready(view),
                Some(FirstView::Saved(id)) => views.find(id).cloned().map(Self::of_saved).unwrap_or_default(),
                None => Self::default(),
            },
            Basis::Asked { view, stated } => match views.find(*view) {
                Some(found) => Self::of_saved(found.clone()).with(stated, &self),
                None => Self { desk: DeskFilter { basis: Basis::Nothing, unreadable: true, ..self.desk }, ..self },
            },
        }
    }

    /// Reads the view that the list begins with, and [applies](Self::applied) the filter to the supporter. Reads nothing if the list
    /// begins with none.
    pub(crate) fn settled(self, unit: &mut dyn Unit, user: &UserId) -> Result<Self, StorageError> {
        let views = if self.is_pending() { SavedViews::read(unit, user)? } else { SavedViews::default() };
        Ok(self.resolved(&views).applied(true))
    }
}
