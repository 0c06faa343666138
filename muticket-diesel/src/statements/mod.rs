//! The statements, one file per concept. Written once, compiled once per database.
//!
//! A row struct holds the values of the columns. Converting it into a value of the core detects damaged rows.

mod attachments;
mod conditions;
mod damages;
mod figures;
mod histories;
mod incoming;
mod labels;
mod mailboxes;
mod marks;
mod messages;
mod notes;
mod open_pages;
mod orphans;
mod outbox;
mod overviews;
mod parts;
mod ratings;
mod rows;
mod saved_answers;
mod saved_views;
mod senders;
mod sites;
mod staff;
mod tickets;
mod undeliverable;
mod values;
pub(super) mod words;

use super::unit::{DieselUnit, all_or_none, insert};
use super::{Conn, Db, dialect};
use crate::dialect::Key;

/// The maximum number of values in one statement: databases limit it.
const VALUES: usize = 500;

/// The most queries in one statement. SQLite composes at most 500.
const COMPOSED: usize = 100;
