//! The history of tickets.

use std::slice;

use chrono::{DateTime, Utc};
use muticket_core::history::{Change, HistoryEntry};
use muticket_core::id::{TicketNumber, UserId};
use muticket_core::storage::{Histories, StorageError};
use serde::{Deserialize, Serialize};

use crate::json::{Json, rows};
use crate::unit::{JsonUnit, insert};

#[derive(Serialize, Deserialize)]
#[serde(remote = "HistoryEntry")]
struct HistoryRow {
    #[serde(with = "Json")]
    ticket: TicketNumber,
    version: u32,
    at: DateTime<Utc>,
    #[serde(with = "Json")]
    by: UserId,
    #[serde(with = "Json")]
    change: Change,
}

rows!(HistoryEntry as HistoryRow);

impl Histories for JsonUnit {
    fn insert(&mut self, entry: &HistoryEntry) -> Result<(), StorageError> {
        let tables = self.change()?;
        tables.must_have_ticket(entry.ticket)?;
        insert(&mut tables.histories, slice::from_ref(entry), |stored, new| {
            stored.ticket == new.ticket && stored.version == new.version
        })
    }

    fn list(&mut self, ticket: TicketNumber) -> Result<Vec<HistoryEntry>, StorageError> {
        let mut own: Vec<_> = self.tables.histories.iter().filter(|entry| entry.ticket == ticket).cloned().collect();
        own.sort_by_key(|entry| entry.version);
        Ok(own)
    }
}
