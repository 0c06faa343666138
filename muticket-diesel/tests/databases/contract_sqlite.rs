//! SQLite keeps the contract of `muticket_core::storage`.

use std::sync::Arc;

use muticket_conformance::Shared;
use muticket_diesel::DieselStorage;
use tempfile::TempDir;

async fn empty_database() -> (Shared, TempDir) {
    let folder = TempDir::new().expect("there is room for a folder");
    let path = folder.path().join("tickets.db");
    let storage = DieselStorage::connect(&path.to_string_lossy()).await.expect("a new file can be opened");
    (Arc::new(storage), folder)
}

muticket_conformance::storage_conformance!(empty_database);
