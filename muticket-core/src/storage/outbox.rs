//! Letters to be sent, and blobs to be deleted: what is done after a unit, by rows that the unit wrote.

use chrono::{DateTime, Utc};

use crate::blob::BlobKey;
use crate::id::LetterId;
use crate::notice::{LetterState, OutboxEntry};
use crate::storage::StorageError;

/// Letters, from their reason to their end.
pub trait Outbox {
    /// Adds letters. Their identifiers are new.
    ///
    /// # Errors
    /// The storage failed, which it also does if an identifier is taken. The unit then ends.
    fn insert(&mut self, entries: &[OutboxEntry]) -> Result<(), StorageError>;

    /// Takes letters that are due at `now`, waiting ones and ones whose claim has lapsed, the longest due first, at most `limit`.
    /// Each becomes claimed until `until`, its attempts and its claims are raised by one, and no other courier gets it before then.
    /// Comes back with its attempts and claims as they are stored now, and with the state it had before, so that it can be put back.
    ///
    /// # Errors
    /// The storage failed.
    fn claim(&mut self, now: DateTime<Utc>, until: DateTime<Utc>, limit: u32) -> Result<Vec<OutboxEntry>, StorageError>;

    /// Ends a claim with the letter's new state; `false`, and nothing changed, if the letter is gone or was claimed again since:
    /// its number of claims is not `claims` any more.
    ///
    /// # Errors
    /// The storage failed.
    fn settle(&mut self, id: LetterId, claims: u32, state: &LetterState) -> Result<bool, StorageError>;

    /// Ends a claim under which the letter was not tried: it has this state, and one attempt less. `false`, and nothing changed, in the same
    /// cases as [`settle`](Self::settle).
    ///
    /// # Errors
    /// The storage failed.
    fn put_back(&mut self, id: LetterId, claims: u32, state: &LetterState) -> Result<bool, StorageError>;

    /// Makes every letter that is due after `latest` due at `due`, and says how many: a wrong clock dated them. Their states, attempts and
    /// claims stay, so whoever holds a claim on one still settles it.
    ///
    /// # Errors
    /// The storage failed.
    fn bring_forward(&mut self, latest: DateTime<Utc>, due: DateTime<Utc>) -> Result<u64, StorageError>;

    /// Holds every letter that waits or is claimed, and says how many. Nobody claims a held letter, and who held a claim on it does not
    /// settle it any more.
    ///
    /// # Errors
    /// The storage failed.
    fn hold(&mut self) -> Result<u64, StorageError>;

    /// Gives every held letter this state, and says how many there were. Their attempts stay counted.
    ///
    /// # Errors
    /// The storage failed.
    fn end_hold(&mut self, state: &LetterState) -> Result<u64, StorageError>;

    /// How many letters are held. Cheap, for it is asked for each page of the backend.
    ///
    /// # Errors
    /// The storage failed.
    fn held(&mut self) -> Result<u64, StorageError>;

    /// When letters were last looked after; `None` before the first time.
    ///
    /// # Errors
    /// The storage failed.
    fn pulse(&mut self) -> Result<Option<Pulse>, StorageError>;

    /// Notes when letters were last looked after, in place of what was noted before.
    ///
    /// # Errors
    /// The storage failed.
    fn set_pulse(&mut self, pulse: &Pulse) -> Result<(), StorageError>;

    /// Makes a failed letter wait again from `now` on, with no attempts; `false` if it is not failed. Its claims stay counted, so whoever
    /// held one of them does not settle a later one.
    ///
    /// # Errors
    /// The storage failed.
    fn retry(&mut self, id: LetterId, now: DateTime<Utc>) -> Result<bool, StorageError>;

    /// When the next letter is due: the earliest instant of those waiting and claimed. Held ones are not due.
    ///
    /// # Errors
    /// The storage failed.
    fn next_due(&mut self) -> Result<Option<DateTime<Utc>>, StorageError>;

    /// The letters that are not sent: failed, held, waiting, claimed and dropped ones, in this order, newest first within each, at most `limit`.
    ///
    /// # Errors
    /// The storage failed.
    fn list_unsent(&mut self, limit: u32) -> Result<Vec<OutboxEntry>, StorageError>;

    /// How many letters are in each state.
    ///
    /// # Errors
    /// The storage failed.
    fn count(&mut self) -> Result<OutboxCounts, StorageError>;

    /// Deletes letters that were sent or dropped before the instant, and says how many.
    ///
    /// # Errors
    /// The storage failed.
    fn delete_ended(&mut self, before: DateTime<Utc>) -> Result<u64, StorageError>;
}

/// How many letters are in each state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the states of LetterState; a claimed letter is still waiting")]
pub struct OutboxCounts {
    pub waiting: u64,
    pub sent: u64,
    pub dropped: u64,
    pub failed: u64,
    pub held: u64,
}

/// A note that couriers write every minute: by it, they know a database that was put back from a backup (P-34).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pulse {
    /// Grows with every note, so a database with a smaller one is an older database.
    pub beat: u64,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// Whether the site was stopped then, and not cut off.
    pub stopped: bool,
}

/// Blobs that belong to no message: not yet, or not any more. See [`crate::blob`].
pub trait Orphans {
    /// Notes blobs as orphans until `due`; a blob that is noted already gets the new instant.
    ///
    /// # Errors
    /// The storage failed.
    fn insert(&mut self, keys: &[BlobKey], due: DateTime<Utc>) -> Result<(), StorageError>;

    /// Crosses a note out; `false` if there is none, or it is due at `now` and the blob may be gone.
    ///
    /// # Errors
    /// The storage failed.
    fn adopt(&mut self, key: &BlobKey, now: DateTime<Utc>) -> Result<bool, StorageError>;

    /// Orphans that are due at `now`, the longest due first, at most `limit`.
    ///
    /// A unit that writes holds the notes that come back until its end: nobody adopts them meanwhile, and no other unit that writes gets
    /// them. It leaves out the notes that another unit holds or is adopting.
    ///
    /// # Errors
    /// The storage failed.
    fn due(&mut self, now: DateTime<Utc>, limit: u32) -> Result<Vec<BlobKey>, StorageError>;

    /// Forgets orphans whose bytes were deleted.
    ///
    /// # Errors
    /// The storage failed.
    fn delete(&mut self, keys: &[BlobKey]) -> Result<(), StorageError>;
}
