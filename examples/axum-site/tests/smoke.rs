//! The site with the support, as a browser sees it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{Method, Request, Response};
use axum_site::site;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

/// One connection to the site, and the cookie that it has set.
struct Browser {
    sender: SendRequest<Body>,
    cookie: String,
}

impl Browser {
    async fn asks(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Response<String> {
        let mut request =
            Request::builder().method(method).uri(path).header("Host", "choir.example").header(COOKIE, &self.cookie);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.sender.ready().await.unwrap();
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(Body::from(body.to_owned()));
        let (parts, body) = self.sender.send_request(request.unwrap()).await.unwrap().into_parts();
        let body = to_bytes(Body::new(body), usize::MAX).await.unwrap();
        if let Some(cookie) = parts.headers.get(SET_COOKIE).and_then(|cookie| cookie.to_str().ok())
            && cookie.starts_with("dovecote-session=")
        {
            self.cookie = cookie.split(';').next().unwrap().to_owned();
        }
        Response::from_parts(parts, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn gets(&mut self, path: &str) -> Response<String> {
        self.asks(Method::GET, path, &[], "").await
    }

    async fn signs_in(&mut self, login: &str, password: &str) -> Response<String> {
        let body = format!("login={login}&password={password}&back=/help/tickets");
        self.asks(Method::POST, "/login", &[("Origin", "http://choir.example")], &body).await
    }
}

fn location(response: &Response<String>) -> &str {
    response.headers()[LOCATION].to_str().unwrap()
}

#[tokio::test]
async fn guests_are_led_to_the_sites_login_and_back_into_its_layout() {
    let folder = tempfile::tempdir().unwrap();
    let (app, worker) = site(folder.path()).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let (sender, connection) = handshake(TokioIo::new(TcpStream::connect(address).await.unwrap())).await.unwrap();
    tokio::spawn(connection);
    let mut browser = Browser { sender, cookie: String::new() };

    let guest = browser.gets("/help/tickets").await;
    assert_eq!((guest.status().as_u16(), location(&guest)), (303, "/login?back=%2Fhelp%2Ftickets"));
    let login = browser.gets("/login?back=%2Fhelp%2Ftickets").await.into_body();
    assert!(login.contains("name=\"back\" value=\"&#x2f;help&#x2f;tickets\""), "{login}");
    assert_eq!(browser.signs_in("mia", "sing-the-bass").await.status(), 422);
    let signed_in = browser.signs_in("mia", "sing-the-alto").await;
    assert_eq!((signed_in.status().as_u16(), location(&signed_in)), (303, "/help/tickets"));

    let list = browser.gets("/help/tickets").await;
    assert_eq!(list.status(), 200);
    for part in ["<span>Mia Bauer</span>", "<html lang=\"de\">", "Dovecote Choir", "href=\"/help/assets/"] {
        assert!(list.body().contains(part), "{part} is missing: {}", list.body());
    }
    assert_eq!(browser.gets("/help/backend/settings").await.status(), 403);
    assert!(browser.gets("/").await.body().contains("Mia Bauer"));

    // P-08: a form on another site signs nobody out.
    let foreign = [("Origin", "http://evil.example")];
    assert_eq!(browser.asks(Method::POST, "/logout", &foreign, "").await.status(), 403);
    assert_eq!(browser.gets("/help/tickets").await.status(), 200);
    assert_eq!(location(&browser.asks(Method::POST, "/logout", &[], "").await), "/");
    assert_eq!(browser.gets("/help/tickets").await.status(), 303);

    browser.signs_in("edith", "lead-the-choir").await;
    assert_eq!(browser.gets("/help/backend/settings").await.status(), 200);
    worker.stop().await;
}

/// The README quotes the code of the site exactly.
#[test]
fn the_readme_quotes_the_code() {
    let source = [include_str!("../src/lib.rs"), include_str!("../src/main.rs")].concat();
    let quotes: Vec<_> = include_str!("../README.md").split("```rust,ignore\n").skip(1).collect();
    assert_eq!(quotes.len(), 3);
    for line in quotes.iter().map(|quote| quote.lines().next().unwrap()) {
        assert!(source.contains(line), "the site does not say {line:?}");
    }
}
