//! SQLite keeps the contract of `muticket_core::storage`, on MuTicket's own connections and on a host's.

use std::sync::Arc;

use muticket_conformance::Shared;
use muticket_diesel::DieselStorage;
use tempfile::TempDir;

mod own {
    use super::{Arc, DieselStorage, Shared, TempDir};

    async fn empty_database() -> (Shared, TempDir) {
        let folder = TempDir::new().expect("there is room for a folder");
        let path = folder.path().join("tickets.db");
        let storage = DieselStorage::connect(&path.to_string_lossy()).await.expect("a new file can be opened");
        (Arc::new(storage), folder)
    }

    muticket_conformance::storage_conformance!(empty_database);
}

mod hosted {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use diesel::connection::SimpleConnection as _;
    use diesel::{Connection as _, SqliteConnection};
    use muticket_diesel::{Connections, Loan};
    use tokio::sync::Mutex;

    use super::{Arc, DieselStorage, Shared, TempDir};

    /// The settings that `on_sqlite` asks for, and the mode that lets the host's pages be read during a write.
    const SETTINGS: &str = "PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON";

    /// A host's pool that lends its connections in turn.
    struct Pool(Vec<Arc<Mutex<SqliteConnection>>>, AtomicUsize);

    #[async_trait::async_trait]
    impl Connections<SqliteConnection> for Pool {
        async fn lend(&self) -> Result<Loan<SqliteConnection>, Box<dyn std::error::Error + Send + Sync>> {
            self.0[self.1.fetch_add(1, Ordering::Relaxed) % self.0.len()].lend().await
        }
    }

    async fn empty_database() -> (Shared, TempDir) {
        let folder = TempDir::new().expect("there is room for a folder");
        let path = folder.path().join("site.db");
        let connect = |_| {
            let mut conn = SqliteConnection::establish(&path.to_string_lossy()).expect("a new file can be opened");
            conn.batch_execute(SETTINGS).expect("settings that it knows");
            Arc::new(Mutex::new(conn))
        };
        let storage = DieselStorage::on_sqlite(Pool((0..4).map(connect).collect(), AtomicUsize::new(0)));
        storage.migrate().await.expect("tables in an empty database");
        (Arc::new(storage), folder)
    }

    muticket_conformance::storage_conformance!(empty_database);
}
