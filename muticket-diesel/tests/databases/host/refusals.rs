//! A file that becomes read-only or full. The limits are set on the host's connection.

use std::sync::Arc;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use muticket_core::id::{SupporterId, UserId};
use muticket_core::storage::{Storage, StorageError, Unit};
use muticket_core::supporter::Supporter;
use muticket_diesel::DieselStorage;
use uuid::Uuid;

use crate::refusals::{is_not_writable, read, write};

#[tokio::test(flavor = "multi_thread")]
async fn a_sqlite_file_that_becomes_read_only_can_still_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tickets.db").display().to_string();
    let storage = DieselStorage::connect(&file).await.unwrap();
    write(&storage).await.unwrap();
    drop(storage);
    let conn = Arc::new(tokio::sync::Mutex::new(SqliteConnection::establish(&file).unwrap()));
    let storage = DieselStorage::on_sqlite(conn.clone());
    conn.lock().await.batch_execute("PRAGMA query_only = ON").unwrap();
    let outcome = write(&storage).await;
    assert!(is_not_writable(&outcome), "{outcome:?}");
    read(&storage).await.unwrap();
    conn.lock().await.batch_execute("PRAGMA query_only = OFF").unwrap();
    write(&storage).await.unwrap();
}

/// Inserts more supporters than fit into a few pages.
fn insert_many(unit: &mut dyn Unit) -> Result<(), StorageError> {
    (0..5_000).try_for_each(|number| {
        let user = UserId::new(format!("supporter number {number}"));
        let supporter = Supporter { id: SupporterId(Uuid::from_u128(number)), user, present: true, categories: [].into() };
        unit.supporters().insert(&supporter)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_leaves_nothing_half_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tickets.db").display().to_string();
    drop(DieselStorage::connect(&file).await.unwrap());
    let conn = Arc::new(tokio::sync::Mutex::new(SqliteConnection::establish(&file).unwrap()));
    let storage = DieselStorage::on_sqlite(conn.clone());
    let supporters = async || {
        let list = |unit: &mut dyn Unit| Ok::<_, StorageError>(unit.supporters().list()?.len());
        (&storage as &dyn Storage).run_read(list).await.unwrap()
    };
    // The smallest possible limit: the file's present size.
    conn.lock().await.batch_execute("PRAGMA foreign_keys = ON; PRAGMA max_page_count = 1").unwrap();
    let outcome = (&storage as &dyn Storage).run_write(insert_many).await;
    assert!(is_not_writable(&outcome), "{outcome:?}");
    assert_eq!(supporters().await, 0);
    conn.lock().await.batch_execute("PRAGMA max_page_count = 1000000").unwrap();
    (&storage as &dyn Storage).run_write(insert_many).await.unwrap();
    assert_eq!(supporters().await, 5_000);
}
