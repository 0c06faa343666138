//! What the pages ask of the host: who a request is from, where people sign in, and the layout around a page.

use async_trait::async_trait;
use axum::http::request::Parts;
use muticket_core::{HostError, Visitor};
use muticket_web::{Page, RequestHost};

/// Answers of the site around the module. Questions about users by their ids go to [`Directory`](muticket_core::Directory).
///
/// The [`Parts`] of a request have its headers, and in their extensions everything that the site's own layers left there. They also have
/// `ConnectInfo<SocketAddr>`, the address of the client, if the site is served with `into_make_service_with_connect_info`. MuTicket itself
/// uses no address: it counts the forms of a visitor by their id.
///
/// MuTicket answers each request in a task of its own. Values that a layer leaves in the extensions are seen; task-locals are not.
#[async_trait]
pub trait Host: Send + Sync + 'static {
    /// Returns the visitor that this request is from, as the host's own session knows them. It is called at most once for each request,
    /// and only below the module's base.
    ///
    /// The id of a user must be the one by which [`Directory::users`](muticket_core::Directory::users) knows them. It has at most 255
    /// characters and is never given to another person; see [`Directory`](muticket_core::Directory) for why.
    ///
    /// # Errors
    /// The host cannot answer, or it takes longer than [`host_time_limit`](crate::Configure::host_time_limit). The visitor reads "not
    /// available just now". An error never makes a visitor a guest.
    async fn visitor(&self, request: &Parts) -> Result<Visitor, HostError>;

    /// Returns the address where people sign in. `back` is the path, with its query, to which the host redirects them afterwards. It is a
    /// path of this site and has to be percent-encoded when it becomes part of a query.
    ///
    /// Return a path that begins with `/` and is not below the module's base, or an `https://` address of the host's sign-in service.
    fn sign_in(&self, back: &str) -> String;

    /// Puts a page of the module into the host's layout. `None`, the default, sends it as a complete page without a layout.
    ///
    /// The layout must contain [`head`](Page::head) and [`body`](Page::body) unchanged. [`visitor`](Page::visitor) says who is signed in,
    /// so the layout need not ask again. For anything else that the layout needs, let a layer of the site leave it in the extensions of
    /// the request.
    fn page(&self, page: Page<'_>, request: &Parts) -> Option<String> {
        let _ = (page, request);
        None
    }
}

/// The host's answers about one request.
pub(crate) struct Asked<'r> {
    pub(crate) host: &'r dyn Host,
    pub(crate) request: &'r Parts,
}

#[async_trait]
impl RequestHost for Asked<'_> {
    async fn visitor(&self) -> Result<Visitor, HostError> {
        self.host.visitor(self.request).await
    }

    fn sign_in(&self, back: &str) -> String {
        self.host.sign_in(back)
    }

    fn page(&self, page: Page<'_>) -> Option<String> {
        self.host.page(page, self.request)
    }
}
