//! A host's connections to MariaDB or MySQL with other settings than MuTicket's.

use muticket_core::storage::{Storage, StorageError};
use muticket_diesel::ConnectError;

use crate::host::site::{Site, insert_ticket};

/// The server's default isolation level is REPEATABLE READ. At this level a unit would decide on stale data.
#[tokio::test(flavor = "multi_thread")]
async fn a_unit_sees_what_was_committed_since_it_began() {
    let Some(site) = Site::mysql().await else { return };
    site.conn.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ").await.unwrap();
    let (rival, runtime) = (site.rival().await, tokio::runtime::Handle::current());
    let work = move |unit: &mut dyn muticket_core::storage::Unit| {
        let before = unit.settings().find()?.ratings;
        runtime.block_on(rival.execute("UPDATE muticket_settings SET ratings = FALSE")).unwrap();
        Ok::<_, StorageError>((before, unit.settings().find()?.ratings))
    };
    assert_eq!((&site.storage() as &dyn Storage).run_write(work).await.unwrap(), (true, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_cut_what_does_not_fit_are_refused() {
    let Some(site) = Site::mysql().await else { return };
    site.conn.execute("SET SESSION sql_mode = 'NO_ENGINE_SUBSTITUTION'").await.unwrap();
    let error = site.storage().migrate().await.unwrap_err();
    assert!(matches!(error, ConnectError::NotStrict), "{error:?}");
    assert!(error.to_string().contains("add STRICT_ALL_TABLES"), "{error}");
    site.conn.execute("SET SESSION sql_mode = 'STRICT_TRANS_TABLES'").await.unwrap();
    site.storage().migrate().await.unwrap();
}

/// Beginning another transaction would commit the open one.
#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_of_which_the_connection_does_not_know_is_left_alone() {
    let Some(site) = Site::mysql().await else { return };
    site.conn.execute("BEGIN; INSERT INTO host_order VALUES (7)").await.unwrap();
    let storage = site.storage();
    let unit = (&storage as &dyn Storage).run_write::<_, StorageError, _>(|unit| insert_ticket(unit).map(drop));
    assert!(matches!(unit.await, Err(StorageError::Failed { .. })));
    site.conn.execute("ROLLBACK").await.unwrap();
    assert!(site.orders().is_empty());
    (&storage as &dyn Storage).run_write::<_, StorageError, _>(|unit| insert_ticket(unit).map(drop)).await.unwrap();
}
