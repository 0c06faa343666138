//! What only supporters see of the list of tickets: views, further filters, columns, and the way back (T-03, T-05, T-12).

use muticket_core::label::Label;
use muticket_core::names::Names;
use muticket_core::overview::{AssigneeFilter, DeskFilter, DeskList, Filter, NamedView, Overview};
use muticket_core::storage::{Counts, StateFilter};
use muticket_core::ticket::{Priority, Ticket};
use muticket_core::{LabelId, UserId};
use serde::Serialize;

use crate::frontend::saved_tabs::{SavedPart, query_in};
use crate::links::Links;
use crate::list::List;
use crate::page::person;
use crate::query::assignee_word;
use crate::tabs::switched;

/// The most labels that a row shows.
const LABELS_IN_ROW: usize = 3;

/// The part of the page that only supporters see.
#[derive(Debug, Serialize)]
pub(crate) struct DeskPart {
    views: Vec<ViewTab>,
    saved: SavedPart,
    /// The word of the view that is shown; `None` without one.
    view: Option<&'static str>,
    assignees: Vec<AssigneeOption>,
    priorities: Vec<PriorityOption>,
    labels: Vec<LabelOption>,
    /// Whether the rows show the beginnings of the newest messages.
    texts: bool,
    /// Whether a filter is set. The page then shows the filters unfolded.
    filtered: bool,
    /// The query of this page, which the form for several tickets sends along.
    here: List,
    /// The other supporters.
    colleagues: Vec<Colleague>,
    /// The tickets that the message on the page is about.
    done: Vec<i64>,
    /// The tickets that are ticked from the start.
    ticked: Vec<i64>,
    /// The link to the previous page; `None` on the first one.
    previous: Option<String>,
    range: Option<RowRange>,
}

/// A ready view with its count.
#[derive(Debug, Serialize)]
struct ViewTab {
    view: &'static str,
    count: u32,
    /// Whether there are more tickets than were counted.
    many: bool,
    link: String,
    current: bool,
}

/// A choice of the filter by assignee.
#[derive(Debug, Serialize)]
struct AssigneeOption {
    /// `me`, `none` or an id.
    value: String,
    /// The name of a supporter, as the template function `person` takes it.
    name: Option<String>,
    chosen: bool,
}

/// Another supporter.
#[derive(Debug, Serialize)]
struct Colleague {
    id: String,
    /// As the template function `person` takes it.
    name: Option<String>,
}

/// A choice of the filter by priority.
#[derive(Debug, Serialize)]
struct PriorityOption {
    priority: &'static str,
    chosen: bool,
}

/// A choice of the filter by label.
#[derive(Debug, Serialize)]
struct LabelOption {
    id: String,
    /// `None` for a label that no longer exists. It is listed only because the URL asks for it.
    name: Option<String>,
    chosen: bool,
}

/// A label of a ticket.
#[derive(Debug, Serialize)]
struct RowLabel {
    name: String,
    /// The word of the colour.
    colour: &'static str,
}

/// The labels of a ticket that its row does not show.
#[derive(Debug, Serialize)]
struct MoreLabels {
    n: usize,
    /// Their names, with commas.
    names: String,
}

/// The numbers of the first and the last ticket on the page.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct RowRange {
    first: u32,
    last: u32,
    /// The number of all tickets in the list; `None` if there are more than were counted.
    all: Option<u32>,
}

/// What only supporters see of one ticket in the list.
#[derive(Debug, Serialize)]
pub(crate) struct DeskRow {
    assigned: bool,
    assignee: Option<String>,
    /// `low`, `high` or `urgent`; `None` for the normal priority.
    priority: Option<&'static str>,
    /// Whether a supporter wrote last who is not the assignee.
    answered: bool,
    last_supporter: Option<String>,
    /// The first labels.
    labels: Vec<RowLabel>,
    /// The other labels; `None` if there are none.
    more_labels: Option<MoreLabels>,
    /// The beginning of the newest message, on one line; `None` if it is not shown.
    text: Option<String>,
}

/// The list as it is shown.
#[derive(Clone, Copy)]
pub(crate) struct ShownList<'a> {
    pub(crate) overview: &'a Overview,
    pub(crate) filter: &'a Filter,
    pub(crate) names: &'a Names,
    /// The visitor.
    pub(crate) me: &'a UserId,
    pub(crate) links: &'a Links,
}

impl DeskPart {
    pub(crate) fn of(
        shown: ShownList<'_>,
        list: &DeskList,
        [done, ticked]: [Vec<i64>; 2],
        link: impl Fn(&Filter) -> String,
    ) -> Self {
        let ShownList { overview, filter, names, me, links } = shown;
        let view = |(view, count): &(NamedView, u32)| ViewTab {
            view: view.as_str(),
            count: (*count).min(Counts::MANY - 1),
            many: *count >= Counts::MANY,
            link: link(&switched(filter, StateFilter::Open, Some(*view))),
            current: filter.desk.view == Some(*view) && filter.saved_view().is_none(),
        };
        let DeskFilter { assignee, priority, label, .. } = &filter.desk;
        let others = list.supporters.iter().filter(|user| *user != me);
        Self {
            views: list.views.iter().map(view).collect(),
            saved: SavedPart::of(overview, list, links),
            view: filter.desk.view.filter(|_| filter.saved_view().is_none()).map(NamedView::as_str),
            assignees: assignees(list, assignee.as_ref(), me, names),
            priorities: Priority::ALL
                .iter()
                .rev()
                .map(|choice| PriorityOption { priority: choice.as_str(), chosen: *priority == Some(*choice) })
                .collect(),
            labels: labels(&list.labels, *label),
            texts: filter.desk.texts,
            filtered: [
                assignee.is_some(),
                priority.is_some(),
                label.is_some(),
                filter.category.is_some(),
                filter.waiting.is_some(),
            ]
            .contains(&true),
            here: List::from(query_in(overview, filter)),
            colleagues: others.map(|user| Colleague { id: user.as_str().to_owned(), name: person(names, user) }).collect(),
            done,
            ticked,
            previous: previous(overview, list, filter).map(|filter| link(&filter)),
            range: range(overview, list, filter),
        }
    }
}

impl MoreLabels {
    fn of(labels: &[&Label]) -> Option<Self> {
        let names: Vec<&str> = labels.iter().map(|label| label.name.as_str()).collect();
        (!names.is_empty()).then(|| Self { n: names.len(), names: names.join(", ") })
    }
}

impl DeskRow {
    /// The labels of the list are sorted as the row shows them.
    pub(crate) fn of(ticket: &Ticket, names: &Names, list: &DeskList) -> Self {
        let on = |label: &&Label| list.labels_on.contains(&(ticket.number, label.id));
        let on: Vec<&Label> = list.labels.iter().filter(on).collect();
        let row_label = |label: &&Label| RowLabel { name: label.name.as_str().to_owned(), colour: label.colour.as_str() };
        let name = |user: &Option<UserId>| user.as_ref().and_then(|user| person(names, user));
        Self {
            assigned: ticket.assignee.is_some(),
            assignee: name(&ticket.assignee),
            priority: (ticket.priority != Priority::Normal).then(|| ticket.priority.as_str()),
            answered: ticket.last_supporter.is_some() && ticket.last_supporter != ticket.assignee,
            last_supporter: name(&ticket.last_supporter),
            labels: on.iter().take(LABELS_IN_ROW).map(row_label).collect(),
            more_labels: MoreLabels::of(on.get(LABELS_IN_ROW..).unwrap_or_default()),
            text: list.beginnings.iter().find(|(number, _)| *number == ticket.number).map(|(_, text)| text.clone()),
        }
    }
}

/// The choices: the visitor, nobody, and the other supporters. A user from the URL who is no supporter comes last.
fn assignees(list: &DeskList, chosen: Option<&AssigneeFilter>, me: &UserId, names: &Names) -> Vec<AssigneeOption> {
    let others = list.supporters.iter().filter(|user| *user != me).cloned().map(AssigneeFilter::User);
    let mut choices: Vec<_> = [AssigneeFilter::Me, AssigneeFilter::Nobody].into_iter().chain(others).collect();
    let chosen = match chosen {
        Some(AssigneeFilter::User(user)) if user == me => Some(&AssigneeFilter::Me),
        other => other,
    };
    if let Some(other) = chosen.filter(|chosen| !choices.contains(chosen)) {
        choices.push(other.clone());
    }
    let option = |choice: &AssigneeFilter| AssigneeOption {
        value: assignee_word(choice),
        name: match choice {
            AssigneeFilter::User(user) => person(names, user),
            AssigneeFilter::Me | AssigneeFilter::Nobody => None,
        },
        chosen: chosen == Some(choice),
    };
    choices.iter().map(option).collect()
}

fn labels(labels: &[Label], chosen: Option<LabelId>) -> Vec<LabelOption> {
    let known = labels.iter().map(|label| (label.id, Some(label.name.as_str().to_owned())));
    let gone = chosen.filter(|chosen| labels.iter().all(|label| label.id != *chosen)).map(|id| (id, None));
    let option = |(id, name): (LabelId, _)| LabelOption { id: id.to_string(), name, chosen: chosen == Some(id) };
    known.chain(gone).map(option).collect()
}

/// The filter of the next page; `None` on the last one.
pub(crate) fn next(overview: &Overview, filter: &Filter) -> Option<Filter> {
    let after = overview.next?;
    let at = overview.desk.as_ref().and_then(|_| first(filter)).map(|at| at.saturating_add(rows(overview)));
    Some(Filter { after: Some(after), desk: DeskFilter { before: None, at, ..filter.desk.clone() }, ..filter.clone() })
}

/// The filter of the previous page; `None` on the first one.
fn previous(overview: &Overview, list: &DeskList, filter: &Filter) -> Option<Filter> {
    let place = overview.previous?;
    // The first page may have fewer tickets before it than a page holds.
    let at = first(filter).map(|at| at.saturating_sub(list.page));
    let is_first = at == Some(0);
    let (before, at) = if is_first { (None, None) } else { (Some(place), at) };
    Some(Filter { after: None, desk: DeskFilter { before, at, ..filter.desk.clone() }, ..filter.clone() })
}

/// The number of the first ticket on the page; `None` if the URL does not say it.
fn first(filter: &Filter) -> Option<u32> {
    let is_first = filter.after.is_none() && filter.desk.before.is_none();
    if is_first { Some(1) } else { filter.desk.at.filter(|at| *at > 0) }
}

fn rows(overview: &Overview) -> u32 {
    u32::try_from(overview.tickets.len() + overview.damaged.len()).unwrap_or(u32::MAX)
}

/// The range of the page; `None` if the whole list is on it, or if its place is not known.
fn range(overview: &Overview, list: &DeskList, filter: &Filter) -> Option<RowRange> {
    overview.next.or(overview.previous)?;
    let first = first(filter)?;
    let last = first.checked_add(rows(overview))?.checked_sub(1)?;
    let all = (list.total < Counts::MANY).then_some(list.total);
    let is_possible = first <= last && all.is_none_or(|all| last <= all);
    is_possible.then_some(RowRange { first, last, all })
}
