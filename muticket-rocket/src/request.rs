//! Turns Rocket's requests into those of the module.

use std::io;

use bytes::{Bytes, BytesMut};
use futures_util::stream;
use muticket_web::http::header::{COOKIE, HeaderName, HeaderValue};
use muticket_web::http::{HeaderMap, Method};
use muticket_web::{Head, RequestBody};
use rocket::Request;
use rocket::data::{ByteUnit, Data};
use tokio::io::AsyncReadExt as _;

/// The size of the pieces in which a body is read.
const PIECE: usize = 16 * 1024;

/// What the module reads of a request, in its own types.
pub(crate) struct Converted<'r> {
    request: &'r Request<'r>,
    method: Method,
    headers: HeaderMap,
    authority: Option<String>,
}

impl<'r> Converted<'r> {
    pub(crate) fn of(request: &'r Request<'_>) -> Self {
        // Rocket knows only methods that have a name, so each can be parsed.
        let method = request.method().as_str().parse().unwrap_or_default();
        let authority = request.host().map(ToString::to_string);
        Self { request, method, headers: headers(request), authority }
    }

    pub(crate) fn head(&self) -> Head<'_> {
        let uri = self.request.uri();
        let mut head = Head::new(&self.method, uri.path().raw().as_str(), &self.headers);
        head.query = uri.query().map(|query| query.raw().as_str());
        head.authority = self.authority.as_deref();
        head.is_tls = self.request.rocket().config().tls_enabled();
        head
    }
}

/// The headers. Cookies are taken from Rocket's jar, which also has those that a local client of a test sets.
fn headers(request: &Request<'_>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for header in request.headers().iter() {
        let name = HeaderName::try_from(header.name().as_str());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::try_from(header.value()))
            && name != COOKIE
        {
            headers.append(name, value);
        }
    }
    let cookies: Vec<String> = request.cookies().iter().map(|cookie| format!("{}={}", cookie.name(), cookie.value())).collect();
    if let Ok(value) = HeaderValue::try_from(cookies.join("; ")) {
        headers.insert(COOKIE, value);
    }
    headers
}

/// The body, piece by piece. The module limits its length.
pub(crate) fn body(data: Data<'_>) -> RequestBody<'_> {
    let opened = data.open(ByteUnit::max_value());
    Box::pin(stream::try_unfold(opened, |mut body| async move {
        let mut piece = BytesMut::with_capacity(PIECE);
        let read = body.read_buf(&mut piece).await?;
        Ok::<_, io::Error>((read > 0).then(|| (Bytes::from(piece), body)))
    }))
}
