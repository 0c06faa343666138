//! MariaDB and MySQL.

use diesel::connection::SimpleConnection;
use diesel::deserialize::{self, FromSql};
use diesel::mysql::{Mysql, MysqlValue};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::{DatabaseErrorKind, Error};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use muticket_core::storage::StorageError;
use uuid::Uuid;

pub(crate) use super::server::{LOCKED, SKIP_LOCKED};
use super::{Key, UuidColumn, server};
use crate::connection::mysql::Conn;
use crate::error::ConnectError;
use crate::fragment::Unindexed;

#[cfg(feature = "host-connections")]
pub(crate) mod host;

/// Read committed, as set by `SETTINGS`, or before a unit on a host's connection. At this level the transaction locks only the
/// rows it changes.
pub(crate) const BEGIN_WRITE: &str = "START TRANSACTION";
pub(crate) const BEGIN_READ: &str =
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";
pub(crate) const IF_ABSENT: &str = "";
pub(crate) const WHOLE: &str = "SIGNED";
// These databases would sort the rows.
pub(crate) const ORDERED_BY_NULL: bool = false;
pub(crate) const COUNTED_IN_ORDER: bool = false;
/// The users to whom tickets are assigned, each once, at most 900. These databases jump from one user to the next in the index.
pub(crate) const ASSIGNEES: &str = "SELECT DISTINCT assignee FROM muticket_ticket WHERE assignee IS NOT NULL LIMIT 900";
pub(crate) const OR_RAISE_MARK: &str = " ON DUPLICATE KEY UPDATE message = GREATEST(message, VALUES(message))";
pub(crate) const OR_REPORT_AGAIN: &str = " ON DUPLICATE KEY UPDATE writes = VALUES(writes), seen_at = VALUES(seen_at)";
pub(crate) const OR_COUNT_REPORT: &str = " ON DUPLICATE KEY UPDATE address = VALUES(address), reports = VALUES(reports), \
                                          first_at = VALUES(first_at), last_at = VALUES(last_at), problem = VALUES(problem)";
pub(crate) const OR_READ_FURTHER: &str = " ON DUPLICATE KEY UPDATE uid_validity = VALUES(uid_validity), next_uid = VALUES(next_uid), \
                                         checked_at = VALUES(checked_at), problem = VALUES(problem)";

/// The settings of every connection. In strict mode a value that does not fit is refused, not truncated. Errors are recognised by their
/// English text.
pub(crate) const SETTINGS: &str = "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', \
                                   SESSION lc_messages = 'en_US', SESSION innodb_lock_wait_timeout = 2; \
                                   SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";

/// The server's words for a lost race: errors 1213 and 1205.
const DEADLOCK: &str = "deadlock";
const LOCK_WAIT: &str = "lock wait timeout";

pub(crate) fn unindexed<C>(column: C) -> Unindexed<C> {
    Unindexed(column)
}

impl ToSql<UuidColumn, Mysql> for Key {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Mysql>) -> serialize::Result {
        <[u8] as ToSql<Binary, Mysql>>::to_sql(self.0.as_bytes(), out)
    }
}

impl FromSql<UuidColumn, Mysql> for Key {
    fn from_sql(value: MysqlValue<'_>) -> deserialize::Result<Self> {
        let bytes = <Vec<u8> as FromSql<Binary, Mysql>>::from_sql(value)?;
        Ok(Self(Uuid::from_slice(&bytes)?))
    }
}

pub(crate) fn begin(conn: &mut Conn, begin: &str) -> QueryResult<()> {
    conn.begin(begin)
}

/// Errors 1060, 1061 and 1091: the column or index exists already, or is gone already. In MariaDB the statements themselves allow this;
/// MySQL has no syntax for it.
pub(crate) fn is_done_already(refused: &Error) -> bool {
    server::says(refused, &["duplicate column name", "duplicate key name", "check that column/key exists"])
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = Nullable<BigInt>)]
    number: Option<i64>,
}

/// There is no transaction: each statement on a table is committed on its own, and can be run twice.
pub(crate) fn begin_migration(conn: &mut Conn) -> QueryResult<()> {
    conn.wait_long();
    let lock = "SELECT CAST(GET_LOCK(CONCAT('muticket:', MD5(DATABASE())), 60) AS SIGNED) AS number";
    let locked: Number = diesel::sql_query(lock).get_result(conn)?;
    match locked.number {
        Some(1) => Ok(()),
        _ => Err(Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new("lock wait timeout exceeded".to_owned()))),
    }
}

pub(crate) fn end_migration(conn: &mut Conn, _done: bool) -> QueryResult<()> {
    conn.wait_as_usual();
    conn.batch_execute("DO RELEASE_LOCK(CONCAT('muticket:', MD5(DATABASE())))")
}

/// Why the server cannot be used, if it is older than what is supported.
pub(crate) fn unfit(conn: &mut Conn) -> QueryResult<Option<ConnectError>> {
    let version: String = diesel::select(diesel::dsl::sql::<Text>("VERSION()")).get_result(conn)?;
    Ok(is_too_old(&version).map(ConnectError::TooOld))
}

pub(super) fn is_too_old(version: &str) -> Option<String> {
    let mut numbers = version.split(['.', '-']).map_while(|number| number.parse::<u32>().ok());
    let mut next = || numbers.next().unwrap_or_default();
    let found = (next(), next(), next());
    let (name, least) = match version.contains("MariaDB") {
        true => ("MariaDB", (10, 11, 0)),
        false => ("MySQL", (8, 0, 17)),
    };
    (found < least).then(|| format!("{name} {}.{}.{}", found.0, found.1, found.2))
}

// The tables set their own encoding.
pub(crate) fn narrow_encoding(_conn: &mut Conn) -> QueryResult<Option<String>> {
    Ok(None)
}

/// MySQL cannot return the number with the insert.
pub(crate) fn insert_ticket(conn: &mut Conn, insert: impl QueryFragment<Mysql> + QueryId) -> QueryResult<i64> {
    conn.execute_returning_count(&insert)?;
    LastNumber.get_result(conn)
}

/// The number generated by the last insert on this connection.
#[derive(QueryId)]
struct LastNumber;

impl Query for LastNumber {
    type SqlType = BigInt;
}

impl RunQueryDsl<Conn> for LastNumber {}

impl QueryFragment<Mysql> for LastNumber {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Mysql>) -> QueryResult<()> {
        out.push_sql("SELECT CAST(LAST_INSERT_ID() AS SIGNED)");
        Ok(())
    }
}

/// Diesel recognises violated constraints only. The others are recognised by the server's words.
pub(crate) fn classify(error: Error) -> StorageError {
    const LOST: &[&str] = &[DEADLOCK, LOCK_WAIT, "record has changed"];
    const REFUSED: &[&str] =
        &["command denied", "read-only", "read only", "is full", "disk full", "no space left", "quota exceeded"];
    const GONE: &[&str] = &["input/output", "gone away", "connection", "shutdown", "broken pipe", "killed", "wsrep"];
    server::classify(error, LOST, REFUSED, GONE)
}

/// Whether a failed commit was certainly rolled back. The server reports 1213 and 1205 only for what it rolled back. A cluster node that
/// lost the others ("WSREP") does not know the outcome.
pub(crate) fn is_rolled_back(failed_commit: &Error) -> bool {
    server::says(failed_commit, &[DEADLOCK, LOCK_WAIT])
}
