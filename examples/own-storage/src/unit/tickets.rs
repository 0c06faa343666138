//! Tickets, by number.

use chrono::{DateTime, Utc};
use muticket_core::id::{CategoryId, MessageNumber, TicketNumber, UserId};
use muticket_core::storage::{StorageError, StorageFault, Tickets};
use muticket_core::ticket::{Role, State, Subject, Ticket, UnnumberedTicket};
use serde::{Deserialize, Serialize};

use crate::json::{Json, rows};
use crate::unit::JsonUnit;
use crate::unit::messages::RoleRow;

#[derive(Serialize, Deserialize)]
#[serde(remote = "Ticket")]
struct TicketRow {
    #[serde(with = "Json")]
    number: TicketNumber,
    #[serde(with = "Json")]
    customer: UserId,
    #[serde(with = "Json")]
    subject: Subject,
    #[serde(with = "Json")]
    category: Option<CategoryId>,
    #[serde(with = "StateRow")]
    state: State,
    #[serde(with = "Json")]
    closed_by: Option<UserId>,
    #[serde(with = "Json")]
    last_message: MessageNumber,
    answers: u32,
    #[serde(with = "RoleRow")]
    last_role: Role,
    #[serde(with = "Json")]
    follows: Option<TicketNumber>,
    opened_at: DateTime<Utc>,
    last_activity_at: DateTime<Utc>,
    /// With a getter, serde builds this row, and [`From`] makes the ticket from it. So a later version of the core may add fields to
    /// tickets.
    #[serde(getter = "version")]
    version: u32,
}

rows!(Ticket as TicketRow);

fn version(ticket: &Ticket) -> u32 {
    ticket.version
}

impl From<TicketRow> for Ticket {
    fn from(row: TicketRow) -> Self {
        let mut ticket = UnnumberedTicket::new(row.customer, row.subject, row.opened_at).numbered(row.number);
        ticket.category = row.category;
        ticket.state = row.state;
        ticket.closed_by = row.closed_by;
        ticket.last_message = row.last_message;
        ticket.answers = row.answers;
        ticket.last_role = row.last_role;
        ticket.follows = row.follows;
        ticket.last_activity_at = row.last_activity_at;
        ticket.version = row.version;
        ticket
    }
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "State")]
enum StateRow {
    Open,
    Closed,
}

impl Tickets for JsonUnit {
    fn insert(&mut self, ticket: &UnnumberedTicket) -> Result<Ticket, StorageError> {
        let tables = self.change()?;
        if let Some(followed) = ticket.follows {
            tables.must_have_ticket(followed)?;
        }
        let next = tables.last_ticket.checked_add(1).and_then(TicketNumber::new);
        let number = next.ok_or_else(|| StorageError::fault(StorageFault::Other, "there are no numbers left"))?;
        let ticket = ticket.numbered(number);
        tables.last_ticket = number.get();
        tables.tickets.push(ticket.clone());
        Ok(ticket)
    }

    fn find(&mut self, number: TicketNumber) -> Result<Option<Ticket>, StorageError> {
        Ok(self.tables.tickets.iter().find(|ticket| ticket.number == number).cloned())
    }

    fn find_customer(&mut self, number: TicketNumber) -> Result<Option<UserId>, StorageError> {
        Ok(Tickets::find(self, number)?.map(|ticket| ticket.customer))
    }

    fn update(&mut self, ticket: &Ticket) -> Result<(), StorageError> {
        let is_one_older =
            |stored: &&mut Ticket| stored.number == ticket.number && ticket.version.checked_sub(1) == Some(stored.version);
        let stored = self.change()?.tickets.iter_mut().find(is_one_older).ok_or(StorageError::Stale)?;
        // What is fixed when a ticket is opened stays as stored. The followed ticket may have been deleted since the caller read this one.
        let fixed = std::mem::replace(stored, ticket.clone());
        stored.customer = fixed.customer;
        stored.subject = fixed.subject;
        stored.category = fixed.category;
        stored.follows = fixed.follows;
        stored.opened_at = fixed.opened_at;
        Ok(())
    }

    fn delete(&mut self, number: TicketNumber) -> Result<bool, StorageError> {
        let tables = self.change()?;
        let before = tables.tickets.len();
        tables.tickets.retain(|ticket| ticket.number != number);
        tables.messages.retain(|message| message.ticket != number);
        tables.attachments.retain(|attachment| attachment.ticket != number);
        tables.ratings.retain(|rating| rating.ticket != number);
        tables.first_answers.retain(|first| first.ticket != number);
        tables.histories.retain(|entry| entry.ticket != number);
        tables.marks.retain(|mark| mark.ticket != number);
        tables.letters.retain(|letter| letter.ticket != number);
        for follower in tables.tickets.iter_mut().filter(|ticket| ticket.follows == Some(number)) {
            follower.follows = None;
        }
        Ok(tables.tickets.len() < before)
    }
}
