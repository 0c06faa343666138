//! The customer of a ticket, beside the conversation (T-13).

use muticket_core::conversation::{Conversation, CustomerCard};
use muticket_core::overview::Filter;
use muticket_core::storage::StateFilter;
use muticket_core::ticket::{Ticket, Waiting};
use serde::Serialize;

use crate::links::Links;
use crate::query::query_of;

/// The customer's card.
#[derive(Debug, Serialize)]
pub(crate) struct CustomerModel {
    address: Option<String>,
    /// The tag of the language that they chose.
    language: Option<String>,
    /// The name of their time zone, for their local time.
    zone: Option<String>,
    /// Their other tickets, latest activity first.
    tickets: Vec<TicketLink>,
    count: u32,
    /// Whether `count` means "at least".
    many: bool,
    /// The link to all their tickets.
    all: String,
    /// How many answers they have rated, and the mean number of stars.
    rated: u64,
    mean: Option<f64>,
    facts: Vec<FactModel>,
    /// Whether the host could not say what it knows.
    facts_failed: bool,
}

/// A ticket of the customer.
#[derive(Debug, Serialize)]
struct TicketLink {
    number: i64,
    link: String,
    subject: String,
    /// `new`, `supporter`, `customer` or `closed`.
    status: &'static str,
}

/// What the host knows about the customer.
#[derive(Debug, Serialize)]
struct FactModel {
    label: String,
    value: String,
    link: Option<String>,
}

impl CustomerModel {
    pub(crate) fn of(links: &Links, conversation: &Conversation, card: &CustomerCard) -> Self {
        let customer = &conversation.ticket.customer;
        let user = conversation.people.get(customer);
        let ticket = |ticket: &Ticket| TicketLink {
            number: ticket.number.get(),
            link: links.ticket(ticket.number),
            subject: ticket.subject.as_str().to_owned(),
            status: ticket.waiting().map_or("closed", Waiting::as_str),
        };
        let all = Filter { customer: Some(customer.clone()), state: StateFilter::All, ..Filter::default() };
        let facts = card.facts.as_ref().map(Vec::as_slice).unwrap_or_default();
        Self {
            address: user.and_then(|user| user.address.clone()),
            language: user.and_then(|user| user.language.as_ref().map(ToString::to_string)),
            zone: user.and_then(|user| user.time_zone.map(|zone| zone.as_str().to_owned())),
            tickets: card.tickets.iter().map(ticket).collect(),
            count: card.count,
            many: card.has_many(),
            all: links.tickets() + &query_of(&all),
            rated: card.ratings.iter().sum(),
            mean: card.mean(),
            facts: facts
                .iter()
                .map(|fact| FactModel {
                    label: fact.label.clone(),
                    value: fact.value.clone(),
                    link: fact.link().map(str::to_owned),
                })
                .collect(),
            facts_failed: card.facts.is_err(),
        }
    }
}
