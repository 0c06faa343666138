//! The outbox and the orphans: rows that a unit writes so that letters are sent, and blobs deleted, after its commit.

use chrono::{DateTime, Utc};

use crate::blob::BlobKey;
use crate::id::LetterId;
use crate::notification::{LetterState, OutboxEntry};
use crate::storage::StorageError;

/// The letters of a site, from their notification to their end.
pub trait OutboxStore {
    /// Adds letters with new ids.
    ///
    /// # Errors
    /// The storage failed, or an id is taken. The unit cannot continue.
    fn insert(&mut self, entries: &[OutboxEntry]) -> Result<(), StorageError>;

    /// Claims at most `limit` letters that are due at `now`: waiting ones, and ones whose claim has expired; the longest due
    /// first. Each is claimed until `until`, and its attempts and claims are increased by one. No other courier can claim it
    /// before then. Returns the letters with the new attempts and claims, but with their previous state, so that it can be
    /// restored.
    ///
    /// # Errors
    /// The storage failed.
    fn claim(&mut self, now: DateTime<Utc>, until: DateTime<Utc>, limit: u32) -> Result<Vec<OutboxEntry>, StorageError>;

    /// Ends a claim with the letter's new state. Returns `false` and changes nothing if the letter was deleted, [came
    /// back](Self::came_back) or was claimed again: then its number of claims is no longer `claims`.
    ///
    /// # Errors
    /// The storage failed.
    fn settle(&mut self, id: LetterId, claims: u32, state: &LetterState) -> Result<bool, StorageError>;

    /// Ends the claim of a letter that was not tried: sets this state, and decreases the attempts by one. Returns `false`
    /// and changes nothing in the same cases as [`settle`](Self::settle).
    ///
    /// # Errors
    /// The storage failed.
    fn put_back(&mut self, id: LetterId, claims: u32, state: &LetterState) -> Result<bool, StorageError>;

    /// Finds a letter, in any state.
    ///
    /// # Errors
    /// The storage failed, or the letter is damaged.
    fn find(&mut self, id: LetterId) -> Result<Option<OutboxEntry>, StorageError>;

    /// Marks a letter as failed at this time, with this problem, if it is sent or claimed: a mail server may return a letter before its
    /// courier has settled it. Its claim then has ended, and can no longer be settled. Returns `false` and changes nothing if the letter
    /// does not exist or has another state.
    ///
    /// # Errors
    /// The storage failed.
    fn came_back(&mut self, id: LetterId, at: DateTime<Utc>, problem: &str) -> Result<bool, StorageError>;

    /// Makes letters that are due after `latest`, dated by a wrong clock, due at `due`, and returns their number. Their
    /// states, attempts and claims stay, so the holder of a claim can still settle it.
    ///
    /// # Errors
    /// The storage failed.
    fn bring_forward(&mut self, latest: DateTime<Utc>, due: DateTime<Utc>) -> Result<u64, StorageError>;

    /// Holds all waiting and claimed letters, and returns their number. Held letters cannot be claimed, and existing claims
    /// on them can no longer be settled.
    ///
    /// # Errors
    /// The storage failed.
    fn hold(&mut self) -> Result<u64, StorageError>;

    /// Sets the state of all held letters, and returns their number. Their attempts stay.
    ///
    /// # Errors
    /// The storage failed.
    fn end_hold(&mut self, state: &LetterState) -> Result<u64, StorageError>;

    /// The number of held letters. Must be cheap, because every backend page asks for it.
    ///
    /// # Errors
    /// The storage failed.
    fn held(&mut self) -> Result<u64, StorageError>;

    /// The latest pulse; `None` if there never was one.
    ///
    /// # Errors
    /// The storage failed.
    fn pulse(&mut self) -> Result<Option<Pulse>, StorageError>;

    /// Replaces the pulse.
    ///
    /// # Errors
    /// The storage failed.
    fn set_pulse(&mut self, pulse: &Pulse) -> Result<(), StorageError>;

    /// Lets a failed letter wait again from `now` on, with no attempts; `false` if it is not failed. Its claims stay
    /// counted, so the holder of an earlier claim cannot settle a later one.
    ///
    /// # Errors
    /// The storage failed.
    fn retry(&mut self, id: LetterId, now: DateTime<Utc>) -> Result<bool, StorageError>;

    /// When the next letter is due: the earliest time of all waiting and claimed letters. Held letters are not due.
    ///
    /// # Errors
    /// The storage failed.
    fn next_due(&mut self) -> Result<Option<DateTime<Utc>>, StorageError>;

    /// Lists at most `limit` unsent letters: failed, held, waiting, claimed and dropped ones, in this order, newest first
    /// within each.
    ///
    /// # Errors
    /// The storage failed.
    fn list_unsent(&mut self, limit: u32) -> Result<Vec<OutboxEntry>, StorageError>;

    /// Counts the letters in each state.
    ///
    /// # Errors
    /// The storage failed.
    fn count(&mut self) -> Result<OutboxCounts, StorageError>;

    /// Deletes letters that were sent or dropped before the given time, and returns their number.
    ///
    /// # Errors
    /// The storage failed.
    fn delete_ended(&mut self, before: DateTime<Utc>) -> Result<u64, StorageError>;
}

/// The number of letters in each state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the states of LetterState; a claimed letter is still waiting")]
pub struct OutboxCounts {
    pub waiting: u64,
    pub sent: u64,
    pub dropped: u64,
    pub failed: u64,
    pub held: u64,
}

/// A record that couriers write every minute. It reveals a database that was restored from a backup (P-34).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Pulse {
    /// Grows with each pulse. A database with a smaller number is an older one.
    pub beat: u64,
    /// The time of writing.
    pub at: DateTime<Utc>,
    /// Whether the site was stopped at that time.
    pub stopped: bool,
}

/// Blobs that belong to no message and no note, not yet or no longer. See [`crate::blob`].
pub trait OrphanStore {
    /// Notes blobs as orphans until `due`. For a noted blob, the time is replaced.
    ///
    /// # Errors
    /// The storage failed.
    fn insert(&mut self, keys: &[BlobKey], due: DateTime<Utc>) -> Result<(), StorageError>;

    /// Removes the note of a blob; `false` if there is none, or if it is due at `now` and the blob may be deleted.
    ///
    /// # Errors
    /// The storage failed.
    fn adopt(&mut self, key: &BlobKey, now: DateTime<Utc>) -> Result<bool, StorageError>;

    /// Lists at most `limit` orphans that are due at `now`, the longest due first.
    ///
    /// A writing unit locks the notes that it gets until its end: they cannot be adopted meanwhile, and other writing units
    /// do not get them. Notes that another unit has locked or is adopting are skipped.
    ///
    /// # Errors
    /// The storage failed.
    fn due(&mut self, now: DateTime<Utc>, limit: u32) -> Result<Vec<BlobKey>, StorageError>;

    /// Removes the notes of orphans whose bytes were deleted.
    ///
    /// # Errors
    /// The storage failed.
    fn delete(&mut self, keys: &[BlobKey]) -> Result<(), StorageError>;
}
