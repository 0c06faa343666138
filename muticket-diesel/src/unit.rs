//! One unit of work on one connection: begin, work, commit. Compiled once for each database.

use std::panic::{AssertUnwindSafe, catch_unwind};

use diesel::Connection;
use diesel::connection::TransactionManager;
use diesel::query_builder::{QueryFragment, QueryId};
use diesel::result::{DatabaseErrorKind, Error, QueryResult};
use muticket_core::storage::{Rollback, StorageError, StorageFault, Work};

use super::{Conn, Db, dialect};
use crate::fragment::Ending;
use crate::repeat::{Ended, Purpose};

type Manager = <Conn as Connection>::TransactionManager;

/// How many rows go into one statement: databases limit the number of values.
const ROWS: usize = 500;

/// How many rows are inserted one by one. A statement for one row is prepared once and kept; one for several is prepared anew each
/// time, which costs more than it saves while there are few rows, as there nearly always are.
const FEW: usize = 4;

/// One open transaction.
pub(super) struct DieselUnit<'c> {
    conn: &'c mut Conn,
    purpose: Purpose,
    /// A statement failed in a way after which the database may have ended the transaction by itself (a full disk does).
    /// Further statements would then be committed one by one, so there are none.
    failed: bool,
    /// The connection shall not be used again.
    unsound: bool,
}

impl DieselUnit<'_> {
    /// Whether rows that are found may be changed later in this unit.
    pub(super) fn writes(&self) -> bool {
        self.purpose == Purpose::Write
    }

    /// Runs a statement on a table.
    pub(super) fn run<T>(
        &mut self,
        table: &'static str,
        statement: impl FnOnce(&mut Conn) -> QueryResult<T>,
    ) -> Result<T, StorageError> {
        if self.failed {
            return Err(already_failed());
        }
        statement(self.conn).map_err(|error| {
            let error = match error {
                Error::DeserializationError(cause) => {
                    StorageError::Corrupt { table, column: "one of its columns", value: cause.to_string() }
                }
                other => dialect::classify(other),
            };
            self.failed = !matches!(error, StorageError::Duplicate | StorageError::Corrupt { .. });
            self.unsound |= is_unsound(&error);
            error
        })
    }

    /// Inserts rows of which none or all shall be stored: how to insert one, how to insert several, and how to take back those that
    /// were inserted before one was refused.
    pub(super) fn insert_rows<R>(
        &mut self,
        table: &'static str,
        rows: &[R],
        one: impl Fn(&mut Conn, &R) -> QueryResult<usize>,
        several: impl Fn(&mut Conn, &[R]) -> QueryResult<usize>,
        take_back: impl Fn(&mut Conn, &[R]) -> QueryResult<usize>,
    ) -> Result<(), StorageError> {
        if rows.len() > FEW {
            let all = |conn: &mut Conn| rows.chunks(ROWS).try_for_each(|rows| several(conn, rows).map(|_| ()));
            return self.run(table, |conn| conn.transaction(all));
        }
        for (index, row) in rows.iter().enumerate() {
            match self.run(table, |conn| one(conn, row)) {
                Ok(_) => {}
                Err(StorageError::Duplicate) if index > 0 => {
                    self.run(table, |conn| take_back(conn, &rows[..index]))?;
                    return Err(StorageError::Duplicate);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Inserts one row. If it is refused because it is there already, the transaction can be used further.
pub(super) fn insert(conn: &mut Conn, insert: impl QueryFragment<Db> + QueryId) -> QueryResult<usize> {
    match conn.execute_returning_count(&Ending(insert, dialect::IF_ABSENT))? {
        0 => Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, Box::new("the row is there already".to_owned()))),
        rows => Ok(rows),
    }
}

fn already_failed() -> StorageError {
    StorageError::fault(StorageFault::Other, "an earlier statement of this unit failed")
}

/// Whether a connection that said this shall not be used again. A race or a refusal is no fault of the connection.
fn is_unsound(error: &StorageError) -> bool {
    matches!(error, StorageError::Failed { kind, .. } if *kind != StorageFault::NotWritable)
}

/// Begins a transaction; a savepoint if the host has begun one.
pub(super) fn begin(conn: &mut Conn, purpose: Purpose) -> Result<(), StorageError> {
    let status = Manager::transaction_manager_status_mut(conn);
    if status.transaction_depth().map_err(dialect::classify)?.is_some() {
        return Manager::begin_transaction(conn).map_err(dialect::classify);
    }
    let begin = match purpose {
        Purpose::Read => dialect::BEGIN_READ,
        Purpose::Write => dialect::BEGIN_WRITE,
    };
    dialect::begin(conn, begin).map_err(dialect::classify)
}

/// Runs the work in the transaction that has begun, and ends it. Says, too, whether the connection can be used for another unit.
pub(super) fn run(conn: &mut Conn, purpose: Purpose, work: &mut Work) -> (Ended, bool) {
    let mut unit = DieselUnit { conn, purpose, failed: false, unsound: false };
    let returned = catch_unwind(AssertUnwindSafe(|| work(&mut unit)));
    let DieselUnit { failed, unsound, .. } = unit;
    let mut undo = |reason| match Manager::rollback_transaction(conn) {
        Ok(()) => (Ended::Returned(reason), !unsound),
        // Closing the connection rolls back too: the reason to roll back is what counts.
        Err(_) => (Ended::Returned(reason), false),
    };
    let (ended, sound) = match returned {
        Ok(Ok(())) if failed => undo(Err(already_failed())),
        Ok(Ok(())) => match commit(conn) {
            Ok(()) => (Ended::Returned(Ok(())), true),
            Err(error) => (Ended::Returned(Err(error)), false),
        },
        Ok(Err(Rollback::Decided)) => undo(Ok(())),
        Ok(Err(Rollback::Failed(error))) => undo(Err(error)),
        Err(panic) => {
            let (_, sound) = undo(Ok(()));
            (Ended::Panicked(panic), sound)
        }
    };
    (ended, sound && !Manager::is_broken_transaction_manager(conn))
}

fn commit(conn: &mut Conn) -> Result<(), StorageError> {
    Manager::commit_transaction(conn).map_err(|error| {
        let rolled_back = dialect::is_rolled_back(&error);
        match dialect::classify(error) {
            // Nobody knows whether a commit that failed took place, unless the database says that it did not. What is unknown is never
            // an error that lets the unit run again.
            StorageError::Busy(cause) if !rolled_back => StorageError::fault(StorageFault::Other, cause),
            other => other,
        }
    })
}
