//! Why a page could not be shown, as a value. `error_page.rs` turns it into a response.

use http::StatusCode;
use muticket_core::blob::BlobError;
use muticket_core::{Denial, Error, FieldError, Problem, Refusal, Unavailable};
use serde::{Serialize, Serializer};
use strum::VariantArray;

use crate::report::with_causes;

/// What an error page says. The keys of its sentences are `error-WORD-title` and `error-WORD-text`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub(crate) enum ErrorPage {
    SignIn,
    NotFound,
    Denied,
    SupportersDoNotOpen,
    /// [`Denial::OnlyTheDesk`]. The page is named after the only case that a visitor sees: it is the supporter's own ticket.
    OwnTicket,
    SupportOff,
    TicketClosed,
    RatingsOff,
    NotRatable,
    FormUsed,
    SameAgain,
    FileMissing,
    FileDamaged,
    TicketDamaged,
    Refused,
    TooLarge,
    Invalid,
    Conflict,
    Overtaken,
    Account,
    Unavailable,
    Forged,
    TooMany,
    TooManyAtOnce,
    Busy,
    TooSlow,
    Method,
    BadRequest,
    Internal,
}

impl ErrorPage {
    /// All values.
    pub(crate) const ALL: &[Self] = Self::VARIANTS;

    /// Its word.
    pub(crate) fn as_str(self) -> &'static str {
        self.into()
    }

    /// What the page of a door's error says.
    pub(crate) fn of(error: &Error) -> Self {
        match error {
            Error::SignIn => Self::SignIn,
            Error::NotFound | Error::Refused(Refusal::CategoriesOfTheHost) => Self::NotFound,
            Error::Denied(Denial::SupportersDoNotOpen) => Self::SupportersDoNotOpen,
            Error::Denied(Denial::OnlyTheDesk) => Self::OwnTicket,
            Error::Denied(_) => Self::Denied,
            Error::Refused(refusal) => match refusal {
                Refusal::SupportOff => Self::SupportOff,
                Refusal::TicketClosed => Self::TicketClosed,
                Refusal::RatingsOff => Self::RatingsOff,
                Refusal::NotAnAnswer | Refusal::OwnAnswer => Self::NotRatable,
                Refusal::FormUsed => Self::FormUsed,
                Refusal::SameAgain => Self::SameAgain,
                Refusal::FileMissing => Self::FileMissing,
                Refusal::FileDamaged => Self::FileDamaged,
                Refusal::TicketDamaged => Self::TicketDamaged,
                _ => Self::Refused,
            },
            Error::Invalid(errors) if has_too_large(errors) => Self::TooLarge,
            Error::Invalid(_) => Self::Invalid,
            Error::Conflict(_) => Self::Conflict,
            Error::Overtaken(_) => Self::Overtaken,
            Error::Unavailable(Unavailable::Blobs(BlobError::Source(_))) => Self::BadRequest,
            Error::Unavailable(Unavailable::VisitorId(_)) => Self::Account,
            Error::Unavailable(_) => Self::Unavailable,
            _ => Self::Internal,
        }
    }

    /// The status of the page.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Denied | Self::SupportersDoNotOpen | Self::OwnTicket | Self::NotRatable | Self::Forged => StatusCode::FORBIDDEN,
            Self::SupportOff
            | Self::TicketClosed
            | Self::RatingsOff
            | Self::FormUsed
            | Self::SameAgain
            | Self::Refused
            | Self::Conflict
            | Self::Overtaken => StatusCode::CONFLICT,
            Self::FileMissing | Self::FileDamaged | Self::TicketDamaged => StatusCode::GONE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unavailable | Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooMany | Self::TooManyAtOnce => StatusCode::TOO_MANY_REQUESTS,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Account | Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Whether it may help to send the form again.
    pub(crate) fn may_be_retried(self) -> bool {
        match self {
            Self::SignIn
            | Self::Forged
            | Self::TooMany
            | Self::TooManyAtOnce
            | Self::Busy
            | Self::TooSlow
            | Self::TooLarge
            | Self::BadRequest
            | Self::Invalid
            | Self::Unavailable
            | Self::Internal
            | Self::Method => true,
            Self::NotFound
            | Self::Denied
            | Self::SupportersDoNotOpen
            | Self::OwnTicket
            | Self::SupportOff
            | Self::TicketClosed
            | Self::RatingsOff
            | Self::NotRatable
            | Self::FormUsed
            | Self::SameAgain
            | Self::FileMissing
            | Self::FileDamaged
            | Self::TicketDamaged
            | Self::Refused
            | Self::Conflict
            | Self::Overtaken
            | Self::Account => false,
        }
    }
}

impl Serialize for ErrorPage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Whether one of the problems is a file over its limit.
pub(crate) fn has_too_large(errors: &[FieldError]) -> bool {
    errors.iter().any(|error| matches!(error.problem, Problem::TooLarge { .. }))
}

/// Why a handler failed.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: Kind,
    /// The texts that the visitor typed. The page shows them again, so that nothing is lost.
    pub(crate) typed: Vec<TypedText>,
}

/// A text that would otherwise be lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct TypedText {
    /// The key of the field's label: `field-WORD`.
    pub(crate) field: &'static str,
    /// The text.
    pub(crate) text: String,
}

#[derive(Debug)]
enum Kind {
    /// A door refused.
    Door(Error),
    /// The error page describes the failure completely.
    Plain(ErrorPage),
    /// The visitor sent too many forms in a short time. They may send again after this many seconds.
    TooMany(i64),
    /// The template could not be rendered.
    Template { name: &'static str, cause: minijinja::Error },
    /// Only the status is known.
    Status(StatusCode),
}

impl Failure {
    /// The form does not come from one of our pages, or is too old (P-08).
    pub(crate) fn forged() -> Self {
        Kind::Plain(ErrorPage::Forged).into()
    }

    /// The request cannot be read.
    pub(crate) fn bad_request() -> Self {
        Kind::Plain(ErrorPage::BadRequest).into()
    }

    /// The request is larger than the module reads.
    pub(crate) fn too_large() -> Self {
        Kind::Plain(ErrorPage::TooLarge).into()
    }

    /// The visitor sent too many forms, and may send again after this many seconds.
    pub(crate) fn too_many(seconds: i64) -> Self {
        Kind::TooMany(seconds).into()
    }

    /// The visitor sends too many forms at the same time.
    pub(crate) fn too_many_at_once() -> Self {
        Kind::Plain(ErrorPage::TooManyAtOnce).into()
    }

    /// The site is already reading as many forms as it may read at the same time.
    pub(crate) fn busy() -> Self {
        Kind::Plain(ErrorPage::Busy).into()
    }

    /// The form arrived too slowly. The typed texts stay.
    pub(crate) fn into_too_slow(self) -> Self {
        Self { kind: Kind::Plain(ErrorPage::TooSlow), ..self }
    }

    /// A template could not be rendered.
    pub(crate) fn template(name: &'static str, cause: minijinja::Error) -> Self {
        Kind::Template { name, cause }.into()
    }

    /// A failure of which only the status is known.
    pub(crate) fn status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Error::NotFound.into(),
            StatusCode::UNPROCESSABLE_ENTITY | StatusCode::BAD_REQUEST => Self::bad_request(),
            other => Kind::Status(other).into(),
        }
    }

    /// Adds the texts that were typed.
    pub(crate) fn keeping(mut self, typed: Vec<TypedText>) -> Self {
        self.typed = typed;
        self
    }

    /// Whether the request seems to come from another site.
    pub(crate) fn is_forged(&self) -> bool {
        matches!(self.kind, Kind::Plain(ErrorPage::Forged))
    }

    /// The status, and what the page says.
    pub(crate) fn describe(&self) -> (StatusCode, ErrorPage) {
        let page = match &self.kind {
            Kind::Door(error) => ErrorPage::of(error),
            Kind::Plain(page) => *page,
            Kind::TooMany(_) => ErrorPage::TooMany,
            Kind::Template { .. } => ErrorPage::Internal,
            Kind::Status(StatusCode::METHOD_NOT_ALLOWED) => ErrorPage::Method,
            Kind::Status(status) if status.is_server_error() => return (*status, ErrorPage::Internal),
            Kind::Status(status) => return (*status, ErrorPage::BadRequest),
        };
        (page.status(), page)
    }

    /// After how many seconds the request may be repeated.
    pub(crate) fn retry_after(&self) -> Option<i64> {
        match &self.kind {
            Kind::TooMany(seconds) => Some(*seconds),
            // The same user gets the same error until the site is fixed.
            Kind::Door(Error::Unavailable(Unavailable::VisitorId(_))) => None,
            // Such a problem is usually fixed soon, but it is unknown when.
            Kind::Door(Error::Unavailable(_)) | Kind::Plain(ErrorPage::TooManyAtOnce | ErrorPage::Busy) => Some(10),
            _ => None,
        }
    }

    /// Logs failures that are not the visitor's fault, once.
    pub(crate) fn log(&self) {
        match &self.kind {
            Kind::Door(error) => log_unavailable(error),
            Kind::Template { cause, .. } => tracing::error!(cause = %with_causes(cause), "MuTicket could not render a page"),
            _ => {}
        }
    }

    /// The template that could not be rendered, and why; otherwise the error of the door. Any other failure becomes [`Error::NotFound`].
    pub(crate) fn into_cause(self) -> Result<(&'static str, minijinja::Error), Error> {
        match self.kind {
            Kind::Template { name, cause } => Ok((name, cause)),
            Kind::Door(error) => Err(error),
            _ => Err(Error::NotFound),
        }
    }
}

/// Logs why a part of the site does not work. Does nothing for other errors.
pub(crate) fn log_unavailable(error: &Error) {
    // A user id that cannot be used is logged when it is first noticed.
    if let Error::Unavailable(cause) = error
        && !matches!(cause, Unavailable::VisitorId(_))
    {
        tracing::error!(cause = %with_causes(cause), "MuTicket is temporarily unavailable");
    }
}

impl From<Kind> for Failure {
    fn from(kind: Kind) -> Self {
        Self { kind, typed: Vec::new() }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Kind::Door(error).into()
    }
}
