//! Saved views on the list of tickets: the row with all of them, and the form that saves the list (T-12).

use muticket_core::overview::{DeskList, Filter, Overview};
use muticket_core::saved_view::SavedView;
use muticket_core::storage::Counts;
use serde::Serialize;

use crate::address::Address;
use crate::links::Links;
use crate::list::List;
use crate::query::query_of;

/// The most saved views that stand in the row. Of more, only the first ones and the one that is shown do.
const IN_THE_ROW: usize = 5;
/// The saved views that stand in the row before the folded ones.
const BEFORE_THE_FOLD: usize = 2;

/// What the page shows of saved views.
#[derive(Debug, Serialize)]
pub(crate) struct SavedPart {
    row: Vec<SavedTab>,
    /// The folded ones.
    more: Vec<SavedTab>,
    /// The id of the saved view that is shown; `None` without one.
    shown: Option<String>,
    /// The form that saves the list; `None` if there is nothing to save.
    save: Option<SaveModel>,
    /// The link to the page of the views.
    manage: String,
}

/// A saved view with its count.
#[derive(Debug, Serialize)]
struct SavedTab {
    name: String,
    /// `None` for a view with a search, which is not counted.
    count: Option<u32>,
    /// Whether there are more tickets than were counted.
    many: bool,
    link: String,
    current: bool,
}

/// The form that saves the list.
#[derive(Debug, Serialize)]
struct SaveModel {
    action: String,
    list: List,
    /// The form that replaces the saved view that is shown; `None` without one, or if the supporter may not change it.
    replace: Option<ReplaceModel>,
}

/// The form that replaces what a saved view holds.
#[derive(Debug, Serialize)]
struct ReplaceModel {
    action: String,
    name: String,
}

impl SavedPart {
    /// The saved views of the list are sorted as the row shows them.
    pub(crate) fn of(overview: &Overview, list: &DeskList, links: &Links) -> Self {
        let filter = &overview.filter;
        let shown = filter.saved_view();
        let is_shown = |view: &SavedView| shown.is_some_and(|shown| shown.id == view.id);
        let tab = |(_, (view, count)): (usize, &(SavedView, Option<u32>))| SavedTab {
            name: view.name.as_str().to_owned(),
            count: count.map(|count| count.min(Counts::MANY - 1)),
            many: count.is_some_and(|count| count >= Counts::MANY),
            link: links.tickets() + &query_of(&Filter::of_saved(view.clone())),
            current: is_shown(view),
        };
        let is_short = list.saved.len() <= IN_THE_ROW;
        let views = list.saved.iter().enumerate();
        let (row, more): (Vec<_>, Vec<_>) =
            views.partition(|(at, (view, _))| is_short || *at < BEFORE_THE_FOLD || is_shown(view));
        let is_readable = !filter.unreadable && !filter.desk.unreadable;
        let differs = !filter.stated().is_empty() && is_readable;
        Self {
            row: row.into_iter().map(tab).collect(),
            more: more.into_iter().map(tab).collect(),
            shown: shown.map(|view| view.id.to_string()),
            save: differs.then(|| SaveModel {
                action: links.to(Address::Views),
                list: List::from(query_in(overview, filter)),
                replace: shown.filter(|view| view.owner.is_some() || list.may_share).map(|view| ReplaceModel {
                    action: links.to(Address::ViewFilter(&view.id.to_string())),
                    name: view.name.as_str().to_owned(),
                }),
            }),
            manage: List::from(query_in(overview, filter)).on(links.to(Address::Views)),
        }
    }
}

/// The query of a list on the overview. A supporter who opens another view first names the default list, because without parameters the
/// page shows their view.
pub(crate) fn query_in(overview: &Overview, filter: &Filter) -> String {
    let has_first = overview.desk.as_ref().is_some_and(|list| list.first.is_some());
    let query = query_of(filter);
    if query.is_empty() && has_first { "?state=open".to_owned() } else { query }
}
