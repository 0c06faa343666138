//! Deleting tickets for good: a list for finding one, a confirmation, and the deletion. Administrators cannot read or answer tickets
//! here.

use muticket_core::names::{Names, Reader};
use muticket_core::overview::Filter;
use muticket_core::ticket::{State, Ticket};
use muticket_core::{Error, Refusal, TicketNumber};
use rocket::http::Status;
use rocket::{get, post};
use serde::Serialize;

use crate::backend::Section;
use crate::error::Failure;
use crate::form::{Fields, Form, Protected};
use crate::guards::Admin;
use crate::list::List as Origin;
use crate::notice::Notice;
use crate::page::{Done, Rendered, person};
use crate::query::{Query, named, query_of, state_word};
use crate::tabs::{Tab, tabs};

/// The model of the list.
#[derive(Debug, Serialize)]
struct List {
    tabs: Vec<Tab>,
    /// `open`, `closed` or `all`.
    state: &'static str,
    rows: Vec<Row>,
    /// The tickets on this page that cannot be read.
    damaged: Vec<Damaged>,
    /// The link to the first page; `None` if this is the first page.
    first: Option<String>,
    next: Option<String>,
}

/// A ticket that cannot be read.
#[derive(Debug, Serialize)]
struct Damaged {
    number: i64,
    delete_link: String,
}

#[derive(Debug, Serialize)]
struct Row {
    number: i64,
    subject: String,
    /// `None` if the host no longer knows the customer.
    customer: Option<String>,
    closed: bool,
    last_activity: i64,
    delete_link: String,
}

/// The model of the confirmation page.
#[derive(Debug, Default, Serialize)]
struct Question {
    number: i64,
    /// The ticket cannot be read: all that is known of it is its number.
    damaged: bool,
    subject: String,
    customer: Option<String>,
    closed: bool,
    messages: u32,
    opened_at: i64,
    last_activity: i64,
    action: String,
    list_link: String,
    /// The list from which the page was opened.
    list: Origin,
}

/// The form of the button. `list` is the list from which the page was opened.
pub(super) struct DeleteForm {
    list: Origin,
}

impl Form for DeleteForm {
    fn read(fields: &Fields) -> Self {
        Self { list: fields.parsed("list").unwrap_or_default() }
    }
}

/// All tickets.
#[get("/backend/tickets")]
pub(super) async fn list(admin: Admin<'_>, query: Query) -> Result<Rendered, Failure> {
    // Use only the filters for which the page has controls. No invisible filter may hide tickets.
    let filter = Filter { state: query.0.state, after: query.0.after, ..Filter::default() };
    let overview = admin.backend.tickets(&filter).await?;
    let link = |filter: &Filter| list_link(&admin) + &query_of(filter);
    let here = Origin::from(query_of(&filter));
    let names = Names::of(overview.people.values(), Reader::Administrator);
    let model = List {
        tabs: tabs(&filter, overview.counts, link),
        state: state_word(filter.state),
        rows: overview.tickets.iter().map(|ticket| row(&admin, &names, &here, ticket)).collect(),
        damaged: overview.damaged.iter().map(|number| damaged(&admin, &here, *number)).collect(),
        first: filter.after.map(|_| link(&Filter { after: None, ..filter.clone() })),
        next: overview.next.map(|after| link(&Filter { after: Some(after), ..filter.clone() })),
    };
    let title = admin.say("backend-tickets-title");
    admin.page(Status::Ok, "backend/tickets", (Section::Tickets, title), model).await
}

/// Asks for confirmation before a ticket is deleted.
#[get("/backend/tickets/<number>/delete?<list>")]
pub(super) async fn ask(admin: Admin<'_>, number: &str, list: Option<&str>) -> Result<Rendered, Failure> {
    let (number, list): (TicketNumber, _) = (named(number)?, Origin::of(list));
    let question = Question {
        number: number.get(),
        damaged: true,
        action: admin.site.links.backend(&format!("/tickets/{number}/delete")),
        list_link: list.behind(list_link(&admin)),
        list,
        ..Question::default()
    };
    let model = match admin.backend.ticket(number).await {
        Err(Error::Refused(Refusal::TicketDamaged)) => question,
        ticket => about(&admin, ticket?, question).await?,
    };
    let title = admin.say("backend-delete-title");
    admin.page(Status::Ok, "backend/ticket_delete", (Section::Tickets, title), model).await
}

/// The question with what is known of the ticket.
async fn about(admin: &Admin<'_>, ticket: Ticket, question: Question) -> Result<Question, Error> {
    let people = admin.site.helpdesk.directory().users(std::slice::from_ref(&ticket.customer)).await?;
    Ok(Question {
        damaged: false,
        subject: ticket.subject.as_str().to_owned(),
        customer: person(&Names::of(&people, Reader::Administrator), &ticket.customer),
        closed: is_closed(&ticket),
        messages: ticket.last_message.get(),
        opened_at: ticket.opened_at.timestamp_micros(),
        last_activity: ticket.last_activity_at.timestamp_micros(),
        ..question
    })
}

/// Deletes the ticket.
#[post("/backend/tickets/<number>/delete", data = "<form>")]
pub(super) async fn delete(admin: Admin<'_>, number: &str, form: Protected<DeleteForm>) -> Result<Done, Failure> {
    admin.backend.delete(named(number)?).await?;
    // Redirect back to its place in the list, for administrators who delete several.
    Ok(Done { to: form.form.list.behind(list_link(&admin)), notice: Notice::TicketDeleted })
}

fn list_link(admin: &Admin<'_>) -> String {
    admin.site.links.backend(Section::Tickets.path())
}

fn is_closed(ticket: &Ticket) -> bool {
    match ticket.state {
        State::Open => false,
        State::Closed => true,
    }
}

fn damaged(admin: &Admin<'_>, here: &Origin, number: TicketNumber) -> Damaged {
    Damaged { number: number.get(), delete_link: here.on(admin.site.links.backend(&format!("/tickets/{number}/delete"))) }
}

fn row(admin: &Admin<'_>, names: &Names, here: &Origin, ticket: &Ticket) -> Row {
    Row {
        number: ticket.number.get(),
        subject: ticket.subject.as_str().to_owned(),
        customer: person(names, &ticket.customer),
        closed: is_closed(ticket),
        last_activity: ticket.last_activity_at.timestamp_micros(),
        delete_link: here.on(admin.site.links.backend(&format!("/tickets/{}/delete", ticket.number))),
    }
}

#[cfg(test)]
mod tests {
    use muticket_core::storage::{Counts, StateFilter};

    use super::*;
    use crate::backend::tests::pages;

    fn some_tabs(counts: Counts, current: StateFilter) -> Vec<Tab> {
        tabs(&Filter { state: current, ..Filter::default() }, counts, |filter| format!("/t{}", query_of(filter)))
    }

    #[test]
    fn the_list_has_all_its_sentences() {
        let row = |customer: Option<&str>, closed| Row {
            number: 12,
            subject: "<Drucker>".to_owned(),
            customer: customer.map(str::to_owned),
            closed,
            last_activity: 0,
            delete_link: "/d".to_owned(),
        };
        let model = List {
            tabs: some_tabs(Counts { open: 3, closed: 1000 }, StateFilter::All),
            state: "all",
            rows: vec![row(Some("Anna"), false), row(None, true)],
            damaged: vec![Damaged { number: 13, delete_link: "/damaged".to_owned() }],
            first: Some("/first".to_owned()),
            next: Some("/next".to_owned()),
        };
        for html in pages("backend/tickets", model) {
            assert!(html.contains("999+") && html.contains("&lt;Drucker&gt;") && html.contains("badge-closed"), "{html}");
            assert!(
                html.contains("class=\"pager\"") && html.contains("damaged\"") && html.contains("aria-current=\"page\""),
                "{html}"
            );
        }
    }

    #[test]
    fn an_empty_list_says_so_for_each_tab() {
        for state in [StateFilter::Open, StateFilter::Closed, StateFilter::All] {
            let tabs = some_tabs(Counts::default(), state);
            let model = List { tabs, state: state_word(state), rows: Vec::new(), damaged: Vec::new(), first: None, next: None };
            for html in pages("backend/tickets", model) {
                assert!(html.contains("class=\"empty\"") && !html.contains("class=\"pager\""), "{html}");
            }
        }
    }

    #[test]
    fn the_question_names_the_ticket_and_what_will_be_gone() {
        for (customer, closed, messages) in [(Some("Anna"), true, 1), (None, false, 7)] {
            let model = Question {
                number: 12,
                subject: "<Drucker>".to_owned(),
                customer: customer.map(str::to_owned),
                closed,
                messages,
                action: "/d".to_owned(),
                list_link: "/l".to_owned(),
                ..Question::default()
            };
            for html in pages("backend/ticket_delete", model) {
                assert!(html.contains("&lt;Drucker&gt;") && html.contains("12") && html.contains("button-danger"), "{html}");
            }
        }
    }

    /// P-28
    #[test]
    fn the_question_about_a_damaged_ticket_says_so() {
        let model =
            || Question { number: 12, damaged: true, action: "/d".to_owned(), list_link: "/l".to_owned(), ..Question::default() };
        for html in pages("backend/ticket_delete", model()) {
            assert!(html.contains("#12") && html.contains("button-danger") && !html.contains("<dl"), "{html}");
        }
    }
}
