//! Signing in with one click, for the demo only. A real site asks for a password.

use minijinja::context;
use muticket_rocket::is_same_origin;
use rocket::form::{Form, FromForm};
use rocket::http::{Cookie, CookieJar, SameSite, Status};
use rocket::request::{FromRequest, Outcome};
use rocket::response::Redirect;
use rocket::{Request, async_trait, get, post};

use crate::back::local_path;
use crate::layout::{Html, Layout};
use crate::people::{PEOPLE, Person};
use crate::session::COOKIE;

/// All people, each with a button.
#[get("/login?<back>")]
pub(crate) fn choose(layout: Layout, back: Option<&str>) -> Html {
    page(&layout, Status::Ok, local_path(back.unwrap_or("/")))
}

/// The form behind a button.
#[derive(FromForm)]
pub(crate) struct Choice<'r> {
    user: &'r str,
    back: Option<&'r str>,
}

/// Signs in.
#[post("/login", data = "<choice>")]
pub(crate) fn sign_in(
    _own: OwnForm,
    layout: Layout,
    cookies: &CookieJar<'_>,
    choice: Form<Choice<'_>>,
) -> Result<Redirect, Html> {
    let back = local_path(choice.back.unwrap_or("/"));
    let Some(person) = Person::find(choice.user) else { return Err(page(&layout, Status::UnprocessableEntity, back)) };
    cookies.add(cookie(person.id));
    Ok(Redirect::to(back.to_owned()))
}

/// Asks whether to sign out. A GET changes nothing, wherever a link to it appears.
#[get("/logout")]
pub(crate) fn leave(layout: Layout) -> Html {
    layout.page(Status::Ok, "logout.html", context! {})
}

/// Signs out.
#[post("/logout")]
pub(crate) fn sign_out(_own: OwnForm, cookies: &CookieJar<'_>) -> Redirect {
    cookies.remove(cookie(""));
    Redirect::to("/")
}

fn cookie(value: &'static str) -> Cookie<'static> {
    Cookie::build((COOKIE, value)).path("/").http_only(true).same_site(SameSite::Lax).build()
}

fn page(layout: &Layout, status: Status, back: &str) -> Html {
    let people = PEOPLE.map(|person| {
        let (english, german) = person.role;
        context! { id => person.id, name => person.name, english, german }
    });
    let unknown = status != Status::Ok;
    layout.page(status, "login.html", context! { people => people.to_vec(), back, unknown })
}

/// The URL of the site from outside.
pub(crate) struct PublicUrl(pub(crate) String);

/// A guard: the browser says that a page of this site sent the form. A form on another site could sign its visitor in as another person, or
/// sign them out. A program that is not a browser sends no such header and passes, so `curl -X POST` works.
pub(crate) struct OwnForm;

#[async_trait]
impl<'r> FromRequest<'r> for OwnForm {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        let public_url = request.rocket().state::<PublicUrl>().map(|url| url.0.as_str());
        match is_same_origin(request, public_url) {
            true => Outcome::Success(Self),
            false => Outcome::Error((Status::Forbidden, ())),
        }
    }
}
