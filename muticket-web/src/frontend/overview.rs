//! The list of tickets: for customers their own, for supporters all of them (R-42, D-11).

use muticket_core::label::sort_labels;
use muticket_core::names::{self, Names};
use muticket_core::overview::{DeskFilter, Filter, FilterPart, Overview};
use muticket_core::saved_view::sort_views;
use muticket_core::search::Search;
use muticket_core::storage::{SortKey, StateFilter};
use muticket_core::ticket::{Ticket, Waiting};
use serde::Serialize;

use crate::context::Context;
use crate::desk::{news, several};
use crate::error::Failure;
use crate::frontend::desk_list::{self, DeskPart, DeskRow, ShownList};
use crate::frontend::saved_tabs::query_in;
use crate::list::List;
use crate::page::{Template, person};
use crate::query::{ORDERS, query_of, sort_word};
use crate::response::Response;
use crate::tabs::{Tab, switched, tabs};

/// The model of the page.
#[derive(Debug, Serialize)]
struct OverviewPage {
    tabs: Vec<Tab>,
    rows: Vec<OverviewRow>,
    /// The link to the first waiting ticket; `None` for customers.
    waiting: Option<String>,
    /// The link to the form for a new ticket.
    new_ticket: String,
    /// The numbers of the tickets on this page that cannot be read.
    damaged: Vec<i64>,
    next: Option<String>,
    /// Whether this is a later page; `first` then leads to the first one.
    paged: bool,
    first: String,
    sorts: Vec<FilterOption>,
    /// The text that is searched for; empty without a search.
    search: String,
    /// What the page says about the search; `None` without a search.
    looked: Option<SearchSummary>,
    /// Filters without a field on this page, each with a link to the list without it.
    chips: Vec<Chip>,
    /// The link to the list without the filters that cannot be read; `None` if all can be read.
    unreadable: Option<String>,
    /// The filters for supporters; `None` for customers.
    filters: Option<Filters>,
    /// Whether the list has another order than the default. The page then shows the fields for it.
    sorted: bool,
    /// Whether any filter is set. An empty list then says why it is empty.
    narrowed: bool,
    /// The link to the list without filters: all open tickets, or the saved view that is shown.
    reset: String,
    support_active: bool,
    may_open: bool,
    /// The address that tells the news of the list; `None` for customers.
    news: Option<String>,
    /// What only supporters see; `None` for everyone else.
    desk: Option<DeskPart>,
}

/// What the page says about a search.
#[derive(Debug, Serialize)]
struct SearchSummary {
    /// The words that were typed but are not searched for; empty if there are none.
    left_out: String,
    /// Whether the search has any usable words.
    readable: bool,
    /// Whether other filters are set too.
    narrowed: bool,
    /// The link to the same list without the search.
    clear: String,
    /// The link to the same search in tickets of every state; `None` if it already covers all of them.
    everywhere: Option<String>,
}

/// A filter that the page shows in words.
#[derive(Debug, Serialize)]
struct Chip {
    /// `category` or `waiting`.
    kind: &'static str,
    value: String,
    name: Option<String>,
    link: String,
}

/// The form with the filters.
#[derive(Debug, Serialize)]
struct Filters {
    state: &'static str,
    sort: &'static str,
    waiting: Vec<FilterOption>,
    categories: Vec<FilterOption>,
    /// The customer whose tickets are shown; `None` for all. Each row has a link that sets this filter.
    customer: Option<FilterOption>,
}

/// One option of several.
#[derive(Debug, Serialize)]
struct FilterOption {
    value: String,
    /// The text to show, if it is a name; otherwise `value` is the key of a sentence.
    name: Option<String>,
    link: String,
    chosen: bool,
    /// Whether the option no longer exists. It is listed only because the URL asks for it.
    gone: bool,
}

/// One ticket in a list.
#[derive(Debug, Serialize)]
struct OverviewRow {
    number: i64,
    link: String,
    subject: String,
    /// `new`, `supporter`, `customer` or `closed`.
    status: &'static str,
    customer: Option<String>,
    /// The link to all tickets of this customer, for supporters.
    customer_link: Option<String>,
    category: Option<String>,
    messages: u32,
    last_activity: i64,
    /// Whether it has messages that the visitor has not read.
    unread: bool,
    /// What only supporters see; `None` for everyone else.
    desk: Option<DeskRow>,
}

/// The overview.
pub(crate) async fn overview(context: &Context<'_>) -> Result<Response, Failure> {
    let asked = context.query().opened();
    // What happens while the page is made is news, too.
    let now = context.shared.helpdesk.now();
    let (doors, mut overview) = context.shared.helpdesk.overview(context.signed_in().await?, &asked).await?;
    let me = context.keep_doors(doors).await.portal.user().id.clone();
    if let Some(number) = overview.named
        && asked.search.as_ref().is_some_and(Search::names_ticket)
    {
        return Ok(Response::see_other(&context.links().ticket(number)));
    }
    if let Some(list) = &mut overview.desk {
        sort_labels(&mut list.labels, context.language());
        sort_views(&mut list.saved, context.language(), |(view, _)| view);
    }
    let filter = &overview.filter;
    let link = |filter: &Filter| context.links().tickets() + &query_in(&overview, filter);
    let first = first_page(filter);
    let list = List::from(query_in(&overview, filter));
    let names = names(&overview);
    let desk = overview.desk.as_ref();
    let shown = ShownList { overview: &overview, filter, names: &names, me: &me, links: context.links() };
    let model = OverviewPage {
        tabs: tabs(&first, overview.counts, link),
        next: desk_list::next(&overview, filter).map(|next| link(&next)),
        paged: filter.after.is_some() || filter.desk.before.is_some(),
        sorts: sorts(&first, desk.is_some()).map(|(filter, choice)| FilterOption { link: link(&filter), ..choice }).collect(),
        filters: context.is_supporter().then(|| filters(context, &overview, &first)),
        search: first.search.as_ref().map(Search::as_str).unwrap_or_default().to_owned(),
        looked: first.search.as_ref().map(|search| looked(search, &first, link)),
        chips: if !context.is_supporter() { chips(context, &overview, &first) } else { Vec::new() },
        unreadable: is_unreadable(&first).then(|| link(&readable(&first))),
        sorted: (first.sort, first.order) != Filter::default_order(first.desk.view),
        narrowed: is_narrowed(&first),
        reset: link(&first.saved_view().cloned().map(Filter::of_saved).unwrap_or_default()),
        first: link(&first),
        support_active: overview.support_active,
        may_open: overview.may_open,
        waiting: context.is_supporter().then(|| list.on(context.links().next_ticket(None))),
        new_ticket: list.on(context.links().new_ticket()),
        rows: rows(context, &overview, &names, &list),
        damaged: overview.damaged.iter().map(|number| number.get()).collect(),
        news: desk.is_some().then(|| news::address(context.links(), &first, now)),
        desk: desk.map(|desk| {
            DeskPart::of(shown, desk, [several::done(context, context.query()), several::ticked(context.query())], link)
        }),
    };
    let title = match filter.state {
        _ if filter.saved_view().is_some() => {
            let name = filter.saved_view().map(|view| view.name.as_str()).unwrap_or_default();
            format!("{name} · {}", context.say("overview-title"))
        }
        StateFilter::Open => match filter.desk.view {
            None => context.say("overview-title"),
            Some(view) => format!("{} · {}", context.say(&format!("view-{}", view.as_str())), context.say("overview-title")),
        },
        tab => format!("{} · {}", context.say(&format!("tab-{}", tab.as_str())), context.say("overview-title")),
    };
    context.page(Template::new("overview", title), model)
}

/// The first page of the list.
fn first_page(filter: &Filter) -> Filter {
    Filter { after: None, desk: DeskFilter { before: None, at: None, ..filter.desk.clone() }, ..filter.clone() }
}

/// Whether the list has fewer tickets than its view, or than all tickets of its state.
fn is_narrowed(filter: &Filter) -> bool {
    match filter.saved_view() {
        Some(_) => {
            is_unreadable(filter) || filter.stated().iter().any(|part| ![FilterPart::Order, FilterPart::Text].contains(part))
        }
        None => filter.narrows() || filter.waiting.is_some(),
    }
}

fn is_unreadable(filter: &Filter) -> bool {
    filter.unreadable || filter.desk.unreadable
}

/// The list without the filters that cannot be read.
fn readable(filter: &Filter) -> Filter {
    Filter { unreadable: false, desk: DeskFilter { unreadable: false, ..filter.desk.clone() }, ..filter.clone() }
}

fn looked(search: &Search, filter: &Filter, link: impl Fn(&Filter) -> String) -> SearchSummary {
    let without = Filter { search: None, ..filter.clone() };
    let everywhere = Filter { search: filter.search.clone(), ..switched(filter, StateFilter::All, None) };
    let is_view = filter.desk.view.is_some() || filter.saved_view().is_some();
    SearchSummary {
        left_out: search.left_out().join(" "),
        readable: !search.words().is_empty() || search.number().is_some(),
        narrowed: filter.waiting.is_some() || Filter { search: None, ..filter.clone() }.narrows(),
        clear: link(&without),
        everywhere: (filter.state != StateFilter::All || is_view).then(|| link(&everywhere)),
    }
}

fn chips(context: &Context<'_>, overview: &Overview, filter: &Filter) -> Vec<Chip> {
    let link = |filter: &Filter| context.links().tickets() + &query_of(filter);
    let category = filter.category.as_ref().map(|id| Chip {
        kind: "category",
        value: id.as_str().to_owned(),
        name: overview.categories.find(id).map(|category| category.name(context.language()).to_owned()),
        link: link(&Filter { category: None, ..filter.clone() }),
    });
    let waiting = filter.waiting.map(|waiting| Chip {
        kind: "waiting",
        value: waiting.as_str().to_owned(),
        name: None,
        link: link(&Filter { waiting: None, ..filter.clone() }),
    });
    category.into_iter().chain(waiting).collect()
}

fn filters(context: &Context<'_>, overview: &Overview, filter: &Filter) -> Filters {
    let link = |filter: &Filter| context.links().tickets() + &query_in(overview, filter);
    let waiting = [Waiting::New, Waiting::Supporter, Waiting::Customer].map(|waiting| FilterOption {
        value: waiting.as_str().to_owned(),
        name: None,
        link: link(&Filter { waiting: Some(waiting), ..filter.clone() }),
        chosen: filter.waiting == Some(waiting),
        gone: false,
    });
    let active = overview.categories.in_order(context.language());
    let active = active.iter().map(|category| &category.id);
    // URLs that people kept may still ask for a category that was removed.
    let asked = filter.category.iter().filter(|id| overview.categories.active().iter().all(|active| active.id != **id));
    let categories = active.map(|id| (id, false)).chain(asked.map(|id| (id, true))).map(|(id, gone)| FilterOption {
        value: id.as_str().to_owned(),
        name: overview.categories.find(id).map(|category| category.name(context.language()).to_owned()),
        link: link(&Filter { category: Some(id.clone()), ..filter.clone() }),
        chosen: filter.category.as_ref() == Some(id),
        gone,
    });
    let customer = filter.customer.as_ref().map(|id| FilterOption {
        value: id.as_str().to_owned(),
        name: person(&names(overview), id),
        // Links back to the tickets of all customers.
        link: link(&Filter { customer: None, ..filter.clone() }),
        chosen: true,
        gone: false,
    });
    Filters {
        state: filter.state.as_str(),
        sort: sort_word(filter.sort, filter.order),
        waiting: waiting.into(),
        categories: categories.collect(),
        customer,
    }
}

/// The orders to choose from. Only supporters have things to do, and only on open tickets.
fn sorts(filter: &Filter, is_desk: bool) -> impl Iterator<Item = (Filter, FilterOption)> {
    let has_to_do = is_desk && filter.state == StateFilter::Open;
    ORDERS.into_iter().filter(move |(sort, _)| has_to_do || *sort != SortKey::ToDo).map(|(sort, order)| {
        let chosen = (filter.sort, filter.order) == (sort, order);
        let choice =
            FilterOption { value: sort_word(sort, order).to_owned(), name: None, link: String::new(), chosen, gone: false };
        (Filter { sort, order, ..filter.clone() }, choice)
    })
}

/// The rows of a list.
fn rows(context: &Context<'_>, overview: &Overview, names: &Names, list: &List) -> Vec<OverviewRow> {
    overview.tickets.iter().map(|ticket| row(context, overview, names, list, ticket)).collect()
}

/// The names of the customers, in the form for supporters.
fn names(overview: &Overview) -> Names {
    Names::of(overview.people.values(), names::NameStyle::Supporter)
}

fn row(context: &Context<'_>, overview: &Overview, names: &Names, list: &List, ticket: &Ticket) -> OverviewRow {
    let category = ticket.category.as_ref().and_then(|id| overview.categories.find(id));
    OverviewRow {
        number: ticket.number.get(),
        link: list.on(match context.is_supporter() {
            true => context.links().ticket_start(ticket.number),
            false => context.links().ticket(ticket.number),
        }),
        subject: ticket.subject.as_str().to_owned(),
        status: ticket.waiting().map_or("closed", Waiting::as_str),
        customer: context.is_supporter().then(|| person(names, &ticket.customer)).flatten(),
        customer_link: context.is_supporter().then(|| {
            let filter = Filter { customer: Some(ticket.customer.clone()), state: StateFilter::All, ..Filter::default() };
            context.links().tickets() + &query_of(&filter)
        }),
        category: category.map(|category| category.name(context.language()).to_owned()),
        messages: ticket.last_message.get(),
        last_activity: ticket.last_activity_at.timestamp_micros(),
        unread: overview.unread.contains(&ticket.number),
        desk: overview.desk.as_ref().map(|list| DeskRow::of(ticket, names, list)),
    }
}
