//! The storage keeps the contract of `muticket_core::storage`. There is one test for each sentence of it.

use std::sync::Arc;

use muticket_conformance::{Shared, storage_conformance};
use own_storage::JsonStorage;
use tempfile::TempDir;

async fn empty_file() -> (Shared, TempDir) {
    let folder = TempDir::new().expect("there is room for a folder");
    let storage = JsonStorage::open(folder.path().join("tickets.json")).expect("a new file can be opened");
    (Arc::new(storage), folder)
}

storage_conformance!(empty_file);
