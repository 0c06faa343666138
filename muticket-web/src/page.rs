//! Renders a handler's model into a page: the template, and the layout around it.

use http::StatusCode;
use http::header::SET_COOKIE;
use minijinja::value::Serde;
use minijinja::{Value, context};
use muticket_core::names::{Called, Names};
use muticket_core::{AccessLevel, TimeZone, User, UserId};
use serde::Serialize;

use crate::context::{Context, CurrentVisitor};
use crate::error::{ErrorPage, Failure, TypedText};
use crate::flash::Flash;
use crate::host::Page;
use crate::response::Response;

/// How a page is rendered.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    /// The name without `.html`.
    name: &'static str,
    title: String,
    status: StatusCode,
    /// The time zone of the page; `None` for the visitor's.
    zone: Option<TimeZone>,
}

impl Template {
    pub(crate) fn new(name: &'static str, title: String) -> Self {
        Self { name, title, status: StatusCode::OK, zone: None }
    }

    pub(crate) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// Shows times in this time zone instead of the visitor's.
    pub(crate) fn in_zone(self, zone: TimeZone) -> Self {
        Self { zone: Some(zone), ..self }
    }
}

impl Context<'_> {
    /// The response with a rendered page. It shows the message of the action that led to it, once.
    pub(crate) fn page(&self, template: Template, model: impl Serialize) -> Result<Response, Failure> {
        let user = self.known_visitor().and_then(CurrentVisitor::user);
        let shared = self.shared;
        let frame = context! {
            user => user.map(|user| context! {
                id => user.id.as_str(),
                name => user.name.clone(),
                admin => user.level >= AccessLevel::Admin,
            }),
            supporter => self.is_supporter(),
            token => user.map(|user| shared.tokens.token(&user.id, shared.helpdesk.now())),
            nonce => shared.helpdesk.nonce().to_string(),
            notice => self.flash().map(Flash::as_str),
        };
        let Template { name, title, status, zone } = template;
        let zone = zone.or_else(|| user.and_then(|user| user.time_zone));
        let failed = |cause| Failure::template(name, cause);
        let body = self.content(name, &title, zone, frame, Value::from(Serde(model))).map_err(failed)?;
        let html = self.in_layout(&title, &body, self.is_supporter()).map_err(failed)?;
        let response = Response { template: Some(name), ..Response::html(status, html) };
        Ok(match shared.flash.find(self.head.headers) {
            Some(_) => response.with(SET_COOKIE, &shared.flash.remove()),
            None => response,
        })
    }

    /// A part of a page, for the script.
    pub(crate) fn part(&self, name: &'static str, model: impl Serialize) -> Result<Response, Failure> {
        let frame = context! { user => (), supporter => self.is_supporter(), token => (), nonce => (), notice => () };
        let part = self.content(name, "", None, frame, Value::from(Serde(model)));
        // No browser shows it as a page.
        Ok(Response::text(part.map_err(|cause| Failure::template(name, cause))?))
    }

    /// A redirect to a page that shows the result of an action, with a message.
    pub(crate) fn done(&self, to: &str, flash: Flash) -> Response {
        Response::see_other(to).with(SET_COOKIE, &self.shared.flash.set(flash))
    }

    /// An error page, with an optional link `back` to the page of the form. It is the same for every visitor with the same error: it
    /// contains no token and no name (P-02).
    pub(crate) fn error_page(
        &self,
        (status, page): (StatusCode, ErrorPage),
        back: Option<String>,
        typed: &[TypedText],
    ) -> Result<Response, minijinja::Error> {
        let title = self.say(&format!("error-{}-title", page.as_str()));
        let model = context! { word => page.as_str(), status => status.as_u16(), back, kept => Value::from(Serde(typed)) };
        let frame = context! { user => (), supporter => false, token => (), nonce => (), notice => () };
        let user = self.known_visitor().and_then(CurrentVisitor::user);
        let body = self.content("error", &title, user.and_then(|user: &User| user.time_zone), frame, model)?;
        Ok(Response::html(status, self.in_layout(&title, &body, false)?))
    }

    /// Renders a template, with times in `zone`.
    fn content(
        &self,
        name: &str,
        title: &str,
        zone: Option<TimeZone>,
        frame: Value,
        page: Value,
    ) -> Result<String, minijinja::Error> {
        let (shared, language, now) = (self.shared, self.page_language(), self.shared.helpdesk.now());
        let model = context! {
            language => language.words.as_str(),
            translator => shared.view.translator(language, zone, now),
            zone => zone.map(|zone| zone.as_str()),
            now => now.timestamp_micros(),
            title,
            base => shared.links.base(),
            icons => shared.links.asset(&shared.assets.icons),
            frame,
            page,
        };
        shared.view.render(&format!("{name}.html"), model)
    }

    /// Puts a page into the host's layout, or makes it a complete page without one. `desk` adds the script for supporters.
    fn in_layout(&self, title: &str, body: &str, desk: bool) -> Result<String, minijinja::Error> {
        let (shared, language) = (self.shared, self.language().as_str());
        let mut head = format!(
            "<link rel=\"stylesheet\" href=\"{}\">\n<script src=\"{}\" defer></script>",
            shared.links.asset(&shared.assets.style),
            shared.links.asset(&shared.assets.script),
        );
        if desk {
            let script = shared.links.asset(&shared.assets.desk);
            head.push_str(&format!("\n<script src=\"{script}\" defer></script>"));
        }
        let visitor = self.known_visitor().map(|current| &current.visitor);
        match self.host.page(Page { title, language, head: &head, body, visitor }) {
            Some(html) => {
                shared.layout.look_at(&html, &head, body);
                Ok(html)
            }
            None => shared.view.render(
                "page.html",
                context! {
                    title,
                    language,
                    head => Value::from_safe_string(head),
                    body => Value::from_safe_string(body.to_owned()),
                    translator => shared.view.translator(self.page_language(), None, shared.helpdesk.now()),
                },
            ),
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
