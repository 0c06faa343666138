//! Test support for pages of the backend.

use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use crate::backend::admin::{BackendPage, HeldLetters, NavItem};
use crate::backend::section::Section;
use crate::links::Links;
use crate::view::testing::in_every_language;

/// Renders a page of the backend for German and English administrators, and checks what all pages have in common.
pub(super) fn pages(name: &str, model: impl Serialize) -> [String; 2] {
    let links = Links::new("/support");
    let nav = |section: &Section| NavItem::new(*section, links.to(section.address()), Section::Settings);
    let page = BackendPage {
        nav: Section::ALL.iter().map(nav).collect(),
        support_active: false,
        supporters_link: "/support/backend/supporters".to_owned(),
        held: Some(HeldLetters {
            letters: 12,
            release_action: "/support/backend/mail/release".to_owned(),
            discard_action: "/support/backend/mail/discard".to_owned(),
        }),
        model,
    };
    let user = context! { id => "ada", name => "Ada", admin => true };
    let frame = context! { user, supporter => false, token => "TOKEN", nonce => "NONCE", notice => "settings-saved" };
    let pages = in_every_language(&format!("{name}.html"), context! { frame, page => Value::from(Serde(page)) });
    for html in &pages {
        let begins = html.trim_start().starts_with("<div class=\"muticket\" lang=\"");
        assert!(begins && html.trim_end().ends_with("</div>"), "everything is in one element: {html}");
        assert_eq!(html.matches("<h1").count(), 1, "{html}");
        assert!(!html.contains(" style=") && !html.contains("<style") && !html.contains("<script"), "{html}");
        let forms = html.matches("method=\"post\"").count();
        assert_eq!(forms, html.matches("name=\"token\" value=\"TOKEN\"").count(), "each form carries the token: {html}");
    }
    pages
}
