//! Rows that hold what no version of MuTicket wrote. A list leaves them out and says so (P-28, P-33).

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use muticket_core::id::{MessageNumber, TicketNumber};
use muticket_core::storage::{Damage, Damages, StorageError};

use super::DieselUnit;

/// How many damaged rows are remembered as logged. Beyond that, each is logged whenever it is met.
const REMEMBERED: usize = 1000;

/// A row as it is stored.
pub(super) trait Stored {
    /// What it is read as.
    type Value;
    const TABLE: &'static str;

    /// The numbers of its ticket and its message.
    fn numbers(&self) -> [Option<i64>; 2];

    /// The value.
    fn read(self) -> Result<Self::Value, StorageError>;
}

impl DieselUnit<'_> {
    /// The rows that can be read. The others are damages.
    pub(super) fn readable<R: Stored>(&mut self, rows: Vec<R>) -> Vec<R::Value> {
        rows.into_iter().filter_map(|row| self.read_or_note(row)).collect()
    }

    /// The row, if it can be read. Otherwise it is a damage.
    pub(super) fn read_or_note<R: Stored>(&mut self, row: R) -> Option<R::Value> {
        let [ticket, message] = row.numbers();
        let note = |error: StorageError| {
            let ticket = ticket.and_then(TicketNumber::new);
            let message = message.and_then(|message| MessageNumber::new(u32::try_from(message).ok()?));
            self.note(Damage::in_table(R::TABLE).of_ticket(ticket).of_message(message), &error.to_string());
        };
        row.read().map_err(note).ok()
    }

    /// What was read, if it could be. Otherwise it is a damage of the table.
    pub(super) fn ok_or_note<T>(&mut self, table: &'static str, read: Result<T, StorageError>) -> Option<T> {
        read.map_err(|error| self.note(Damage::in_table(table), &error.to_string())).ok()
    }

    fn note(&mut self, damage: Damage, cause: &str) {
        log_once(&damage, cause);
        if !self.damages.contains(&damage) {
            self.damages.push(damage);
        }
    }
}

impl Damages for DieselUnit<'_> {
    fn take_damages(&mut self) -> Vec<Damage> {
        std::mem::take(&mut self.damages)
    }
}

/// Logs a damaged row when this process first meets it: lists are read again and again. What it holds is not logged, for it may be a text.
fn log_once(damage: &Damage, cause: &str) {
    static LOGGED: Mutex<Option<HashSet<Damage>>> = Mutex::new(None);
    let mut logged = LOGGED.lock().unwrap_or_else(PoisonError::into_inner);
    let logged = logged.get_or_insert_default();
    if logged.contains(damage) {
        return;
    }
    if logged.len() < REMEMBERED {
        logged.insert(damage.clone());
    }
    let number = |number: Option<String>| number.unwrap_or_else(|| "unknown".to_owned());
    let (ticket, message) = (damage.ticket.map(|number| number.to_string()), damage.message.map(|number| number.to_string()));
    tracing::error!(
        table = damage.table,
        ticket = number(ticket),
        message = number(message),
        cause,
        "MuTicket cannot read a row of the database; lists leave it out until it is repaired or deleted"
    );
}
