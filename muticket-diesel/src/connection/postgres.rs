//! PostgreSQL.

#[path = "timed.rs"]
mod timed;

pub(crate) use self::timed::{Conn, TimedConnection};

/// The connection of the driver.
pub(crate) type Raw = diesel_async::AsyncPgConnection;
pub(crate) type Db = diesel::pg::Pg;
