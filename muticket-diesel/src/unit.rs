//! One unit of work on one connection: begin, work, commit. Compiled once for each database.

use std::num::NonZeroU32;
use std::panic::{AssertUnwindSafe, catch_unwind};

use diesel::Connection;
use diesel::connection::{SimpleConnection, TransactionManager};
use diesel::query_builder::{QueryFragment, QueryId};
use diesel::result::{DatabaseErrorKind, Error, QueryResult};
use muticket_core::storage::{Damage, Rollback, StorageError, StorageFault, Work};

use super::{Conn, Db, dialect};
use crate::error::TablesMissing;
use crate::fragment::Ending;
use crate::repeat::{Ended, Purpose};

type Manager = <Conn as Connection>::TransactionManager;

/// One open transaction.
pub(super) struct DieselUnit<'c> {
    conn: &'c mut Conn,
    purpose: Purpose,
    /// A statement failed in a way after which the database may have ended the transaction by itself (a full disk does).
    /// Further statements would then be committed one by one, so there are none.
    failed: bool,
    /// The connection shall not be used again.
    unsound: bool,
    /// The rows that lists left out.
    pub(super) damages: Vec<Damage>,
}

impl DieselUnit<'_> {
    /// Whether rows that are found may be changed later in this unit.
    pub(super) fn writes(&self) -> bool {
        self.purpose == Purpose::Write
    }

    /// Runs a statement that changes a table. If it inserts rows, none of them is there, as far as the unit can know: one that is was
    /// inserted by another unit meanwhile, and PostgreSQL has ended the transaction. So the race is lost, and the unit has failed.
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

    /// Runs a statement that changes a table, and after which the unit can go on if a row is there already: see `insert`, and what has a
    /// savepoint of its own. A unit that reads has none: on a host's connection, and inside of his transaction, no database would refuse
    /// it.
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
            self.unsound |= is_unsound(&error);
            error
        })
    }
}

/// Does all or nothing, in a savepoint. Why it failed is what there is to say, also when the database has taken back the whole
/// transaction and knows the savepoint no more: this is how MariaDB and MySQL end a deadlock.
pub(super) fn all_or_none(conn: &mut Conn, all: impl FnOnce(&mut Conn) -> QueryResult<()>) -> QueryResult<()> {
    Manager::begin_transaction(conn)?;
    let Err(error) = all(conn) else { return Manager::commit_transaction(conn) };
    match (Manager::rollback_transaction(conn), &error) {
        // After a duplicate the unit goes on, which it cannot if the rows that were stored are there still.
        (Err(kept), Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Err(kept),
        _ => Err(error),
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

/// How many transactions are open on the connection: one, and the savepoints in it.
pub(super) fn depth(conn: &mut Conn) -> Result<u32, StorageError> {
    let depth = Manager::transaction_manager_status_mut(conn).transaction_depth();
    Ok(depth.map_err(dialect::classify)?.map_or(0, NonZeroU32::get))
}

/// Marks a connection as broken, so that a pool lets it go.
pub(super) fn give_up(conn: &mut Conn) {
    Manager::transaction_manager_status_mut(conn).set_in_error();
}

/// Begins a transaction; a savepoint if the host has begun one.
pub(super) fn begin(conn: &mut Conn, purpose: Purpose) -> Result<(), StorageError> {
    if depth(conn)? > 0 {
        return begin_inside(conn).map_err(dialect::classify);
    }
    let begin = match purpose {
        Purpose::Read => dialect::BEGIN_READ,
        Purpose::Write => dialect::BEGIN_WRITE,
    };
    dialect::begin(conn, begin).map_err(dialect::classify)
}

/// Begins a savepoint in the host's transaction, if that is really there.
fn begin_inside(conn: &mut Conn) -> QueryResult<()> {
    if let Err(gone) = dialect::still_open(conn) {
        give_up(conn);
        return Err(gone);
    }
    Manager::begin_transaction(conn)
}

/// Runs the work in the transaction that has begun, and ends it. Says, too, whether the connection can be used for another unit.
pub(super) fn run(conn: &mut Conn, purpose: Purpose, work: &mut Work) -> (Ended, bool) {
    let mut unit = DieselUnit { conn, purpose, failed: false, unsound: false, damages: Vec::new() };
    let returned = catch_unwind(AssertUnwindSafe(|| work(&mut unit)));
    let DieselUnit { failed, unsound, .. } = unit;
    let mut undo = |reason| match roll_back(conn) {
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

/// Takes back what the unit did, and in the host's transaction nothing else.
///
/// The database may have ended the host's transaction together with the unit: MariaDB and MySQL do after a deadlock, SQLite does when
/// the disk is full. Then the connection is marked as broken, because all that came next would be committed one by one.
fn roll_back(conn: &mut Conn) -> Result<(), StorageError> {
    let depth = depth(conn)?;
    let rolled_back = Manager::rollback_transaction(conn).and_then(|()| match depth {
        0 | 1 => Ok(()),
        // A savepoint outlives what was rolled back to it, so it is still there if its transaction is. The manager does not say so:
        // it takes it as natural that a savepoint is gone.
        _ => conn.batch_execute(&format!("RELEASE SAVEPOINT diesel_savepoint_{}", depth - 1)),
    });
    rolled_back.map_err(|error| {
        // A transaction of ours that the database has ended by itself is none any more: there the manager knows what is to be done.
        if depth > 1 {
            give_up(conn);
        }
        dialect::classify(error)
    })
}

fn commit(conn: &mut Conn) -> Result<(), StorageError> {
    let inside = depth(conn)? > 1;
    Manager::commit_transaction(conn).map_err(|error| {
        let rolled_back = dialect::is_rolled_back(&error);
        if inside {
            // As after a savepoint that cannot be rolled back to.
            give_up(conn);
        }
        match dialect::classify(error) {
            // Nobody knows whether a commit that failed took place, unless the database says that it did not. What is unknown is never
            // an error that lets the unit run again.
            StorageError::Busy(cause) if !rolled_back => StorageError::fault(StorageFault::Other, cause),
            other => other,
        }
    })
}
