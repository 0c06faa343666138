//! Blobs to delete.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use muticket_core::blob::BlobKey;
use muticket_core::storage::{OrphanStore, StorageError};

use super::values::{Column, MaybeInvalid, column_of};
use super::{DieselUnit, VALUES, dialect};
use crate::fragment::{WithLimit, WithSuffix};
use crate::schema::orphan;

const ORPHAN: &str = "muticket_orphan";

impl OrphanStore for DieselUnit<'_> {
    fn insert(&mut self, keys: &[BlobKey], due: DateTime<Utc>) -> Result<(), StorageError> {
        let due = column_of(due);
        let keys: BTreeSet<&str> = keys.iter().map(BlobKey::as_str).collect();
        let keys: Vec<&str> = keys.into_iter().collect();
        for keys in keys.chunks(VALUES) {
            // An upsert would need one statement, but each database has its own syntax for it.
            let noted = orphan::table.filter(orphan::blob_key.eq_any(keys));
            self.change(ORPHAN, |conn| diesel::delete(noted).execute(conn))?;
            let rows: Vec<_> = keys.iter().map(|key| (orphan::blob_key.eq(*key), orphan::due_at.eq(due))).collect();
            self.change(ORPHAN, |conn| diesel::insert_into(orphan::table).values(rows).execute(conn))?;
        }
        Ok(())
    }

    fn adopt(&mut self, key: &BlobKey, now: DateTime<Utc>) -> Result<bool, StorageError> {
        let safe = orphan::table.filter(orphan::blob_key.eq(key.as_str()).and(orphan::due_at.gt(column_of(now))));
        Ok(self.change(ORPHAN, |conn| diesel::delete(safe).execute(conn))? > 0)
    }

    fn due(&mut self, now: DateTime<Utc>, limit: u32) -> Result<Vec<BlobKey>, StorageError> {
        let query = orphan::table
            .filter(orphan::due_at.le(column_of(now)))
            .order((orphan::due_at, orphan::blob_key))
            .select(orphan::blob_key);
        let query = WithLimit(query, limit);
        let keys: Vec<MaybeInvalid<String>> = if self.writes() {
            self.run(ORPHAN, |conn| WithSuffix(query, dialect::SKIP_LOCKED).load(conn))?
        } else {
            self.run(ORPHAN, |conn| query.load(conn))?
        };
        let read = |key| self.ok_or_note(ORPHAN, Column(ORPHAN, "blob_key").parsed(key, BlobKey::from_stored));
        Ok(keys.iter().filter_map(read).collect())
    }

    fn delete(&mut self, keys: &[BlobKey]) -> Result<(), StorageError> {
        for keys in keys.chunks(VALUES) {
            let noted = orphan::table.filter(orphan::blob_key.eq_any(keys.iter().map(BlobKey::as_str)));
            self.change(ORPHAN, |conn| diesel::delete(noted).execute(conn))?;
        }
        Ok(())
    }
}
