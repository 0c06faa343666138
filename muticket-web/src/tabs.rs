//! The tabs above a list of tickets: open, closed, all (D-11).

use muticket_core::overview::Filter;
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
        link: link(&Filter { state, waiting: None, after: None, ..filter.clone() }),
        current: filter.state == state,
    };
    [(StateFilter::Open, counts.open), (StateFilter::Closed, counts.closed), (StateFilter::All, all)].map(tab).into()
}
