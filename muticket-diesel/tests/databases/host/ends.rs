//! A unit fails inside the host's transaction. What the unit did is rolled back, and nothing that the host did.

use muticket_core::storage::{Storage, StorageError, StorageFault};

use crate::host::site::{Site, insert_ticket};

/// Runs a failing unit between two orders, and expects only the orders to be stored.
async fn takes_nothing_with_it(site: &Site, unit: impl AsyncFnOnce(&dyn Storage)) {
    site.conn.begin().await;
    site.conn.execute("INSERT INTO host_order VALUES (7)").await.unwrap();
    unit(&site.storage()).await;
    site.conn.execute("INSERT INTO host_order VALUES (8)").await.unwrap();
    site.conn.commit().await.unwrap();
    assert_eq!(site.orders(), ["7", "8"], "{}", site.url);
    assert_eq!(site.tickets().await, 0, "{}", site.url);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_fails_takes_nothing_of_the_hosts_with_it() {
    for site in Site::all().await {
        takes_nothing_with_it(&site, async |storage| {
            let failing = storage.run_write(|unit| {
                insert_ticket(unit)?;
                Err::<(), _>(StorageError::fault(StorageFault::Other, "on purpose"))
            });
            failing.await.unwrap_err();
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_panics_takes_nothing_of_the_hosts_with_it() {
    for site in Site::all().await {
        let storage = site.storage();
        takes_nothing_with_it(&site, async move |_| {
            let panicking = tokio::spawn(async move {
                let work = (&storage as &dyn Storage).run_write::<(), StorageError, _>(|unit| {
                    insert_ticket(unit)?;
                    panic!("on purpose")
                });
                work.await
            });
            assert!(panicking.await.unwrap_err().is_panic());
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_is_refused_takes_nothing_of_the_hosts_with_it() {
    for site in Site::all().await {
        takes_nothing_with_it(&site, async |storage| {
            let secret = || storage.run_write::<_, StorageError, _>(|unit| unit.secrets().insert("csrf", &[1; 32]));
            secret().await.unwrap();
            let error = secret().await.unwrap_err();
            assert!(matches!(error, StorageError::Duplicate), "{error:?}");
        })
        .await;
    }
}

/// A failed statement aborts a transaction of PostgreSQL, but what was done before the savepoint stays.
#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_fails_takes_nothing_of_the_hosts_with_it() {
    for site in Site::all().await {
        site.conn.execute("ALTER TABLE muticket_secret RENAME TO muticket_away").await.unwrap();
        takes_nothing_with_it(&site, async |storage| {
            let failing = storage.run_write(|unit| {
                insert_ticket(unit)?;
                unit.secrets().insert("csrf", &[1; 32])
            });
            let error: StorageError = failing.await.unwrap_err();
            assert!(matches!(error, StorageError::Failed { .. }), "{error:?}");
        })
        .await;
    }
}

/// The database has ended the transaction, and the host's connection does not know it yet.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_done_when_the_hosts_transaction_is_over() {
    for site in [Site::postgres().await, Site::mysql().await].into_iter().flatten() {
        site.conn.begin().await;
        site.conn.execute("ROLLBACK").await.unwrap();
        let storage = site.storage();
        let storage: &dyn Storage = &storage;
        for _ in 0..2 {
            let error: StorageError = storage.run_write(|unit| insert_ticket(unit).map(drop)).await.unwrap_err();
            assert!(matches!(error, StorageError::Failed { .. }), "{error:?}");
        }
        assert_eq!(site.tickets().await, 0, "{}", site.url);
    }
}
