//! The site's own pages: its home page, and its login with a name, a password, and a session in a cookie.

use axum::Form;
use axum::extract::{FromRequestParts, Query, State};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use minijinja::context;
use muticket_axum::is_same_origin;
use serde::Deserialize;

use crate::layout;
use crate::users::{FIRST, Failure, Person, Users};

/// The cookie that holds the secret of the session.
const SESSION: &str = "dovecote-session";

/// The person whose session the request has; `None` for a guest.
pub(crate) async fn signed_in(users: &Users, headers: &HeaderMap) -> Result<Option<Person>, Failure> {
    match session(headers) {
        Some(secret) => users.signed_in(secret).await,
        None => Ok(None),
    }
}

fn session(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split("; "));
    cookies.filter_map(|cookie| cookie.split_once('=')).find(|(name, _)| *name == SESSION).map(|(_, secret)| secret)
}

/// The home page.
pub(crate) async fn home(State(users): State<Users>, headers: HeaderMap) -> Result<Html<String>, StatusCode> {
    let person = signed_in(&users, &headers).await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    let person = person.map(|person| person.name);
    Ok(Html(layout::render("home.html", context! { title => "Home", person })))
}

#[derive(Deserialize)]
pub(crate) struct Way {
    back: Option<String>,
}

/// The login form.
pub(crate) async fn form(Query(way): Query<Way>) -> Html<String> {
    page(local(way.back.as_deref()), false)
}

/// The browser says that a page of this site sent the form. A form on another site could sign its visitor in with the attacker's account
/// and read what the visitor then writes.
pub(crate) struct OwnForm;

impl<S: Sync> FromRequestParts<S> for OwnForm {
    type Rejection = StatusCode;

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        // Behind a proxy that speaks TLS, replace `None` with the URL of the site.
        if is_same_origin(request, None) { Ok(Self) } else { Err(StatusCode::FORBIDDEN) }
    }
}

#[derive(Deserialize)]
pub(crate) struct Typed {
    login: String,
    password: String,
    back: Option<String>,
}

/// Signs in.
pub(crate) async fn sign_in(_own: OwnForm, State(users): State<Users>, Form(typed): Form<Typed>) -> Response {
    let back = local(typed.back.as_deref());
    match users.sign_in(&typed.login, &typed.password).await {
        Ok(Some(secret)) => ([(SET_COOKIE, cookie(&secret, ""))], Redirect::to(back)).into_response(),
        Ok(None) => (StatusCode::UNPROCESSABLE_ENTITY, page(back, true)).into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// Signs out.
pub(crate) async fn sign_out(_own: OwnForm, State(users): State<Users>, headers: HeaderMap) -> Result<Response, StatusCode> {
    if let Some(secret) = session(&headers) {
        users.sign_out(secret).await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    }
    Ok(([(SET_COOKIE, cookie("", "; Max-Age=0"))], Redirect::to("/")).into_response())
}

fn cookie(secret: &str, end: &str) -> String {
    format!("{SESSION}={secret}; Path=/; HttpOnly; SameSite=Lax{end}")
}

fn page(back: &str, wrong: bool) -> Html<String> {
    let people: Vec<_> = FIRST.map(|(login, .., password)| context! { login, password }).to_vec();
    Html(layout::render("login.html", context! { title => "Sign in", back, wrong, people }))
}

/// The way back, if it is clearly a path of this site, or else `/`. Anybody can write the address from which it comes.
fn local(back: Option<&str>) -> &str {
    let plain = |back: &&str| {
        let path = back.split('?').next().unwrap_or_default();
        let is_path = back.starts_with('/') && !back.starts_with("//") && back.parse::<Uri>().is_ok();
        is_path && !path.contains(['%', '\\', '@', ':']) && !path.contains("..")
    };
    back.filter(plain).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_stays_on_this_site() {
        assert_eq!(local(Some("/help/tickets/7?state=all&after=a%20b")), "/help/tickets/7?state=all&after=a%20b");
        for back in [
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "https://evil.example",
            "/%5cevil.example",
            "x",
            "",
            "/a\r\nb",
        ] {
            assert_eq!(local(Some(back)), "/", "{back:?}");
        }
    }
}
