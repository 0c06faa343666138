//! The site in axum.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use futures_util::StreamExt as _;
use muticket_axum::MuTicket;
use muticket_web::http::header::{HeaderName, HeaderValue};
use muticket_web::http::{self, Uri};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tower::ServiceExt as _;

use crate::answer::Answer;
use crate::mount::Mount;
use crate::request::Request;
use crate::served::Served;

/// The workers end with the test, because the runtime belongs to the test.
pub(crate) async fn launch(modules: Vec<Mount<'_>>) -> Router {
    let mut router = Router::new();
    for module in modules {
        let (pages, _worker) = module.module(MuTicket::new).launch().await.unwrap();
        router = router.merge(pages);
    }
    router
}

pub(crate) async fn answer(router: &Router, request: &Request) -> Answer {
    let asked = request.brief();
    let Ok(address) = request.address.parse::<Uri>() else {
        // What hyper sends before the router sees anything.
        return Answer { status: 400, headers: Vec::new(), body: Vec::new(), asked };
    };
    let mut sent = http::Request::new(Body::from(request.body.clone()));
    *sent.method_mut() = request.method.clone();
    *sent.uri_mut() = address;
    for (name, value) in &request.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_bytes(value.as_bytes())) {
            sent.headers_mut().append(name, value);
        }
    }
    let Ok(response) = router.clone().oneshot(sent).await;
    let status = response.status().as_u16();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    let (mut pieces, mut body) = (response.into_body().into_data_stream(), Vec::new());
    // A body that breaks off is read up to there.
    while let Some(Ok(piece)) = pieces.next().await {
        body.extend_from_slice(&piece);
    }
    Answer { status, headers, body, asked }
}

pub(crate) fn can_read(address: &str) -> bool {
    address.parse::<Uri>().is_ok()
}

pub(crate) async fn serve(module: Mount<'_>) -> Served {
    let (pages, worker) = module.module(MuTicket::new).launch::<()>().await.unwrap();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let stop = Arc::new(Notify::new());
    let stopped = stop.clone();
    let server = tokio::spawn(async move {
        axum::serve(listener, pages).with_graceful_shutdown(async move { stopped.notified().await }).await.unwrap();
        worker.stop().await;
    });
    Served { port, server, stop }
}
