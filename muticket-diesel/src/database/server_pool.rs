//! The connections to a server, as many as its address allows. Compiled once per server.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use diesel::connection::{Connection, Instrumentation, InstrumentationEvent};
use muticket_core::storage::{StorageError, StorageFault, Work};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use super::migration::{MigrationError, migrate, revert};
use super::{Conn, MIGRATIONS, Server, dialect, unit};
use crate::database::address::ServerAddress;
use crate::error::ConnectError;
use crate::retry::{Purpose, UnitOutcome, retry};

/// How long a unit waits for a connection.
const QUEUE: Duration = Duration::from_secs(5);

/// One database on a server.
pub(crate) struct Pool {
    connections: Arc<PoolState>,
    turns: Arc<Semaphore>,
}

struct PoolState {
    server: Server,
    /// The connections that are not in use.
    idle: Mutex<Vec<Conn>>,
    statements: Arc<AtomicU64>,
    /// The runtime in which connections must be dropped.
    runtime: Handle,
}

impl Pool {
    /// Opens the database and runs the missing migrations, unless it is a replica.
    pub(crate) async fn connect(url: &str) -> Result<Self, ConnectError> {
        let (pool, replica) = Self::parse(url)?;
        pool.with_connection(move |conn| migrate(conn, MIGRATIONS, replica)).await?;
        Ok(pool)
    }

    /// Drops the tables with their content.
    pub(crate) async fn revert(url: &str) -> Result<(), ConnectError> {
        Self::parse(url)?.0.with_connection(|conn| revert(conn, MIGRATIONS)).await
    }

    /// The database at an address, and whether it is a replica.
    fn parse(url: &str) -> Result<(Self, bool), ConnectError> {
        let address = ServerAddress::parse(url)?;
        let (turns, replica) = (Arc::new(Semaphore::new(address.connections)), address.replica);
        let server = Server::at(address)?;
        let (idle, statements, runtime) = (Mutex::default(), Arc::default(), Handle::current());
        let connections = Arc::new(PoolState { server, idle, statements, runtime });
        Ok((Self { connections, turns }, replica))
    }

    /// The number of statements run, including the beginnings and ends of transactions.
    pub(crate) fn statements(&self) -> u64 {
        self.connections.statements.load(Ordering::Relaxed)
    }

    pub(crate) async fn write(&self, work: Work) -> Result<(), StorageError> {
        self.run(work, Purpose::Write).await
    }

    pub(crate) async fn read(&self, work: Work) -> Result<(), StorageError> {
        self.run(work, Purpose::Read).await
    }

    async fn run(&self, work: Work, purpose: Purpose) -> Result<(), StorageError> {
        let turn = tokio::time::timeout(QUEUE, self.turns.clone().acquire_owned());
        let turn = turn.await.map_err(|_| StorageError::Busy("all connections are in use".into()))?;
        let turn = turn.map_err(|error| StorageError::fault(StorageFault::Connection, error))?;
        let connections = self.connections.clone();
        // The turn is idle until the last run has ended, even if the caller has gone away.
        retry(turn, work, move |_, work| connections.once(purpose, work)).await
    }

    async fn with_connection(
        &self,
        change: impl FnOnce(&mut Conn) -> Result<(), MigrationError> + Send + 'static,
    ) -> Result<(), ConnectError> {
        let connections = self.connections.clone();
        let thread = tokio::task::spawn_blocking(move || {
            let mut conn = connections.open()?;
            let explain = |error| ConnectError::of_server(&connections.server.shown, dialect::classify(error));
            if let Some(error) = dialect::unfit(&mut conn).map_err(explain)? {
                return Err(error);
            }
            change(&mut conn).map_err(|error| error.explain(explain))?;
            connections.keep(conn);
            Ok(())
        });
        thread.await.map_err(|error| ConnectError::Failed(error.into()))?
    }
}

impl PoolState {
    /// Opens a connection with its settings.
    fn open(&self) -> Result<Conn, ConnectError> {
        let mut conn = self.server.open()?;
        conn.set_instrumentation(Counting(self.statements.clone()));
        Ok(conn)
    }

    fn keep(&self, conn: Conn) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
    }

    fn once(&self, purpose: Purpose, work: &mut Work) -> UnitOutcome {
        let mut conn = match self.begun(purpose) {
            Ok(conn) => conn,
            Err(error) => return UnitOutcome::Returned(Err(error)),
        };
        let (outcome, reusable) = unit::run(&mut conn, purpose, work);
        if reusable {
            self.keep(conn);
        }
        outcome
    }

    /// A connection on which a transaction has begun. If an idle connection does not answer any more, the server was probably restarted;
    /// all idle ones are dropped, and a new one is opened.
    fn begun(&self, purpose: Purpose) -> Result<Conn, StorageError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(mut conn) = idle {
            match unit::begin(&mut conn, purpose) {
                Ok(()) => return Ok(conn),
                Err(_) => drop(std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner))),
            }
        }
        let mut conn = self.open()?;
        unit::begin(&mut conn, purpose)?;
        Ok(conn)
    }
}

impl Drop for PoolState {
    fn drop(&mut self) {
        let _runtime = self.runtime.enter();
        self.idle.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Counts statements.
struct Counting(Arc<AtomicU64>);

impl Instrumentation for Counting {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { .. } = event {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}
