//! How long a unit waits for what somebody else holds.

use std::time::{Duration, Instant};

use muticket_core::TicketNumber;
use muticket_core::storage::{Storage, StorageError};

use crate::site::{Site, insert_ticket};

/// A host's PostgreSQL waits for ever by itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_unit_on_a_hosts_postgresql_does_not_wait_for_ever() {
    let Some(site) = Site::postgres().await else { return };
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
            // Once is enough here.
            Err(StorageError::Busy(cause)) if runs == 1 => {
                Err(StorageError::fault(muticket_core::storage::StorageFault::Other, cause))
            }
            found => found.map(drop),
        }
    });
    let error: StorageError = tokio::time::timeout(Duration::from_secs(10), work).await.expect("it gives up").unwrap_err();
    assert!(begun.elapsed() > Duration::from_secs(1), "{error:?}");
    rival.roll_back().await.unwrap();
    site.conn.execute("DO $$ BEGIN ASSERT current_setting('lock_timeout') = '0'; END $$").await.unwrap();
}
