//! A plain client with one connection.

use std::net::SocketAddr;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, Response, StatusCode};
use bytes::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use scraper::{Html, Selector};
use tokio::net::TcpStream;

/// The boundary between the parts of a form.
const BOUNDARY: &str = "----Boundary7MA4YWxk";

/// A connection.
pub(crate) struct Client {
    sender: SendRequest<Body>,
    person: Option<String>,
}

/// A whole response.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr, person: Option<&str>) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        let (sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        Self { sender, person: person.map(str::to_owned) }
    }

    /// Sends a request. The response may still be on its way.
    pub(crate) async fn sends(&mut self, method: Method, path: &str, kind: &str, body: Body) -> Response<Body> {
        let mut request = Request::builder().method(method).uri(path).header("Host", "example.org");
        if let Some(person) = &self.person {
            request = request.header("X-Person", person);
        }
        if !kind.is_empty() {
            request = request.header("Content-Type", kind);
        }
        self.sender.ready().await.unwrap();
        self.sender.send_request(request.body(body).unwrap()).await.unwrap().map(Body::new)
    }

    /// Asks, and waits for the whole response.
    pub(crate) async fn asks(&mut self, method: Method, path: &str) -> Answer {
        Answer::of(self.sends(method, path, "", Body::empty()).await).await
    }

    pub(crate) async fn gets(&mut self, path: &str) -> Answer {
        self.asks(Method::GET, path).await
    }

    /// Sends a form whose body arrives in pieces.
    pub(crate) async fn posts(&mut self, path: &str, body: Body) -> Answer {
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        Answer::of(self.sends(Method::POST, path, &kind, body).await).await
    }

    /// The fields of the form for a new ticket at this base, filled in, up to the content of a file.
    pub(crate) async fn form(&mut self, base: &str, subject: &str, file: &str) -> String {
        let page = self.gets(&format!("{base}/tickets/new")).await.is(200);
        let mut form = String::new();
        for (name, value) in page.attributes("form[enctype] input[type=hidden]", "name", "value") {
            form += &field(&name, &value);
        }
        form + &field("subject", subject)
            + &field("body", "It is silent")
            + &format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"attachment\"; filename=\"{file}\"\r\n")
            + "Content-Type: application/octet-stream\r\n\r\n"
    }
}

/// What ends a form after the content of its file.
pub(crate) fn end() -> String {
    format!("\r\n--{BOUNDARY}--\r\n")
}

fn field(name: &str, value: &str) -> String {
    format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
}

impl Answer {
    async fn of(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Self { status: parts.status, headers: parts.headers, body }
    }

    /// Checks the status.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{:?}\n{}", self.headers, self.text());
        self
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Two attributes of all elements that a selector finds.
    pub(crate) fn attributes(&self, selector: &str, one: &str, other: &str) -> Vec<(String, String)> {
        let page = Html::parse_document(&self.text());
        let attribute = |element: &scraper::ElementRef<'_>, name| element.attr(name).unwrap_or_default().to_owned();
        let selector = Selector::parse(selector).unwrap();
        page.select(&selector).map(|element| (attribute(&element, one), attribute(&element, other))).collect()
    }

    /// The address of the first file on a ticket's page.
    pub(crate) fn file(&self) -> String {
        self.attributes(".attachments a[download]", "href", "class").remove(0).0
    }
}
