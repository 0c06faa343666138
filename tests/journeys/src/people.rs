//! The host: how it tells who is signed in.

use std::sync::Arc;

use axum::http::request::Parts;
use muticket_core::{HostError, Visitor};
use muticket_web::Page;
use muticket_world::People;
use rocket::Request;

/// The host's session as the module sees it: the header `X-Person` names the visitor.
#[derive(Debug, Clone)]
pub struct Reception {
    people: Arc<People>,
    layout: bool,
    sign_in: String,
}

impl Reception {
    /// A host without a layout, whose people sign in at `/login`.
    pub fn new(people: Arc<People>) -> Self {
        Self { people, layout: false, sign_in: "/login?back=".to_owned() }
    }

    /// The same host with its own layout.
    #[must_use]
    pub fn with_layout(mut self) -> Self {
        self.layout = true;
        self
    }

    /// The same host with another address to sign in at.
    #[must_use]
    pub fn with_sign_in(mut self, address: &str) -> Self {
        self.sign_in = address.to_owned();
        self
    }

    /// The address to sign in at.
    fn way_in(&self, back: &str) -> String {
        let coded: String = back.bytes().map(coded).collect();
        format!("{}{coded}", self.sign_in)
    }

    /// The page in the layout, if there is one.
    fn laid_out(&self, page: &Page<'_>) -> Option<String> {
        let Page { title, language, head, body, .. } = page;
        let title = title.replace('&', "&amp;").replace('<', "&lt;");
        self.layout.then(|| {
            format!(
                "<!doctype html><html lang=\"{language}\"><head><title>{title} - The Host</title>{head}</head>\
                 <body><nav id=\"host\">The host's own menu</nav>{body}</body></html>"
            )
        })
    }
}

#[rocket::async_trait]
impl muticket_rocket::Host for Reception {
    async fn visitor(&self, request: &Request<'_>) -> Result<Visitor, HostError> {
        self.people.session(request.headers().get_one("X-Person"))
    }

    fn sign_in(&self, back: &str) -> String {
        self.way_in(back)
    }

    fn page(&self, page: Page<'_>, _: &Request<'_>) -> Option<String> {
        self.laid_out(&page)
    }
}

#[muticket_axum::async_trait]
impl muticket_axum::Host for Reception {
    async fn visitor(&self, request: &Parts) -> Result<Visitor, HostError> {
        self.people.session(request.headers.get("X-Person").and_then(|person| person.to_str().ok()))
    }

    fn sign_in(&self, back: &str) -> String {
        self.way_in(back)
    }

    fn page(&self, page: Page<'_>, _: &Parts) -> Option<String> {
        self.laid_out(&page)
    }
}

fn coded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}
