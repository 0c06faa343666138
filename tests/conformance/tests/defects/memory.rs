//! The reference implementation keeps the contract.

use std::sync::Arc;

use muticket_conformance::{Shared, storage_conformance};
use muticket_core::storage::MemoryStorage;

async fn empty_storage() -> (Shared, ()) {
    (Arc::new(MemoryStorage::new()), ())
}

storage_conformance!(empty_storage);
