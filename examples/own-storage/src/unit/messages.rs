//! Messages, sorted by ticket and number.

use std::slice;

use chrono::{DateTime, Utc};
use muticket_core::id::{MessageNumber, Nonce, TicketNumber, UserId};
use muticket_core::storage::{Messages, StorageError};
use muticket_core::ticket::{Body, Message, Role};
use serde::{Deserialize, Serialize};

use crate::json::{Json, rows};
use crate::unit::{JsonUnit, insert};

#[derive(Serialize, Deserialize)]
#[serde(remote = "Message")]
struct MessageRow {
    #[serde(with = "Json")]
    ticket: TicketNumber,
    #[serde(with = "Json")]
    number: MessageNumber,
    #[serde(with = "Json")]
    author: UserId,
    #[serde(with = "RoleRow")]
    role: Role,
    #[serde(with = "Json")]
    body: Body,
    written_at: DateTime<Utc>,
    /// See `version` in the rows of tickets.
    #[serde(with = "Json", getter = "nonce")]
    nonce: Option<Nonce>,
}

rows!(Message as MessageRow);

fn nonce(message: &Message) -> Option<Nonce> {
    message.nonce
}

impl From<MessageRow> for Message {
    fn from(row: MessageRow) -> Self {
        let mut message = Self::new(row.ticket, row.number, (row.author, row.role), row.body, row.written_at);
        message.nonce = row.nonce;
        message
    }
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Role")]
pub(super) enum RoleRow {
    Customer,
    Supporter,
}

impl Messages for JsonUnit {
    fn insert(&mut self, message: &Message) -> Result<(), StorageError> {
        let tables = self.change()?;
        tables.must_have_ticket(message.ticket)?;
        insert(&mut tables.messages, slice::from_ref(message), |stored, new| {
            let same_place = stored.ticket == new.ticket && stored.number == new.number;
            same_place || (new.nonce.is_some() && stored.nonce == new.nonce)
        })
    }

    fn find(&mut self, ticket: TicketNumber, number: MessageNumber) -> Result<Option<Message>, StorageError> {
        let mut messages = self.tables.messages.iter();
        Ok(messages.find(|message| message.ticket == ticket && message.number == number).cloned())
    }

    fn find_by_nonce(&mut self, nonce: Nonce) -> Result<Option<Message>, StorageError> {
        Ok(self.tables.messages.iter().find(|message| message.nonce == Some(nonce)).cloned())
    }

    fn list(&mut self, ticket: TicketNumber, after: Option<MessageNumber>, limit: u32) -> Result<Vec<Message>, StorageError> {
        let own = self.tables.messages.iter().filter(|message| message.ticket == ticket);
        let mut rest: Vec<_> = own.filter(|message| after.is_none_or(|after| message.number > after)).cloned().collect();
        rest.sort_by_key(|message| message.number);
        rest.truncate(limit as usize);
        Ok(rest)
    }
}
