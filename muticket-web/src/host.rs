//! What the module asks the site about one request.

use async_trait::async_trait;
use muticket_core::{HostError, User, Visitor};

/// Answers about one request. An adapter makes one for each request, from the site's own host and the framework's own request.
#[async_trait]
pub trait RequestHost: Send + Sync {
    /// Returns the visitor that the request is from. It is called at most once for each request.
    ///
    /// # Errors
    /// The site cannot answer. The visitor reads "not available just now". An error never makes a visitor a guest.
    async fn visitor(&self) -> Result<Visitor, HostError>;

    /// Returns the address where people sign in: a path that begins with `/`, or an `https://` address. `back` is the path, with its query,
    /// to which the site redirects them afterwards.
    fn sign_in(&self, back: &str) -> String;

    /// Puts a page of the module into the site's layout. `None` sends it as a complete page without a layout.
    fn page(&self, page: Page<'_>) -> Option<String>;
}

/// A page of the module, for the site's layout.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Page<'a> {
    /// The text for `<title>`, not escaped.
    pub title: &'a str,
    /// The page's language, for `<html lang>`.
    pub language: &'a str,
    /// The content for `<head>`: the module's style sheet and script.
    pub head: &'a str,
    /// The content for `<body>`: one element that contains the whole page.
    pub body: &'a str,
    /// Who the request is from; `None` on a page that does not ask, and on the error page that is shown when the site could not answer.
    pub visitor: Option<&'a Visitor>,
}

impl<'a> Page<'a> {
    /// The signed-in user; `None` for a guest.
    pub fn user(&self) -> Option<&'a User> {
        match self.visitor? {
            Visitor::Guest => None,
            Visitor::User(user) => Some(user),
        }
    }
}
