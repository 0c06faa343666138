//! The tabs above a list of tickets: open, closed, all (D-11).

use muticket_core::overview::{DeskFilter, Filter, NamedView};
use muticket_core::storage::{Counts, StateFilter};
use serde::Serialize;

/// One tab.
#[derive(Debug, Serialize)]
pub(crate) struct Tab {
    /// `open`, `closed` or `all`.
    pub(crate) state: &'static str,
    pub(crate) count: u32,
    /// Whether there are more tickets than were counted.
    pub(crate) many: bool,
    pub(crate) link: String,
    pub(crate) current: bool,
}

/// The tabs of a list that is filtered by `filter`. A tab links to its first page and keeps the other filters, except for who has to act
/// next, which applies only to open tickets.
pub(crate) fn tabs(filter: &Filter, counts: Counts, link: impl Fn(&Filter) -> String) -> Vec<Tab> {
    let all = counts.open.saturating_add(counts.closed);
    let tab = |(state, count): (StateFilter, u32)| Tab {
        state: state.as_str(),
        count: count.min(Counts::MANY - 1),
        many: count >= Counts::MANY,
        link: link(&switched(filter, state, None)),
        current: filter.state == state && filter.desk.view.is_none() && filter.saved_view().is_none(),
    };
    [(StateFilter::Open, counts.open), (StateFilter::Closed, counts.closed), (StateFilter::All, all)].map(tab).into()
}

/// The first page of another tab or view, with the same filters. Those of a saved view stay behind. An order that was not selected is
/// that of the new view.
pub(crate) fn switched(filter: &Filter, state: StateFilter, view: Option<NamedView>) -> Filter {
    let filter = filter.without_saved();
    let is_selected = (filter.sort, filter.order) != Filter::default_order(filter.desk.view);
    let (sort, order) = if is_selected { (filter.sort, filter.order) } else { Filter::default_order(view) };
    let desk = DeskFilter { view, before: None, at: None, ..filter.desk.clone() };
    Filter { state, waiting: None, after: None, sort, order, desk, ..filter }.applied(true)
}
