//! The site's own login: a form for a name and a password.

use minijinja::context;
use muticket_rocket::is_same_origin;
use rocket::form::{Form, FromForm};
use rocket::http::uri::Origin;
use rocket::http::{Cookie, CookieJar, SameSite, Status};
use rocket::request::{FromRequest, Outcome};
use rocket::response::Redirect;
use rocket::response::content::RawHtml;
use rocket::{Request, State, async_trait, get, post};

use crate::layout;
use crate::session::{SESSION, SignedIn};
use crate::users::{FIRST, Users};

/// The login form.
#[get("/login?<back>")]
pub(crate) fn form(signed_in: SignedIn, back: Option<&str>) -> RawHtml<String> {
    page(&signed_in, local(back), false)
}

#[derive(FromForm)]
pub(crate) struct Typed<'r> {
    login: &'r str,
    password: &'r str,
    back: Option<&'r str>,
}

/// A guard: the browser says that a page of this site sent the form. A form on another site could sign its visitor in with the attacker's
/// account and read what the visitor then writes.
pub(crate) struct OwnForm;

#[async_trait]
impl<'r> FromRequest<'r> for OwnForm {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        // Behind a proxy that speaks TLS, replace `None` with the URL of the site.
        match is_same_origin(request, None) {
            true => Outcome::Success(Self),
            false => Outcome::Error((Status::Forbidden, ())),
        }
    }
}

/// Signs in.
#[post("/login", data = "<typed>")]
pub(crate) async fn sign_in(
    _own: OwnForm,
    signed_in: SignedIn,
    users: &State<Users>,
    cookies: &CookieJar<'_>,
    typed: Form<Typed<'_>>,
) -> Result<Redirect, (Status, RawHtml<String>)> {
    let back = local(typed.back);
    match users.sign_in(typed.login, typed.password).await {
        Ok(Some(secret)) => {
            cookies.add(Cookie::build((SESSION, secret)).path("/").http_only(true).same_site(SameSite::Lax));
            Ok(Redirect::to(back.to_owned()))
        }
        Ok(None) => Err((Status::UnprocessableEntity, page(&signed_in, back, true))),
        Err(_) => Err((Status::ServiceUnavailable, page(&signed_in, back, true))),
    }
}

/// Signs out.
#[post("/logout")]
pub(crate) async fn sign_out(_own: OwnForm, users: &State<Users>, cookies: &CookieJar<'_>) -> Result<Redirect, Status> {
    if let Some(cookie) = cookies.get(SESSION) {
        users.sign_out(cookie.value()).await.map_err(|_| Status::ServiceUnavailable)?;
    }
    cookies.remove(Cookie::build(SESSION).path("/"));
    Ok(Redirect::to("/"))
}

fn page(signed_in: &SignedIn, back: &str, wrong: bool) -> RawHtml<String> {
    let people: Vec<_> = FIRST.map(|(login, .., password)| context! { login, password }).to_vec();
    RawHtml(layout::render("login.html", context! { person => signed_in.name(), back, wrong, people }))
}

/// The way back, if it is clearly a path of this site, or else `/`. Anybody can write the address from which it comes.
fn local(back: Option<&str>) -> &str {
    let plain = |back: &&str| {
        let path = back.split('?').next().unwrap_or_default();
        !back.starts_with("//") && !path.contains(['%', '\\', '@', ':']) && !path.contains("..") && Origin::parse(back).is_ok()
    };
    back.filter(plain).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_stays_on_this_site() {
        assert_eq!(local(Some("/help/tickets/7?state=all&after=a%20b")), "/help/tickets/7?state=all&after=a%20b");
        for back in ["//evil.example", "/\\evil.example", "/\t/evil.example", "https://evil.example", "/%5cevil.example", "x", ""]
        {
            assert_eq!(local(Some(back)), "/", "{back:?}");
        }
    }
}
