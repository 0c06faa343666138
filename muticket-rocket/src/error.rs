//! Answers all failures with one kind of page: it says what happened and what to do next, and shows what the visitor had typed.

use muticket_core::{Denial, Error, Problem, Refusal, Unavailable};
use rocket::Request;
use rocket::http::{Method, Status};
use rocket::response::{Redirect, Responder, Response};

use crate::page::{error_page, html_response};
use crate::report::with_causes;
use crate::site::Site;

/// The reason why a route failed.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: Kind,
    /// The texts that the visitor typed. The page shows them again, so that nothing is lost.
    kept: Vec<Kept>,
}

/// A text that would otherwise be lost.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct Kept {
    /// The key of the field's label: `field-WORD`.
    pub(crate) field: &'static str,
    /// The text.
    pub(crate) text: String,
}

#[derive(Debug)]
enum Kind {
    /// A door refused.
    Core(Error),
    /// The form does not come from one of our pages, or is too old (P-08).
    Forged,
    /// The request cannot be read.
    BadRequest,
    /// The request is larger than the module reads.
    TooLarge,
    /// The visitor sent too many forms in a short time. They may send again after this many seconds.
    TooMany(i64),
    /// The visitor sends too many forms at the same time.
    TooManyAtOnce,
    /// The site is already reading as many forms as it may read at the same time.
    Busy,
    /// The form arrived too slowly.
    TooSlow,
    /// The page could not be rendered.
    Page(minijinja::Error),
    /// Only the status is known.
    Status(Status),
}

impl Failure {
    pub(crate) fn forged() -> Self {
        Kind::Forged.into()
    }

    /// Whether the request seems to come from another site.
    pub(crate) fn is_forged(&self) -> bool {
        matches!(self.kind, Kind::Forged)
    }

    pub(crate) fn bad_request() -> Self {
        Kind::BadRequest.into()
    }

    pub(crate) fn too_many(seconds: i64) -> Self {
        Kind::TooMany(seconds).into()
    }

    pub(crate) fn too_many_at_once() -> Self {
        Kind::TooManyAtOnce.into()
    }

    pub(crate) fn busy() -> Self {
        Kind::Busy.into()
    }

    /// Replaces the kind of failure: the form arrived too slowly. The kept texts stay.
    pub(crate) fn into_too_slow(self) -> Self {
        Self { kind: Kind::TooSlow, ..self }
    }

    pub(crate) fn too_large() -> Self {
        Kind::TooLarge.into()
    }

    /// A failure of which only the status is known.
    pub(crate) fn status(status: Status) -> Self {
        match status {
            Status::NotFound => Error::NotFound.into(),
            Status::UnprocessableEntity | Status::BadRequest => Self::bad_request(),
            other => Kind::Status(other).into(),
        }
    }

    /// The error of the door. Any other failure becomes [`Error::NotFound`].
    pub(crate) fn into_error(self) -> Error {
        match self.kind {
            Kind::Core(error) => error,
            _ => Error::NotFound,
        }
    }

    /// Adds the texts that were typed.
    pub(crate) fn keeping(mut self, kept: Vec<Kept>) -> Self {
        self.kept = kept;
        self
    }

    /// The status, and the word in the keys of the page's sentences: `error-WORD-title` and `error-WORD-text`.
    fn describe(&self) -> (Status, &'static str) {
        match &self.kind {
            Kind::Core(error) => describe(error),
            Kind::Forged => (Status::Forbidden, "forged"),
            Kind::BadRequest => (Status::BadRequest, "bad-request"),
            Kind::TooLarge => (Status::PayloadTooLarge, "too-large"),
            Kind::TooMany(_) => (Status::TooManyRequests, "too-many"),
            Kind::TooManyAtOnce => (Status::TooManyRequests, "too-many-at-once"),
            Kind::Busy => (Status::ServiceUnavailable, "busy"),
            Kind::TooSlow => (Status::RequestTimeout, "too-slow"),
            Kind::Page(_) => (Status::InternalServerError, "internal"),
            Kind::Status(status) if *status == Status::MethodNotAllowed => (*status, "method"),
            Kind::Status(status) if status.code < 500 => (*status, "bad-request"),
            Kind::Status(status) => (*status, "internal"),
        }
    }

    /// Whether the response has this status.
    pub(crate) fn has(&self, status: Status) -> bool {
        self.describe().0 == status
    }

    /// After how many seconds the request may be repeated.
    fn retry_after(&self) -> Option<i64> {
        match &self.kind {
            Kind::TooMany(seconds) => Some(*seconds),
            // The same user gets the same error until the site is fixed.
            Kind::Core(Error::Unavailable(Unavailable::VisitorId(_))) => None,
            // Such a problem is usually fixed soon, but it is unknown when.
            Kind::Core(Error::Unavailable(_)) | Kind::TooManyAtOnce | Kind::Busy => Some(10),
            _ => None,
        }
    }

    /// Logs failures that are not the visitor's fault, once.
    fn log(&self) {
        match &self.kind {
            Kind::Core(error) => log_unavailable(error),
            Kind::Page(error) => tracing::error!(cause = %with_causes(error), "MuTicket could not render a page"),
            _ => {}
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

/// The status of a door's error, and the word for its sentences.
pub(crate) fn describe(error: &Error) -> (Status, &'static str) {
    match error {
        Error::SignIn => (Status::Unauthorized, "sign-in"),
        Error::NotFound => (Status::NotFound, "not-found"),
        Error::Denied(Denial::SupportersDoNotOpen) => (Status::Forbidden, "supporters-do-not-open"),
        Error::Denied(Denial::OwnTicket) => (Status::Forbidden, "own-ticket"),
        Error::Denied(_) => (Status::Forbidden, "denied"),
        Error::Refused(refusal) => match refusal {
            Refusal::SupportOff => (Status::Conflict, "support-off"),
            Refusal::TicketClosed => (Status::Conflict, "ticket-closed"),
            Refusal::RatingsOff => (Status::Conflict, "ratings-off"),
            Refusal::NotAnAnswer | Refusal::OwnAnswer => (Status::Forbidden, "not-ratable"),
            Refusal::FormUsed => (Status::Conflict, "form-used"),
            Refusal::SameAgain => (Status::Conflict, "same-again"),
            Refusal::FileMissing => (Status::Gone, "file-missing"),
            Refusal::FileDamaged => (Status::Gone, "file-damaged"),
            Refusal::TicketDamaged => (Status::Gone, "ticket-damaged"),
            Refusal::CategoriesOfTheHost => (Status::NotFound, "not-found"),
            _ => (Status::Conflict, "refused"),
        },
        Error::Invalid(problems) if too_large(problems) => (Status::PayloadTooLarge, "too-large"),
        Error::Invalid(_) => (Status::UnprocessableEntity, "invalid"),
        Error::Conflict(_) => (Status::Conflict, "conflict"),
        Error::Unavailable(Unavailable::Blobs(muticket_core::blob::BlobError::Source(_))) => (Status::BadRequest, "bad-request"),
        Error::Unavailable(Unavailable::VisitorId(_)) => (Status::InternalServerError, "account"),
        Error::Unavailable(_) => (Status::ServiceUnavailable, "unavailable"),
        _ => (Status::InternalServerError, "internal"),
    }
}

/// Whether one of the problems is a file over its limit.
pub(crate) fn too_large(problems: &[muticket_core::FieldError]) -> bool {
    problems.iter().any(|error| matches!(error.problem, Problem::TooLarge { .. }))
}

impl From<Kind> for Failure {
    fn from(kind: Kind) -> Self {
        Self { kind, kept: Vec::new() }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Kind::Core(error).into()
    }
}

impl From<minijinja::Error> for Failure {
    fn from(error: minijinja::Error) -> Self {
        Kind::Page(error).into()
    }
}

impl<'r> Responder<'r, 'static> for Failure {
    fn respond_to(self, request: &'r Request<'_>) -> rocket::response::Result<'static> {
        self.log();
        let (status, word) = self.describe();
        let reads = matches!(request.method(), Method::Get | Method::Head);
        if status == Status::Unauthorized && reads {
            let site = Site::of(request);
            let back = site.links.outside(&request.uri().to_string());
            return Redirect::to(site.host.sign_in(&back)).respond_to(request).map(|mut response| {
                response.set_status(Status::SeeOther);
                response
            });
        }
        // A GET for a form's URL, for example when a response is reloaded, should lead to the page of the form.
        let back = again(request, word).filter(|_| !reads || status == Status::MethodNotAllowed);
        let page = error_page(request, status, word, back, &self.kept);
        match page {
            Ok(html) => {
                let mut response = html_response(status, html);
                if let Some(seconds) = self.retry_after() {
                    response.set_raw_header("Retry-After", seconds.to_string());
                }
                Ok(response)
            }
            Err(error) => {
                tracing::error!(cause = %with_causes(&error), "MuTicket could not render the error page");
                // The only text that is not in a file, because the files are what failed.
                let text = "This page is temporarily unavailable.";
                Response::build()
                    .status(status)
                    .header(rocket::http::ContentType::Plain)
                    .sized_body(text.len(), std::io::Cursor::new(text))
                    .ok()
            }
        }
    }
}

/// The page of the form, if sending the form again may help. Its URL is built from the parameters of the route, so it never leads to
/// another site (P-16). If the visitor may not see that page, there is no link, so that they learn nothing from it (P-02).
fn again(request: &Request<'_>, word: &str) -> Option<String> {
    const MAY_HELP: [&str; 12] = [
        "sign-in",
        "forged",
        "too-many",
        "too-many-at-once",
        "busy",
        "too-slow",
        "too-large",
        "bad-request",
        "invalid",
        "unavailable",
        "internal",
        "method",
    ];
    if !MAY_HELP.contains(&word) {
        return None;
    }
    let links = &Site::of(request).links;
    let part = |at| request.param::<&str>(at).and_then(Result::ok);
    match (part(0)?, part(1)) {
        ("tickets", None) => Some(links.new_ticket()),
        ("tickets", Some(number)) => number.parse().ok().map(|number| links.ticket(number)),
        ("backend", Some(section)) => crate::backend::section(links, section),
        _ => None,
    }
}

/// Carries a guard's failure to the response, because Rocket itself passes on only a status.
#[derive(Debug, Default)]
pub(crate) struct Stash(std::sync::Mutex<Option<Failure>>);

impl Stash {
    /// Stores the failure for the end of the request, and returns the status that Rocket needs.
    pub(crate) fn leave(request: &Request<'_>, failure: Failure) -> Status {
        let (status, _) = failure.describe();
        *Self::of(request).0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(failure);
        status
    }

    /// Takes the stored failure.
    pub(crate) fn take(request: &Request<'_>) -> Option<Failure> {
        Self::of(request).0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take()
    }

    fn of<'r>(request: &'r Request<'_>) -> &'r Self {
        request.local_cache(Self::default)
    }
}
