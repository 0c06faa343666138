//! Deletes letters that nobody needs any more.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use muticket_core::blob::BlobKey;
use muticket_core::incoming::Verdict;
use muticket_core::storage::StorageError;

use super::{Column, DieselUnit, Key, MaybeInvalid, TABLE, VALUES, column_of, dialect};
use crate::fragment::{WithLimit, WithSuffix};
use crate::schema::incoming;

/// How many more keys there may be.
fn room(keys: &[BlobKey], limit: u32) -> u32 {
    limit.saturating_sub(u32::try_from(keys.len()).unwrap_or(limit))
}

impl DieselUnit<'_> {
    /// See [`IncomingStore::delete_useless`](muticket_core::storage::IncomingStore::delete_useless).
    pub(super) fn delete_useless_letters(&mut self, before: DateTime<Utc>, limit: u32) -> Result<Vec<BlobKey>, StorageError> {
        let mut keys = Vec::new();
        // One statement for each verdict lets an index be used.
        for verdict in Verdict::ALL.iter().filter(|verdict| verdict.is_useless()) {
            let old = incoming::verdict.eq(verdict.as_str()).and(incoming::received_at.lt(column_of(before)));
            let query = incoming::table.filter(old).select((incoming::id, incoming::blob_key));
            let query = WithSuffix(WithLimit(query, room(&keys, limit)), dialect::SKIP_LOCKED);
            let found = self.change(TABLE, |conn| query.load(conn))?;
            keys.extend(self.delete_letters(found)?);
        }
        Ok(keys)
    }

    /// See [`IncomingStore::delete_unknown`](muticket_core::storage::IncomingStore::delete_unknown).
    pub(super) fn delete_unknown_letters(&mut self, before: DateTime<Utc>, limit: u32) -> Result<Vec<BlobKey>, StorageError> {
        let of_unknown = incoming::verdict.eq(Verdict::UnknownSender.as_str()).and(incoming::due_at.is_null());
        let old = of_unknown.and(incoming::received_at.lt(column_of(before)));
        let query = incoming::table.filter(old).select((incoming::id, incoming::blob_key));
        let query = WithSuffix(WithLimit(query, limit), dialect::SKIP_LOCKED);
        let found = self.change(TABLE, |conn| query.load(conn))?;
        self.delete_letters(found)
    }

    /// Deletes these letters and returns the keys of their blobs. A damaged one stays.
    fn delete_letters(&mut self, found: Vec<(MaybeInvalid<Key>, MaybeInvalid<String>)>) -> Result<Vec<BlobKey>, StorageError> {
        let (mut ids, mut keys) = (Vec::with_capacity(found.len()), Vec::with_capacity(found.len()));
        for (id, key) in found {
            let key = Column(TABLE, "blob_key").parsed(&key, BlobKey::from_stored);
            let (Some(id), Some(key)) = (self.ok_or_note(TABLE, Column(TABLE, "id").valid(&id)), self.ok_or_note(TABLE, key))
            else {
                continue;
            };
            ids.push(id);
            keys.push(key);
        }
        for ids in ids.chunks(VALUES) {
            let delete = diesel::delete(incoming::table.filter(incoming::id.eq_any(ids)));
            self.change(TABLE, |conn| delete.execute(conn))?;
        }
        Ok(keys)
    }
}
