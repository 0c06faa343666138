//! Tickets and what belongs to them.

use chrono::{DateTime, Utc};

use crate::blob::Digest;
use crate::figures::Period;
use crate::history::HistoryEntry;
use crate::id::{AttachmentId, MessageNumber, Nonce, TicketNumber, UserId};
use crate::rating::{Rating, Tally};
use crate::storage::{RatedAnswer, RatedQuery, StorageError};
use crate::ticket::{Attachment, Message, Ticket, UnnumberedTicket};

/// Tickets, by their number.
pub trait Tickets {
    /// Stores a new ticket and gives it a number that no ticket had before.
    ///
    /// # Errors
    /// The storage failed.
    fn insert(&mut self, ticket: &UnnumberedTicket) -> Result<Ticket, StorageError>;

    /// The ticket with the number.
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self, number: TicketNumber) -> Result<Option<Ticket>, StorageError>;

    /// Whose ticket it is: also if the rest of its row cannot be read, so that its customer is told.
    ///
    /// # Errors
    /// The storage failed.
    fn find_customer(&mut self, number: TicketNumber) -> Result<Option<UserId>, StorageError>;

    /// Stores all that may change of a ticket, whose version was raised by one.
    ///
    /// # Errors
    /// [`StorageError::Stale`] if what is stored is not exactly one version older.
    fn update(&mut self, ticket: &Ticket) -> Result<(), StorageError>;

    /// Deletes the ticket with its messages, ratings, attachments, history, marks and letters, and says whether there was one.
    /// Tickets that follow it no longer follow anything.
    ///
    /// # Errors
    /// The storage failed.
    fn delete(&mut self, number: TicketNumber) -> Result<bool, StorageError>;
}

/// Messages, by their ticket and place. They are never changed.
pub trait Messages {
    /// Stores a message.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] if its place or its nonce is taken.
    fn insert(&mut self, message: &Message) -> Result<(), StorageError>;

    /// One message of a ticket.
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self, ticket: TicketNumber, number: MessageNumber) -> Result<Option<Message>, StorageError>;

    /// The message that came with the nonce.
    ///
    /// # Errors
    /// The storage failed.
    fn find_by_nonce(&mut self, nonce: Nonce) -> Result<Option<Message>, StorageError>;

    /// The messages of a ticket after a place, or from the first; oldest first, at most `limit`.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self, ticket: TicketNumber, after: Option<MessageNumber>, limit: u32) -> Result<Vec<Message>, StorageError>;
}

/// The files of messages; rows only, the bytes are in the blob store.
pub trait Attachments {
    /// Stores the files of one message.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] if an identifier or a key is taken.
    fn insert(&mut self, attachments: &[Attachment]) -> Result<(), StorageError>;

    /// The file with the identifier.
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self, id: AttachmentId) -> Result<Option<Attachment>, StorageError>;

    /// All files of a ticket, by message and identifier.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self, ticket: TicketNumber) -> Result<Vec<Attachment>, StorageError>;

    /// The files that have no digest, of all tickets: by identifier, after the given one, at most `limit`.
    ///
    /// # Errors
    /// The storage failed.
    fn without_digest(&mut self, after: Option<AttachmentId>, limit: u32) -> Result<Vec<Attachment>, StorageError>;

    /// Stores the digest of a file that has none; `false` if it has one, or is not there.
    ///
    /// # Errors
    /// The storage failed.
    fn set_digest(&mut self, id: AttachmentId, digest: &Digest) -> Result<bool, StorageError>;
}

/// Ratings, at most one for each answer.
pub trait Ratings {
    /// Stores the first rating of an answer.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] if it has one.
    fn insert(&mut self, rating: &Rating) -> Result<(), StorageError>;

    /// Stores a changed rating; `false` if there was none.
    ///
    /// # Errors
    /// The storage failed.
    fn update(&mut self, rating: &Rating) -> Result<bool, StorageError>;

    /// The rating of one answer.
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self, ticket: TicketNumber, message: MessageNumber) -> Result<Option<Rating>, StorageError>;

    /// All ratings of a ticket, by message.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self, ticket: TicketNumber) -> Result<Vec<Rating>, StorageError>;

    /// The answers of one author and the stars they got. Counts only what he wrote as a supporter.
    ///
    /// # Errors
    /// The storage failed.
    fn tally(&mut self, author: &UserId) -> Result<Tally, StorageError>;

    /// When one author last wrote an answer, or one of his answers was last rated, whichever is later, but not after `until`: a clock
    /// that was wrong may have written instants of the future.
    ///
    /// # Errors
    /// The storage failed.
    fn last_active(&mut self, author: &UserId, until: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StorageError>;

    /// What there was in each period, in their order: the answers of one author that were written in it, and the stars that were last
    /// given in it to any of them. Counts only what he wrote as a supporter. No instant is in two of the periods, and they are few.
    ///
    /// # Errors
    /// The storage failed.
    fn tally_periods(&mut self, author: &UserId, periods: &[Period]) -> Result<Vec<Tally>, StorageError>;

    /// The rated answers the query asks for, the last rated first.
    ///
    /// # Errors
    /// The storage failed.
    fn list_by_author(&mut self, query: &RatedQuery) -> Result<Vec<RatedAnswer>, StorageError>;
}

/// What happened to tickets. Entries are added and never changed.
pub trait Histories {
    /// Adds an entry.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] if the ticket has one of that version.
    fn insert(&mut self, entry: &HistoryEntry) -> Result<(), StorageError>;

    /// The history of a ticket, oldest first.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self, ticket: TicketNumber) -> Result<Vec<HistoryEntry>, StorageError>;
}

/// How far people have read tickets.
pub trait Marks {
    /// Notes that the user has read the ticket up to the message. A mark never goes back.
    ///
    /// # Errors
    /// The storage failed.
    fn mark(&mut self, user: &UserId, ticket: TicketNumber, message: MessageNumber) -> Result<(), StorageError>;

    /// How far the user has read these tickets, by number. One of which he has no mark is left out.
    ///
    /// # Errors
    /// The storage failed.
    fn list(&mut self, user: &UserId, tickets: &[TicketNumber]) -> Result<Vec<(TicketNumber, MessageNumber)>, StorageError>;
}
