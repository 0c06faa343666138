//! The content of the file, and one unit of work on it. Each trait that a unit implements has its own file, with its rows.

mod attachments;
mod categories;
mod first_answers;
mod histories;
mod marks;
mod messages;
mod orphans;
mod outbox;
mod overviews;
mod ratings;
mod secrets;
mod settings;
mod sites;
mod supporters;
mod tickets;

use std::collections::BTreeMap;
use std::sync::Arc;

use muticket_core::figures::FirstAnswer;
use muticket_core::history::HistoryEntry;
use muticket_core::id::{CategoryId, MessageNumber, TicketNumber};
use muticket_core::notice::OutboxEntry;
use muticket_core::rating::Rating;
use muticket_core::settings::Settings;
use muticket_core::site_address::SiteAddress;
use muticket_core::storage::{Damage, Damages, KeptCategory, Pulse, StorageError, StorageFault};
use muticket_core::supporter::Supporter;
use muticket_core::ticket::{Attachment, Message, Ticket};
use serde::{Deserialize, Serialize};

use crate::json::Json;
use crate::unit::marks::Mark;
use crate::unit::orphans::Orphan;
use crate::unit::settings::SettingsRow;

/// All tables, as lists with the oldest row first. Finding a row means searching its list, which costs less than writing the file.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Tables {
    /// The last ticket number that was given. A number is never given twice.
    last_ticket: i64,
    #[serde(with = "Json")]
    tickets: Vec<Ticket>,
    #[serde(with = "Json")]
    messages: Vec<Message>,
    #[serde(with = "Json")]
    attachments: Vec<Attachment>,
    #[serde(with = "Json")]
    ratings: Vec<Rating>,
    // Older files have no such list.
    #[serde(with = "Json", default)]
    first_answers: Vec<FirstAnswer>,
    #[serde(with = "Json")]
    histories: Vec<HistoryEntry>,
    #[serde(default)]
    marks: Vec<Mark>,
    #[serde(with = "Json")]
    supporters: Vec<Supporter>,
    #[serde(with = "SettingsRow")]
    settings: Settings,
    /// How often supporters, settings or categories have changed.
    revision: u64,
    #[serde(with = "Json")]
    categories: Vec<KeptCategory>,
    #[serde(with = "Json", default)]
    category_order: Vec<CategoryId>,
    #[serde(with = "Json")]
    letters: Vec<OutboxEntry>,
    #[serde(with = "Json", default)]
    pulse: Option<Pulse>,
    orphans: Vec<Orphan>,
    secrets: BTreeMap<String, [u8; 32]>,
    #[serde(with = "Json", default)]
    site_address: Option<SiteAddress>,
}

/// One unit of work: the tables as they were when it began. They are copied at the first write.
pub(crate) struct JsonUnit {
    tables: Arc<Tables>,
    writable: bool,
}

/// A file with a damaged row cannot be opened, so a unit finds no damage.
impl Damages for JsonUnit {
    fn take_damages(&mut self) -> Vec<Damage> {
        Vec::new()
    }
}

impl JsonUnit {
    pub(crate) fn reading(tables: Arc<Tables>) -> Self {
        Self { tables, writable: false }
    }

    pub(crate) fn writing(tables: Arc<Tables>) -> Self {
        Self { tables, writable: true }
    }

    /// The tables after the unit.
    pub(crate) fn into_tables(self) -> Arc<Tables> {
        self.tables
    }

    fn change(&mut self) -> Result<&mut Tables, StorageError> {
        if !self.writable {
            return Err(StorageError::fault(StorageFault::NotWritable, "a reading unit does not write"));
        }
        Ok(Arc::make_mut(&mut self.tables))
    }
}

impl Tables {
    /// Counts a change of supporters, settings or categories.
    fn revise(&mut self) -> &mut Self {
        self.revision += 1;
        self
    }

    /// A row must belong to an existing ticket: a foreign key.
    fn must_have_ticket(&self, number: TicketNumber) -> Result<(), StorageError> {
        let exists = self.tickets.iter().any(|ticket| ticket.number == number);
        if exists { Ok(()) } else { Err(no_owner()) }
    }

    /// See [`must_have_ticket`](Self::must_have_ticket).
    fn must_have_message(&self, ticket: TicketNumber, number: MessageNumber) -> Result<(), StorageError> {
        let exists = self.messages.iter().any(|message| message.ticket == ticket && message.number == number);
        if exists { Ok(()) } else { Err(no_owner()) }
    }
}

fn no_owner() -> StorageError {
    StorageError::fault(StorageFault::Other, "the row belongs to a ticket or message that does not exist")
}

/// Inserts all rows or none. `clash` tells whether two rows cannot both exist: a unique index.
fn insert<R: Clone>(table: &mut Vec<R>, rows: &[R], clash: impl Fn(&R, &R) -> bool) -> Result<(), StorageError> {
    let before = table.len();
    for row in rows {
        if table.iter().any(|stored| clash(stored, row)) {
            table.truncate(before);
            return Err(StorageError::Duplicate);
        }
        table.push(row.clone());
    }
    Ok(())
}
