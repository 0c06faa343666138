//! A response, as the module hands it to an adapter.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use http::StatusCode;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use percent_encoding::{CONTROLS, utf8_percent_encode};

/// The response to one request.
///
/// An adapter sends status, headers and body, adds each of the [`defaults`](Self::defaults) that the site has not set itself, and adds
/// `Content-Length` from [`ResponseBody::size`]. Converting it into an [`http::Response`] does all of this. The framework leaves
/// out the body of a response to HEAD.
#[derive(Debug)]
#[non_exhaustive]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers, except for `Content-Length`.
    pub headers: HeaderMap,
    /// Security headers for the whole module. Headers of the site take precedence, if the framework lets a site set headers before the
    /// module does.
    pub defaults: HeaderMap,
    /// The body.
    pub body: ResponseBody,
    /// The template of the page, without `.html`; `None` for anything else.
    pub(crate) template: Option<&'static str>,
}

impl Response {
    /// A response without headers.
    pub(crate) fn new(status: StatusCode, body: impl Into<ResponseBody>) -> Self {
        Self { status, headers: HeaderMap::new(), defaults: HeaderMap::new(), body: body.into(), template: None }
    }

    /// A page.
    pub(crate) fn html(status: StatusCode, html: String) -> Self {
        Self::new(status, Bytes::from(html)).with(CONTENT_TYPE, "text/html; charset=utf-8")
    }

    /// A text that is no page.
    pub(crate) fn text(text: String) -> Self {
        Self::new(StatusCode::OK, Bytes::from(text)).with(CONTENT_TYPE, "text/plain; charset=utf-8")
    }

    /// A 303 to a URL that was made by `links` or by the host, never to a URL from a request (P-16).
    pub(crate) fn see_other(to: &str) -> Self {
        Self::new(StatusCode::SEE_OTHER, Bytes::new()).with(LOCATION, to)
    }

    /// Adds a header. Characters that a header cannot have are percent-encoded.
    pub(crate) fn with(mut self, name: HeaderName, value: &str) -> Self {
        let value = utf8_percent_encode(value, CONTROLS).to_string();
        self.headers.append(name, HeaderValue::try_from(value).expect("printable ASCII can be a header"));
        self
    }

    /// Whether it is a page.
    pub(crate) fn is_html(&self) -> bool {
        self.headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
    }
}

impl From<Response> for http::Response<ResponseBody> {
    fn from(response: Response) -> Self {
        let Response { status, mut headers, defaults, body, .. } = response;
        for (name, value) in &defaults {
            headers.entry(name).or_insert_with(|| value.clone());
        }
        headers.insert(CONTENT_LENGTH, body.size().into());
        let mut response = Self::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        response
    }
}

/// The body of a response: bytes that are there, or a stream that is read while it is sent.
pub struct ResponseBody(Content);

enum Content {
    Whole(Bytes),
    Stream { size: u64, pieces: Pieces },
}

type Pieces = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

impl ResponseBody {
    /// A body that is read while it is sent. `size` is its length in bytes.
    pub(crate) fn stream(size: u64, pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Self {
        Self(Content::Stream { size, pieces: Box::pin(pieces) })
    }

    /// The number of bytes. A stream that fails gives fewer.
    pub fn size(&self) -> u64 {
        match &self.0 {
            Content::Whole(bytes) => bytes.len() as u64,
            Content::Stream { size, .. } => *size,
        }
    }

    /// All bytes, if they are there; `None` for a stream.
    pub fn whole(&self) -> Option<&Bytes> {
        match &self.0 {
            Content::Whole(bytes) => Some(bytes),
            Content::Stream { .. } => None,
        }
    }
}

impl From<Bytes> for ResponseBody {
    fn from(bytes: Bytes) -> Self {
        Self(Content::Whole(bytes))
    }
}

/// The pieces of the body. After an error there are no further pieces; an adapter then breaks off the response, so that the
/// browser notices.
impl Stream for ResponseBody {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut self.0 {
            Content::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Content::Whole(bytes) => Poll::Ready(Some(Ok(std::mem::take(bytes)))),
            Content::Stream { pieces, .. } => pieces.poll_next_unpin(context),
        }
    }
}

impl std::fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResponseBody").field("size", &self.size()).finish_non_exhaustive()
    }
}
