//! A unit inside the host's transaction: a savepoint. Compiled once per database.

use std::num::NonZeroU32;

use diesel::Connection;
use diesel::connection::{SimpleConnection, TransactionManager};
use muticket_core::storage::{StorageError, Work};

use super::unit::{Ends, failed_commit, run_to};
use super::{Conn, dialect};
use crate::retry::{Purpose, UnitOutcome};

type Manager = <Conn as Connection>::TransactionManager;

/// The number of open transactions on the connection: one, plus its savepoints.
pub(super) fn depth(conn: &mut Conn) -> Result<u32, StorageError> {
    let depth = Manager::transaction_manager_status_mut(conn).transaction_depth();
    Ok(depth.map_err(dialect::classify)?.map_or(0, NonZeroU32::get))
}

/// Marks a connection as broken, so that the host's pool drops it.
pub(super) fn give_up(conn: &mut Conn) {
    Manager::transaction_manager_status_mut(conn).set_in_error();
}

/// Runs the work in a savepoint of the host's transaction, if the database still has that open.
pub(super) fn run(conn: &mut Conn, purpose: Purpose, work: &mut Work) -> UnitOutcome {
    if let Err(gone) = dialect::host::still_open(conn) {
        give_up(conn);
        return UnitOutcome::Returned(Err(dialect::classify(gone)));
    }
    match Manager::begin_transaction(conn) {
        // The host checks whether the connection can still be used.
        Ok(()) => run_to(&Ends { commit, roll_back }, conn, purpose, work).0,
        Err(error) => UnitOutcome::Returned(Err(dialect::classify(error))),
    }
}

/// Rolls back the unit, and nothing else of the host's transaction.
///
/// The database may have ended the host's transaction together with the unit, as MariaDB and MySQL do after a deadlock and SQLite on a
/// full disk. The connection is then marked as broken, because every later statement would be committed on its own.
fn roll_back(conn: &mut Conn) -> Result<(), StorageError> {
    let savepoint = depth(conn)?.saturating_sub(1);
    let rolled_back = Manager::rollback_transaction(conn)
        // A savepoint remains after a rollback to it, so releasing it shows whether the transaction is still open. Diesel's manager does
        // not report a missing savepoint as an error.
        .and_then(|()| conn.batch_execute(&format!("RELEASE SAVEPOINT diesel_savepoint_{savepoint}")));
    rolled_back.map_err(|error| {
        give_up(conn);
        dialect::classify(error)
    })
}

/// After a failed release, the host's transaction is in an unknown state, as after a failed rollback to a savepoint.
fn commit(conn: &mut Conn) -> Result<(), StorageError> {
    Manager::commit_transaction(conn).map_err(|error| {
        let error = failed_commit(error);
        give_up(conn);
        error
    })
}
