//! The write-ahead log beside the file, which must not grow without end (P-19).
//!
//! SQLite copies the log into the file at every thousandth page, and begins it anew when nobody reads from it any more. Somebody who reads
//! for long from another program keeps it from that: a backup that hangs, or a forgotten shell. Nothing can be done about it meanwhile but
//! to say so. When they are gone, the log is copied and cut back, even if nothing is written any more.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::Integer;

use super::{Conn, Opening};

/// How large the log may be, in bytes, before it is looked after. In ordinary use it is about 4 MiB.
const LARGE: u64 = 64 * 1024 * 1024;

/// How long to wait before the log is tried to be cut back again.
const AGAIN: Duration = Duration::from_secs(2);

/// How often that fails before it is worth a line in the log of the site: other units of ours read for moments only.
const TRIES: u32 = 3;

/// Looks after the log of one file.
#[derive(Default)]
pub(super) struct Watch {
    /// Somebody is at it.
    works: AtomicBool,
}

/// What SQLite says of a checkpoint.
#[derive(QueryableByName)]
struct Checkpoint {
    /// 1 if somebody still reads from the log.
    #[diesel(sql_type = Integer)]
    busy: i32,
}

impl Watch {
    /// Looks at the size of the log, and has it cut back if it is large.
    pub(super) fn look(self: &Arc<Self>, file: &Arc<Opening>, writer: &Arc<tokio::sync::Mutex<Option<Conn>>>) {
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

/// Cuts the log back as soon as nobody reads from it. Ends when the database is closed, too.
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
            // No connection is open: the next unit that writes opens one, and looks again.
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
        tokio::time::sleep(AGAIN).await;
    }
}

/// Copies the log into the file and empties it; `false` if somebody reads from it. Units that write wait meanwhile, so it does not wait for
/// long.
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
    use crate::DieselStorage;

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
