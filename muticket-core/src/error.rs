//! The errors of the doors. They contain codes and data only; the web module has the sentences.

use crate::access::AccessLevel;
use crate::blob::BlobError;
use crate::host::HostError;
use crate::id::{MessageNumber, UnfitId};
use crate::log_line::part_of_a_line;
use crate::storage::StorageError;
use crate::ticket::Message;

/// Why a door refused an action, by what the caller can do about it. Nothing was stored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The visitor is a guest: redirect them to the host's login.
    #[error("sign in first")]
    SignIn,
    /// It does not exist, or the visitor must not see it: both look the same (R-21, P-02).
    #[error("not found")]
    NotFound,
    /// The visitor may know of it, but may not do this.
    #[error("not allowed: {0}")]
    Denied(Denial),
    /// Allowed in general, but not in the current state.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// The input is invalid. Contains all problems (D-10).
    #[error("invalid input in {} field(s)", .0.len())]
    Invalid(Vec<FieldError>),
    /// Someone else was faster. Show both texts (P-26).
    #[error("the ticket was changed by someone else")]
    Conflict(Conflict),
    /// A part of the site is unavailable. It is not the visitor's fault: log it once, and keep what they typed.
    #[error("temporarily unavailable")]
    Unavailable(#[from] Unavailable),
}

/// Why the visitor may not do something with a thing they know of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Denial {
    /// The host gave the visitor a lower level than this.
    #[error("needs access level {0:?}")]
    Level(AccessLevel),
    /// Only the ticket's customer may do this.
    #[error("only the ticket's customer may do this")]
    NotTheCustomer,
    /// Supporters are only the customer of their own ticket (D-05).
    #[error("supporters may not handle their own tickets")]
    OwnTicket,
    /// Supporters may not open tickets here (D-05).
    #[error("supporters may not open tickets")]
    SupportersDoNotOpen,
}

/// Why something is refused in the current state.
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
    /// Only supporters' answers can be rated.
    #[error("only answers can be rated")]
    NotAnAnswer,
    /// Users cannot rate their own answers.
    #[error("supporters cannot rate their own answers")]
    OwnAnswer,
    /// The form was sent before with other content (P-25).
    #[error("the form was already sent with different content")]
    FormUsed,
    /// It repeats its author's last message in another form. The author is asked to confirm it (P-25).
    #[error("the same was just sent")]
    SameAgain,
    /// The bytes of the file are missing.
    #[error("the file is missing")]
    FileMissing,
    /// The bytes of the file are not the stored ones (P-29).
    #[error("the file is damaged")]
    FileDamaged,
    /// The ticket exists, but its row is damaged (P-28). An administrator can delete it.
    #[error("the ticket is damaged")]
    TicketDamaged,
    /// The host supplies the categories, so they cannot be edited here.
    #[error("categories are managed by the host")]
    CategoriesOfTheHost,
}

/// An invalid field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field.
    pub field: Field,
    /// The problem.
    pub problem: Problem,
}

/// The fields that can be invalid. The inputs of the web module have the same names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names of the inputs in the forms")]
#[non_exhaustive]
pub enum Field {
    Subject,
    Body,
    Category,
    /// One file, by its name.
    Attachment(String),
    /// All files together.
    Attachments,
    Stars,
    User,
    SupporterGroup,
    ImageLimit,
    TimeZone,
    /// A category's name in the language with this tag.
    Name(String),
}

/// The problem with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Nothing was typed or chosen.
    #[error("empty")]
    Empty,
    /// Too many characters.
    #[error("{length} characters, but the limit is {max}")]
    TooLong {
        /// The limit.
        max: usize,
        /// The actual number.
        length: usize,
    },
    /// Not one of the choices, or no longer.
    #[error("no such choice")]
    Unknown,
    /// The value already exists.
    #[error("already exists")]
    Taken,
    /// More than a message may have.
    #[error("more than {max}")]
    TooMany {
        /// The limit.
        max: usize,
    },
    /// A file above its size limit.
    #[error("larger than {max} bytes")]
    TooLarge {
        /// The limit in bytes.
        max: u64,
    },
    /// An uploaded file whose form was sent too late.
    #[error("the upload has expired")]
    Expired,
    /// A file whose name was sent without its bytes.
    #[error("its bytes were not sent")]
    NotSent,
}

/// The messages added since the visitor saw the ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The newest message the visitor had seen.
    pub seen: MessageNumber,
    /// The later messages, oldest first.
    pub since: Vec<Message>,
}

/// A part of the site is unavailable. `Debug` includes the causes.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Unavailable {
    /// The storage failed.
    #[error("the storage failed")]
    Storage(#[source] StorageError),
    /// The host could not return its users or its categories.
    #[error("the host failed")]
    Host(#[source] HostError),
    /// The host gave the visitor an unusable id. The error repeats until the host gives another one; see
    /// [`HostTrouble`](crate::host::HostTrouble).
    #[error("the host gave the visitor an id that cannot be used")]
    VisitorId(#[source] UnfitId),
    /// The bytes of attachments cannot be written or read.
    #[error("the blob store failed")]
    Blobs(#[source] BlobError),
    /// The machine has no thread left for making a picture.
    #[error("no thread could be started")]
    Thread(#[source] std::io::Error),
}

/// Implements `Debug` of an error as its `Display` with all causes, because a `main` that returns it prints `Debug`.
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
        // Some errors repeat their causes.
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
    /// Returns the value, or notes the problem of the field.
    pub(crate) fn check<T>(&mut self, field: Field, parsed: Result<T, Problem>) -> Option<T> {
        parsed.map_err(|problem| self.note(field, problem)).ok()
    }

    /// Notes a problem.
    pub(crate) fn note(&mut self, field: Field, problem: Problem) {
        self.0.push(FieldError { field, problem });
    }

    /// Notes problems found earlier.
    pub(crate) fn extend(&mut self, errors: Vec<FieldError>) {
        self.0.extend(errors);
    }

    /// Converts the problems into an error.
    pub(crate) fn into_error(self) -> Error {
        Error::Invalid(self.0)
    }

    /// Fails if there are problems.
    pub(crate) fn none(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(self.into_error()) }
    }
}
