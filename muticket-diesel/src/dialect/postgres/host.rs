//! PostgreSQL on a host's connections.

use diesel::QueryResult;
use diesel::result::Error;

pub(crate) use crate::connection::postgres::Raw;
use crate::connection::postgres::{Conn, TimedConnection};
pub(crate) use crate::dialect::server::host::{explain, missing_settings, overwrite_as_before, overwrite_deleted};
use crate::host::connections::HostConnection;

// The transaction itself has all the settings.
pub(crate) const AROUND_UNIT: [&str; 2] = ["", ""];

/// Wraps a host's connection for the statements.
pub(crate) fn ready(conn: HostConnection<Raw>) -> Box<Conn> {
    Box::new(TimedConnection::of_host(conn))
}

pub(crate) fn is_hosts_transaction(_refused: &Error) -> bool {
    false
}

pub(crate) fn still_open(_: &mut Conn) -> QueryResult<()> {
    // PostgreSQL refuses a savepoint outside a transaction.
    Ok(())
}

pub(crate) fn cuts_values(_: &mut Conn) -> QueryResult<bool> {
    Ok(false)
}
