//! The host's seam to the pages: who a request is from, where people sign in, and the frame around a page.

use muticket_core::{HostError, User, Visitor};
use rocket::Request;

/// What the site around the module answers. The other questions, about users by their names, go to
/// [`Directory`](muticket_core::Directory).
#[rocket::async_trait]
pub trait Host: Send + Sync + 'static {
    /// Who this request is from, by the host's own session. Asked once a request, and only below the module's base.
    ///
    /// The id of a user must be the one that [`Directory::users`](muticket_core::Directory::users) knows them by, has at most 255
    /// characters, and is never given to somebody else; see [`Directory`](muticket_core::Directory) for why.
    ///
    /// # Errors
    /// The host cannot say; also, it took longer than [`MuTicket::host_time_limit`](crate::MuTicket::host_time_limit). The visitor reads
    /// "not available just now"; nobody is taken for a guest by mistake.
    async fn visitor(&self, request: &Request<'_>) -> Result<Visitor, HostError>;

    /// The address where people sign in. `back` is the path, with its query, to which the host leads them afterwards;
    /// it is a path of this site and has to be percent-encoded when it becomes part of a query.
    ///
    /// Return a path that begins with `/`, or an `https://` address of the host's sign-in service.
    fn sign_in(&self, back: &str) -> String;

    /// Puts a page of the module into the host's layout. `None`, the default, makes it a complete page of its own.
    ///
    /// The layout must contain [`head`](Page::head) and [`body`](Page::body) as they are. Who is signed in is in
    /// [`visitor`](Page::visitor), so that the layout can say so without asking again; what else it needs, `visitor` above leaves in the
    /// request's local cache.
    fn page(&self, page: Page<'_>, request: &Request<'_>) -> Option<String> {
        let _ = (page, request);
        None
    }
}

/// A page of the module, for the host's layout.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Page<'a> {
    /// The text for `<title>`, not escaped.
    pub title: &'a str,
    /// The page's language, for `<html lang>`.
    pub language: &'a str,
    /// What belongs into `<head>`: the module's style sheet and script.
    pub head: &'a str,
    /// What belongs into `<body>`: one element with everything inside.
    pub body: &'a str,
    /// Who asks, as [`Host::visitor`] has just said; `None` on the page that says that it could not.
    pub visitor: Option<&'a Visitor>,
}

impl<'a> Page<'a> {
    /// The user who is signed in, if one is.
    pub fn user(&self) -> Option<&'a User> {
        match self.visitor? {
            Visitor::Guest => None,
            Visitor::User(user) => Some(user),
        }
    }
}
