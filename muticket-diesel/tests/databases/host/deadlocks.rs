//! The host's transaction and another one wait for each other, and the database aborts the host's.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use muticket_core::TicketNumber;
use muticket_core::storage::{Storage, StorageError, Unit};
use tokio::task::JoinHandle;

use crate::host::site::{Conn, Site, insert_ticket};

/// Locks a ticket's row.
fn lock(unit: &mut dyn Unit, number: i64) -> Result<(), StorageError> {
    unit.tickets().find(TicketNumber::new(number).unwrap()).map(drop)
}

/// Leads the host's transaction, which has inserted an order, into a deadlock. Returns how often its last unit ran, and a handle on the
/// other transaction, which may wait for the end of this one.
async fn deadlock(site: &Site) -> (u32, JoinHandle<()>) {
    let here = Arc::new(site.storage());
    let storage: &dyn Storage = &*here;
    for _ in 0..2 {
        storage.run_write::<_, StorageError, _>(|unit| insert_ticket(unit).map(drop)).await.unwrap();
    }
    let rival = site.rival().await;
    rival.begin().await;
    // The database aborts the transaction that has changed less, or that waited first.
    for _ in 0..50 {
        rival.execute("INSERT INTO host_order VALUES (1)").await.unwrap();
    }
    rival.execute("SELECT * FROM muticket_ticket WHERE number = 2 FOR UPDATE").await.unwrap();

    site.conn.begin().await;
    site.conn.execute("INSERT INTO host_order VALUES (7)").await.unwrap();
    storage.run_write(|unit| lock(unit, 1)).await.unwrap();
    let runs = Arc::new(AtomicU32::new(0));
    let inside = runs.clone();
    let losing = tokio::spawn(async move {
        let work = (&*here as &dyn Storage).run_write(move |unit| {
            inside.fetch_add(1, Ordering::Relaxed);
            insert_ticket(unit)?;
            lock(unit, 2)
        });
        work.await
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    let winning = tokio::spawn(async move {
        rival.execute("SELECT * FROM muticket_ticket WHERE number = 1 FOR UPDATE").await.unwrap();
        rival.roll_back().await.unwrap();
    });
    let error: StorageError = losing.await.unwrap().unwrap_err();
    assert!(error.is_retryable(), "the host may run the transaction again: {error:?}");
    (runs.load(Ordering::Relaxed), winning)
}

/// Error 1213 rolls back the whole transaction, including what the host did in it before. Nothing more is run on the connection, because
/// it would be committed at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_deadlock_on_mariadb_or_mysql_ends_the_hosts_transaction() {
    let Some(site) = Site::mysql().await else { return };
    let (runs, winning) = deadlock(&site).await;
    assert_eq!(runs, 1);
    winning.await.unwrap();

    let storage = site.storage();
    let again = (&storage as &dyn Storage).run_write::<_, StorageError, _>(|unit| insert_ticket(unit).map(drop));
    let error = again.await.unwrap_err();
    assert!(matches!(error, StorageError::Failed { .. }), "{error:?}");
    let error = site.conn.commit().await.unwrap_err();
    assert!(matches!(error, diesel::result::Error::BrokenTransactionManager), "{error:?}");
    let Conn::Mysql(conn) = &site.conn else { unreachable!("it is on MariaDB or MySQL") };
    assert!(is_broken(&mut *conn.lock().await), "a pool sees that it has to let the connection go");
    assert!(site.orders().is_empty());
    assert_eq!(site.tickets().await, 2);
}

fn is_broken<C: diesel_async::AsyncConnection>(conn: &mut C) -> bool {
    use diesel_async::TransactionManager;
    C::TransactionManager::is_broken_transaction_manager(conn)
}

/// PostgreSQL rolls back the savepoint, and what the host did before stays.
#[tokio::test(flavor = "multi_thread")]
async fn a_deadlock_on_postgresql_ends_the_unit() {
    let Some(site) = Site::postgres().await else { return };
    let (runs, winning) = deadlock(&site).await;
    assert_eq!(runs, 1);

    site.conn.execute("INSERT INTO host_order VALUES (8)").await.unwrap();
    site.conn.commit().await.unwrap();
    winning.await.unwrap();
    assert_eq!(site.orders(), ["7", "8"]);
    assert_eq!(site.tickets().await, 2);
}

/// A unit may report a lost race although there was none. Inside the host's transaction it is not retried.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_repeated_inside_of_the_hosts_transaction() {
    for site in Site::all().await {
        let runs = Arc::new(AtomicU32::new(0));
        let inside = runs.clone();
        site.conn.begin().await;
        let storage = site.storage();
        let work = (&storage as &dyn Storage).run_write(move |_| {
            inside.fetch_add(1, Ordering::Relaxed);
            Err::<(), _>(StorageError::Stale)
        });
        let error: StorageError = work.await.unwrap_err();
        assert!(matches!(error, StorageError::Stale), "{error:?}");
        assert_eq!(runs.load(Ordering::Relaxed), 1, "{}", site.url);
        site.conn.commit().await.unwrap();
    }
}
