//! Rows with values that no version of MuTicket wrote. A list leaves them out and reports them (P-28, P-33).

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use muticket_core::id::{MessageNumber, TicketNumber};
use muticket_core::storage::{Damage, DamageStore, StorageError};
use muticket_core::ticket::Priority;

use super::DieselUnit;

/// How many damaged rows are remembered as logged. Further ones are logged each time they are read.
const REMEMBERED: usize = 1000;

/// How many damaged rows a unit reports. A page does not show more.
const TOLD: usize = 1000;

/// A row as it is stored.
pub(super) trait StoredRow {
    /// The type it is converted to.
    type Value;
    const TABLE: &'static str;

    /// The numbers of its ticket and its message.
    fn numbers(&self) -> [Option<i64>; 2];

    /// The instant by which lists order the row; `None` if they do not, or if it cannot be read.
    fn at(&self) -> Option<DateTime<Utc>> {
        None
    }

    /// The priority of a ticket; `None` if the row has none, or if it cannot be read.
    fn priority(&self) -> Option<Priority> {
        None
    }

    /// Whether the row has a place in a list that is ordered by time.
    fn is_placed(&self) -> bool {
        self.at().is_some() && self.numbers()[0].is_some_and(|number| number > 0)
    }

    /// Converts the row into its value.
    fn read(self) -> Result<Self::Value, StorageError>;
}

impl DieselUnit<'_> {
    /// The rows that can be read. The others are reported as damaged.
    pub(super) fn readable<R: StoredRow>(&mut self, rows: Vec<R>) -> Vec<R::Value> {
        rows.into_iter().filter_map(|row| self.read_or_note(row)).collect()
    }

    /// The row's value. If it cannot be read, it is reported as damaged.
    pub(super) fn read_or_note<R: StoredRow>(&mut self, row: R) -> Option<R::Value> {
        let damage = damage_of(&row);
        row.read().map_err(|error| self.note(damage, &error.to_string())).ok()
    }

    /// Loads rows from the start of a list until `limit` of them have a place in it. Each `load` returns at most `limit` rows after the
    /// number it is told to skip. A row without a place cannot be the start of the next page, so it is not counted.
    pub(super) fn placed<R>(
        &mut self,
        limit: u32,
        is_placed: impl Fn(&R) -> bool,
        mut load: impl FnMut(&mut Self, usize) -> Result<Vec<R>, StorageError>,
    ) -> Result<Vec<R>, StorageError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut rows = load(self, 0)?;
        let mut last = rows.len();
        while last > 0 && last == limit && rows.iter().filter(|row| is_placed(row)).count() < limit {
            let more = load(self, rows.len())?;
            last = more.len();
            rows.extend(more);
        }
        let mut room = limit;
        rows.retain(|row| {
            let fits = room > 0 || !is_placed(row);
            room -= usize::from(fits && is_placed(row));
            fits
        });
        Ok(rows)
    }

    /// The value that was read. If it could not be read, the table is reported as damaged.
    pub(super) fn ok_or_note<T>(&mut self, table: &'static str, read: Result<T, StorageError>) -> Option<T> {
        read.map_err(|error| self.note(Damage::in_table(table), &error.to_string())).ok()
    }

    /// The value that was read. If it could not be read, the damage is reported.
    pub(super) fn ok_or_note_as<T>(&mut self, damage: Damage, read: Result<T, StorageError>) -> Option<T> {
        read.map_err(|error| self.note(damage, &error.to_string())).ok()
    }

    fn note(&mut self, damage: Damage, cause: &str) {
        log_once(&damage, cause);
        if self.damages.len() < TOLD && !self.damages.contains(&damage) {
            self.damages.push(damage);
        }
    }
}

impl DamageStore for DieselUnit<'_> {
    fn take_damages(&mut self) -> Vec<Damage> {
        std::mem::take(&mut self.damages)
    }
}

/// The value of a row that was asked for alone. If it cannot be read, that is logged, and an error.
pub(super) fn read_or_log<R: StoredRow>(row: R) -> Result<R::Value, StorageError> {
    let damage = damage_of(&row);
    row.read().inspect_err(|error| log_once(&damage, &error.to_string()))
}

/// The report of a row that cannot be read.
fn damage_of<R: StoredRow>(row: &R) -> Damage {
    let [ticket, message] = row.numbers();
    let message = message.and_then(|message| MessageNumber::new(u32::try_from(message).ok()?));
    Damage::in_table(R::TABLE)
        .of_ticket(ticket.and_then(TicketNumber::new))
        .of_message(message)
        .at(row.at())
        .of_priority(row.priority())
}

/// Logs a damaged row only once per process, because lists are read again and again. The content is not logged, because it may be a text
/// of a user.
fn log_once(damage: &Damage, cause: &str) {
    static LOGGED: Mutex<Option<HashSet<Damage>>> = Mutex::new(None);
    // Several lists order the same row by different instants.
    let damage = &damage.clone().at(None).of_priority(None);
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
