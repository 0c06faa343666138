//! Pages without any framework, on a helpdesk in memory.

use async_trait::async_trait;
use futures_util::{StreamExt as _, stream};
use http::{HeaderMap, HeaderValue, Method};
use muticket_core::{HostError, Visitor};
use muticket_world::{People, World};

use super::*;
use crate::host::Page;
use crate::module::{Configure, Module};

/// The session of one person; a guest without a name.
#[derive(Clone, Copy)]
struct Session(&'static str);

#[async_trait]
impl RequestHost for Session {
    async fn visitor(&self) -> Result<Visitor, HostError> {
        assert_ne!(self.0, "a mistake", "for this test");
        People::cast().session(Some(self.0))
    }

    fn sign_in(&self, back: &str) -> String {
        format!("/login?back={back}")
    }

    fn page(&self, page: Page<'_>) -> Option<String> {
        assert_ne!(self.0, "a layout that panics", "for this test");
        Some(format!("<title>{}</title>{}{}", page.title, page.head, page.body))
    }
}

async fn launched() -> (World, Instance) {
    let world = World::new().await;
    let (instance, _) = Module::new(world.helpdesk.clone()).at("/help").launch("/login", &|_| false).await.unwrap();
    (world, instance)
}

/// Asks as a browser does, and reads the response to its end.
async fn asks(instance: &Instance, session: &str, method: Method, address: &str, body: &str) -> (Response, String) {
    let session = ["anna", "sara", "ada", "a mistake", "a layout that panics"].into_iter().find(|known| *known == session);
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_static("application/x-www-form-urlencoded"));
    let (path, query) = address.split_once('?').map_or((address, None), |(path, query)| (path, Some(query)));
    let head = Head { query, ..Head::new(&method, path, &headers) };
    let pieces: Vec<_> = body.as_bytes().chunks(7).map(|piece| Ok(bytes::Bytes::copy_from_slice(piece))).collect();
    let request = Request { head, body: Box::pin(stream::iter(pieces)) };
    let mut response = instance.respond(request, &Session(session.unwrap_or_default())).await;
    let pieces: Vec<_> = (&mut response.body).map(|piece| piece.unwrap()).collect().await;
    (response, String::from_utf8(pieces.concat()).unwrap())
}

#[tokio::test]
async fn a_page_needs_no_framework() {
    let (world, instance) = launched().await;
    world.anna().opens("Printer", None).await.unwrap();
    let (response, html) = asks(&instance, "anna", Method::GET, "/help/tickets?state=all", "").await;
    assert_eq!(response.status, 200);
    assert!(html.contains("Printer") && html.contains("href=\"&#x2f;help&#x2f;tickets&#x2f;1?list=state%3Dall\""), "{html}");
    assert_eq!(response.defaults["cache-control"], "no-store");
    assert!(response.defaults["content-security-policy"].to_str().unwrap().contains("default-src 'self'"));
}

#[tokio::test]
async fn a_form_is_read_and_answered() {
    let (_, instance) = launched().await;
    let (_, html) = asks(&instance, "anna", Method::GET, "/help/tickets/new", "").await;
    let token = html.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let form = format!("token={token}&subject=Cable&body=Too+short+%C3%A4");
    let (response, _) = asks(&instance, "anna", Method::POST, "/help/tickets", &form).await;
    assert_eq!((response.status.as_u16(), response.headers["location"].to_str().unwrap()), (303, "/help/tickets/1"));
    assert!(response.headers["set-cookie"].to_str().unwrap().starts_with("muticket-notice-help=opened; HttpOnly"));
    let (_, html) = asks(&instance, "sara", Method::GET, "/help/tickets/1", "").await;
    assert!(html.contains("Too short ä"), "{html}");
    let (response, html) = asks(&instance, "anna", Method::POST, "/help/tickets", "subject=Cable&body=Forged").await;
    assert!(response.status == 403 && html.contains("Forged"), "the text is given back: {html}");
}

#[tokio::test]
async fn an_address_without_a_page_is_answered() {
    let (_, instance) = launched().await;
    for (session, method, address, status) in [
        ("", Method::GET, "/help/tickets?state=all", 303),
        ("", Method::POST, "/help/tickets", 401),
        ("", Method::GET, "/help/nowhere", 303),
        ("anna", Method::GET, "/help/nowhere", 404),
        ("anna", Method::GET, "/help", 303),
        ("anna", Method::HEAD, "/help//tickets/", 200),
        ("anna", Method::GET, "/elsewhere/tickets", 404),
        ("anna", Method::GET, "/help/tickets/x", 404),
        ("anna", Method::GET, "/help/backend/settings", 403),
        ("anna", Method::PUT, "/help/tickets", 405),
        ("anna", Method::GET, "/help/tickets/1/close", 405),
    ] {
        let (response, _) = asks(&instance, session, method.clone(), address, "").await;
        assert_eq!(response.status, status, "{session} {method} {address}");
        assert_eq!(response.headers.contains_key("allow"), status == 405, "{address}");
    }
    let (response, _) = asks(&instance, "", Method::GET, "/help/tickets?state=all", "").await;
    assert_eq!(response.headers["location"], "/login?back=/help/tickets?state=all");
}

#[tokio::test]
async fn a_panic_becomes_an_error_page() {
    let (_, instance) = launched().await;
    let (response, html) = asks(&instance, "a mistake", Method::GET, "/help/tickets", "").await;
    assert!(response.status == 500 && html.contains("<h1>") && response.defaults.contains_key("cache-control"), "{html}");
    let (response, text) = asks(&instance, "a layout that panics", Method::GET, "/help/assets/none.css", "").await;
    assert_eq!((response.status.as_u16(), text.as_str()), (500, "This page is temporarily unavailable."));
}

#[tokio::test]
async fn what_the_framework_cannot_read_is_answered_like_the_rest() {
    let (_, instance) = launched().await;
    let headers = HeaderMap::new();
    for (session, status, expected) in [("anna", 400, 400), ("", 400, 303), ("anna", 500, 500), ("anna", 404, 404)] {
        let head = Head::new(&Method::GET, "/help/%", &headers);
        let response = instance.respond_error(StatusCode::from_u16(status).unwrap(), head, &Session(session)).await;
        assert_eq!(response.status, expected, "{session} {status}");
    }
}
