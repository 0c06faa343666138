//! The cookie that says who sent a request. It holds a name, for the demo only. The cookie of a real site holds the secret of a session.

use rocket::http::CookieJar;

use crate::people::Person;

/// The cookie that names the signed-in person. Anybody can forge it, so it is good enough only for this demo.
pub const COOKIE: &str = "demo-user";

/// The signed-in person; `None` for a guest.
pub(crate) fn signed_in(cookies: &CookieJar<'_>) -> Option<&'static Person> {
    cookies.get(COOKIE).and_then(|cookie| Person::find(cookie.value()))
}
