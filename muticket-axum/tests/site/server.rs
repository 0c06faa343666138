//! The site: its people, its own page, and MuTicket in it.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::routing::get;
use muticket_axum::{Configure, Host, MuTicket, Page, async_trait};
use muticket_core::{HostError, Visitor};
use muticket_world::{People, World};
use tokio::net::TcpListener;

use crate::client::Client;

/// The host's session as MuTicket sees it: the header `X-Person` names the visitor.
pub(crate) struct Reception(pub(crate) Arc<People>);

#[async_trait]
impl Host for Reception {
    async fn visitor(&self, request: &Parts) -> Result<Visitor, HostError> {
        self.0.session(request.headers.get("x-person").and_then(|value| value.to_str().ok()))
    }

    fn sign_in(&self, back: &str) -> String {
        format!("/login?back={}", muticket_axum::percent_encoded(back))
    }

    fn page(&self, page: Page<'_>, request: &Parts) -> Option<String> {
        let client = request.extensions.get::<ConnectInfo<SocketAddr>>().unwrap().ip();
        Some(format!("<!doctype html><head>{}</head><nav>Seen from {client}</nav>{}", page.head, page.body))
    }
}

/// The module over a world. The forms of a test are not counted.
pub(crate) fn module(world: &World) -> MuTicket {
    MuTicket::new(world.helpdesk.clone(), Reception(world.people.clone())).forms_per_minute(100_000)
}

/// A site that is being served, until the test ends. It has one page of its own and its own error page.
pub(crate) struct Site {
    address: SocketAddr,
}

impl Site {
    /// Serves a module.
    pub(crate) async fn serve(module: MuTicket) -> Self {
        let (pages, _worker) = module.launch().await.unwrap();
        Self::serve_router(pages).await
    }

    /// Serves a router.
    pub(crate) async fn serve_router(pages: Router) -> Self {
        let own = async || (axum::http::StatusCode::NOT_FOUND, "nothing here, says the host");
        let app = Router::new().route("/about", get("about the host")).fallback(own).merge(pages);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = app.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        Self { address }
    }

    /// A client, with a connection of its own, who is signed in as this person; nobody is a guest.
    pub(crate) async fn client(&self, person: Option<&str>) -> Client {
        Client::connect(self.address, person).await
    }
}
