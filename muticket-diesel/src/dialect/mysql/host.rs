//! MariaDB and MySQL on a host's connections.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::Error;
use diesel::sql_types::Text;

pub(crate) use crate::connection::mysql::Raw;
use crate::connection::mysql::{Conn, TimedConnection};
use crate::dialect::server;
pub(crate) use crate::dialect::server::host::{explain, missing_settings, overwrite_as_before, overwrite_deleted};
use crate::host::connections::HostConnection;

/// Run on a host's connection before and after a unit outside the host's transactions. The unit reads committed data and waits for a lock
/// as long as on MuTicket's own connections. The host gets its settings back unchanged.
pub(crate) const AROUND_UNIT: [&str; 2] = [
    // The first statement is refused if a transaction is open that the connection does not know of. Then no setting has been changed.
    "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; \
     SET @muticket_lock_wait = @@SESSION.innodb_lock_wait_timeout; SET SESSION innodb_lock_wait_timeout = 2",
    "SET SESSION innodb_lock_wait_timeout = @muticket_lock_wait",
];

/// Wraps a host's connection for the statements.
pub(crate) fn ready(conn: HostConnection<Raw>) -> Box<Conn> {
    Box::new(TimedConnection::of_host(conn))
}

/// Error 1568.
pub(crate) fn is_hosts_transaction(refused: &Error) -> bool {
    server::says(refused, &["transaction is in progress"])
}

pub(crate) fn still_open(conn: &mut Conn) -> QueryResult<()> {
    // Outside a transaction a savepoint is created silently, and is gone at once.
    conn.batch_execute("SAVEPOINT muticket; RELEASE SAVEPOINT muticket")
}

/// MuTicket's own connections never do. Every table uses InnoDB, which obeys both strict modes.
pub(crate) fn cuts_values(conn: &mut Conn) -> QueryResult<bool> {
    let mode: String = diesel::select(diesel::dsl::sql::<Text>("@@SESSION.sql_mode")).get_result(conn)?;
    Ok(!mode.contains("STRICT_"))
}
