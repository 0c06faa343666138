//! Letters that came in.

use chrono::{DateTime, Utc};

use crate::blob::{BlobKey, Digest};
use crate::id::{IncomingId, MessageNumber, TicketNumber, UserId};
use crate::incoming::{Incoming, Verdict, VerdictGroup};
use crate::storage::StorageError;

/// The letters that came in (M-02). Those of a deleted ticket are deleted with it.
pub trait IncomingStore {
    /// Stores a new letter.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] if a letter with this id or this digest is stored. The unit can continue.
    fn insert(&mut self, letter: &Incoming) -> Result<(), StorageError>;

    /// Finds a letter.
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self, id: IncomingId) -> Result<Option<Incoming>, StorageError>;

    /// Finds the letter with this digest.
    ///
    /// # Errors
    /// The storage failed.
    fn find_by_digest(&mut self, digest: &Digest) -> Result<Option<Incoming>, StorageError>;

    /// Claims at most `limit` letters that are due at `now`, the longest due first. Their attempts and
    /// claims are increased by one and they are due at `until`, so no other node can claim them before then. Returns the letters
    /// as they then are.
    ///
    /// # Errors
    /// The storage failed.
    fn claim(&mut self, now: DateTime<Utc>, until: DateTime<Utc>, limit: u32) -> Result<Vec<Incoming>, StorageError>;

    /// Claims a letter until `until`, if its claims are still `claims`. Then they are increased by one, the attempts stay, and no other
    /// node can claim it before then. Returns `false` and changes nothing if it does not exist or has been claimed since.
    ///
    /// # Errors
    /// The storage failed.
    fn claim_one(&mut self, id: IncomingId, claims: u32, until: DateTime<Utc>) -> Result<bool, StorageError>;

    /// Stores what became of a letter: everything but id, arrival, blob, digest, envelope and claims. Returns `false` and changes
    /// nothing if the letter does not exist, or if its claims are no longer those of `letter`: then somebody else has claimed it.
    ///
    /// # Errors
    /// [`StorageError::Stale`] if its ticket does not exist, so that the unit runs again.
    fn settle(&mut self, letter: &Incoming) -> Result<bool, StorageError>;

    /// Sets `due_at` to `due` for letters with this verdict that are due later. Those that are not due stay so.
    ///
    /// # Errors
    /// The storage failed.
    fn bring_forward(&mut self, verdict: Verdict, due: DateTime<Utc>) -> Result<(), StorageError>;

    /// When the next letter is due; `None` if none is.
    ///
    /// # Errors
    /// The storage failed.
    fn next_due(&mut self) -> Result<Option<DateTime<Utc>>, StorageError>;

    /// Lists the letters whose verdict is of the group, by time of arrival and then by id, newest first, at most `limit`. `before`
    /// leaves out the letter that came at this time and has this id, and all newer ones.
    ///
    /// # Errors
    /// The storage failed.
    fn list_recent(
        &mut self,
        group: VerdictGroup,
        before: Option<(DateTime<Utc>, IncomingId)>,
        limit: u32,
    ) -> Result<Vec<Incoming>, StorageError>;

    /// Counts the letters of each group, in the order of [`VerdictGroup::ALL`]. Counting a group stops at
    /// [`Counts::MANY`](crate::storage::Counts::MANY).
    ///
    /// # Errors
    /// The storage failed.
    fn count(&mut self) -> Result<Vec<u32>, StorageError>;

    /// Counts the letters of this writer that became messages and came after the first instant, until the second (M-05): those on the
    /// ticket, or with `None` those that opened a ticket. Does not count further than `most`. Must be cheap, because it is asked for each
    /// letter.
    ///
    /// # Errors
    /// The storage failed.
    fn taken(
        &mut self,
        writer: &UserId,
        ticket: Option<TicketNumber>,
        came: (DateTime<Utc>, DateTime<Utc>),
        most: u32,
    ) -> Result<u32, StorageError>;

    /// Counts the letters about which this writer was told after `since` (M-05). Does not count further than `most`. Must be cheap.
    ///
    /// # Errors
    /// The storage failed.
    fn told(&mut self, writer: &UserId, since: DateTime<Utc>, most: u32) -> Result<u32, StorageError>;

    /// Whether supporters were told after `since` about a letter of this ticket, which has no writer (M-03). Must be cheap: somebody may
    /// send thousands of them.
    ///
    /// # Errors
    /// The storage failed.
    fn told_supporters(&mut self, ticket: TicketNumber, since: DateTime<Utc>) -> Result<bool, StorageError>;

    /// Lists the letters that became the messages of a ticket from the first to the last of these, sorted by message.
    ///
    /// # Errors
    /// The storage failed.
    fn list_messages(
        &mut self,
        ticket: TicketNumber,
        first: MessageNumber,
        last: MessageNumber,
    ) -> Result<Vec<Incoming>, StorageError>;

    /// Lists the letters of a ticket with this verdict, by time of arrival and then by id, newest first, at most `limit`. Must be cheap,
    /// because a stranger can send any number of them.
    ///
    /// # Errors
    /// The storage failed.
    fn list_of_ticket(&mut self, ticket: TicketNumber, verdict: Verdict, limit: u32) -> Result<Vec<Incoming>, StorageError>;

    /// Lists the keys of the blobs of all letters of a ticket, in any order, before the ticket is deleted. Includes the key of a row whose
    /// other columns are damaged, so that its bytes are deleted too.
    ///
    /// # Errors
    /// The storage failed.
    fn keys(&mut self, ticket: TicketNumber) -> Result<Vec<BlobKey>, StorageError>;

    /// Deletes at most `limit` letters that are [of no further use](crate::incoming::Verdict::is_useless) and came before this time.
    /// Returns the keys of their blobs.
    ///
    /// # Errors
    /// The storage failed.
    fn delete_useless(&mut self, before: DateTime<Utc>, limit: u32) -> Result<Vec<BlobKey>, StorageError>;

    /// Deletes at most `limit` letters of [unknown senders](crate::incoming::Verdict::UnknownSender) that nobody works on and that came
    /// before this time. Returns the keys of their blobs.
    ///
    /// # Errors
    /// The storage failed.
    fn delete_unknown(&mut self, before: DateTime<Utc>, limit: u32) -> Result<Vec<BlobKey>, StorageError>;
}
