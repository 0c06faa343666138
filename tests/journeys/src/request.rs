//! Requests to the site.

use muticket_web::http::Method;

/// A request. It may be one that no framework can read, so nothing in it is parsed.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) address: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// The method and the address, for error messages.
    pub(crate) fn brief(&self) -> String {
        format!("{} {}", self.method, self.address)
    }
}
