//! The errors of the doors. They contain codes and data only; the web module has the sentences.

use crate::blob::BlobError;
use crate::causes::debug_says_the_sentence;
use crate::history::HistoryEntry;
use crate::host::HostError;
use crate::id::{MessageNumber, UnfitId};
use crate::problem::{Field, FieldError, Problem};
use crate::refusal::{Denial, Refusal};
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
    /// Someone else changed the same property since the visitor saw the ticket. Say who and to what (P-26).
    #[error("someone else changed this property of the ticket first")]
    Overtaken(HistoryEntry),
    /// A part of the site is unavailable. It is not the visitor's fault: log it once, and keep what they typed.
    #[error("temporarily unavailable")]
    Unavailable(#[from] Unavailable),
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
    /// The machine has no thread left for making a picture or reading a letter.
    #[error("no thread could be started")]
    Thread(#[source] std::io::Error),
    /// The sender of a letter cannot be checked now (M-03).
    #[cfg(feature = "mailroom")]
    #[error("the sender could not be checked")]
    SenderCheck(#[source] crate::mailroom::CheckError),
}

debug_says_the_sentence!(Unavailable);

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
