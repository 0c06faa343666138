//! A connection to a server, opened by MuTicket or lent by a host, on which every wait has a time limit. Compiled once per server.

use std::ops::DerefMut;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel::QueryResult;
use diesel::connection::{CacheSize, Instrumentation, TransactionManagerStatus};
use diesel::query_builder::{AsQuery, QueryFragment, QueryId};
use diesel::result::{ConnectionError, ConnectionResult, DatabaseErrorKind, Error};
use diesel::row::{Field, Row};
use diesel_async::async_connection_wrapper::{AsyncConnectionWrapper, BlockOn};
use diesel_async::{AnsiTransactionManager, AsyncConnection, AsyncConnectionCore, SimpleAsyncConnection, TransactionManager};
use futures_util::future::BoxFuture;
use futures_util::stream::{Iter, Stream, StreamExt, iter};

use super::{Db, Raw};
use crate::connection::BlockingExecutor;
use crate::database::address::{CHANGE, OPENING};

/// Diesel's blocking statements on an asynchronous driver.
pub(crate) type Conn = AsyncConnectionWrapper<TimedConnection, BlockingExecutor>;

/// A connection that MuTicket opened or a host lent.
type HeldConnection = Box<dyn DerefMut<Target = Raw> + Send>;

/// A connection with a time limit for each wait.
///
/// If the server's machine hangs, the connection stays open and no answer comes. After a timeout the connection is not used again: a late
/// answer would be taken for the answer to a later statement.
pub(crate) struct TimedConnection {
    conn: HeldConnection,
    executor: BlockingExecutor,
    limit: TimeLimit,
    loads: Option<LoadLimit>,
    pub(super) usual: Duration,
}

impl TimedConnection {
    /// Wraps a connection for Diesel's blocking statements.
    pub(crate) fn ready(conn: HeldConnection, executor: &BlockingExecutor, bound: Duration) -> Conn {
        let limit = TimeLimit { bound, exhausted: Arc::default() };
        let loads = Some(LoadLimit::UNIT);
        executor.with(|| Conn::from(Self { conn, executor: executor.clone(), limit, loads, usual: bound }))
    }

    /// Wraps a host's connection, which the host's runtime drives.
    #[cfg(feature = "host-connections")]
    pub(crate) fn of_host(mut conn: HeldConnection) -> Conn {
        let status = AnsiTransactionManager::transaction_manager_status_mut(&mut **conn);
        let bound = match status.transaction_depth() {
            Ok(Some(_)) => CHANGE,
            _ => crate::database::address::ANSWER,
        };
        Self::ready(conn, &BlockingExecutor::current(), bound)
    }

    /// Begins a transaction with the given statement. The statement waits for no lock, so the limit is at most that for opening a
    /// connection: a server that takes longer will not answer at all.
    pub(crate) fn begin(&mut self, begin: &str) -> QueryResult<()> {
        let Self { conn, executor, limit, loads, .. } = self;
        *loads = Some(LoadLimit::UNIT);
        let limit = TimeLimit { bound: limit.bound.min(OPENING), exhausted: limit.exhausted.clone() };
        executor.block_on(limit.within(AnsiTransactionManager::begin_transaction_sql(&mut ***conn, begin)))
    }

    /// Raises the time limit to that of a migration and lifts the limit on the size of answers.
    pub(crate) fn wait_long(&mut self) {
        self.limit.bound = CHANGE;
        self.loads = None;
    }

    /// Restores the time limit of the address and the limit on the size of answers.
    pub(crate) fn wait_as_usual(&mut self) {
        self.limit.bound = self.usual;
        self.loads = Some(LoadLimit::UNIT);
    }
}

/// The time limit of a wait, and whether it was exceeded once.
#[derive(Clone)]
struct TimeLimit {
    bound: Duration,
    exhausted: Arc<AtomicBool>,
}

impl TimeLimit {
    async fn within<T>(&self, answer: impl Future<Output = QueryResult<T>>) -> QueryResult<T> {
        if !self.is_exhausted()
            && let Ok(answer) = tokio::time::timeout(self.bound, answer).await
        {
            return answer;
        }
        Err(self.give_up("the server did not answer in time; the connection to it is given up"))
    }

    /// Makes every later statement on the connection fail. The rest of a late answer would be taken for the answer to a later statement.
    fn give_up(&self, said: &str) -> Error {
        self.exhausted.store(true, Ordering::Relaxed);
        Error::DatabaseError(DatabaseErrorKind::ClosedConnection, Box::new(said.to_owned()))
    }

    fn is_exhausted(&self) -> bool {
        self.exhausted.load(Ordering::Relaxed)
    }
}

/// How much a unit may still load (P-19). No unit comes near the limit: a page has a few hundred rows of at most 80 KB each. The limit
/// stops what would otherwise fill the site's memory: a driver that repeats itself, or rows that another program inserted.
#[derive(Clone, Copy)]
struct LoadLimit {
    rows: usize,
    bytes: usize,
}

impl LoadLimit {
    const UNIT: Self = Self { rows: 100_000, bytes: 128 * 1024 * 1024 };

    /// Subtracts a row; `None` if the limit is exceeded.
    fn take(&mut self, bytes: usize) -> Option<()> {
        self.rows = self.rows.checked_sub(1)?;
        self.bytes = self.bytes.checked_sub(bytes)?;
        Some(())
    }
}

/// Collects all rows of an answer. The first error ends it, because after a broken connection the stream of tokio-postgres returns the
/// same error forever.
///
/// The rows are collected in one wait, because waiting for each would cost a turn of the runtime and a timer per row.
async fn all<R: for<'r> Row<'r, Db>>(
    answer: impl Stream<Item = QueryResult<R>>,
    mut loads: Option<&mut LoadLimit>,
    limit: &TimeLimit,
) -> QueryResult<Vec<QueryResult<R>>> {
    let mut answer = std::pin::pin!(answer);
    let mut rows = Vec::new();
    while let Some(row) = answer.next().await {
        let row = row?;
        if let Some(loads) = &mut loads
            && loads.take(weight(&row)).is_none()
        {
            return Err(limit.give_up("the answer is larger than any that a unit needs; the connection is given up"));
        }
        rows.push(Ok(row));
    }
    Ok(rows)
}

/// The size of a row's values, in bytes.
fn weight<'r>(row: &impl Row<'r, Db>) -> usize {
    let value = |place| row.get(place).and_then(|field| field.value().map(|value| value.as_bytes().len()));
    (0..row.field_count()).filter_map(value).sum()
}

impl SimpleAsyncConnection for TimedConnection {
    async fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
        self.limit.within((**self.conn).batch_execute(query)).await
    }
}

impl AsyncConnectionCore for TimedConnection {
    type ExecuteFuture<'conn, 'query> = BoxFuture<'conn, QueryResult<usize>>;
    type LoadFuture<'conn, 'query> = BoxFuture<'conn, QueryResult<Self::Stream<'conn, 'query>>>;
    type Stream<'conn, 'query> = Iter<std::vec::IntoIter<QueryResult<Self::Row<'conn, 'query>>>>;
    type Row<'conn, 'query> = <Raw as AsyncConnectionCore>::Row<'conn, 'query>;
    type Backend = Db;

    fn load<'conn, 'query, T>(&'conn mut self, source: T) -> Self::LoadFuture<'conn, 'query>
    where
        T: AsQuery + 'query,
        T::Query: QueryFragment<Db> + QueryId + 'query,
    {
        let Self { conn, limit, loads, .. } = self;
        let (limit, loading) = (limit.clone(), (***conn).load(source));
        Box::pin(async move {
            let rows = limit.within(async { all(loading.await?, loads.as_mut(), &limit).await }).await?;
            Ok(iter(rows))
        })
    }

    fn execute_returning_count<'conn, 'query, T>(&'conn mut self, source: T) -> Self::ExecuteFuture<'conn, 'query>
    where
        T: QueryFragment<Db> + QueryId + 'query,
    {
        let limit = self.limit.clone();
        let executing = (**self.conn).execute_returning_count(source);
        Box::pin(async move { limit.within(executing).await })
    }
}

impl AsyncConnection for TimedConnection {
    type TransactionManager = Transactions;

    async fn establish(_: &str) -> ConnectionResult<Self> {
        Err(ConnectionError::BadConnection("connections are opened elsewhere".to_owned()))
    }

    fn transaction_state(&mut self) -> &mut AnsiTransactionManager {
        (**self.conn).transaction_state()
    }

    fn instrumentation(&mut self) -> &mut dyn Instrumentation {
        (**self.conn).instrumentation()
    }

    fn set_instrumentation(&mut self, instrumentation: impl Instrumentation) {
        (**self.conn).set_instrumentation(instrumentation);
    }

    fn set_prepared_statement_cache_size(&mut self, size: CacheSize) {
        (**self.conn).set_prepared_statement_cache_size(size);
    }
}

/// Diesel's transactions with a time limit for each wait.
pub(crate) struct Transactions;

impl TransactionManager<TimedConnection> for Transactions {
    type TransactionStateData = AnsiTransactionManager;

    async fn begin_transaction(conn: &mut TimedConnection) -> QueryResult<()> {
        conn.limit.within(AnsiTransactionManager::begin_transaction(&mut **conn.conn)).await
    }

    async fn rollback_transaction(conn: &mut TimedConnection) -> QueryResult<()> {
        if conn.limit.is_exhausted() {
            // The transaction stays open until the connection is closed, so a host's pool must see that it is broken.
            AnsiTransactionManager::transaction_manager_status_mut(&mut **conn.conn).set_in_error();
        }
        conn.limit.within(AnsiTransactionManager::rollback_transaction(&mut **conn.conn)).await
    }

    async fn commit_transaction(conn: &mut TimedConnection) -> QueryResult<()> {
        conn.limit.within(AnsiTransactionManager::commit_transaction(&mut **conn.conn)).await
    }

    fn transaction_manager_status_mut(conn: &mut TimedConnection) -> &mut TransactionManagerStatus {
        AnsiTransactionManager::transaction_manager_status_mut(&mut **conn.conn)
    }

    fn is_broken_transaction_manager(conn: &mut TimedConnection) -> bool {
        conn.limit.is_exhausted() || AnsiTransactionManager::is_broken_transaction_manager(&mut **conn.conn)
    }
}
