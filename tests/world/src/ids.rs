//! Ids that are the same in every run.

use std::sync::atomic::{AtomicU64, Ordering};

use muticket_core::Ids;
use uuid::Uuid;

/// Ids 1, 2, 3, ... A secret is the next id, so it protects nothing.
#[derive(Debug, Default)]
pub struct CountedIds(AtomicU64);

impl Ids for CountedIds {
    fn next(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::Relaxed)) + 1)
    }

    fn secret(&self) -> [u8; 32] {
        let mut secret = [0; 32];
        secret[..16].copy_from_slice(self.next().as_bytes());
        secret
    }
}
