//! Keeps the write-ahead log beside the file from growing without limit (P-19).
//!
//! SQLite copies the log into the file every thousand pages, and restarts it once nobody reads from it. A long reader in another program
//! prevents that: a backup that hangs, or a forgotten shell. Meanwhile MuTicket can only log a warning. When the reader is gone, it copies
//! the log and cuts it back, even if nothing is written any more.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::Integer;

use super::Conn;
use super::file::DatabaseFile;

/// Size of the log, in bytes, from which it is cut back. In ordinary use the log has about 4 MiB.
const LARGE: u64 = 64 * 1024 * 1024;

/// How long to wait before the next attempt to cut the log back.
const RETRY_DELAY: Duration = Duration::from_secs(2);

/// How many attempts fail before a warning is logged. MuTicket's own units read for moments only, so they do not cause it.
const TRIES: u32 = 3;

/// Watches the log of one file.
#[derive(Default)]
pub(super) struct LogWatch {
    /// Whether a task is cutting the log back.
    works: AtomicBool,
}

/// The result of a checkpoint in SQLite.
#[derive(QueryableByName)]
struct Checkpoint {
    /// 1 if a reader still uses the log.
    #[diesel(sql_type = Integer)]
    busy: i32,
}

impl LogWatch {
    /// Checks the size of the log, and starts cutting it back if it is large.
    pub(super) fn look(self: &Arc<Self>, file: &Arc<DatabaseFile>, writer: &Arc<tokio::sync::Mutex<Option<Conn>>>) {
        if !is_large(&file.path) || self.works.swap(true, Ordering::AcqRel) {
            return;
        }
        let (watch, path, writer) = (self.clone(), file.path.clone(), Arc::downgrade(writer));
        tokio::spawn(async move {
            cut_back(&path, &writer).await;
            watch.works.store(false, Ordering::Release);
        });
    }
}

fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

fn is_large(path: &Path) -> bool {
    std::fs::metadata(log_of(path)).is_ok_and(|log| log.len() > LARGE)
}

/// Cuts the log back as soon as nobody reads from it. Also ends when the database is closed.
async fn cut_back(path: &Path, writer: &Weak<tokio::sync::Mutex<Option<Conn>>>) {
    for failed in 1_u32.. {
        let Some(writer) = writer.upgrade() else { return };
        let turn = writer.lock_owned().await;
        let checkpoint = tokio::task::spawn_blocking(move || {
            let mut turn = turn;
            turn.as_mut().map(checkpoint)
        });
        match checkpoint.await {
            Ok(Some(Ok(true))) => {
                if failed > TRIES {
                    tracing::info!("MuTicket: the log of the SQLite database is short again");
                }
                return;
            }
            // No connection is open. The next unit that writes opens one and checks again.
            Ok(None) | Err(_) => return,
            Ok(Some(Ok(false) | Err(_))) => {}
        }
        if failed == TRIES {
            let megabytes = std::fs::metadata(log_of(path)).map_or(0, |log| log.len() / (1024 * 1024));
            tracing::warn!(
                megabytes,
                "MuTicket: the log of the SQLite database grows, because another program has been reading the file for long; end it"
            );
        }
        tokio::time::sleep(RETRY_DELAY).await;
    }
}

/// Copies the log into the file and truncates it; `false` if a reader still uses it. Units that write wait during this, so its own wait is
/// short.
fn checkpoint(conn: &mut Conn) -> QueryResult<bool> {
    use diesel::connection::SimpleConnection as _;
    conn.batch_execute("PRAGMA busy_timeout = 100")?;
    let done = diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result::<Checkpoint>(conn);
    conn.batch_execute("PRAGMA busy_timeout = 2000")?;
    Ok(done?.busy == 0)
}

#[cfg(test)]
mod tests {
    use diesel::connection::SimpleConnection as _;
    use muticket_core::blob::BlobKey;
    use muticket_core::storage::{Storage, StorageError, Unit};

    use super::*;
    use crate::storage::DieselStorage;

    fn insert_many(unit: &mut dyn Unit) -> Result<(), StorageError> {
        let keys: Vec<_> = (0..20_000).filter_map(|number| BlobKey::from_stored(&format!("{number:032x}"))).collect();
        unit.orphans().insert(&keys, chrono::DateTime::UNIX_EPOCH)
    }

    /// P-19
    #[tokio::test(flavor = "multi_thread")]
    async fn the_log_is_cut_back_when_a_long_reader_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tickets.db");
        let storage = DieselStorage::connect(&format!("sqlite:{}", path.display())).await.unwrap();
        let mut reader = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
        reader.batch_execute("BEGIN; SELECT count(*) FROM muticket_ticket").unwrap();
        while !is_large(&path) {
            (&storage as &dyn Storage).run_write(insert_many).await.unwrap();
        }
        (&storage as &dyn Storage).run_read(|unit| unit.settings().find()).await.unwrap();
        assert!(is_large(&path), "nobody can cut it back while it is read");

        reader.batch_execute("COMMIT").unwrap();
        for _ in 0..300 {
            if !is_large(&path) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!(!is_large(&path), "nothing is written any more, and the log stays as large as it was");
        (&storage as &dyn Storage).run_write(insert_many).await.unwrap();
    }
}
