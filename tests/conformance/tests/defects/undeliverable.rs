//! Defects of what is known of users whom letters do not reach.

use chrono::{DateTime, Utc};
use muticket_core::id::UserId;
use muticket_core::storage::{StorageError, UndeliverableStore};
use muticket_core::undeliverable::Undeliverable;

use crate::defect::Defect;
use crate::store::Twisted;

impl UndeliverableStore for Twisted<'_> {
    fn update(&mut self, undeliverable: &Undeliverable) -> Result<(), StorageError> {
        let again = undeliverable.clone();
        self.outlives(Defect::UndeliverableOutliveTheirUnit, move |unit| unit.undeliverable().update(&again));
        let mut new = undeliverable.clone();
        if self.has(Defect::KeepsTheFirstAddress)
            && let Some(before) = self.unit.undeliverable().find(&new.user)?
        {
            new.address = before.address;
        }
        self.unit.undeliverable().update(&new)
    }

    fn find(&mut self, user: &UserId) -> Result<Option<Undeliverable>, StorageError> {
        self.unit.undeliverable().find(user)
    }

    fn of(&mut self, users: &[UserId]) -> Result<Vec<Undeliverable>, StorageError> {
        let mut found = self.unit.undeliverable().of(users)?;
        if self.has(Defect::ReadsSomeOfManyUsers) {
            found.truncate(1);
        }
        Ok(found)
    }

    fn list(&mut self, reports: u32, after: DateTime<Utc>, limit: u32) -> Result<Vec<Undeliverable>, StorageError> {
        let reports = if self.has(Defect::ListsUsersWithFewReports) { 0 } else { reports };
        let after = if self.has(Defect::ListsOldReports) { DateTime::UNIX_EPOCH } else { after };
        self.unit.undeliverable().list(reports, after, limit)
    }

    fn delete(&mut self, user: &UserId) -> Result<bool, StorageError> {
        Ok(self.unit.undeliverable().delete(user)? || self.has(Defect::DeletesTheUnknownUser))
    }

    fn delete_before(&mut self, time: DateTime<Utc>) -> Result<(), StorageError> {
        if self.has(Defect::KeepsOldReports) { Ok(()) } else { self.unit.undeliverable().delete_before(time) }
    }
}
