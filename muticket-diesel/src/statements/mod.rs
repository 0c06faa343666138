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

pub(crate) use self::tickets::NewTicketRow;
use super::dialect;
use super::unit::DieselUnit;
use super::{Conn, Db};

/// How many rows go into one statement: databases limit the number of values.
const ROWS: usize = 500;
