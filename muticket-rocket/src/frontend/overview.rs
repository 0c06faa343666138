//! The list of tickets: a customer's own, or all of them for a supporter (R-42, D-11).

use muticket_core::names::{self, Names};
use muticket_core::overview::{Filter, Overview};
use muticket_core::search::Search;
use muticket_core::storage::{Order, SortKey, StateFilter};
use muticket_core::ticket::{Ticket, Waiting};
use rocket::http::Status;
use rocket::{Responder, get};
use serde::Serialize;

use crate::error::Failure;
use crate::guards::Reader;
use crate::list::List;
use crate::page::{Frame, Moved, Rendered, person};
use crate::query::{Query, query_of, sort_word, state_word, waiting_word};
use crate::tabs::{Tab, tabs};

/// What the page shows.
#[derive(Debug, Serialize)]
struct Model {
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    /// To the first ticket that waits, for supporters.
    waiting: Option<String>,
    /// To the form for a new ticket.
    new_ticket: String,
    /// The tickets of this page that cannot be read.
    damaged: Vec<i64>,
    next: Option<String>,
    /// Whether this is not the first page; then `first` leads there.
    paged: bool,
    first: String,
    sorts: Vec<Choice>,
    /// What is looked for; empty if nothing is.
    search: String,
    /// What the page says about it.
    looked: Option<Looked>,
    /// Filters that have no field on this page, each with the list that it would be without it.
    chips: Vec<Chip>,
    /// What a supporter can narrow the list by; empty for a customer.
    filters: Option<Filters>,
    /// Whether something other than the first order was asked for, so that the fields are there that show it.
    sorted: bool,
    /// Whether anything narrows the list, so that an empty one can say why.
    narrowed: bool,
    support_active: bool,
    may_open: bool,
}

/// What a page says about a search.
#[derive(Debug, Serialize)]
struct Looked {
    /// What was typed and is not looked for; empty if all of it is.
    left_out: String,
    /// Whether there is anything to look for.
    readable: bool,
    /// Whether something else narrows the list too.
    narrowed: bool,
    /// The same list without the search.
    clear: String,
    /// The search in tickets of every state; `None` if it was looked for in all of them.
    everywhere: Option<String>,
}

/// A filter that is shown in words.
#[derive(Debug, Serialize)]
struct Chip {
    /// `category` or `waiting`.
    kind: &'static str,
    value: String,
    name: Option<String>,
    link: String,
}

/// The form that narrows the list.
#[derive(Debug, Serialize)]
struct Filters {
    state: &'static str,
    sort: &'static str,
    waiting: Vec<Choice>,
    categories: Vec<Choice>,
    /// The customer whose tickets are shown; each row leads to its customer's.
    customer: Option<Choice>,
}

/// One of several.
#[derive(Debug, Serialize)]
struct Choice {
    value: String,
    /// What people read, if it is a name; else the sentence is found by the value.
    name: Option<String>,
    link: String,
    chosen: bool,
    /// Whether it cannot be chosen any more; it is there because it was asked for.
    gone: bool,
}

/// One ticket in a list.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    number: i64,
    link: String,
    subject: String,
    /// `new`, `supporter`, `customer` or `closed`.
    status: &'static str,
    customer: Option<String>,
    /// All tickets of this customer, for supporters.
    customer_link: Option<String>,
    category: Option<String>,
    messages: u32,
    last_activity: i64,
    /// Whether there is something on it that the visitor has not read.
    unread: bool,
}

/// The overview.
#[get("/tickets")]
pub(crate) async fn overview(reader: Reader<'_>, query: Query) -> Result<Listed, Failure> {
    let Query(mut filter) = query;
    // Nobody waits on a closed ticket.
    filter.waiting = filter.waiting.filter(|_| filter.state != StateFilter::Closed);
    let (doors, overview) = reader.overview(&filter).await?;
    let frame = doors.frame();
    if let Some(number) = overview.named
        && filter.search.as_ref().is_some_and(Search::names_ticket)
    {
        return Ok(Listed::Ticket(Moved(frame.site.links.ticket(number))));
    }
    if doors.desk.is_none() {
        // Customers see their own, whomever they ask for.
        filter.customer = None;
    }
    let link = |filter: &Filter| frame.site.links.tickets() + &query_of(filter);
    let first = Filter { after: None, ..filter.clone() };
    let list = List::from(query_of(&filter));
    let model = Model {
        tabs: tabs(&first, overview.counts, link),
        next: overview.next.map(|after| link(&Filter { after: Some(after), ..filter.clone() })),
        paged: filter.after.is_some(),
        sorts: sorts(&first).map(|(filter, choice)| Choice { link: link(&filter), ..choice }).collect(),
        filters: doors.desk.as_ref().map(|_| filters(&frame, &overview, &first)),
        search: first.search.as_ref().map(Search::as_str).unwrap_or_default().to_owned(),
        looked: first.search.as_ref().map(|search| looked(search, &first, link)),
        chips: if doors.desk.is_none() { chips(&frame, &overview, &first) } else { Vec::new() },
        sorted: (first.sort, first.order) != Default::default(),
        narrowed: Filter { state: first.state, sort: first.sort, order: first.order, ..Filter::default() } != first,
        first: link(&first),
        support_active: overview.support_active,
        may_open: overview.may_open,
        waiting: frame.supporter.then(|| list.on(frame.site.links.next_ticket(None))),
        new_ticket: list.on(frame.site.links.new_ticket()),
        rows: rows(&frame, &overview, &list),
        damaged: overview.damaged.iter().map(|number| number.get()).collect(),
    };
    let title = match filter.state {
        StateFilter::Open => frame.say("overview-title"),
        tab => format!("{} · {}", frame.say(&format!("tab-{}", state_word(tab))), frame.say("overview-title")),
    };
    Ok(Listed::Page(frame.page(Status::Ok, "overview", title, model)))
}

/// The list, or the way to the one ticket that was named.
#[derive(Responder)]
pub(crate) enum Listed {
    Page(Rendered),
    Ticket(Moved),
}

fn looked(search: &Search, filter: &Filter, link: impl Fn(&Filter) -> String) -> Looked {
    let without = Filter { search: None, ..filter.clone() };
    let everywhere = Filter { state: StateFilter::All, waiting: None, ..filter.clone() };
    Looked {
        left_out: search.left_out().join(" "),
        readable: !search.words().is_empty() || search.number().is_some(),
        narrowed: filter.waiting.is_some() || filter.category.is_some() || filter.customer.is_some(),
        clear: link(&without),
        everywhere: (filter.state != StateFilter::All).then(|| link(&everywhere)),
    }
}

fn chips(frame: &Frame<'_>, overview: &Overview, filter: &Filter) -> Vec<Chip> {
    let link = |filter: &Filter| frame.site.links.tickets() + &query_of(filter);
    let category = filter.category.as_ref().map(|id| Chip {
        kind: "category",
        value: id.as_str().to_owned(),
        name: overview.categories.find(id).map(|category| category.name(&frame.asker.language).to_owned()),
        link: link(&Filter { category: None, ..filter.clone() }),
    });
    let waiting = filter.waiting.map(|waiting| Chip {
        kind: "waiting",
        value: waiting_word(waiting).to_owned(),
        name: None,
        link: link(&Filter { waiting: None, ..filter.clone() }),
    });
    category.into_iter().chain(waiting).collect()
}

fn filters(frame: &Frame<'_>, overview: &Overview, filter: &Filter) -> Filters {
    let link = |filter: &Filter| frame.site.links.tickets() + &query_of(filter);
    let waiting = [Waiting::New, Waiting::Supporter, Waiting::Customer].map(|waiting| Choice {
        value: waiting_word(waiting).to_owned(),
        name: None,
        link: link(&Filter { waiting: Some(waiting), ..filter.clone() }),
        chosen: filter.waiting == Some(waiting),
        gone: false,
    });
    let active = overview.categories.in_order(&frame.asker.language);
    let active = active.iter().map(|category| &category.id);
    // One that was removed is still asked for by addresses that people kept.
    let asked = filter.category.iter().filter(|id| overview.categories.active().iter().all(|active| active.id != **id));
    let categories = active.map(|id| (id, false)).chain(asked.map(|id| (id, true))).map(|(id, gone)| Choice {
        value: id.as_str().to_owned(),
        name: overview.categories.find(id).map(|category| category.name(&frame.asker.language).to_owned()),
        link: link(&Filter { category: Some(id.clone()), ..filter.clone() }),
        chosen: filter.category.as_ref() == Some(id),
        gone,
    });
    let customer = filter.customer.as_ref().map(|id| Choice {
        value: id.as_str().to_owned(),
        name: person(&names(overview), id),
        // Away from this customer, back to all of them.
        link: link(&Filter { customer: None, ..filter.clone() }),
        chosen: true,
        gone: false,
    });
    Filters {
        state: state_word(filter.state),
        sort: sort_word(filter.sort, filter.order),
        waiting: waiting.into(),
        categories: categories.collect(),
        customer,
    }
}

fn sorts(filter: &Filter) -> impl Iterator<Item = (Filter, Choice)> {
    let orders =
        [SortKey::Activity, SortKey::Number].into_iter().flat_map(|key| [(key, Order::Descending), (key, Order::Ascending)]);
    orders.map(|(sort, order)| {
        let chosen = (filter.sort, filter.order) == (sort, order);
        let choice = Choice { value: sort_word(sort, order).to_owned(), name: None, link: String::new(), chosen, gone: false };
        (Filter { sort, order, ..filter.clone() }, choice)
    })
}

/// The rows of a list.
pub(crate) fn rows(frame: &Frame<'_>, overview: &Overview, list: &List) -> Vec<Row> {
    let names = names(overview);
    overview.tickets.iter().map(|ticket| row(frame, overview, &names, list, ticket)).collect()
}

/// The names of the customers: only supporters read them.
fn names(overview: &Overview) -> Names {
    Names::of(overview.people.values(), names::Reader::Supporter)
}

fn row(frame: &Frame<'_>, overview: &Overview, names: &Names, list: &List, ticket: &Ticket) -> Row {
    let category = ticket.category.as_ref().and_then(|id| overview.categories.find(id));
    Row {
        number: ticket.number.get(),
        link: list.on(frame.site.links.ticket(ticket.number)),
        subject: ticket.subject.as_str().to_owned(),
        status: ticket.waiting().map_or("closed", waiting_word),
        customer: frame.supporter.then(|| person(names, &ticket.customer)).flatten(),
        customer_link: frame.supporter.then(|| {
            let filter = Filter { customer: Some(ticket.customer.clone()), state: StateFilter::All, ..Filter::default() };
            frame.site.links.tickets() + &query_of(&filter)
        }),
        category: category.map(|category| category.name(&frame.asker.language).to_owned()),
        messages: ticket.last_message.get(),
        last_activity: ticket.last_activity_at.timestamp_micros(),
        unread: overview.unread.contains(&ticket.number),
    }
}
