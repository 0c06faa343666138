//! SQLite on a host's connections.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::result::Error;
use diesel::sql_types::BigInt;
use muticket_core::storage::StorageError;

pub(crate) use crate::connection::sqlite::Raw;
use crate::error::ConnectError;
use crate::host::connections::HostConnection;

/// Run on a host's connection before and after a unit outside the host's transactions; empty if nothing is needed.
pub(crate) const AROUND_UNIT: [&str; 2] = ["", ""];

/// Wraps a host's connection for the statements.
pub(crate) fn ready(conn: HostConnection<Raw>) -> HostConnection<Raw> {
    conn
}

/// Converts an error on a host's connection into what it means for starting a site.
pub(crate) fn explain(error: StorageError) -> ConnectError {
    ConnectError::of_file(Path::new("of the host's connections"), error)
}

/// Whether the statements before a unit were refused because the host has a transaction open that the connection does not know of.
pub(crate) fn is_hosts_transaction(_refused: &Error) -> bool {
    false
}

/// Fails if the transaction that the host began is no longer open.
pub(crate) fn still_open(_: &mut SqliteConnection) -> QueryResult<()> {
    // SQLite offers no way to check this. If it is gone, the unit's savepoint begins a new transaction.
    Ok(())
}

/// The settings that a host's connection lacks. Without the first, a deleted ticket leaves rows behind. Without the others, one of two
/// connections that write fails at once because the database is locked.
pub(crate) fn missing_settings(conn: &mut SqliteConnection) -> QueryResult<Vec<&'static str>> {
    let mut number = |sql: &str| diesel::select(diesel::dsl::sql::<BigInt>(sql)).get_result::<i64>(conn);
    let keeps_keys = number("(SELECT foreign_keys FROM pragma_foreign_keys)")? == 1;
    let waits = number("(SELECT timeout FROM pragma_busy_timeout)")? > 0;
    // A database in memory has no other journal mode.
    let journal = number("(SELECT journal_mode IN ('wal', 'memory') FROM pragma_journal_mode)")? == 1;
    let all =
        [(keeps_keys, "PRAGMA foreign_keys = ON"), (waits, "PRAGMA busy_timeout = 2000"), (journal, "PRAGMA journal_mode = WAL")];
    Ok(all.into_iter().filter(|(there, _)| !there).map(|(_, pragma)| pragma).collect())
}

/// Makes a host's connection overwrite deleted data. Returns its previous setting.
pub(crate) fn overwrite_deleted(conn: &mut SqliteConnection) -> QueryResult<Option<i64>> {
    let before: i64 = diesel::select(sql::<BigInt>("(SELECT secure_delete FROM pragma_secure_delete)")).get_result(conn)?;
    if before == 1 {
        return Ok(None);
    }
    conn.batch_execute("PRAGMA secure_delete = ON")?;
    Ok(Some(before))
}

/// Restores the setting of a host's connection.
pub(crate) fn overwrite_as_before(conn: &mut SqliteConnection, before: Option<i64>) -> QueryResult<()> {
    match before {
        None => Ok(()),
        Some(2) => conn.batch_execute("PRAGMA secure_delete = FAST"),
        Some(_) => conn.batch_execute("PRAGMA secure_delete = OFF"),
    }
}

/// Whether a host's connection truncates values that do not fit into a column.
pub(crate) fn cuts_values(_: &mut SqliteConnection) -> QueryResult<bool> {
    Ok(false)
}
