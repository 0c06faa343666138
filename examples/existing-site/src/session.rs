//! The session: a cookie that says who sent a request.

use muticket_core::HostError;
use rocket::http::Status;
use rocket::request::{FromRequest, Outcome};
use rocket::{Request, async_trait};

use crate::users::{Person, Users};

/// The cookie that holds the secret of the session.
pub(crate) const SESSION: &str = "mill-lane-session";

/// The person whose session the request has; `None` for a guest. Looked up once for each request.
pub(crate) struct SignedIn(pub(crate) Option<Person>);

#[async_trait]
impl<'r> FromRequest<'r> for SignedIn {
    type Error = HostError;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, HostError> {
        let unavailable = |error| Outcome::Error((Status::ServiceUnavailable, error));
        let Some(session) = request.cookies().get(SESSION) else { return Outcome::Success(Self(None)) };
        let Some(users) = request.rocket().state::<Users>() else { return unavailable(HostError::new("no users")) };
        match users.signed_in(session.value()).await {
            // Keep it for the layout, which is not async and cannot query a database.
            Ok(person) => Outcome::Success(Self(request.local_cache(|| person).clone())),
            Err(error) => unavailable(HostError::because("sessions", error)),
        }
    }
}

impl SignedIn {
    /// The person whom an earlier lookup in this request found.
    pub(crate) fn known<'r>(request: &'r Request<'_>) -> Option<&'r Person> {
        request.local_cache(|| None::<Person>).as_ref()
    }

    /// The name that the layout shows.
    pub(crate) fn name(&self) -> Option<&str> {
        self.0.as_ref().map(|person| person.name.as_str())
    }
}
