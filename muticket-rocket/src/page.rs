//! Turns a handler's model into a response: the page with its layout, or the redirect after an action.

use std::io::Cursor;
use std::sync::atomic::{AtomicBool, Ordering};

use minijinja::value::Serde;
use minijinja::{Value, context};
use muticket_core::names::{Called, Names};
use muticket_core::{Language, TimeZone, User, UserId};
use rocket::http::{ContentType, Status};
use rocket::response::{Responder, Response};
use rocket::{Request, response};
use serde::Serialize;

use crate::error::{Failure, Kept};
use crate::host::Page;
use crate::notice::{self, Notice};
use crate::site::{Asker, Site, language_of};
use crate::view::Tongue;

/// A page that is not yet rendered: its template and its model. It becomes HTML when it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Rendered {
    status: Status,
    /// The name of the template without `.html`.
    name: &'static str,
    title: String,
    supporter: bool,
    /// The time zone of the page; `None` for the visitor's.
    zone: Option<TimeZone>,
    model: Value,
}

impl Rendered {
    /// Shows times in this time zone instead of the visitor's.
    pub(crate) fn in_zone(self, zone: TimeZone) -> Self {
        Self { zone: Some(zone), ..self }
    }
}

/// Creates the pages of one visitor.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'r> {
    pub(crate) site: &'r Site,
    pub(crate) asker: &'r Asker,
    /// Whether the visitor is a supporter.
    pub(crate) supporter: bool,
}

impl Frame<'_> {
    /// A page with the template `name` and its model.
    pub(crate) fn page(&self, status: Status, name: &'static str, title: String, model: impl Serialize) -> Rendered {
        Rendered { status, name, title, supporter: self.supporter, zone: None, model: Value::from(Serde(model)) }
    }

    /// A sentence, for a title.
    pub(crate) fn say(&self, key: &str) -> String {
        self.site.view.say(&self.asker.language, key)
    }
}

impl Rendered {
    /// The name of its template without `.html`.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// The rendered page without the layout around it.
    pub(crate) fn content(
        self,
        site: &Site,
        asker: Option<&Asker>,
        tongue: &Tongue,
        notice: Option<Notice>,
    ) -> Result<String, minijinja::Error> {
        let user = asker.and_then(Asker::user);
        let frame = context! {
            user => user.map(|user| context! {
                id => user.id.as_str(),
                name => user.name.clone(),
                admin => user.level >= muticket_core::AccessLevel::Admin,
            }),
            supporter => self.supporter,
            token => user.map(|user| site.tokens.token(&user.id, site.helpdesk.now())),
            nonce => site.helpdesk.nonce().to_string(),
            notice => notice.map(Notice::as_str),
        };
        let zone = self.zone.or_else(|| user.and_then(|user| user.time_zone));
        content(site, zone, tongue, self.name, &self.title, frame, self.model)
    }
}

impl<'r> Responder<'r, 'static> for Rendered {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let site = Site::of(request);
        let cookie = request.cookies().get(&site.flash_cookie);
        let notice = cookie.and_then(|cookie| Notice::from_word(cookie.value()));
        let (status, title, language) = (self.status, self.title.clone(), language_of(request));
        let content = self.content(site, Asker::known(request), &language, notice);
        match content.and_then(|body| in_layout(request, site, &language.words, &title, &body)) {
            Ok(html) => {
                let mut response = html_response(status, html);
                if cookie.is_some() {
                    let mut gone = notice::cookie(&site.flash_cookie, site.links.base(), "");
                    gone.set_max_age(rocket::time::Duration::ZERO);
                    response.adjoin_header(&gone);
                }
                Ok(response)
            }
            Err(error) => Failure::from(error).respond_to(request),
        }
    }
}

/// A person's name, as the template function `person` takes it: `None` for a user who no longer exists, and an empty name for a user
/// without one.
pub(crate) fn person(names: &Names, id: &UserId) -> Option<String> {
    match names.called(id) {
        Called::Name(name) => Some(name),
        Called::Former => None,
        _ => Some(String::new()),
    }
}

/// The response with a rendered page.
pub(crate) fn html_response(status: Status, html: String) -> Response<'static> {
    Response::build().status(status).header(ContentType::HTML).sized_body(html.len(), Cursor::new(html)).finalize()
}

/// An error page, with an optional link `back` to the page of the form. It is the same for every visitor with the same error: it contains
/// no token and no name (P-02).
pub(crate) fn error_page(
    request: &Request<'_>,
    status: Status,
    word: &str,
    back: Option<String>,
    kept: &[Kept],
) -> Result<String, minijinja::Error> {
    let site = Site::of(request);
    let language = language_of(request);
    let user = Asker::known(request).and_then(Asker::user);
    let (title, body) = error_content(site, user, &language, (status.code, word), back, kept)?;
    in_layout(request, site, &language.words, &title, &body)
}

/// The title and the content of an error page.
pub(crate) fn error_content(
    site: &Site,
    user: Option<&User>,
    tongue: &Tongue,
    (status, word): (u16, &str),
    back: Option<String>,
    kept: &[Kept],
) -> Result<(String, String), minijinja::Error> {
    let title = site.view.say(&tongue.words, &format!("error-{word}-title"));
    let model = context! { word, status, back, kept => Value::from(Serde(kept)) };
    let frame = context! { user => (), supporter => false, token => (), nonce => (), notice => () };
    let zone = user.and_then(|user| user.time_zone);
    let body = content(site, zone, tongue, "error", &title, frame, model)?;
    Ok((title, body))
}

/// Renders a template, with times in `zone`.
fn content(
    site: &Site,
    zone: Option<TimeZone>,
    tongue: &Tongue,
    name: &str,
    title: &str,
    frame: Value,
    page: Value,
) -> Result<String, minijinja::Error> {
    let links = &site.links;
    let language = &tongue.words;
    let model = context! {
        language => language.as_str(),
        locale => tongue.locale.as_str(),
        zone => zone.map(|zone| zone.as_str()),
        now => site.helpdesk.now().timestamp_micros(),
        title,
        base => links.base(),
        icons => links.asset(&site.assets.icons),
        frame,
        page,
    };
    site.view.render(&format!("{name}.html"), model)
}

/// Puts a page into the host's layout, or makes it a complete page without one.
fn in_layout(
    request: &Request<'_>,
    site: &Site,
    language: &Language,
    title: &str,
    body: &str,
) -> Result<String, minijinja::Error> {
    let links = &site.links;
    let head = format!(
        "<link rel=\"stylesheet\" href=\"{}\">\n<script src=\"{}\" defer></script>",
        links.asset(&site.assets.style),
        links.asset(&site.assets.script),
    );
    let visitor = Asker::known(request).map(|asker| &asker.visitor);
    let parts = Page { title, language: language.as_str(), head: &head, body, visitor };
    match site.host.page(parts, request) {
        Some(html) => {
            site.layout.look_at(&html, &head, body);
            Ok(html)
        }
        None => site.view.render(
            "page.html",
            context! { title, language => language.as_str(), head => Value::from_safe_string(head.clone()), body => Value::from_safe_string(body.to_owned()) },
        ),
    }
}

/// Detects a layout that leaves out a part of the page, and logs it once.
#[derive(Debug, Default)]
pub(crate) struct Layout(AtomicBool);

impl Layout {
    fn look_at(&self, html: &str, head: &str, body: &str) {
        let missing = match (html.contains(head), html.contains(body)) {
            (true, true) => return,
            (false, true) => "`page.head`, so the pages have no style",
            (true, false) => "`page.body`, so the pages are empty",
            (false, false) => "`page.head` and `page.body`, so there is nothing of MuTicket on its pages",
        };
        if !self.0.swap(true, Ordering::Relaxed) {
            tracing::warn!("MuTicket: the layout of `Host::page` leaves out {missing}; put both into it as they are, unescaped");
        }
    }
}

/// A finished action: redirects to the page that shows the result, with a notice.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) to: String,
    pub(crate) notice: Notice,
}

impl<'r> Responder<'r, 'static> for Done {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let site = Site::of(request);
        let mut response = see_other(self.to);
        response.adjoin_header(notice::cookie(&site.flash_cookie, site.links.base(), self.notice.as_str()));
        Ok(response)
    }
}

/// A 303 to a URL that `links` made, never to one from outside (P-16).
pub(crate) fn see_other(to: String) -> Response<'static> {
    Response::build().status(Status::SeeOther).raw_header("Location", to).finalize()
}

/// A redirect to another page, without a notice.
#[derive(Debug)]
pub(crate) struct Moved(pub(crate) String);

impl<'r> Responder<'r, 'static> for Moved {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        Ok(see_other(self.0))
    }
}
