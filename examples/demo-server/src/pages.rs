//! The home page, the style sheet, and the error pages outside the support.

use minijinja::context;
use muticket_core::{Helpdesk, Visitor};
use rocket::http::{ContentType, Header, Status};
use rocket::response::Responder;
use rocket::{Request, State, catch, get};

use crate::layout::{Html, Layout};
use crate::people::Person;

/// The shop's products, and what to try first.
#[get("/")]
pub(crate) async fn home(layout: Layout, helpdesk: &State<Helpdesk>) -> Html {
    let active = support_is_active(helpdesk).await;
    layout.page(Status::Ok, "home.html", context! { active })
}

/// Whether a supporter is present. If that cannot be found out now, assume so: the pages of the support explain the problem better than
/// this page.
async fn support_is_active(helpdesk: &Helpdesk) -> bool {
    let Some(anybody) = Person::find("anna") else { return true };
    match helpdesk.portal(&Visitor::User(anybody.user())) {
        Ok(portal) => portal.support_is_active().await.unwrap_or(true),
        Err(_) => true,
    }
}

/// A static file of the site.
#[derive(Responder)]
pub(crate) struct File {
    text: &'static str,
    kind: ContentType,
    cache: Header<'static>,
    sniffing: Header<'static>,
}

impl File {
    fn new(text: &'static str, kind: ContentType) -> Self {
        let cache = Header::new("Cache-Control", "no-cache");
        Self { text, kind, cache, sniffing: Header::new("X-Content-Type-Options", "nosniff") }
    }
}

/// The style sheet of the shop.
#[get("/site.css")]
pub(crate) fn style() -> File {
    File::new(include_str!("../assets/site.css"), ContentType::CSS)
}

/// The icon in the browser's tab: a small lamp.
#[get("/favicon.svg")]
pub(crate) fn icon() -> File {
    File::new(include_str!("../assets/favicon.svg"), ContentType::SVG)
}

/// Handles all errors outside the support, which has its own error pages.
#[catch(default)]
pub(crate) fn error(status: Status, request: &Request<'_>) -> Html {
    Layout::of(request).page(status, "error.html", context! { code => status.code })
}
