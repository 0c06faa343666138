//! The site's templates.

use std::sync::LazyLock;

use minijinja::{Environment, Value, context};
use muticket_axum::Page;

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    for (name, source) in [
        ("layout.html", include_str!("../templates/layout.html")),
        ("home.html", include_str!("../templates/home.html")),
        ("login.html", include_str!("../templates/login.html")),
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
pub(crate) fn around(page: &Page<'_>) -> String {
    let head = Value::from_safe_string(page.head.to_owned());
    let body = Value::from_safe_string(page.body.to_owned());
    let person = page.user().map(|user| user.name.as_str());
    render("layout.html", context! { person, language => page.language, title => page.title, head, body })
}
