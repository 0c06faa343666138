//! The list of tickets: a customer's own, or all of them for a supporter (R-42, D-11).

use muticket_core::overview::{Filter, Overview};
use muticket_core::storage::{Counts, StateFilter};
use muticket_core::ticket::Ticket;
use rocket::get;
use rocket::http::Status;
use serde::Serialize;

use crate::error::Failure;
use crate::guards::Doors;
use crate::page::{Frame, Rendered};
use crate::query::{Query, query_of, state_word, waiting_word};

/// What the page shows.
#[derive(Debug, Serialize)]
struct Model {
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    next: Option<String>,
    support_active: bool,
    may_open: bool,
}

#[derive(Debug, Serialize)]
struct Tab {
    /// `open`, `closed` or `all`.
    state: &'static str,
    count: u32,
    /// Whether there are more than were counted.
    many: bool,
    link: String,
    current: bool,
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
    category: Option<String>,
    messages: u32,
    last_activity: i64,
}

/// The overview.
#[get("/tickets")]
pub(crate) async fn overview(doors: Doors<'_>, query: Query) -> Result<Rendered, Failure> {
    let Query(filter) = query;
    let overview = match &doors.desk {
        Some(desk) => desk.overview(&filter).await?,
        None => doors.portal.list(&filter).await?,
    };
    let frame = doors.frame();
    let links = &doors.site.links;
    let model = Model {
        tabs: tabs(&filter, overview.counts)
            .map(|(filter, tab)| Tab { link: links.tickets() + &query_of(&filter), ..tab })
            .collect(),
        next: overview.next.map(|after| links.tickets() + &query_of(&Filter { after: Some(after), ..filter.clone() })),
        support_active: overview.support_active,
        may_open: overview.may_open,
        rows: rows(&frame, &overview),
    };
    Ok(frame.page(Status::Ok, "overview", frame.say("overview-title"), model))
}

/// The rows of a list.
pub(crate) fn rows(frame: &Frame<'_>, overview: &Overview) -> Vec<Row> {
    overview.tickets.iter().map(|ticket| row(frame, overview, ticket)).collect()
}

fn row(frame: &Frame<'_>, overview: &Overview, ticket: &Ticket) -> Row {
    let category = ticket.category.as_ref().and_then(|id| overview.categories.find(id));
    Row {
        number: ticket.number.get(),
        link: frame.site.links.ticket(ticket.number),
        subject: ticket.subject.as_str().to_owned(),
        status: ticket.waiting().map_or("closed", waiting_word),
        customer: overview.people.get(&ticket.customer).map(|user| user.name.clone()),
        category: category.map(|category| category.name(&frame.asker.language).to_owned()),
        messages: ticket.last_message.get(),
        last_activity: ticket.last_activity_at.timestamp_micros(),
    }
}

fn tabs(filter: &Filter, counts: Counts) -> impl Iterator<Item = (Filter, Tab)> {
    let all = counts.open.saturating_add(counts.closed);
    [(StateFilter::Open, counts.open), (StateFilter::Closed, counts.closed), (StateFilter::All, all)]
        .map(|(state, count)| {
            let tab = Tab {
                state: state_word(state),
                count: count.min(Counts::MANY - 1),
                many: count >= Counts::MANY,
                link: String::new(),
                current: filter.state == state,
            };
            (Filter { state, waiting: None, after: None, ..filter.clone() }, tab)
        })
        .into_iter()
}
