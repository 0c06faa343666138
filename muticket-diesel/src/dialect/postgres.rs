//! PostgreSQL.

use std::time::Duration;

use diesel::connection::TransactionManager;
use diesel::deserialize::{self, FromSql};
use diesel::pg::{Pg, PgValue};
use diesel::prelude::*;
use diesel::query_builder::{QueryFragment, QueryId};
use diesel::result::{DatabaseErrorKind, Error};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{self, Integer, Text};
use muticket_core::storage::StorageError;
use uuid::Uuid;

pub(crate) use super::server::{LOCKED, SKIP_LOCKED};
use super::{Key, UuidColumn, server};
use crate::connection::postgres::Conn;
use crate::error::ConnectError;
use crate::fragment::ReturningNumber;

#[cfg(feature = "host-connections")]
pub(crate) mod host;

/// A unit that reads a row which another unit is changing waits, and then reads the new row. It waits two seconds per lock, and runs up to
/// five times. On a host's connection the setting applies to the unit's transaction only.
pub(crate) const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = '2s'";
pub(crate) const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL lock_timeout = '2s'";
// A failed statement aborts its transaction.
pub(crate) const IF_ABSENT: &str = " ON CONFLICT DO NOTHING";
pub(crate) const WHOLE: &str = "BIGINT";
// PostgreSQL does not know that `IS NULL` leaves one value.
pub(crate) const ORDERED_BY_NULL: bool = true;
// Without an order PostgreSQL would begin with the oldest rows of the table, and expect to reach the limit soon.
pub(crate) const COUNTED_IN_ORDER: bool = true;
/// The users to whom tickets are assigned, each once, at most 900. Each step of it looks one entry up in the index, so it does not read
/// the entries of one user.
pub(crate) const ASSIGNEES: &str = "WITH RECURSIVE assigned (assignee, place) AS (\
     SELECT (SELECT MIN(assignee) FROM muticket_ticket), 1 \
     UNION ALL \
     SELECT (SELECT MIN(ticket.assignee) FROM muticket_ticket ticket WHERE ticket.assignee > assigned.assignee), assigned.place + 1 \
     FROM assigned WHERE assigned.assignee IS NOT NULL AND assigned.place < 900\
 ) SELECT assignee FROM assigned WHERE assignee IS NOT NULL";
pub(crate) const OR_RAISE_MARK: &str =
    " ON CONFLICT (ticket, user_id) DO UPDATE SET message = excluded.message WHERE excluded.message > muticket_seen.message";
pub(crate) const OR_REPORT_AGAIN: &str =
    " ON CONFLICT (ticket, user_id) DO UPDATE SET writes = excluded.writes, seen_at = excluded.seen_at";
pub(crate) const OR_COUNT_REPORT: &str = " ON CONFLICT (user_id) DO UPDATE SET address = excluded.address, reports = excluded.reports, \
     first_at = excluded.first_at, last_at = excluded.last_at, problem = excluded.problem";
pub(crate) const OR_READ_FURTHER: &str = " ON CONFLICT (name) DO UPDATE SET uid_validity = excluded.uid_validity, \
                                         next_uid = excluded.next_uid, checked_at = excluded.checked_at, problem = excluded.problem";

/// The settings of MuTicket's own connections. The server ends a statement shortly before the caller's time limit, and reports it.
pub(crate) fn settings(answer: Duration) -> String {
    let shorter = answer - (answer / 10).min(Duration::from_secs(1));
    format!("SET statement_timeout = {}; SET idle_in_transaction_session_timeout = '30s'", shorter.as_millis())
}

/// Diesel keeps only the text of an error, which is recognised in English. Not every user may set the language of the messages.
pub(crate) const ENGLISH: &str =
    "SELECT set_config('lc_messages', 'C', false) WHERE has_parameter_privilege('lc_messages', 'SET')";

/// The server's words for a lost race: 40P01, 55P03 and 40001.
const LOST: &[&str] = &["deadlock", "lock timeout", "could not serialize"];

/// The number of the advisory lock for migrations: the letters `muticket`.
const MIGRATION_LOCK: i64 = 0x6d75_7469_636b_6574;

// The condition on the column is in a form without an index. Another form of the column would have no statistics.
pub(crate) fn unindexed<C>(column: C) -> C {
    column
}

impl ToSql<UuidColumn, Pg> for Key {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <Uuid as ToSql<sql_types::Uuid, Pg>>::to_sql(&self.0, out)
    }
}

impl FromSql<UuidColumn, Pg> for Key {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <Uuid as FromSql<sql_types::Uuid, Pg>>::from_sql(value).map(Self)
    }
}

pub(crate) fn begin(conn: &mut Conn, begin: &str) -> QueryResult<()> {
    conn.begin(begin)
}

// An interrupted launch leaves nothing behind.
pub(crate) fn is_done_already(_refused: &Error) -> bool {
    false
}

pub(crate) fn begin_migration(conn: &mut Conn) -> QueryResult<()> {
    begin(conn, "BEGIN; SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = 0")?;
    // Another process that starts at the same time waits here. The end of the transaction releases the lock.
    conn.wait_long();
    let lock = diesel::sql_query(format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).execute(conn);
    // On a host's connection an aborted transaction would make the host's next statements fail.
    lock.map(|_| ()).or_else(|error| end_migration(conn, false).and(Err(error)))
}

pub(crate) fn end_migration(conn: &mut Conn, done: bool) -> QueryResult<()> {
    type Manager = <Conn as Connection>::TransactionManager;
    let ended = match done {
        true => Manager::commit_transaction(conn),
        false => Manager::rollback_transaction(conn),
    };
    conn.wait_as_usual();
    ended
}

/// Why the server cannot be used, if it is older than what is supported.
pub(crate) fn unfit(conn: &mut Conn) -> QueryResult<Option<ConnectError>> {
    let number = diesel::dsl::sql::<Integer>("current_setting('server_version_num')::int4");
    let version: i32 = diesel::select(number).get_result(conn)?;
    Ok(is_too_old(version).map(ConnectError::TooOld))
}

pub(super) fn is_too_old(version: i32) -> Option<String> {
    (version < 150_000).then(|| format!("PostgreSQL {}", version / 10_000))
}

pub(crate) fn narrow_encoding(conn: &mut Conn) -> QueryResult<Option<String>> {
    let encoding = diesel::dsl::sql::<Text>("current_setting('server_encoding')");
    let encoding: String = diesel::select(encoding).get_result(conn)?;
    Ok((encoding != "UTF8").then_some(encoding))
}

pub(crate) fn insert_ticket(conn: &mut Conn, insert: impl QueryFragment<Pg> + QueryId) -> QueryResult<i64> {
    ReturningNumber(insert).get_result(conn)
}

/// Diesel recognises 40001 only. The others are recognised by PostgreSQL's words.
pub(crate) fn classify(error: Error) -> StorageError {
    const REFUSED: &[&str] = &["permission denied", "read-only", "no space left", "could not extend", "quota exceeded"];
    const GONE: &[&str] = &["terminating connection", "shutting down", "starting up", "recovery mode", "connection closed"];
    server::classify(error, LOST, REFUSED, GONE)
}

/// Whether a failed commit was certainly rolled back. The server keeps nothing of a transaction that lost a race.
pub(crate) fn is_rolled_back(failed_commit: &Error) -> bool {
    matches!(failed_commit, Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) || server::says(failed_commit, LOST)
}
