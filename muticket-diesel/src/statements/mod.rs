//! The statements, one file for each concept. Written once, compiled once for each database.
//!
//! A row struct holds what the columns hold; making a value of it is where a row that cannot be is noticed.

mod attachments;
mod damages;
mod figures;
mod histories;
mod marks;
mod messages;
mod outbox;
mod overviews;
mod ratings;
mod rows;
mod sites;
mod staff;
mod tickets;
mod values;
pub(super) mod words;

use super::unit::{DieselUnit, all_or_none, insert};
use super::{Conn, Db, dialect};
use crate::dialect::Key;

/// How many values go into one statement: databases limit their number.
const VALUES: usize = 500;
