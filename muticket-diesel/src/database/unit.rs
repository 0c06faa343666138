//! One unit of work on one connection: begin, work, commit. Compiled once per database.

use std::panic::{AssertUnwindSafe, catch_unwind};

use diesel::Connection;
use diesel::connection::TransactionManager;
use diesel::query_builder::{QueryFragment, QueryId};
use diesel::result::{DatabaseErrorKind, Error, QueryResult};
use muticket_core::storage::{Damage, Rollback, StorageError, StorageFault, Work};

use super::{Conn, Db, dialect};
use crate::error::TablesMissing;
use crate::fragment::WithSuffix;
use crate::retry::{Purpose, UnitOutcome};

type Manager = <Conn as Connection>::TransactionManager;

/// One open transaction.
pub(super) struct DieselUnit<'c> {
    conn: &'c mut Conn,
    purpose: Purpose,
    /// Whether a statement failed in a way after which the database may have ended the transaction (as on a full disk). Further statements
    /// would then be committed one by one, so the unit runs no more.
    failed: bool,
    /// Whether the connection can be used for another unit.
    reusable: bool,
    /// The damaged rows that lists left out.
    pub(super) damages: Vec<Damage>,
}

impl DieselUnit<'_> {
    /// Whether the unit may write, so rows that it reads may be changed later in it.
    pub(super) fn writes(&self) -> bool {
        self.purpose == Purpose::Write
    }

    /// Runs a statement that changes a table. A unique violation here means that a concurrent unit inserted the same row. PostgreSQL has
    /// then aborted the transaction, so the unit fails with `Busy`, and is retried.
    pub(super) fn change<T>(
        &mut self,
        table: &'static str,
        statement: impl FnOnce(&mut Conn) -> QueryResult<T>,
    ) -> Result<T, StorageError> {
        match self.try_to_change(table, statement) {
            Err(StorageError::Duplicate) => {
                self.failed = true;
                Err(StorageError::Busy("another unit has inserted the row meanwhile".into()))
            }
            outcome => outcome,
        }
    }

    /// Runs a statement that changes a table and reports `Duplicate` if a row exists already. The unit can go on after that, so the
    /// statement must be made by `insert` or have its own savepoint. A unit that reads is refused here too,
    /// because inside a host's transaction no database refuses the write.
    pub(super) fn try_to_change<T>(
        &mut self,
        table: &'static str,
        statement: impl FnOnce(&mut Conn) -> QueryResult<T>,
    ) -> Result<T, StorageError> {
        if !self.writes() {
            self.failed = true;
            return Err(StorageError::fault(StorageFault::NotWritable, "a unit that reads writes nothing"));
        }
        self.run(table, statement)
    }

    /// Like `try_to_change`, for an insert of a row that refers to others. If another unit has deleted one of these, the unit fails with
    /// `Stale`, and is retried.
    pub(super) fn try_to_refer<T>(
        &mut self,
        table: &'static str,
        statement: impl FnOnce(&mut Conn) -> QueryResult<T>,
    ) -> Result<T, StorageError> {
        let mut is_gone = false;
        let outcome = self.try_to_change(table, |conn| {
            let outcome = statement(conn);
            is_gone = matches!(outcome, Err(Error::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _)));
            outcome
        });
        if is_gone { Err(StorageError::Stale) } else { outcome }
    }

    /// Runs a statement that reads a table.
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
                other => TablesMissing::explain(other).unwrap_or_else(dialect::classify),
            };
            self.failed = !matches!(error, StorageError::Duplicate | StorageError::Corrupt { .. });
            self.reusable &= is_reusable(&error);
            error
        })
    }
}

/// Does all or nothing, in a savepoint. Returns the error of the work, not that of the rollback: MariaDB and MySQL end a deadlock by
/// rolling back the whole transaction, so the savepoint no longer exists.
pub(super) fn all_or_none(conn: &mut Conn, all: impl FnOnce(&mut Conn) -> QueryResult<()>) -> QueryResult<()> {
    Manager::begin_transaction(conn)?;
    let Err(error) = all(conn) else { return Manager::commit_transaction(conn) };
    match (Manager::rollback_transaction(conn), &error) {
        // After a duplicate the unit goes on. It cannot if the rollback failed and the inserted rows are still there.
        (Err(kept), Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Err(kept),
        _ => Err(error),
    }
}

/// Inserts one row. If the row exists already, the insert is refused and the transaction stays usable.
pub(super) fn insert(conn: &mut Conn, insert: impl QueryFragment<Db> + QueryId) -> QueryResult<usize> {
    match conn.execute_returning_count(&WithSuffix(insert, dialect::IF_ABSENT))? {
        0 => Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, Box::new("the row is there already".to_owned()))),
        rows => Ok(rows),
    }
}

fn already_failed() -> StorageError {
    StorageError::fault(StorageFault::Other, "an earlier statement of this unit failed")
}

/// Whether the connection can be used after this error. A lost race or a refused write is not a fault of the connection.
fn is_reusable(error: &StorageError) -> bool {
    !matches!(error, StorageError::Failed { kind, .. } if *kind != StorageFault::NotWritable)
}

/// What ends a unit.
pub(super) struct Ends {
    pub(super) commit: fn(&mut Conn) -> Result<(), StorageError>,
    pub(super) roll_back: fn(&mut Conn) -> Result<(), StorageError>,
}

/// Begins a transaction.
pub(super) fn begin(conn: &mut Conn, purpose: Purpose) -> Result<(), StorageError> {
    let begin = match purpose {
        Purpose::Read => dialect::BEGIN_READ,
        Purpose::Write => dialect::BEGIN_WRITE,
    };
    dialect::begin(conn, begin).map_err(dialect::classify)
}

/// Runs the work in the open transaction and ends it. Also returns whether the connection can be used for another unit.
pub(super) fn run(conn: &mut Conn, purpose: Purpose, work: &mut Work) -> (UnitOutcome, bool) {
    run_to(&Ends { commit, roll_back }, conn, purpose, work)
}

/// Like [`run`], with other ends.
pub(super) fn run_to(ends: &Ends, conn: &mut Conn, purpose: Purpose, work: &mut Work) -> (UnitOutcome, bool) {
    let mut unit = DieselUnit { conn, purpose, failed: false, reusable: true, damages: Vec::new() };
    let returned = catch_unwind(AssertUnwindSafe(|| work(&mut unit)));
    let DieselUnit { failed, reusable, .. } = unit;
    let mut undo = |reason| match (ends.roll_back)(conn) {
        Ok(()) => (UnitOutcome::Returned(reason), reusable),
        // Closing the connection rolls back as well, so the reason for the rollback is returned.
        Err(_) => (UnitOutcome::Returned(reason), false),
    };
    let (outcome, reusable) = match returned {
        Ok(Ok(())) if failed => undo(Err(already_failed())),
        Ok(Ok(())) => match (ends.commit)(conn) {
            Ok(()) => (UnitOutcome::Returned(Ok(())), true),
            Err(error) => (UnitOutcome::Returned(Err(error)), false),
        },
        Ok(Err(Rollback::Decided)) => undo(Ok(())),
        Ok(Err(Rollback::Failed(error))) => undo(Err(error)),
        Err(panic) => {
            let (_, reusable) = undo(Ok(()));
            (UnitOutcome::Panicked(panic), reusable)
        }
    };
    (outcome, reusable && !Manager::is_broken_transaction_manager(conn))
}

fn roll_back(conn: &mut Conn) -> Result<(), StorageError> {
    Manager::rollback_transaction(conn).map_err(dialect::classify)
}

fn commit(conn: &mut Conn) -> Result<(), StorageError> {
    Manager::commit_transaction(conn).map_err(failed_commit)
}

/// The outcome of a failed commit is unknown, unless the database says that it rolled back. An unknown outcome must not be an error that
/// lets the unit run again.
pub(super) fn failed_commit(error: Error) -> StorageError {
    let rolled_back = dialect::is_rolled_back(&error);
    match dialect::classify(error) {
        StorageError::Busy(cause) if !rolled_back => StorageError::fault(StorageFault::Other, cause),
        other => other,
    }
}
