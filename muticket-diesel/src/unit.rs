//! One unit of work on one connection: begin, work, commit. Compiled once for each database.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::slice::Chunks;

use diesel::Connection;
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::result::{Error, QueryResult};
use muticket_core::storage::{Rollback, StorageError, StorageFault, Work};

use super::{Conn, dialect};

/// How a unit ended.
pub(super) enum Ended {
    /// It was committed or rolled back, or failed.
    Returned(Result<(), StorageError>),
    /// The work panicked; it was rolled back.
    Panicked(Box<dyn Any + Send>),
}

/// One open transaction.
pub(super) struct DieselUnit<'c> {
    conn: &'c mut Conn,
    /// A statement failed in a way after which the database may have ended the transaction by itself (a full disk does).
    /// Further statements would then be committed one by one, so there are none.
    failed: bool,
}

impl DieselUnit<'_> {
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
            error
        })
    }

    /// Runs a statement for each part of a list; if one fails, none remains.
    pub(super) fn all_or_none<'r, R: 'r>(
        &mut self,
        table: &'static str,
        mut parts: Chunks<'r, R>,
        statement: impl Fn(&'r [R], &mut Conn) -> QueryResult<usize>,
    ) -> Result<(), StorageError> {
        // Most lists are one part, which needs no savepoint.
        match (parts.next(), parts.len()) {
            (None, _) => Ok(0),
            (Some(only), 0) => self.run(table, |conn| statement(only, conn)),
            (Some(first), _) => self.run(table, |conn| {
                conn.transaction(|conn| {
                    statement(first, conn)?;
                    parts.try_fold(0, |_, part| statement(part, conn))
                })
            }),
        }?;
        Ok(())
    }
}

fn already_failed() -> StorageError {
    StorageError::fault(StorageFault::Other, "an earlier statement of this unit failed")
}

/// Runs the work in a transaction that begins with the given statement.
pub(super) fn run(conn: &mut Conn, begin: &str, work: &mut Work) -> Ended {
    if let Err(error) = AnsiTransactionManager::begin_transaction_sql(conn, begin) {
        return Ended::Returned(Err(dialect::classify(error)));
    }
    let mut unit = DieselUnit { conn, failed: false };
    let returned = catch_unwind(AssertUnwindSafe(|| work(&mut unit)));
    let failed = unit.failed;
    match returned {
        Ok(Ok(())) if failed => undo(conn, Err(already_failed())),
        Ok(Ok(())) => Ended::Returned(commit(conn)),
        Ok(Err(Rollback::Decided)) => undo(conn, Ok(())),
        Ok(Err(Rollback::Failed(error))) => undo(conn, Err(error)),
        Err(panic) => {
            undo(conn, Ok(()));
            Ended::Panicked(panic)
        }
    }
}

/// Rolls back. If that fails, the connection is not sound, and closing it rolls back too: the reason to roll back is what counts.
fn undo(conn: &mut Conn, reason: Result<(), StorageError>) -> Ended {
    drop(AnsiTransactionManager::rollback_transaction(conn));
    Ended::Returned(reason)
}

/// Whether the connection can be used for another unit.
pub(super) fn is_sound(conn: &mut Conn) -> bool {
    !<Conn as Connection>::TransactionManager::is_broken_transaction_manager(conn)
}

fn commit(conn: &mut Conn) -> Result<(), StorageError> {
    // Nobody knows whether a commit that failed took place, so its error is never one that lets the unit run again.
    AnsiTransactionManager::commit_transaction(conn).map_err(|error| match dialect::classify(error) {
        StorageError::Busy(cause) => StorageError::fault(StorageFault::Other, cause),
        other => other,
    })
}
