//! Connections that belong to the host. Compiled once per database.

use std::sync::Arc;
use std::time::Duration;

use diesel::QueryResult;
use diesel::connection::SimpleConnection;
use muticket_core::storage::{StorageError, StorageFault, Work};

use super::migration::{MigrationError, migrate};
use super::{Conn, MIGRATIONS, Raw, dialect, explain_hosted, ready, unit};
use crate::error::ConnectError;
use crate::repeat::{self, Ended, Purpose};
use crate::{Connections, Loan};

/// How long a unit waits for a connection.
const QUEUE: Duration = Duration::from_secs(5);

/// A database on the host's connections.
pub(crate) struct Hosted(pub(crate) Arc<dyn Connections<Raw>>);

impl Hosted {
    pub(crate) async fn write(&self, work: Work) -> Result<(), StorageError> {
        self.run(work, Purpose::Write).await
    }

    pub(crate) async fn read(&self, work: Work) -> Result<(), StorageError> {
        self.run(work, Purpose::Read).await
    }

    async fn run(&self, work: Work, purpose: Purpose) -> Result<(), StorageError> {
        let mut conn = ready(self.lend().await?);
        match unit::depth(&mut conn)? {
            0 => {
                repeat::repeat(conn, work, move |conn, work| overwriting(conn, purpose, |conn| alone(conn, purpose, work))).await
            }
            // A lost race ends the host's transaction, and only the host can run that again.
            _ => repeat::run(conn, work, move |conn, work| overwriting(conn, purpose, |conn| once(conn, purpose, work))).await,
        }
    }

    async fn lend(&self) -> Result<Loan<Raw>, StorageError> {
        let lent = tokio::time::timeout(QUEUE, self.0.lend()).await;
        let lent = lent.map_err(|_| StorageError::Busy("the host has no connection to lend".into()))?;
        lent.map_err(|error| StorageError::fault(StorageFault::Connection, error))
    }

    /// Runs the missing migrations.
    pub(crate) async fn migrate(&self) -> Result<(), ConnectError> {
        let mut conn = ready(self.lend().await.map_err(explain_hosted)?);
        let thread = tokio::task::spawn_blocking(move || bring_up_to_date(&mut conn));
        thread.await.map_err(|error| ConnectError::Failed(error.into()))?
    }
}

/// Runs a unit. Data that it deletes is overwritten in the file, as on MuTicket's own connections.
fn overwriting(conn: &mut Conn, purpose: Purpose, unit: impl FnOnce(&mut Conn) -> Ended) -> Ended {
    if matches!(purpose, Purpose::Read) {
        return unit(conn);
    }
    let before = match dialect::overwrite_deleted(conn) {
        Ok(before) => before,
        Err(error) => return Ended::Returned(Err(dialect::classify(error))),
    };
    let ended = unit(conn);
    if dialect::overwrite_as_before(conn, before).is_err() {
        // The host must not get the connection back with another setting.
        unit::give_up(conn);
    }
    ended
}

/// Runs a unit outside the host's transactions.
fn alone(conn: &mut Conn, purpose: Purpose, work: &mut Work) -> Ended {
    let [before, after] = dialect::HOSTED;
    if let Err(error) = say(conn, before) {
        // Part of the settings may be in effect, and a late answer would be taken for the answer to a later statement.
        if !dialect::is_hosts_transaction(&error) {
            unit::give_up(conn);
        }
        return Ended::Returned(Err(dialect::classify(error)));
    }
    let ended = match unit::begin(conn, purpose) {
        Ok(()) => unit::run(conn, purpose, work).0,
        Err(error) => {
            // `SET TRANSACTION` applies to the next transaction, which may be the host's, so the connection is given up.
            if !before.is_empty() {
                unit::give_up(conn);
            }
            Ended::Returned(Err(error))
        }
    };
    if say(conn, after).is_err() {
        // The host must not get the connection back with another setting.
        unit::give_up(conn);
    }
    ended
}

fn say(conn: &mut Conn, words: &str) -> QueryResult<()> {
    match words.is_empty() {
        true => Ok(()),
        false => conn.batch_execute(words),
    }
}

fn once(conn: &mut Conn, purpose: Purpose, work: &mut Work) -> Ended {
    match unit::begin(conn, purpose) {
        // The host checks whether the connection is still usable.
        Ok(()) => unit::run(conn, purpose, work).0,
        Err(error) => Ended::Returned(Err(error)),
    }
}

fn bring_up_to_date(conn: &mut Conn) -> Result<(), ConnectError> {
    let explain = |error| explain_hosted(dialect::classify(error));
    // MariaDB and MySQL commit the open transaction when the first table is created. On the other databases the host could roll the tables
    // back.
    if unit::depth(conn).map_err(explain_hosted)? > 0 {
        return Err(ConnectError::Failed("a transaction is open on the host's connection".into()));
    }
    if let Some(error) = dialect::unfit(conn).map_err(explain)? {
        return Err(error);
    }
    let missing = dialect::missing_settings(conn).map_err(explain)?;
    if !missing.is_empty() {
        return Err(ConnectError::PragmasMissing(missing));
    }
    if dialect::cuts_values(conn).map_err(explain)? {
        return Err(ConnectError::NotStrict);
    }
    migrate(conn, MIGRATIONS, false).map_err(|error| match error {
        MigrationError::TooNew(version) => ConnectError::SchemaTooNew(version),
        MigrationError::TooOld(version) => ConnectError::SchemaTooOld(version),
        MigrationError::NarrowEncoding(encoding) => ConnectError::NarrowEncoding(encoding),
        MigrationError::Database(error) => explain(error),
    })
}
