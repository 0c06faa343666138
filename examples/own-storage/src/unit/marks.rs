//! How far each person has read each ticket.

use muticket_core::id::{MessageNumber, TicketNumber, UserId};
use muticket_core::storage::{Marks, StorageError};
use serde::{Deserialize, Serialize};

use crate::json::Json;
use crate::unit::JsonUnit;

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Mark {
    #[serde(with = "Json")]
    pub(super) ticket: TicketNumber,
    #[serde(with = "Json")]
    user: UserId,
    #[serde(with = "Json")]
    message: MessageNumber,
}

impl Marks for JsonUnit {
    fn mark(&mut self, user: &UserId, ticket: TicketNumber, message: MessageNumber) -> Result<(), StorageError> {
        let tables = self.change()?;
        tables.must_have_ticket(ticket)?;
        match tables.marks.iter_mut().find(|mark| mark.ticket == ticket && mark.user == *user) {
            Some(mark) => mark.message = mark.message.max(message),
            None => tables.marks.push(Mark { ticket, user: user.clone(), message }),
        }
        Ok(())
    }

    fn list(&mut self, user: &UserId, tickets: &[TicketNumber]) -> Result<Vec<(TicketNumber, MessageNumber)>, StorageError> {
        let marks = self.tables.marks.iter().filter(|mark| mark.user == *user && tickets.contains(&mark.ticket));
        let mut marks: Vec<_> = marks.map(|mark| (mark.ticket, mark.message)).collect();
        marks.sort_unstable();
        Ok(marks)
    }
}
