//! How long a unit waits for a lock that another transaction holds.

use std::time::{Duration, Instant};

use diesel::sql_types::BigInt;
use muticket_core::TicketNumber;
use muticket_core::storage::{Storage, StorageError};

use crate::host::site::{Conn, Site, insert_ticket};

/// Runs a unit once that needs a row which another transaction has locked.
async fn waits_in_vain(site: &Site) {
    let storage = site.storage();
    let storage: &dyn Storage = &storage;
    storage.run_write::<_, StorageError, _>(|unit| insert_ticket(unit).map(drop)).await.unwrap();
    let rival = site.rival().await;
    rival.begin().await;
    rival.execute("SELECT * FROM muticket_ticket FOR UPDATE").await.unwrap();

    let begun = Instant::now();
    let mut runs = 0;
    let work = storage.run_write(move |unit| {
        runs += 1;
        match unit.tickets().find(TicketNumber::new(1).unwrap()) {
            // One run is enough here.
            Err(StorageError::Busy(cause)) if runs == 1 => {
                Err(StorageError::fault(muticket_core::storage::StorageFault::Other, cause))
            }
            found => found.map(drop),
        }
    });
    let error: StorageError = tokio::time::timeout(Duration::from_secs(10), work).await.expect("it gives up").unwrap_err();
    assert!(begun.elapsed() > Duration::from_secs(1), "{error:?}");
    rival.roll_back().await.unwrap();
}

/// A host's PostgreSQL waits forever by default.
#[tokio::test(flavor = "multi_thread")]
async fn a_unit_on_a_hosts_postgresql_does_not_wait_for_ever() {
    let Some(site) = Site::postgres().await else { return };
    waits_in_vain(&site).await;
    site.conn.execute("DO $$ BEGIN ASSERT current_setting('lock_timeout') = '0'; END $$").await.unwrap();
}

/// A host's MariaDB or MySQL waits for 50 seconds by default. The host gets its connection back with its own setting.
#[tokio::test(flavor = "multi_thread")]
async fn a_unit_on_a_hosts_mariadb_or_mysql_waits_as_long_as_on_ours() {
    let Some(site) = Site::mysql().await else { return };
    site.conn.execute("SET SESSION innodb_lock_wait_timeout = 49").await.unwrap();
    waits_in_vain(&site).await;
    let Conn::Mysql(conn) = &site.conn else { unreachable!("it is on MariaDB or MySQL") };
    let setting = diesel::select(diesel::dsl::sql::<BigInt>("CAST(@@SESSION.innodb_lock_wait_timeout AS SIGNED)"));
    let setting: i64 = diesel_async::RunQueryDsl::get_result(setting, &mut *conn.lock().await).await.unwrap();
    assert_eq!(setting, 49);
    site.conn.begin().await;
    site.conn.commit().await.unwrap();
}
