//! Secrets that all nodes of a site share.

use crate::storage::{Storage, StorageError, Unit};

/// The stored secret of that name. Stores `fresh` if there is none.
pub(crate) async fn shared_secret(storage: &dyn Storage, name: &'static str, fresh: [u8; 32]) -> Result<[u8; 32], StorageError> {
    let work = move |unit: &mut dyn Unit| -> Result<[u8; 32], StorageError> {
        if let Some(secret) = unit.secrets().find(name)? {
            return Ok(secret);
        }
        match unit.secrets().insert(name, &fresh) {
            Ok(()) => Ok(fresh),
            Err(StorageError::Duplicate) => Err(StorageError::Stale),
            Err(error) => Err(error),
        }
    };
    storage.run_write(work).await
}
