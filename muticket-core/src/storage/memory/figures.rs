//! First answers.

use std::collections::btree_map::Entry;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::figures::{FirstAnswer, Wait, WaitTally};
use crate::id::UserId;
use crate::storage::memory::{MemoryUnit, Tables, at_most};
use crate::storage::{AnsweredTicket, FirstAnswerQuery, FirstAnswerStore, StorageError};

impl FirstAnswerStore for MemoryUnit {
    fn insert(&mut self, first: &FirstAnswer) -> Result<(), StorageError> {
        let tables = self.change()?;
        tables.must_have_message(first.ticket, first.message)?;
        match tables.first_answers.entry(first.ticket) {
            Entry::Occupied(_) => Err(StorageError::Duplicate),
            Entry::Vacant(place) => {
                place.insert(first.clone());
                Ok(())
            }
        }
    }

    fn tally(&mut self, author: &UserId, until: DateTime<Utc>) -> Result<WaitTally, StorageError> {
        let given = self.tables.first_answers_of(author).filter(|first| first.answered_at <= until);
        let mut seconds: Vec<u64> = given.map(|first| first.seconds).collect();
        seconds.sort_unstable();
        let count = |wait: Wait| seconds.iter().filter(|seconds| wait.seconds().contains(seconds)).count() as u64;
        let middle = seconds.len().saturating_sub(1) / 2;
        Ok(WaitTally { counts: Wait::ALL.map(count), seconds: seconds.iter().sum(), median: seconds.get(middle).copied() })
    }

    fn list(&mut self, query: &FirstAnswerQuery) -> Result<Vec<AnsweredTicket>, StorageError> {
        let tables = Arc::clone(&self.tables);
        let asked = |first: &&FirstAnswer| query.wait.is_none_or(|wait| wait.seconds().contains(&first.seconds));
        let with_ticket = |first: &FirstAnswer| {
            let ticket = tables.tickets.get(&first.ticket)?;
            Some(AnsweredTicket { first: first.clone(), subject: ticket.subject.clone(), opened_at: ticket.opened_at })
        };
        let mut found: Vec<_> = tables.first_answers_of(&query.author).filter(asked).filter_map(with_ticket).collect();
        found.sort_by_key(|answered| std::cmp::Reverse(answered.cursor()));
        found.retain(|answered| query.after.is_none_or(|after| answered.cursor() < after));
        found.truncate(at_most(query.limit));
        Ok(found)
    }
}

impl Tables {
    fn first_answers_of(&self, author: &UserId) -> impl Iterator<Item = &FirstAnswer> {
        self.first_answers.values().filter(move |first| first.author == *author)
    }
}
