//! The list of tickets: a customer's own, or all of them for a supporter (R-42, D-11).

use muticket_core::overview::{Filter, Overview};
use muticket_core::search::Search;
use muticket_core::storage::{Order, SortKey, StateFilter};
use muticket_core::ticket::{Ticket, Waiting};
use rocket::get;
use rocket::http::Status;
use serde::Serialize;

use crate::error::Failure;
use crate::guards::Reader;
use crate::list::List;
use crate::page::{Frame, Rendered};
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
    next: Option<String>,
    /// Whether this is not the first page; then `first` leads there.
    paged: bool,
    first: String,
    sorts: Vec<Choice>,
    /// What is looked for; empty if nothing is.
    search: String,
    /// What a supporter can narrow the list by; empty for a customer.
    filters: Option<Filters>,
    /// Whether anything narrows the list, so that an empty one can say why.
    narrowed: bool,
    support_active: bool,
    may_open: bool,
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
pub(crate) async fn overview(reader: Reader<'_>, query: Query) -> Result<Rendered, Failure> {
    let Query(filter) = query;
    let (doors, overview) = reader.overview(&filter).await?;
    let frame = doors.frame();
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
        narrowed: Filter { state: first.state, sort: first.sort, order: first.order, ..Filter::default() } != first,
        first: link(&first),
        support_active: overview.support_active,
        may_open: overview.may_open,
        waiting: frame.supporter.then(|| list.on(frame.site.links.next_ticket(None))),
        new_ticket: list.on(frame.site.links.new_ticket()),
        rows: rows(&frame, &overview, &list),
    };
    let title = match filter.state {
        StateFilter::Open => frame.say("overview-title"),
        tab => format!("{} · {}", frame.say(&format!("tab-{}", state_word(tab))), frame.say("overview-title")),
    };
    Ok(frame.page(Status::Ok, "overview", title, model))
}

fn filters(frame: &Frame<'_>, overview: &Overview, filter: &Filter) -> Filters {
    let link = |filter: &Filter| frame.site.links.tickets() + &query_of(filter);
    let waiting = [Waiting::New, Waiting::Supporter, Waiting::Customer].map(|waiting| Choice {
        value: waiting_word(waiting).to_owned(),
        name: None,
        link: link(&Filter { waiting: Some(waiting), ..filter.clone() }),
        chosen: filter.waiting == Some(waiting),
    });
    let categories = overview.categories.active().iter().map(|category| Choice {
        value: category.id.as_str().to_owned(),
        name: Some(category.name(&frame.asker.language).to_owned()),
        link: link(&Filter { category: Some(category.id.clone()), ..filter.clone() }),
        chosen: filter.category.as_ref() == Some(&category.id),
    });
    let customer = filter.customer.as_ref().map(|id| Choice {
        value: id.as_str().to_owned(),
        name: overview.people.get(id).map(|user| user.name.clone()),
        // Away from this customer, back to all of them.
        link: link(&Filter { customer: None, ..filter.clone() }),
        chosen: true,
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
        let choice = Choice { value: sort_word(sort, order).to_owned(), name: None, link: String::new(), chosen };
        (Filter { sort, order, ..filter.clone() }, choice)
    })
}

/// The rows of a list.
pub(crate) fn rows(frame: &Frame<'_>, overview: &Overview, list: &List) -> Vec<Row> {
    overview.tickets.iter().map(|ticket| row(frame, overview, list, ticket)).collect()
}

fn row(frame: &Frame<'_>, overview: &Overview, list: &List, ticket: &Ticket) -> Row {
    let category = ticket.category.as_ref().and_then(|id| overview.categories.find(id));
    Row {
        number: ticket.number.get(),
        link: list.on(frame.site.links.ticket(ticket.number)),
        subject: ticket.subject.as_str().to_owned(),
        status: ticket.waiting().map_or("closed", waiting_word),
        customer: overview.people.get(&ticket.customer).map(|user| user.name.clone()),
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
