//! Users whom letters do not reach.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};

use crate::id::UserId;
use crate::storage::memory::{MemoryUnit, at_most};
use crate::storage::{StorageError, UndeliverableStore};
use crate::undeliverable::Undeliverable;

impl UndeliverableStore for MemoryUnit {
    fn update(&mut self, undeliverable: &Undeliverable) -> Result<(), StorageError> {
        self.change()?.undeliverable.insert(undeliverable.user.clone(), undeliverable.clone());
        Ok(())
    }

    fn find(&mut self, user: &UserId) -> Result<Option<Undeliverable>, StorageError> {
        Ok(self.tables.undeliverable.get(user).cloned())
    }

    fn of(&mut self, users: &[UserId]) -> Result<Vec<Undeliverable>, StorageError> {
        Ok(self.tables.undeliverable.values().filter(|one| users.contains(&one.user)).cloned().collect())
    }

    fn list(&mut self, reports: u32, after: DateTime<Utc>, limit: u32) -> Result<Vec<Undeliverable>, StorageError> {
        let stored = self.tables.undeliverable.values();
        let mut listed: Vec<_> = stored.filter(|one| one.reports >= reports && one.last_at > after).cloned().collect();
        // The sort is stable, and the table is sorted by user.
        listed.sort_by_key(|one| Reverse(one.last_at));
        listed.truncate(at_most(limit));
        Ok(listed)
    }

    fn delete(&mut self, user: &UserId) -> Result<bool, StorageError> {
        Ok(self.change()?.undeliverable.remove(user).is_some())
    }

    fn delete_before(&mut self, time: DateTime<Utc>) -> Result<(), StorageError> {
        self.change()?.undeliverable.retain(|_, one| one.last_at >= time);
        Ok(())
    }
}
