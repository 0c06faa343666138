//! What a host gives: connections of its own.

use std::ops::DerefMut;
use std::sync::Arc;

use async_trait::async_trait;
use muticket_core::storage::Storage;
use tokio::sync::Mutex;

use crate::error::ConnectError;

/// A host's connection, lent for one unit of work. Dropping it gives it back.
pub type HostConnection<C> = Box<dyn DerefMut<Target = C> + Send>;

/// A host's own connections: its pool, or the one connection on which its transaction is open.
///
/// The latter is an `Arc<tokio::sync::Mutex<_>>` around the connection. With it a ticket is opened together with the host's own rows:
///
/// ```
/// # use std::sync::Arc;
/// # use muticket_core::{Helpdesk, NewTicket, Visitor};
/// # use muticket_diesel::DieselStorage;
/// use diesel::connection::{AnsiTransactionManager, TransactionManager};
/// use diesel::sqlite::SqliteConnection;
/// use tokio::sync::Mutex;
///
/// # type Done = Result<(), Box<dyn std::error::Error>>;
/// # async fn order(helpdesk: Helpdesk, customer: Visitor, complaint: NewTicket, conn: SqliteConnection) -> Done {
/// let conn = Arc::new(Mutex::new(conn));
/// AnsiTransactionManager::begin_transaction(&mut *conn.lock().await)?;
/// // .. the host's own statements ..
/// let here = helpdesk.with_storage(Arc::new(DieselStorage::on_sqlite(conn.clone())));
/// here.portal(&customer)?.open(complaint).await?;
/// AnsiTransactionManager::commit_transaction(&mut *conn.lock().await)?;
/// helpdesk.ring();
/// # Ok(())
/// # }
/// ```
///
/// # In the host's transaction
/// - A unit of work that fails is rolled back alone, and the transaction can be used further.
/// - Nothing is retried there. An error of a [lost race](muticket_core::StorageError::is_retryable) is returned at once. Roll
///   back, and run the whole transaction again.
/// - If the database has ended the transaction itself, as MariaDB and MySQL do after a deadlock, the connection is marked as broken.
///   Ending the transaction gives [`BrokenTransactionManager`](diesel::result::Error::BrokenTransactionManager), and a pool drops the
///   connection. No more statements are run on it, because they would be committed at once.
/// - Locks are waited for as long as the host's settings say. For PostgreSQL without a `lock_timeout` that is forever. If a statement is
///   not answered within ten minutes, the server is considered hung, and the connection is marked as broken.
/// - The doors query the host's `Directory` while the transaction is open. If that takes a connection of the same pool, the pool needs one
///   more connection per such transaction. Otherwise both wait for each other until the time limit for the host.
/// - The number of a ticket is final only after the commit. After a rollback the next ticket may get it.
/// - Files are attached before the transaction begins, see [`Helpdesk::with_storage`](muticket_core::Helpdesk::with_storage).
#[async_trait]
pub trait HostConnections<C>: Send + Sync + 'static {
    /// Lends a connection. If a transaction is open on it, the unit of work becomes a savepoint of that transaction, and ends with it.
    ///
    /// # Errors
    /// No connection is available.
    async fn lend(&self) -> Result<HostConnection<C>, Box<dyn std::error::Error + Send + Sync>>;
}

#[async_trait]
impl<C: Send + 'static> HostConnections<C> for Arc<Mutex<C>> {
    async fn lend(&self) -> Result<HostConnection<C>, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Box::new(self.clone().lock_owned().await))
    }
}

/// A storage on a host's connections.
#[async_trait]
pub(crate) trait HostDatabase: Storage {
    /// Runs the missing migrations.
    async fn migrate(&self) -> Result<(), ConnectError>;
}
