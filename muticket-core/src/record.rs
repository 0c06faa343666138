//! Records changes of tickets: always the row and its history entry together (D-13).

use chrono::{DateTime, Utc};

use crate::history::{Change, HistoryEntry};
use crate::id::UserId;
use crate::storage::{StorageError, Unit};
use crate::ticket::{Ticket, UnnumberedTicket};

/// Stores a changed ticket, and adds the change to its history.
///
/// # Errors
/// [`StorageError::Stale`] if another unit changed the ticket first.
pub(crate) fn record(
    unit: &mut dyn Unit,
    ticket: &Ticket,
    by: &UserId,
    at: DateTime<Utc>,
    change: Change,
) -> Result<(), StorageError> {
    unit.tickets().update(ticket)?;
    remember(unit, ticket, by, at, change)
}

/// Stores a new ticket, and begins its history.
///
/// # Errors
/// The storage failed.
pub(crate) fn record_new(unit: &mut dyn Unit, ticket: &UnnumberedTicket) -> Result<Ticket, StorageError> {
    let ticket = unit.tickets().insert(ticket)?;
    remember(unit, &ticket, &ticket.customer, ticket.opened_at, Change::Opened)?;
    Ok(ticket)
}

fn remember(unit: &mut dyn Unit, ticket: &Ticket, by: &UserId, at: DateTime<Utc>, change: Change) -> Result<(), StorageError> {
    let entry = HistoryEntry { ticket: ticket.number, version: ticket.version, at, by: by.clone(), change };
    unit.histories().insert(&entry)
}
