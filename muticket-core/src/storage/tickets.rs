//! Tickets and their parts.

use chrono::{DateTime, Utc};

use crate::blob::{BlobKey, Digest};
use crate::figures::Period;
use crate::history::HistoryEntry;
use crate::id::{AttachmentId, MessageNumber, Nonce, TicketNumber, UserId};
use crate::rating::{Rating, Tally};
use crate::storage::{RatedAnswer, RatedQuery, StorageError};
use crate::ticket::{Attachment, Message, Ticket, UnnumberedTicket};
use crate::viewer::Side;

/// Tickets by number.
pub trait TicketStore {
    /// Stores a new ticket and gives it a number that no ticket has ever had.
    ///
    /// # Errors
    /// The storage failed.
    fn insert(&mut self, ticket: &UnnumberedTicket) -> Result<Ticket, StorageError>;

    /// Finds a ticket by its number.
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self, number: TicketNumber) -> Result<Option<Ticket>, StorageError>;

    /// Finds a ticket that the unit does not change. A storage need not lock it, so that the unit neither waits for others that
    /// write the ticket nor makes them wait.
    ///
    /// # Errors
    /// The storage failed.
    fn find_unlocked(&mut self, number: TicketNumber) -> Result<Option<Ticket>, StorageError> {
        self.find(number)
    }

    /// Finds the customer of a ticket, even if the rest of its row is damaged, so that the customer can be told.
    ///
    /// # Errors
    /// The storage failed.
    fn find_customer(&mut self, number: TicketNumber) -> Result<Option<UserId>, StorageError>;

    /// Finds the customers of some tickets, sorted by number. A ticket that does not exist, or whose customer cannot be read, is left out.
    ///
    /// # Errors
    /// The storage failed.
    fn list_customers(&mut self, numbers: &[TicketNumber]) -> Result<Vec<(TicketNumber, UserId)>, StorageError>;

    /// Stores the changeable fields of a ticket whose version was increased by one.
    ///
    /// # Errors
    /// [`StorageError::Stale`] if the stored version is not exactly one lower.
    fn update(&mut self, ticket: &Ticket) -> Result<(), StorageError>;

    /// Deletes the ticket with its messages, notes, ratings, files, history, marks and letters, and takes its labels off;
    /// `false` if it does not exist. Tickets that follow it no longer follow a ticket.
    ///
    /// # Errors
    /// The storage failed.
    fn delete(&mut self, number: TicketNumber) -> Result<bool, StorageError>;
}

/// The number of characters (Unicode scalar values) at the beginning of a message that a list shows at most (T-12).
pub const BEGINNING: usize = 200;

/// Messages by ticket and position. They never change.
pub trait MessageStore {
    /// Stores a message.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] if its position or its nonce is taken.
    fn insert(&mut self, message: &Message) -> Result<(), StorageError>;

    /// Finds a message of a ticket.
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self, ticket: TicketNumber, number: MessageNumber) -> Result<Option<Message>, StorageError>;

    /// Finds the message stored with the nonce.
    ///
    /// # Errors
    /// The storage failed.
    fn find_by_nonce(&mut self, nonce: Nonce) -> Result<Option<Message>, StorageError>;

    /// Lists the messages of a ticket after a position, or from the first, oldest first, at most `limit`.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self, ticket: TicketNumber, after: Option<MessageNumber>, limit: u32) -> Result<Vec<Message>, StorageError>;

    /// Reads the first [`BEGINNING`] characters of each of these messages, sorted by ticket and position. A message that is missing or
    /// damaged is left out.
    ///
    /// # Errors
    /// The storage failed.
    fn beginnings(&mut self, places: &[(TicketNumber, MessageNumber)]) -> Result<Vec<(TicketNumber, String)>, StorageError>;
}

/// The files of messages. Rows only; the bytes are in the blob store.
pub trait AttachmentStore {
    /// Stores the files of one message.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] if an id or a key is taken.
    fn insert(&mut self, attachments: &[Attachment]) -> Result<(), StorageError>;

    /// Finds a file by its id.
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self, id: AttachmentId) -> Result<Option<Attachment>, StorageError>;

    /// Lists all files of a ticket, sorted by message and id.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self, ticket: TicketNumber) -> Result<Vec<Attachment>, StorageError>;

    /// Lists the keys of all files of a ticket, in any order, before the ticket is deleted. Includes the key of a row whose
    /// other columns are damaged, so that its bytes are deleted too.
    ///
    /// The default takes them from [`list`](Self::list).
    ///
    /// # Errors
    /// The storage failed.
    fn keys(&mut self, ticket: TicketNumber) -> Result<Vec<BlobKey>, StorageError> {
        Ok(self.list(ticket)?.into_iter().map(|file| file.key).collect())
    }

    /// Lists files without a digest, of all tickets, sorted by id, after the given one, at most `limit`.
    ///
    /// # Errors
    /// The storage failed.
    fn without_digest(&mut self, after: Option<AttachmentId>, limit: u32) -> Result<Vec<Attachment>, StorageError>;

    /// Stores the digest of a file; `false` if it already has one or does not exist.
    ///
    /// # Errors
    /// The storage failed.
    fn set_digest(&mut self, id: AttachmentId, digest: &Digest) -> Result<bool, StorageError>;
}

/// Ratings, at most one for each answer.
pub trait RatingStore {
    /// Stores the first rating of an answer.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] if the answer already has one.
    fn insert(&mut self, rating: &Rating) -> Result<(), StorageError>;

    /// Replaces a rating; `false` if it does not exist.
    ///
    /// # Errors
    /// The storage failed.
    fn update(&mut self, rating: &Rating) -> Result<bool, StorageError>;

    /// Finds the rating of an answer.
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self, ticket: TicketNumber, message: MessageNumber) -> Result<Option<Rating>, StorageError>;

    /// Lists all ratings of a ticket, sorted by message.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self, ticket: TicketNumber) -> Result<Vec<Rating>, StorageError>;

    /// Counts an author's answers and their ratings. Only messages written as a supporter count.
    ///
    /// # Errors
    /// The storage failed.
    fn tally(&mut self, author: &UserId) -> Result<Tally, StorageError>;

    /// Counts the ratings that a customer has given on all their tickets: those of one star, two stars, ... five stars.
    ///
    /// # Errors
    /// The storage failed.
    fn given_by(&mut self, customer: &UserId) -> Result<[u64; 5], StorageError>;

    /// The latest time, not after `until`, at which an author wrote an answer or one of their answers was last rated. A
    /// wrong clock may have stored later times.
    ///
    /// # Errors
    /// The storage failed.
    fn last_active(&mut self, author: &UserId, until: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StorageError>;

    /// Counts for each period, in order: the author's answers written in it, and the ratings last given in it to any of
    /// their answers. Only messages written as a supporter count. The periods do not overlap and are few.
    ///
    /// # Errors
    /// The storage failed.
    fn tally_periods(&mut self, author: &UserId, periods: &[Period]) -> Result<Vec<Tally>, StorageError>;

    /// Lists the rated answers that the query selects, most recently rated first.
    ///
    /// # Errors
    /// The storage failed.
    fn list_by_author(&mut self, query: &RatedQuery) -> Result<Vec<RatedAnswer>, StorageError>;
}

/// The histories of tickets. Entries are added and never changed.
pub trait HistoryStore {
    /// Adds an entry.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] if the ticket already has an entry with that version.
    fn insert(&mut self, entry: &HistoryEntry) -> Result<(), StorageError>;

    /// Lists the history of a ticket after a version, or from the first, oldest first. For the customer's side, only changes
    /// that [are for it](crate::history::Change::is_for).
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self, ticket: TicketNumber, side: Side, after: Option<u32>) -> Result<Vec<HistoryEntry>, StorageError>;
}

/// Marks: which messages users have read.
pub trait MarkStore {
    /// Records that the user has read the ticket up to the message. A mark never moves back.
    ///
    /// # Errors
    /// The storage failed.
    fn mark(&mut self, user: &UserId, ticket: TicketNumber, message: MessageNumber) -> Result<(), StorageError>;

    /// Lists up to where the user has read these tickets, sorted by number. Tickets without a mark are left out.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self, user: &UserId, tickets: &[TicketNumber]) -> Result<Vec<(TicketNumber, MessageNumber)>, StorageError>;
}
