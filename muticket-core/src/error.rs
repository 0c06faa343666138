//! What the doors answer when they do not do what was asked. Codes and data only: the sentences are the web module's.

use crate::access::AccessLevel;
use crate::blob::BlobError;
use crate::host::HostError;
use crate::id::{MessageNumber, UnfitId};
use crate::log_line::part_of_a_line;
use crate::storage::StorageError;
use crate::ticket::Message;

/// Why a door did not do it, by what the caller can do about it. Nothing was stored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A guest: send him to the host's login.
    #[error("sign in first")]
    SignIn,
    /// It does not exist, or not for this visitor: there is no difference (R-21, P-02).
    #[error("not found")]
    NotFound,
    /// The visitor knows of it and may not do it.
    #[error("not allowed: {0}")]
    Denied(Denial),
    /// Allowed, but not as things stand.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// The input is wrong; every problem there is, at once (D-10).
    #[error("invalid input in {} field(s)", .0.len())]
    Invalid(Vec<FieldError>),
    /// Somebody else was faster; show both texts (P-26).
    #[error("the ticket was changed by someone else")]
    Conflict(Conflict),
    /// A part of the site does not work just now. Nothing the visitor did is wrong; log it once, keep what he typed.
    #[error("temporarily unavailable")]
    Unavailable(#[from] Unavailable),
}

/// Why a known thing may not be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Denial {
    /// The host gave the visitor less than this level.
    #[error("needs access level {0:?}")]
    Level(AccessLevel),
    /// Only the ticket's customer does this.
    #[error("only the ticket's customer may do this")]
    NotTheCustomer,
    /// A supporter is the customer of his own ticket, and nothing else (D-05).
    #[error("supporters may not handle their own tickets")]
    OwnTicket,
    /// Supporters do not open tickets here (D-05).
    #[error("supporters may not open tickets")]
    SupportersDoNotOpen,
}

/// Why something is not done as things stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// No supporter is present.
    #[error("support is not active")]
    SupportOff,
    /// The ticket is closed (D-02).
    #[error("the ticket is closed")]
    TicketClosed,
    /// Ratings are switched off.
    #[error("ratings are off")]
    RatingsOff,
    /// Only answers by supporters are rated.
    #[error("only answers can be rated")]
    NotAnAnswer,
    /// Nobody rates what he wrote himself.
    #[error("supporters cannot rate their own answers")]
    OwnAnswer,
    /// The form was sent before, with something else in it (P-25).
    #[error("the form was already sent with different content")]
    FormUsed,
    /// It says exactly what its author has just said, in another form: they are asked whether they mean it (P-25).
    #[error("the same was just sent")]
    SameAgain,
    /// The bytes of the file are gone.
    #[error("the file is missing")]
    FileMissing,
    /// The bytes of the file are not those that were stored (P-29).
    #[error("the file is damaged")]
    FileDamaged,
    /// The ticket is there, and its row holds what cannot be read (P-28). An administrator can delete it.
    #[error("the ticket is damaged")]
    TicketDamaged,
    /// The categories are kept by the host, not here.
    #[error("categories are managed by the host")]
    CategoriesOfTheHost,
}

/// One wrong field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Which.
    pub field: Field,
    /// What is wrong with it.
    pub problem: Problem,
}

/// The fields that can be wrong. The web module calls its inputs by the same names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names of the inputs in the forms")]
#[non_exhaustive]
pub enum Field {
    Subject,
    Body,
    Category,
    /// One of the files, by its name.
    Attachment(String),
    /// The files together.
    Attachments,
    Stars,
    User,
    SupporterGroup,
    ImageLimit,
    TimeZone,
    /// A category's name in the language with this tag.
    Name(String),
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Nothing was typed or chosen.
    #[error("empty")]
    Empty,
    /// Too many characters.
    #[error("{length} characters, but the limit is {max}")]
    TooLong {
        /// How many are allowed.
        max: usize,
        /// How many there were.
        length: usize,
    },
    /// Not one of the choices (any more).
    #[error("no such choice")]
    Unknown,
    /// There already is one.
    #[error("already exists")]
    Taken,
    /// More than a message may carry.
    #[error("more than {max}")]
    TooMany {
        /// How many are allowed.
        max: usize,
    },
    /// A file over its limit.
    #[error("larger than {max} bytes")]
    TooLarge {
        /// How many bytes are allowed.
        max: u64,
    },
    /// A file that was stored for a form and waited too long for the form to be sent.
    #[error("the upload has expired")]
    Expired,
    /// A file of which only the name came.
    #[error("its bytes were not sent")]
    NotSent,
}

/// What changed since the visitor saw the ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The newest message he had seen.
    pub seen: MessageNumber,
    /// What was written since, oldest first.
    pub since: Vec<Message>,
}

/// A part that does not work just now. `Debug` says it with its causes.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Unavailable {
    /// The storage failed.
    #[error("the storage failed")]
    Storage(#[source] StorageError),
    /// The host could not say who its users are, or which categories it has.
    #[error("the host failed")]
    Host(#[source] HostError),
    /// The host gave the visitor an id that cannot be used. It stays so until the host gives another; see
    /// [`HostTrouble`](crate::host::HostTrouble).
    #[error("the host gave the visitor an id that cannot be used")]
    VisitorId(#[source] UnfitId),
    /// The attachments' bytes cannot be written or read.
    #[error("the blob store failed")]
    Blobs(#[source] BlobError),
}

/// Makes `Debug` of an error what its `Display` and its causes say: that is what a `main` that returns it prints.
macro_rules! debug_says_the_sentence {
    ($error:ty) => {
        impl std::fmt::Debug for $error {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&$crate::error::with_causes(self))
            }
        }
    };
}
pub(crate) use debug_says_the_sentence;

debug_says_the_sentence!(Unavailable);

/// An error with all its causes, as a [part of a line](part_of_a_line) of at most 2000 characters: for logs, and for `Debug` of the errors
/// that a `main` returns.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    const MAX: usize = 2000;
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        // Some errors say what their causes say.
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = error.source();
    }
    part_of_a_line(&text, MAX)
}

impl From<StorageError> for Error {
    fn from(error: StorageError) -> Self {
        Self::Unavailable(Unavailable::Storage(error))
    }
}

impl From<HostError> for Error {
    fn from(error: HostError) -> Self {
        Self::Unavailable(Unavailable::Host(error))
    }
}

impl From<BlobError> for Error {
    fn from(error: BlobError) -> Self {
        Self::Unavailable(Unavailable::Blobs(error))
    }
}

impl From<Denial> for Error {
    fn from(denial: Denial) -> Self {
        Self::Denied(denial)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Collects the problems of a form's fields.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<FieldError>);

impl Problems {
    /// Keeps the value, or notes what is wrong with the field.
    pub(crate) fn check<T>(&mut self, field: Field, parsed: Result<T, Problem>) -> Option<T> {
        parsed.map_err(|problem| self.note(field, problem)).ok()
    }

    /// Notes a problem.
    pub(crate) fn note(&mut self, field: Field, problem: Problem) {
        self.0.push(FieldError { field, problem });
    }

    /// Notes problems that were found before.
    pub(crate) fn extend(&mut self, errors: Vec<FieldError>) {
        self.0.extend(errors);
    }

    /// All of them, as the door's answer.
    pub(crate) fn into_error(self) -> Error {
        Error::Invalid(self.0)
    }

    /// Goes on if there are none.
    pub(crate) fn none(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(self.into_error()) }
    }
}
