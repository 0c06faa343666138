//! A ticket is opened together with the host's own rows, or not at all. Also tests a pool that the host lends.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::connection::{AnsiTransactionManager, SimpleConnection as _, TransactionManager as _};
use diesel::prelude::*;
use diesel_async::{AsyncConnection, AsyncMysqlConnection, AsyncPgConnection, SimpleAsyncConnection as _};
use muticket_core::storage::{Reach, StorageError, View};
use muticket_core::{Helpdesk, NewTicket};
use muticket_diesel::{DieselStorage, HostConnection, HostConnections};
use muticket_test_support::database::{self, TestDatabase};
use muticket_world::{People, World};
use tokio::sync::Mutex;

/// A helpdesk whose support is active.
async fn helpdesk(storage: DieselStorage) -> Helpdesk {
    World::builder().storage(Arc::new(storage)).build().await.helpdesk
}

async fn open(helpdesk: &Helpdesk) {
    let portal = helpdesk.portal(&People::cast().visitor("anna")).expect("anna is a user");
    let new = NewTicket { subject: "Order 7".into(), body: "It came broken.".into(), ..Default::default() };
    portal.open(new).await.expect("a ticket");
}

async fn tickets(helpdesk: &Helpdesk) -> u32 {
    let count = |unit: &mut dyn muticket_core::storage::Unit| unit.overviews().count(&[View::of(Reach::All)]);
    helpdesk.storage().run_read::<_, StorageError, _>(count).await.expect("a count")[0]
}

/// The same test on an asynchronous connection: once rolled back, once committed.
macro_rules! story {
    ($name:ident, $database:path, $connection:ty, $on:path) => {
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            type Manager = diesel_async::AnsiTransactionManager;
            use diesel_async::TransactionManager as _;
            let Some(server) = $database() else { return };
            let helpdesk = helpdesk(DieselStorage::connect(server.url()).await.unwrap()).await;
            server.execute("CREATE TABLE host_order (id INT)");
            let conn = <$connection>::establish(server.url()).await.unwrap();
            let conn = Arc::new(Mutex::new(conn));
            let here = helpdesk.with_storage(Arc::new($on(conn.clone())));

            for (round, keep) in [(1, false), (2, true)] {
                Manager::begin_transaction(&mut *conn.lock().await).await.unwrap();
                conn.lock().await.batch_execute("INSERT INTO host_order VALUES (7)").await.unwrap();
                open(&here).await;
                assert_eq!(tickets(&here).await, 1, "the transaction sees its ticket");
                assert_eq!(tickets(&helpdesk).await, 0, "nobody else does");
                let end = &mut *conn.lock().await;
                match keep {
                    true => Manager::commit_transaction(end).await.unwrap(),
                    false => Manager::rollback_transaction(end).await.unwrap(),
                }
                assert_eq!(tickets(&helpdesk).await, u32::from(keep), "round {round}");
                assert_eq!(orders(&server).len(), usize::from(keep), "round {round}");
            }
        }
    };
}

fn orders(server: &TestDatabase) -> Vec<String> {
    server.query("SELECT CAST(id AS CHAR(9)) FROM host_order")
}

story!(a_ticket_belongs_to_a_transaction_on_postgresql, database::postgres, AsyncPgConnection, DieselStorage::on_postgres);
story!(a_ticket_belongs_to_a_transaction_on_mariadb_or_mysql, database::mysql, AsyncMysqlConnection, DieselStorage::on_mysql);

#[tokio::test]
async fn a_ticket_belongs_to_a_transaction_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("site.db");
    let helpdesk = helpdesk(DieselStorage::connect(&file.to_string_lossy()).await.unwrap()).await;
    let mut conn = SqliteConnection::establish(&file.to_string_lossy()).unwrap();
    conn.batch_execute("PRAGMA foreign_keys = ON; CREATE TABLE host_order (id INT)").unwrap();
    let conn = Arc::new(Mutex::new(conn));
    let here = helpdesk.with_storage(Arc::new(DieselStorage::on_sqlite(conn.clone())));
    for keep in [false, true] {
        AnsiTransactionManager::begin_transaction(&mut *conn.lock().await).unwrap();
        conn.lock().await.batch_execute("INSERT INTO host_order VALUES (7)").unwrap();
        open(&here).await;
        assert_eq!(tickets(&here).await, 1, "the transaction sees its ticket");
        assert_eq!(tickets(&helpdesk).await, 0, "nobody else does");
        let end = &mut *conn.lock().await;
        match keep {
            true => AnsiTransactionManager::commit_transaction(end).unwrap(),
            false => AnsiTransactionManager::rollback_transaction(end).unwrap(),
        }
        assert_eq!(tickets(&helpdesk).await, u32::from(keep));
    }
}

/// Lends its connections in turn.
struct Pool(Vec<Arc<Mutex<AsyncPgConnection>>>, AtomicUsize);

#[async_trait::async_trait]
impl HostConnections<AsyncPgConnection> for Pool {
    async fn lend(&self) -> Result<HostConnection<AsyncPgConnection>, Box<dyn std::error::Error + Send + Sync>> {
        let next = self.1.fetch_add(1, Ordering::Relaxed) % self.0.len();
        self.0[next].lend().await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_lends_its_pool() {
    let Some(server) = database::postgres() else { return };
    let mut conns = Vec::new();
    for _ in 0..3 {
        conns.push(Arc::new(Mutex::new(AsyncPgConnection::establish(server.url()).await.unwrap())));
    }
    let storage = DieselStorage::on_postgres(Pool(conns, AtomicUsize::new(0)));
    storage.migrate().await.unwrap();
    let helpdesk = helpdesk(storage).await;
    let many: Vec<_> = (0..9)
        .map(|_| {
            let helpdesk = helpdesk.clone();
            tokio::spawn(async move { open(&helpdesk).await })
        })
        .collect();
    for one in many {
        one.await.unwrap();
    }
    assert_eq!(tickets(&helpdesk).await, 9);
}
