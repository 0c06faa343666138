//! Deleting tickets for good: a list for finding one, a confirmation, and the deletion. Administrators cannot read or answer tickets
//! here.

use muticket_core::names::{NameStyle, Names};
use muticket_core::overview::Filter;
use muticket_core::ticket::{State, Ticket};
use muticket_core::{Error, Refusal, TicketNumber};
use serde::Serialize;

use crate::address::Address;
use crate::backend::admin::Admin;
use crate::backend::section::Section;
use crate::context::Context;
use crate::error::Failure;
use crate::flash::Flash;
use crate::form::{self, ListForm};
use crate::list::List;
use crate::page::{Template, person};
use crate::query::{named, query_of};
use crate::request::RequestBody;
use crate::response::Response;
use crate::tabs::{Tab, tabs};

/// The model of the list.
#[derive(Debug, Serialize)]
struct TicketsPage {
    tabs: Vec<Tab>,
    /// `open`, `closed` or `all`.
    state: &'static str,
    rows: Vec<DeletableTicket>,
    /// The tickets on this page that cannot be read.
    damaged: Vec<DamagedTicket>,
    /// The link to the first page; `None` if this is the first page.
    first: Option<String>,
    next: Option<String>,
}

/// A ticket that cannot be read.
#[derive(Debug, Serialize)]
struct DamagedTicket {
    number: i64,
    delete_link: String,
}

#[derive(Debug, Serialize)]
struct DeletableTicket {
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
struct DeletePage {
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
    list: List,
}

/// All tickets.
pub(crate) async fn list(context: &Context<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    // Use only the filters for which the page has controls. No invisible filter may hide tickets.
    let Filter { state, after, .. } = context.query().filter();
    let filter = Filter { state, after, ..Filter::default() }.applied(false);
    let overview = admin.backend.tickets(&filter).await?;
    let link = |filter: &Filter| admin.to(Address::AllTickets) + &query_of(filter);
    let here = List::from(query_of(&filter));
    let names = Names::of(overview.people.values(), NameStyle::Administrator);
    let model = TicketsPage {
        tabs: tabs(&filter, overview.counts, link),
        state: filter.state.as_str(),
        rows: overview.tickets.iter().map(|ticket| row(&admin, &names, &here, ticket)).collect(),
        damaged: overview.damaged.iter().map(|number| damaged(&admin, &here, *number)).collect(),
        first: filter.after.map(|_| link(&Filter { after: None, ..filter.clone() })),
        next: overview.next.map(|after| link(&Filter { after: Some(after), ..filter.clone() })),
    };
    let template = Template::new("backend/tickets", admin.say("backend-tickets-title"));
    admin.page(Section::Tickets, template, model).await
}

/// Asks for confirmation before a ticket is deleted.
pub(crate) async fn ask(context: &Context<'_>, number: &str) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let (number, list): (TicketNumber, _) = (named(number)?, List::of(context.query()));
    let question = DeletePage {
        number: number.get(),
        damaged: true,
        action: admin.context.links().delete_ticket(number),
        list_link: list.behind(admin.to(Address::AllTickets)),
        list,
        ..DeletePage::default()
    };
    let model = match admin.backend.ticket(number).await {
        Err(Error::Refused(Refusal::TicketDamaged)) => question,
        ticket => about(&admin, ticket?, question).await?,
    };
    let template = Template::new("backend/ticket_delete", admin.say("backend-delete-title"));
    admin.page(Section::Tickets, template, model).await
}

/// The question with what is known of the ticket.
async fn about(admin: &Admin<'_>, ticket: Ticket, question: DeletePage) -> Result<DeletePage, Error> {
    let people = admin.context.shared.helpdesk.directory().users(std::slice::from_ref(&ticket.customer)).await?;
    Ok(DeletePage {
        damaged: false,
        subject: ticket.subject.as_str().to_owned(),
        customer: person(&Names::of(&people, NameStyle::Administrator), &ticket.customer),
        closed: is_closed(&ticket),
        messages: ticket.last_message.get(),
        opened_at: ticket.opened_at.timestamp_micros(),
        last_activity: ticket.last_activity_at.timestamp_micros(),
        ..question
    })
}

/// Deletes the ticket.
pub(crate) async fn delete(context: &Context<'_>, number: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let ListForm { list } = form::read(context, body).await?.form;
    admin.backend.delete(named(number)?).await?;
    // Redirect back to its place in the list, for administrators who delete several.
    Ok(context.done(&list.behind(admin.to(Address::AllTickets)), Flash::TicketDeleted))
}

fn is_closed(ticket: &Ticket) -> bool {
    match ticket.state {
        State::Open => false,
        State::Closed => true,
    }
}

fn damaged(admin: &Admin<'_>, here: &List, number: TicketNumber) -> DamagedTicket {
    DamagedTicket { number: number.get(), delete_link: here.on(admin.context.links().delete_ticket(number)) }
}

fn row(admin: &Admin<'_>, names: &Names, here: &List, ticket: &Ticket) -> DeletableTicket {
    DeletableTicket {
        number: ticket.number.get(),
        subject: ticket.subject.as_str().to_owned(),
        customer: person(names, &ticket.customer),
        closed: is_closed(ticket),
        last_activity: ticket.last_activity_at.timestamp_micros(),
        delete_link: here.on(admin.context.links().delete_ticket(ticket.number)),
    }
}

#[cfg(test)]
mod tests {
    use muticket_core::storage::{Counts, StateFilter};

    use super::*;
    use crate::backend::testing::pages;

    fn some_tabs(counts: Counts, current: StateFilter) -> Vec<Tab> {
        tabs(&Filter { state: current, ..Filter::default() }, counts, |filter| format!("/t{}", query_of(filter)))
    }

    #[test]
    fn the_list_has_all_its_sentences() {
        let row = |customer: Option<&str>, closed| DeletableTicket {
            number: 12,
            subject: "<Drucker>".to_owned(),
            customer: customer.map(str::to_owned),
            closed,
            last_activity: 0,
            delete_link: "/d".to_owned(),
        };
        let model = TicketsPage {
            tabs: some_tabs(Counts { open: 3, closed: 1000 }, StateFilter::All),
            state: "all",
            rows: vec![row(Some("Anna"), false), row(None, true)],
            damaged: vec![DamagedTicket { number: 13, delete_link: "/damaged".to_owned() }],
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
            let model =
                TicketsPage { tabs, state: state.as_str(), rows: Vec::new(), damaged: Vec::new(), first: None, next: None };
            for html in pages("backend/tickets", model) {
                assert!(html.contains("class=\"empty\"") && !html.contains("class=\"pager\""), "{html}");
            }
        }
    }

    #[test]
    fn the_question_names_the_ticket_and_what_will_be_gone() {
        for (customer, closed, messages) in [(Some("Anna"), true, 1), (None, false, 7)] {
            let model = DeletePage {
                number: 12,
                subject: "<Drucker>".to_owned(),
                customer: customer.map(str::to_owned),
                closed,
                messages,
                action: "/d".to_owned(),
                list_link: "/l".to_owned(),
                ..DeletePage::default()
            };
            for html in pages("backend/ticket_delete", model) {
                assert!(html.contains("&lt;Drucker&gt;") && html.contains("12") && html.contains("button-danger"), "{html}");
                let letters = ["replies that still wait", "Antworten, die noch warten"];
                assert!(letters.iter().any(|words| html.contains(words)), "letters that came in go, too: {html}");
            }
        }
    }

    /// P-28
    #[test]
    fn the_question_about_a_damaged_ticket_says_so() {
        let model = || DeletePage {
            number: 12,
            damaged: true,
            action: "/d".to_owned(),
            list_link: "/l".to_owned(),
            ..DeletePage::default()
        };
        for html in pages("backend/ticket_delete", model()) {
            assert!(html.contains("#12") && html.contains("button-danger") && !html.contains("<dl"), "{html}");
        }
    }
}
