//! A request, as an adapter hands it to the module.

use std::io;
use std::pin::Pin;

use bytes::Bytes;
use futures_util::Stream;
use http::{HeaderMap, Method, request};

/// The body of a request: pieces of any size, in the order they arrive. An error ends it.
pub type RequestBody<'r> = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send + 'r>>;

/// One request.
pub struct Request<'r> {
    /// Everything in front of the body.
    pub head: Head<'r>,
    /// The body. The module reads it only while it needs it, limits its size and its pace, and never holds it as a whole.
    pub body: RequestBody<'r>,
}

/// The part of a request in front of its body.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Head<'r> {
    /// The method.
    pub method: &'r Method,
    /// The path as the framework received it, with the module's base and still percent-encoded: `/support/tickets/7`.
    pub path: &'r str,
    /// The query without its question mark, still percent-encoded.
    pub query: Option<&'r str>,
    /// All headers. The module reads `Accept-Language`, `Content-Type`, `Cookie`, `Host`, `Origin`, `Sec-Fetch-Site` and
    /// `X-Forwarded-Proto`.
    pub headers: &'r HeaderMap,
    /// The host and port of the request's own URL, which HTTP/2 sends instead of the header `Host`.
    pub authority: Option<&'r str>,
    /// Whether the framework itself speaks TLS with the browser. `false` behind a proxy that does.
    pub is_tls: bool,
}

impl<'r> Head<'r> {
    /// A head without a query and an authority, received without TLS.
    pub fn new(method: &'r Method, path: &'r str, headers: &'r HeaderMap) -> Self {
        Self { method, path, query: None, headers, authority: None, is_tls: false }
    }
}

impl<'r> From<&'r request::Parts> for Head<'r> {
    /// The URI must be the one that the framework received, with the module's base.
    fn from(parts: &'r request::Parts) -> Self {
        let request::Parts { method, uri, headers, .. } = parts;
        let authority = uri.authority().map(|authority| authority.as_str());
        Self { query: uri.query(), authority, ..Self::new(method, uri.path(), headers) }
    }
}
