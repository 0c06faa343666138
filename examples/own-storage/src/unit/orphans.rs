//! Blobs that belong to no message.

use chrono::{DateTime, Utc};
use muticket_core::blob::BlobKey;
use muticket_core::storage::{Orphans, StorageError};
use serde::{Deserialize, Serialize};

use crate::json::Json;
use crate::unit::JsonUnit;

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Orphan {
    #[serde(with = "Json")]
    key: BlobKey,
    due: DateTime<Utc>,
}

impl Orphans for JsonUnit {
    fn insert(&mut self, keys: &[BlobKey], due: DateTime<Utc>) -> Result<(), StorageError> {
        // If a blob is already noted, only its time changes.
        Orphans::delete(self, keys)?;
        self.change()?.orphans.extend(keys.iter().map(|key| Orphan { key: key.clone(), due }));
        Ok(())
    }

    fn adopt(&mut self, key: &BlobKey, now: DateTime<Utc>) -> Result<bool, StorageError> {
        let is_safe = |orphan: &mut Orphan| orphan.key == *key && orphan.due > now;
        Ok(self.change()?.orphans.extract_if(.., is_safe).count() > 0)
    }

    fn due(&mut self, now: DateTime<Utc>, limit: u32) -> Result<Vec<BlobKey>, StorageError> {
        let mut due: Vec<_> = self.tables.orphans.iter().filter(|orphan| orphan.due <= now).collect();
        due.sort_by_key(|orphan| orphan.due);
        Ok(due.into_iter().take(limit as usize).map(|orphan| orphan.key.clone()).collect())
    }

    fn delete(&mut self, keys: &[BlobKey]) -> Result<(), StorageError> {
        self.change()?.orphans.retain(|orphan| !keys.contains(&orphan.key));
        Ok(())
    }
}
