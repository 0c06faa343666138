//! The shop's own pages: templates, the layout around every page, and response headers.

use std::io::Cursor;
use std::sync::LazyLock;

use minijinja::{Environment, State, Value, context};
use muticket_rocket::{Page, percent_encoded};
use rocket::http::{ContentType, Header, Status};
use rocket::request::{FromRequest, Outcome};
use rocket::response::{self, Responder, Response};
use rocket::{Request, async_trait};

use crate::people::Person;
use crate::session::signed_in;

/// Allows nothing inline and nothing from other sites.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; \
                                       base-uri 'none'; frame-ancestors 'none'";

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    templates.add_function("t", say);
    for (name, source) in [
        ("layout.html", include_str!("../templates/layout.html")),
        ("home.html", include_str!("../templates/home.html")),
        ("login.html", include_str!("../templates/login.html")),
        ("logout.html", include_str!("../templates/logout.html")),
        ("mailbox.html", include_str!("../templates/mailbox.html")),
        ("sent.html", include_str!("../templates/sent.html")),
        ("error.html", include_str!("../templates/error.html")),
        ("module.html", include_str!("../templates/module.html")),
    ] {
        templates.add_template(name, source).expect("the templates are part of the program");
    }
    templates
});

/// `t("in English", "auf Deutsch")`: with two languages and few sentences, it is easiest to read both side by side.
fn say(state: &State<'_, '_>, english: String, german: String) -> String {
    if state.lookup("language").is_some_and(|language| language.as_str() == Some("de")) { german } else { english }
}

/// The layout of one request's page: the person, their language, and the path.
pub(crate) struct Layout {
    pub(crate) person: Option<&'static Person>,
    language: &'static str,
    path: String,
}

impl Layout {
    pub(crate) fn of(request: &Request<'_>) -> Self {
        let person = signed_in(request.cookies());
        let wish = person.and_then(|person| person.language).or_else(|| request.headers().get_one("Accept-Language"));
        let language = if wish.is_some_and(|wish| wish.to_ascii_lowercase().starts_with("de")) { "de" } else { "en" };
        Self { person, language, path: request.uri().path().to_string() }
    }

    /// One of the shop's own pages.
    pub(crate) fn page(&self, status: Status, template: &str, model: Value) -> Html {
        Html { status, text: self.render(template, self.language, model) }
    }

    /// Puts a page of the module, which has its own language, into the layout.
    pub(crate) fn around(&self, page: &Page<'_>) -> String {
        let language = if page.language.starts_with("de") { "de" } else { "en" };
        let head = Value::from_safe_string(page.head.to_owned());
        let body = Value::from_safe_string(page.body.to_owned());
        self.render("module.html", language, context! { lang => page.language, title => page.title, head, body })
    }

    fn render(&self, template: &str, language: &str, model: Value) -> String {
        let here = if self.path.starts_with("/support") { "/support" } else { self.path.as_str() };
        let person = self.person.map(|person| context! { id => person.id, name => person.name });
        let switch = (here != "/login").then(|| format!("/login?back={}", percent_encoded(&self.path)));
        let frame = context! { language, here, person, switch, ..model };
        let page = TEMPLATES.get_template(template).and_then(|template| template.render(frame));
        page.expect("the templates are part of the program, and so is what they show")
    }
}

#[async_trait]
impl<'r> FromRequest<'r> for Layout {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        Outcome::Success(Self::of(request))
    }
}

/// A rendered page of the shop.
#[derive(Debug)]
pub(crate) struct Html {
    status: Status,
    text: String,
}

impl<'r> Responder<'r, 'static> for Html {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        Response::build()
            .status(self.status)
            .header(ContentType::HTML)
            .header(Header::new("Content-Security-Policy", CONTENT_SECURITY_POLICY))
            .header(Header::new("X-Content-Type-Options", "nosniff"))
            .header(Header::new("Referrer-Policy", "same-origin"))
            // Every page shows who is signed in, so no cache may keep it.
            .header(Header::new("Cache-Control", "no-store"))
            .sized_body(self.text.len(), Cursor::new(self.text))
            .ok()
    }
}
