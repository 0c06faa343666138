//! The first answer of each ticket.

use std::cmp::Reverse;
use std::slice;

use chrono::{DateTime, Utc};
use muticket_core::figures::{FirstAnswer, Wait, WaitTally};
use muticket_core::id::{MessageNumber, TicketNumber, UserId};
use muticket_core::storage::{AnsweredTicket, FirstAnswerQuery, FirstAnswers, StorageError};
use serde::{Deserialize, Serialize};

use crate::json::{Json, rows};
use crate::unit::{JsonUnit, insert};

#[derive(Serialize, Deserialize)]
#[serde(remote = "FirstAnswer")]
struct FirstAnswerRow {
    #[serde(with = "Json")]
    ticket: TicketNumber,
    #[serde(with = "Json")]
    message: MessageNumber,
    #[serde(with = "Json")]
    author: UserId,
    answered_at: DateTime<Utc>,
    seconds: u64,
}

rows!(FirstAnswer as FirstAnswerRow);

impl FirstAnswers for JsonUnit {
    fn insert(&mut self, first: &FirstAnswer) -> Result<(), StorageError> {
        let tables = self.change()?;
        tables.must_have_message(first.ticket, first.message)?;
        insert(&mut tables.first_answers, slice::from_ref(first), |stored, new| stored.ticket == new.ticket)
    }

    fn tally(&mut self, author: &UserId, until: DateTime<Utc>) -> Result<WaitTally, StorageError> {
        let own = self.tables.first_answers.iter().filter(|first| first.author == *author && first.answered_at <= until);
        let mut seconds: Vec<u64> = own.map(|first| first.seconds).collect();
        seconds.sort_unstable();
        let counts = Wait::ALL.map(|wait| seconds.iter().filter(|seconds| wait.seconds().contains(seconds)).count() as u64);
        let median = seconds.len().checked_sub(1).and_then(|last| seconds.get(last / 2).copied());
        Ok(WaitTally { counts, seconds: seconds.iter().sum(), median })
    }

    fn list(&mut self, query: &FirstAnswerQuery) -> Result<Vec<AnsweredTicket>, StorageError> {
        let own = self.tables.first_answers.iter().filter(|first| first.author == query.author);
        let asked = own.filter(|first| query.wait.is_none_or(|wait| wait.seconds().contains(&first.seconds)));
        let with_ticket = |first: &FirstAnswer| {
            let ticket = self.tables.tickets.iter().find(|ticket| ticket.number == first.ticket)?;
            Some(AnsweredTicket { first: first.clone(), subject: ticket.subject.clone(), opened_at: ticket.opened_at })
        };
        let mut found: Vec<_> = asked.filter_map(with_ticket).collect();
        found.sort_by_key(|answered| Reverse(answered.cursor()));
        found.retain(|answered| query.after.is_none_or(|after| answered.cursor() < after));
        found.truncate(query.limit as usize);
        Ok(found)
    }
}
