//! Connections that belong to the host. Compiled once per database.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use diesel::QueryResult;
use diesel::connection::SimpleConnection;
use muticket_core::storage::{Storage, StorageError, StorageFault, Work};

use super::migration::migrate;
use super::{Conn, MIGRATIONS, dialect, savepoint, unit};
use crate::error::ConnectError;
use crate::host::connections::{HostConnection, HostConnections, HostDatabase};
use crate::retry::{Purpose, UnitOutcome, retry, run_once};
use dialect::host::{Raw, explain, ready};

/// How long a unit waits for a connection.
const QUEUE: Duration = Duration::from_secs(5);

/// A database on the host's connections.
pub(crate) struct HostPool(pub(crate) Arc<dyn HostConnections<Raw>>);

#[async_trait]
impl Storage for HostPool {
    async fn write(&self, work: Work) -> Result<(), StorageError> {
        self.run(work, Purpose::Write).await
    }

    async fn read(&self, work: Work) -> Result<(), StorageError> {
        self.run(work, Purpose::Read).await
    }
}

#[async_trait]
impl HostDatabase for HostPool {
    async fn migrate(&self) -> Result<(), ConnectError> {
        let mut conn = ready(self.lend().await.map_err(explain)?);
        let thread = tokio::task::spawn_blocking(move || bring_up_to_date(&mut conn));
        thread.await.map_err(|error| ConnectError::Failed(error.into()))?
    }
}

impl HostPool {
    async fn run(&self, work: Work, purpose: Purpose) -> Result<(), StorageError> {
        let mut conn = ready(self.lend().await?);
        match savepoint::depth(&mut conn)? {
            0 => retry(conn, work, move |conn, work| overwriting(conn, purpose, |conn| alone(conn, purpose, work))).await,
            // A lost race ends the host's transaction, and only the host can run that again.
            _ => {
                run_once(conn, work, move |conn, work| overwriting(conn, purpose, |conn| savepoint::run(conn, purpose, work)))
                    .await
            }
        }
    }

    async fn lend(&self) -> Result<HostConnection<Raw>, StorageError> {
        let lent = tokio::time::timeout(QUEUE, self.0.lend()).await;
        let lent = lent.map_err(|_| StorageError::Busy("the host has no connection to lend".into()))?;
        lent.map_err(|error| StorageError::fault(StorageFault::Connection, error))
    }
}

/// Runs a unit. Data that it deletes is overwritten in the file, as on MuTicket's own connections.
fn overwriting(conn: &mut Conn, purpose: Purpose, unit: impl FnOnce(&mut Conn) -> UnitOutcome) -> UnitOutcome {
    if matches!(purpose, Purpose::Read) {
        return unit(conn);
    }
    let before = match dialect::host::overwrite_deleted(conn) {
        Ok(before) => before,
        Err(error) => return UnitOutcome::Returned(Err(dialect::classify(error))),
    };
    let outcome = unit(conn);
    if dialect::host::overwrite_as_before(conn, before).is_err() {
        // The host must not get the connection back with another setting.
        savepoint::give_up(conn);
    }
    outcome
}

/// Runs a unit outside the host's transactions.
fn alone(conn: &mut Conn, purpose: Purpose, work: &mut Work) -> UnitOutcome {
    let [before, after] = dialect::host::AROUND_UNIT;
    if let Err(error) = say(conn, before) {
        // Part of the settings may be in effect, and a late answer would be taken for the answer to a later statement.
        if !dialect::host::is_hosts_transaction(&error) {
            savepoint::give_up(conn);
        }
        return UnitOutcome::Returned(Err(dialect::classify(error)));
    }
    let outcome = match unit::begin(conn, purpose) {
        Ok(()) => unit::run(conn, purpose, work).0,
        Err(error) => {
            // `SET TRANSACTION` applies to the next transaction, which may be the host's, so the connection is given up.
            if !before.is_empty() {
                savepoint::give_up(conn);
            }
            UnitOutcome::Returned(Err(error))
        }
    };
    if say(conn, after).is_err() {
        // The host must not get the connection back with another setting.
        savepoint::give_up(conn);
    }
    outcome
}

fn say(conn: &mut Conn, words: &str) -> QueryResult<()> {
    match words.is_empty() {
        true => Ok(()),
        false => conn.batch_execute(words),
    }
}

fn bring_up_to_date(conn: &mut Conn) -> Result<(), ConnectError> {
    let failed = |error| explain(dialect::classify(error));
    // MariaDB and MySQL commit the open transaction when the first table is created. On the other databases the host could roll the tables
    // back.
    if savepoint::depth(conn).map_err(explain)? > 0 {
        return Err(ConnectError::Failed("a transaction is open on the host's connection".into()));
    }
    if let Some(error) = dialect::unfit(conn).map_err(failed)? {
        return Err(error);
    }
    let missing = dialect::host::missing_settings(conn).map_err(failed)?;
    if !missing.is_empty() {
        return Err(ConnectError::PragmasMissing(missing));
    }
    if dialect::host::cuts_values(conn).map_err(failed)? {
        return Err(ConnectError::NotStrict);
    }
    migrate(conn, MIGRATIONS, false).map_err(|error| error.explain(failed))
}
