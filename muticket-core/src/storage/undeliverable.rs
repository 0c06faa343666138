//! Users whom letters do not reach.

use chrono::{DateTime, Utc};

use crate::id::UserId;
use crate::storage::StorageError;
use crate::undeliverable::Undeliverable;

/// The users whom letters do not reach, at most one row for each (M-05). They are compared byte for byte.
pub trait UndeliverableStore {
    /// Stores what is known of a user, in place of what was stored for them.
    ///
    /// # Errors
    /// The storage failed.
    fn update(&mut self, undeliverable: &Undeliverable) -> Result<(), StorageError>;

    /// Finds what is stored for a user. A writing unit locks it until its end. What cannot be read counts as missing, and is noted as
    /// [damage](crate::storage::DamageStore).
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self, user: &UserId) -> Result<Option<Undeliverable>, StorageError>;

    /// Reads what is stored for these users, sorted by user.
    ///
    /// # Errors
    /// The storage failed.
    fn of(&mut self, users: &[UserId]) -> Result<Vec<Undeliverable>, StorageError>;

    /// Lists the users with at least this number of reports whose last report came after this time, the last one first, then by user,
    /// at most `limit`.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self, reports: u32, after: DateTime<Utc>, limit: u32) -> Result<Vec<Undeliverable>, StorageError>;

    /// Deletes what is stored for a user; `false` if nothing is.
    ///
    /// # Errors
    /// The storage failed.
    fn delete(&mut self, user: &UserId) -> Result<bool, StorageError>;

    /// Deletes what is stored for users whose last report came before this time.
    ///
    /// # Errors
    /// The storage failed.
    fn delete_before(&mut self, time: DateTime<Utc>) -> Result<(), StorageError>;
}
