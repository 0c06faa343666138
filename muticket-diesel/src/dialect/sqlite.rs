//! SQLite.

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::deserialize::{self, FromSql};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::query_builder::{QueryFragment, QueryId};
use diesel::result::{DatabaseErrorKind, Error};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{BigInt, Binary, Text};
use diesel::sqlite::{Sqlite, SqliteValue};
use muticket_core::storage::{StorageError, StorageFault};
use uuid::Uuid;

use super::{Key, UuidColumn};
use crate::error::ConnectError;
use crate::fragment::ReturningNumber;

/// Takes the lock for writing at once. A transaction that begins to write later fails when somebody else wrote meanwhile.
pub(crate) const BEGIN_WRITE: &str = "BEGIN IMMEDIATE";
/// The picture is taken by the first statement and stays.
pub(crate) const BEGIN_READ: &str = "BEGIN DEFERRED";
/// Said on a host's connection before a unit that is not in his transaction, and after it; empty where there is nothing to say.
pub(crate) const HOSTED: [&str; 2] = ["", ""];
/// Makes an insert do nothing instead of failing; empty where a statement that failed does no harm to its transaction.
pub(crate) const IF_ABSENT: &str = "";
/// Locks the rows that are found until the end; empty where units write one after the other.
pub(crate) const LOCKED: &str = "";
/// The same, leaving out rows that another unit has locked.
pub(crate) const SKIP_LOCKED: &str = "";
/// The type of a whole number, for a sum whose type is another.
pub(crate) const WHOLE: &str = "INTEGER";
/// Makes an insert of a mark that is there already raise it.
pub(crate) const OR_RAISE_MARK: &str =
    " ON CONFLICT (ticket, user_id) DO UPDATE SET message = excluded.message WHERE excluded.message > muticket_seen.message";

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

/// Whether what is said before a unit was refused because the host has a transaction open of which the connection does not know.
pub(crate) fn is_hosts_transaction(_refused: &Error) -> bool {
    false
}

// A start that is interrupted leaves nothing behind.
pub(crate) fn is_done_already(_refused: &Error) -> bool {
    false
}

/// Fails if the transaction that the host has begun is not open any more.
pub(crate) fn still_open(_: &mut SqliteConnection) -> QueryResult<()> {
    // It cannot be asked. The savepoint of the unit would then begin a transaction by itself.
    Ok(())
}

/// Begins what nobody else may do at the same time: bringing the tables up to date.
pub(crate) fn begin_migration(conn: &mut SqliteConnection) -> QueryResult<()> {
    begin(conn, BEGIN_WRITE)
}

/// Ends it. What was done by half remains only where the database cannot take back changes of tables.
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

/// The option among those that SQLite was built with that takes away what is needed: foreign keys, by which what belongs to a deleted
/// ticket is deleted, the log by which pages are read while somebody writes, and the locks between threads.
pub(super) fn hindering<'o>(mut options: impl Iterator<Item = &'o str>) -> Option<&'static str> {
    const HINDER: [&str; 4] = ["OMIT_FOREIGN_KEY", "OMIT_TRIGGER", "OMIT_WAL", "THREADSAFE=0"];
    options.find_map(|option| HINDER.into_iter().find(|hinders| option == *hinders))
}

/// 3.35 is the first that gives the number of a new ticket back (RETURNING). Older ones know the rest: partial indexes and tables WITHOUT
/// ROWID (3.8), inserts that raise a mark (3.24).
pub(super) fn is_too_old(version: &str) -> Option<String> {
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or_default());
    let mut next = || numbers.next().unwrap_or_default();
    ((next(), next()) < (3, 35)).then(|| version.to_owned())
}

/// The settings that a host's connection lacks. Without the first a deleted ticket leaves rows behind, without the others two
/// connections that write are told at once that the database is locked.
pub(crate) fn missing_settings(conn: &mut SqliteConnection) -> QueryResult<Vec<&'static str>> {
    let mut number = |sql: &str| diesel::select(diesel::dsl::sql::<BigInt>(sql)).get_result::<i64>(conn);
    let keeps_keys = number("(SELECT foreign_keys FROM pragma_foreign_keys)")? == 1;
    let waits = number("(SELECT timeout FROM pragma_busy_timeout)")? > 0;
    // A database in memory has no journal that could be another one.
    let journal = number("(SELECT journal_mode IN ('wal', 'memory') FROM pragma_journal_mode)")? == 1;
    let all =
        [(keeps_keys, "PRAGMA foreign_keys = ON"), (waits, "PRAGMA busy_timeout = 2000"), (journal, "PRAGMA journal_mode = WAL")];
    Ok(all.into_iter().filter(|(there, _)| !there).map(|(_, pragma)| pragma).collect())
}

/// Lets a host's connection overwrite what is deleted, and says what it did before.
pub(crate) fn overwrite_deleted(conn: &mut SqliteConnection) -> QueryResult<Option<i64>> {
    let before: i64 = diesel::select(sql::<BigInt>("(SELECT secure_delete FROM pragma_secure_delete)")).get_result(conn)?;
    if before == 1 {
        return Ok(None);
    }
    conn.batch_execute("PRAGMA secure_delete = ON")?;
    Ok(Some(before))
}

/// Gives the host's connection back as it was.
pub(crate) fn overwrite_as_before(conn: &mut SqliteConnection, before: Option<i64>) -> QueryResult<()> {
    match before {
        None => Ok(()),
        Some(2) => conn.batch_execute("PRAGMA secure_delete = FAST"),
        Some(_) => conn.batch_execute("PRAGMA secure_delete = OFF"),
    }
}

/// The encoding of the database if it cannot keep every text. All that SQLite has are forms of Unicode.
pub(crate) fn narrow_encoding(_: &mut SqliteConnection) -> QueryResult<Option<String>> {
    Ok(None)
}

/// Whether a host's connection cuts what does not fit into a column.
pub(crate) fn cuts_values(_: &mut SqliteConnection) -> QueryResult<bool> {
    Ok(false)
}

/// Inserts a ticket and says which number it got.
pub(crate) fn insert_ticket(conn: &mut SqliteConnection, insert: impl QueryFragment<Sqlite> + QueryId) -> QueryResult<i64> {
    ReturningNumber(insert).get_result(conn)
}

/// What an error of a statement means. Diesel names the violated constraints; the rest SQLite says in words.
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

/// Whether a commit that failed was surely rolled back. SQLite keeps the transaction of one that found the file busy.
pub(crate) fn is_rolled_back(_failed_commit: &Error) -> bool {
    false
}

/// Whether the database says that the file is something else.
pub(crate) fn is_no_database(error: &Error) -> bool {
    matches!(error, Error::DatabaseError(_, said) if said.message().contains("not a database"))
}
