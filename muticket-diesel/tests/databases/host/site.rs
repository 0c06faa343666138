//! A site with a table of orders and a single connection, which it lends.

use std::sync::Arc;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_async::{AsyncConnection as _, AsyncMysqlConnection, AsyncPgConnection, SimpleAsyncConnection as _};
use muticket_core::UserId;
use muticket_core::storage::{Reach, Storage, StorageError, Unit, View};
use muticket_core::ticket::{Subject, Ticket, UnnumberedTicket};
use muticket_diesel::DieselStorage;
use muticket_test_support::database::{self, TestDatabase};
use tempfile::TempDir;
use tokio::sync::Mutex;

pub(crate) struct Site {
    place: Place,
    pub(crate) url: String,
    pub(crate) conn: Conn,
}

enum Place {
    Server(TestDatabase),
    File { _folder: TempDir },
}

/// The connection. The host or MuTicket takes it, whichever asks first.
#[derive(Clone)]
pub(crate) enum Conn {
    Sqlite(Arc<Mutex<SqliteConnection>>),
    Postgres(Arc<Mutex<AsyncPgConnection>>),
    Mysql(Arc<Mutex<AsyncMysqlConnection>>),
}

#[derive(QueryableByName)]
struct Order {
    #[diesel(sql_type = Text)]
    id: String,
}

const ORDERS: &str = "SELECT CAST(id AS CHAR(9)) AS id FROM host_order ORDER BY id";

impl Site {
    /// One site per database, with MuTicket's tables.
    pub(crate) async fn all() -> Vec<Self> {
        let sites = [Some(Self::sqlite().await), Self::postgres().await, Self::mysql().await];
        sites.into_iter().flatten().collect()
    }

    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = folder.path().join("site.db").to_string_lossy().into_owned();
        let mut conn = SqliteConnection::establish(&url).unwrap();
        conn.batch_execute("PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL").unwrap();
        Self { place: Place::File { _folder: folder }, url, conn: Conn::Sqlite(Arc::new(Mutex::new(conn))) }.opened().await
    }

    pub(crate) async fn postgres() -> Option<Self> {
        let server = database::postgres()?;
        let conn = Conn::postgres(server.url()).await;
        Some(Self { url: server.url().to_owned(), place: Place::Server(server), conn }.opened().await)
    }

    pub(crate) async fn mysql() -> Option<Self> {
        let server = database::mysql()?;
        let conn = Conn::mysql(server.url()).await;
        Some(Self { url: server.url().to_owned(), place: Place::Server(server), conn }.opened().await)
    }

    async fn opened(self) -> Self {
        self.storage().migrate().await.unwrap();
        self.conn.execute("CREATE TABLE host_order (id INT)").await.unwrap();
        self
    }

    /// MuTicket on the site's connection.
    pub(crate) fn storage(&self) -> DieselStorage {
        match &self.conn {
            Conn::Sqlite(conn) => DieselStorage::on_sqlite(conn.clone()),
            Conn::Postgres(conn) => DieselStorage::on_postgres(conn.clone()),
            Conn::Mysql(conn) => DieselStorage::on_mysql(conn.clone()),
        }
    }

    /// Another connection to the server.
    pub(crate) async fn rival(&self) -> Conn {
        match &self.conn {
            Conn::Sqlite(_) => unreachable!("a file has one writer and no rivals"),
            Conn::Postgres(_) => Conn::postgres(&self.url).await,
            Conn::Mysql(_) => Conn::mysql(&self.url).await,
        }
    }

    /// The committed orders.
    pub(crate) fn orders(&self) -> Vec<String> {
        match &self.place {
            Place::Server(server) => server.query(ORDERS).iter().map(|id| id.trim().to_owned()).collect(),
            Place::File { .. } => {
                let conn = &mut SqliteConnection::establish(&self.url).unwrap();
                let orders: Vec<Order> = diesel::sql_query(ORDERS).load(conn).unwrap();
                orders.into_iter().map(|order| order.id).collect()
            }
        }
    }

    /// The number of committed tickets.
    pub(crate) async fn tickets(&self) -> u32 {
        let outside = DieselStorage::connect(&self.url).await.unwrap();
        let count = |unit: &mut dyn Unit| unit.overviews().count(&[View::of(Reach::All)]);
        (&outside as &dyn Storage).run_read::<_, StorageError, _>(count).await.unwrap()[0]
    }
}

impl Conn {
    async fn postgres(url: &str) -> Self {
        Self::Postgres(Arc::new(Mutex::new(AsyncPgConnection::establish(url).await.unwrap())))
    }

    async fn mysql(url: &str) -> Self {
        let conn = Self::Mysql(Arc::new(Mutex::new(AsyncMysqlConnection::establish(url).await.unwrap())));
        conn.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED").await.unwrap();
        conn
    }

    pub(crate) async fn execute(&self, sql: &str) -> QueryResult<()> {
        match self {
            Self::Sqlite(conn) => conn.lock().await.batch_execute(sql),
            Self::Postgres(conn) => conn.lock().await.batch_execute(sql).await,
            Self::Mysql(conn) => conn.lock().await.batch_execute(sql).await,
        }
    }

    pub(crate) async fn begin(&self) {
        self.end(End::Begin).await.unwrap();
    }

    pub(crate) async fn commit(&self) -> QueryResult<()> {
        self.end(End::Commit).await
    }

    pub(crate) async fn roll_back(&self) -> QueryResult<()> {
        self.end(End::RollBack).await
    }

    async fn end(&self, end: End) -> QueryResult<()> {
        match self {
            Self::Sqlite(conn) => {
                use diesel::connection::{AnsiTransactionManager as Manager, TransactionManager as _};
                let conn = &mut *conn.lock().await;
                match end {
                    End::Begin => Manager::begin_transaction(conn),
                    End::Commit => Manager::commit_transaction(conn),
                    End::RollBack => Manager::rollback_transaction(conn),
                }
            }
            Self::Postgres(conn) => end.of(&mut *conn.lock().await).await,
            Self::Mysql(conn) => end.of(&mut *conn.lock().await).await,
        }
    }
}

#[derive(Clone, Copy)]
enum End {
    Begin,
    Commit,
    RollBack,
}

impl End {
    async fn of<C>(self, conn: &mut C) -> QueryResult<()>
    where
        C: diesel_async::AsyncConnection<TransactionManager = diesel_async::AnsiTransactionManager>,
    {
        use diesel_async::{AnsiTransactionManager as Manager, TransactionManager as _};
        match self {
            Self::Begin => Manager::begin_transaction(conn).await,
            Self::Commit => Manager::commit_transaction(conn).await,
            Self::RollBack => Manager::rollback_transaction(conn).await,
        }
    }
}

/// Inserts a ticket as a unit of work does.
pub(crate) fn insert_ticket(unit: &mut dyn Unit) -> Result<Ticket, StorageError> {
    let subject = Subject::parse("Order 7").unwrap();
    unit.tickets().insert(&UnnumberedTicket::new(UserId::new("anna"), subject, chrono::DateTime::UNIX_EPOCH))
}
