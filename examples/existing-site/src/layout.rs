//! The site's templates and style sheet.

use std::sync::LazyLock;

use minijinja::{Environment, Value, context};
use muticket_rocket::Page;
use rocket::get;
use rocket::response::content::{RawCss, RawHtml};

use crate::session::SignedIn;
use crate::users::Person;

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    for (name, source) in [
        ("layout.html", include_str!("../templates/layout.html")),
        ("home.html", include_str!("../templates/home.html")),
        ("login.html", include_str!("../templates/login.html")),
        ("support.html", include_str!("../templates/support.html")),
    ] {
        templates.add_template(name, source).expect("the templates are part of the program");
    }
    templates
});

/// One of the site's own pages.
pub(crate) fn render(template: &str, model: Value) -> String {
    let page = TEMPLATES.get_template(template).and_then(|template| template.render(model));
    page.expect("the templates are part of the program, and so is what they show")
}

/// Puts a page of MuTicket into the site's layout. `head` and `body` are already HTML; `title` is text, and the template escapes it.
pub(crate) fn around(page: &Page<'_>, person: Option<&Person>) -> String {
    let head = Value::from_safe_string(page.head.to_owned());
    let body = Value::from_safe_string(page.body.to_owned());
    let person = person.map(|person| person.name.as_str());
    render("support.html", context! { person, language => page.language, title => page.title, head, body })
}

/// The home page.
#[get("/")]
pub(crate) fn home(signed_in: SignedIn) -> RawHtml<String> {
    RawHtml(render("home.html", context! { person => signed_in.name() }))
}

/// The style sheet.
#[get("/library.css")]
pub(crate) fn style() -> RawCss<&'static str> {
    RawCss(include_str!("../assets/library.css"))
}
