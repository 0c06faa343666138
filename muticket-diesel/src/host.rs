//! Connections that belong to the host. Compiled once for each database.

use std::sync::Arc;
use std::time::Duration;

use muticket_core::storage::{StorageError, StorageFault, Work};

use super::migration::{MigrationError, migrate};
use super::{MIGRATIONS, Raw, dialect, ready, unit};
use crate::Connections;
use crate::error::ConnectError;
use crate::repeat::{Ended, Purpose, repeat};

/// How long a unit waits for a connection.
const QUEUE: Duration = Duration::from_secs(5);

/// A database by the host's connections.
pub(crate) struct Hosted(pub(crate) Arc<dyn Connections<Raw>>);

impl Hosted {
    pub(crate) async fn write(&self, work: Work) -> Result<(), StorageError> {
        self.run(work, Purpose::Write).await
    }

    pub(crate) async fn read(&self, work: Work) -> Result<(), StorageError> {
        self.run(work, Purpose::Read).await
    }

    async fn run(&self, work: Work, purpose: Purpose) -> Result<(), StorageError> {
        let lent = tokio::time::timeout(QUEUE, self.0.lend()).await;
        let lent = lent.map_err(|_| StorageError::Busy("the host has no connection to lend".into()))?;
        let conn = ready(lent.map_err(|error| StorageError::fault(StorageFault::Connection, error))?);
        repeat(conn, work, move |conn, work| match unit::begin(conn, purpose) {
            // Whether the connection is still sound is for the host to find out.
            Ok(()) => unit::run(conn, purpose, work).0,
            Err(error) => Ended::Returned(Err(error)),
        })
        .await
    }

    /// Brings the tables up to date.
    pub(crate) async fn migrate(&self) -> Result<(), ConnectError> {
        let lent = self.0.lend().await.map_err(ConnectError::Failed)?;
        let mut conn = ready(lent);
        let thread = tokio::task::spawn_blocking(move || migrate(&mut conn, MIGRATIONS, false));
        match thread.await.map_err(|error| ConnectError::Failed(error.into()))? {
            Ok(()) => Ok(()),
            Err(MigrationError::TooNew(version)) => Err(ConnectError::SchemaTooNew(version)),
            Err(MigrationError::TooOld(version)) => Err(ConnectError::SchemaTooOld(version)),
            Err(MigrationError::NarrowEncoding(encoding)) => Err(ConnectError::NarrowEncoding(encoding)),
            Err(MigrationError::Database(error)) => Err(ConnectError::Failed(dialect::classify(error).into())),
        }
    }
}
