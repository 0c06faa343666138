//! The statements, one file for each concept. Written once, compiled once for each database.
//!
//! A row struct holds what the columns hold; making a value of it is where a row that cannot be is noticed.

mod attachments;
mod histories;
mod messages;
mod outbox;
mod overviews;
mod ratings;
mod staff;
mod tickets;
mod values;

use muticket_core::storage::{
    Attachments, Categories, Histories, Messages, Orphans, Outbox, Overviews, Ratings, Secrets, SettingsStore, Supporters,
    Tickets, Unit,
};

pub(crate) use self::tickets::NewTicketRow;
use super::dialect;
use super::unit::DieselUnit;
use super::{Conn, Db};

/// How many rows go into one statement: databases limit the number of values.
const ROWS: usize = 500;

impl Unit for DieselUnit<'_> {
    fn tickets(&mut self) -> &mut dyn Tickets {
        self
    }

    fn messages(&mut self) -> &mut dyn Messages {
        self
    }

    fn attachments(&mut self) -> &mut dyn Attachments {
        self
    }

    fn ratings(&mut self) -> &mut dyn Ratings {
        self
    }

    fn histories(&mut self) -> &mut dyn Histories {
        self
    }

    fn overviews(&mut self) -> &mut dyn Overviews {
        self
    }

    fn supporters(&mut self) -> &mut dyn Supporters {
        self
    }

    fn settings(&mut self) -> &mut dyn SettingsStore {
        self
    }

    fn categories(&mut self) -> &mut dyn Categories {
        self
    }

    fn outbox(&mut self) -> &mut dyn Outbox {
        self
    }

    fn orphans(&mut self) -> &mut dyn Orphans {
        self
    }

    fn secrets(&mut self) -> &mut dyn Secrets {
        self
    }
}
