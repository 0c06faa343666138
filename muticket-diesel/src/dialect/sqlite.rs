//! SQLite.

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::deserialize::{self, FromSql};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::query_builder::{QueryFragment, QueryId};
use diesel::result::{DatabaseErrorKind, Error};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{Binary, Text};
use diesel::sqlite::{Sqlite, SqliteValue};
use muticket_core::storage::{StorageError, StorageFault};
use uuid::Uuid;

use super::{Key, UuidColumn};
use crate::error::ConnectError;
use crate::fragment::{ReturningNumber, Unindexed};

#[cfg(feature = "host-connections")]
pub(crate) mod host;

/// Takes the write lock at once. A transaction that starts to write later fails if another one wrote in between.
pub(crate) const BEGIN_WRITE: &str = "BEGIN IMMEDIATE";
/// The first statement fixes the snapshot.
pub(crate) const BEGIN_READ: &str = "BEGIN DEFERRED";
/// Makes an insert do nothing instead of failing; empty if a failed statement does not affect its transaction.
pub(crate) const IF_ABSENT: &str = "";
/// Locks the selected rows until the end; empty if units write one after the other.
pub(crate) const LOCKED: &str = "";
/// Like `LOCKED`, but skips rows that another unit has locked.
pub(crate) const SKIP_LOCKED: &str = "";
/// The type of a whole number, to convert sums, which have another type.
pub(crate) const WHOLE: &str = "INTEGER";
/// Whether the order of rows in which a column is `NULL` must begin with that column, or an index on it is not followed.
pub(crate) const ORDERED_BY_NULL: bool = false;
/// Whether rows that are counted up to a limit must be in the order of an index, or the table itself is read.
pub(crate) const COUNTED_IN_ORDER: bool = false;
/// The users to whom tickets are assigned, each once, at most 900. Each step of it looks one entry up in the index, so it does not read
/// the entries of one user.
pub(crate) const ASSIGNEES: &str = "WITH RECURSIVE assigned (assignee, place) AS (\
     SELECT (SELECT MIN(assignee) FROM muticket_ticket), 1 \
     UNION ALL \
     SELECT (SELECT MIN(ticket.assignee) FROM muticket_ticket ticket WHERE ticket.assignee > assigned.assignee), assigned.place + 1 \
     FROM assigned WHERE assigned.assignee IS NOT NULL AND assigned.place < 900\
 ) SELECT assignee FROM assigned WHERE assignee IS NOT NULL";
/// Makes the insert of an existing mark raise it.
pub(crate) const OR_RAISE_MARK: &str =
    " ON CONFLICT (ticket, user_id) DO UPDATE SET message = excluded.message WHERE excluded.message > muticket_seen.message";
pub(crate) const OR_REPORT_AGAIN: &str =
    " ON CONFLICT (ticket, user_id) DO UPDATE SET writes = excluded.writes, seen_at = excluded.seen_at";
pub(crate) const OR_COUNT_REPORT: &str = " ON CONFLICT (user_id) DO UPDATE SET address = excluded.address, reports = excluded.reports, \
     first_at = excluded.first_at, last_at = excluded.last_at, problem = excluded.problem";
pub(crate) const OR_READ_FURTHER: &str = " ON CONFLICT (name) DO UPDATE SET uid_validity = excluded.uid_validity, \
                                         next_uid = excluded.next_uid, checked_at = excluded.checked_at, problem = excluded.problem";

/// A column in a form that no index covers, for a condition by which rows are tested.
pub(crate) fn unindexed<C>(column: C) -> Unindexed<C> {
    Unindexed(column)
}

impl ToSql<UuidColumn, Sqlite> for Key {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        <[u8] as ToSql<Binary, Sqlite>>::to_sql(self.0.as_bytes(), out)
    }
}

impl FromSql<UuidColumn, Sqlite> for Key {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let bytes = <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value)?;
        Ok(Self(Uuid::from_slice(&bytes)?))
    }
}

/// Begins a transaction with the given statement.
pub(crate) fn begin(conn: &mut SqliteConnection, begin: &str) -> QueryResult<()> {
    AnsiTransactionManager::begin_transaction_sql(conn, begin)
}

// An interrupted launch leaves nothing behind.
pub(crate) fn is_done_already(_refused: &Error) -> bool {
    false
}

/// Begins a migration, which excludes other processes.
pub(crate) fn begin_migration(conn: &mut SqliteConnection) -> QueryResult<()> {
    begin(conn, BEGIN_WRITE)
}

/// Ends a migration. A half-finished one remains only where the database cannot roll back changes of tables.
pub(crate) fn end_migration(conn: &mut SqliteConnection, done: bool) -> QueryResult<()> {
    match done {
        true => AnsiTransactionManager::commit_transaction(conn),
        false => AnsiTransactionManager::rollback_transaction(conn),
    }
}

/// Why the SQLite that is built in cannot be used. All crates of the program together decide which one that is, and the environment of the
/// build decides how it is built.
pub(crate) fn unfit(conn: &mut SqliteConnection) -> QueryResult<Option<ConnectError>> {
    let version: String = diesel::select(sql::<Text>("sqlite_version()")).get_result(conn)?;
    if let Some(version) = is_too_old(&version) {
        return Ok(Some(ConnectError::SqliteTooOld(version)));
    }
    let options = match diesel::sql_query("SELECT compile_options AS name FROM pragma_compile_options").load::<BuildOption>(conn)
    {
        Ok(options) => options,
        // Some builds do not tell.
        Err(Error::DatabaseError(_, said)) if said.message().contains("no such table") => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(hindering(options.iter().map(|option| option.name.as_str())).map(ConnectError::SqliteLacks))
}

#[derive(QueryableByName)]
struct BuildOption {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Finds a build option of SQLite that removes a needed feature: foreign keys (they delete what belongs to a deleted ticket), the
/// write-ahead log (pages are read while somebody writes), or the locks between threads.
pub(super) fn hindering<'o>(mut options: impl Iterator<Item = &'o str>) -> Option<&'static str> {
    const HINDER: [&str; 4] = ["OMIT_FOREIGN_KEY", "OMIT_TRIGGER", "OMIT_WAL", "THREADSAFE=0"];
    options.find_map(|option| HINDER.into_iter().find(|hinders| option == *hinders))
}

/// SQLite 3.35 is the first version that can return the number of a new ticket (RETURNING). The rest is older: partial indexes and tables
/// WITHOUT ROWID (3.8), upserts for marks (3.24).
pub(super) fn is_too_old(version: &str) -> Option<String> {
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or_default());
    let mut next = || numbers.next().unwrap_or_default();
    ((next(), next()) < (3, 35)).then(|| version.to_owned())
}

/// The encoding of the database if it cannot store every text. SQLite has only Unicode encodings.
pub(crate) fn narrow_encoding(_: &mut SqliteConnection) -> QueryResult<Option<String>> {
    Ok(None)
}

/// Inserts a ticket and returns its number.
pub(crate) fn insert_ticket(conn: &mut SqliteConnection, insert: impl QueryFragment<Sqlite> + QueryId) -> QueryResult<i64> {
    ReturningNumber(insert).get_result(conn)
}

/// Classifies the error of a statement. Diesel recognises violated constraints; the others are recognised by SQLite's words.
pub(crate) fn classify(error: Error) -> StorageError {
    let Error::DatabaseError(kind, said) = &error else {
        return StorageError::fault(StorageFault::Other, error);
    };
    let said = said.message();
    let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
    match kind {
        DatabaseErrorKind::UniqueViolation => StorageError::Duplicate,
        _ if says(&["is locked", "locking protocol"]) => StorageError::Busy(error.into()),
        _ if says(&["readonly", "disk is full"]) => StorageError::fault(StorageFault::NotWritable, error),
        _ if says(&["unable to open", "not a database"]) => StorageError::fault(StorageFault::Connection, error),
        _ => StorageError::fault(StorageFault::Other, error),
    }
}

/// Whether a failed commit was certainly rolled back. SQLite keeps the transaction open if the file was busy.
pub(crate) fn is_rolled_back(_failed_commit: &Error) -> bool {
    false
}

/// Whether the error says that the file is not a SQLite database.
pub(crate) fn is_no_database(error: &Error) -> bool {
    matches!(error, Error::DatabaseError(_, said) if said.message().contains("not a database"))
}
