//! The routes of a module, and what answers them.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::handler::HandlerWithoutStateExt as _;
use axum::http::{Method, Response, StatusCode};
use axum::response::IntoResponse as _;
use axum::routing::{MethodFilter, on};
use futures_util::TryStreamExt as _;
use muticket_web::{Endpoint, Head, Instance, RequestBody, Segment};
use tracing::Instrument as _;

use crate::host::{Asked, Host};
use crate::under_way::UnderWay;

/// The path segments that belong to the module as a whole, also at the root of a site.
const TREES: [&str; 3] = ["tickets", "attachments", "backend"];

/// A launched module and its host.
#[derive(Clone)]
pub(crate) struct Mounted {
    pub(crate) instance: Instance,
    pub(crate) host: Arc<dyn Host>,
    pub(crate) under_way: UnderWay,
}

/// The router of a module at this base.
pub(crate) fn router<S: Clone + Send + Sync + 'static>(base: &str, module: &Mounted) -> Router<S> {
    match base.trim_end_matches('/') {
        "" => at_the_root(module),
        base => below(Router::new(), base, module),
    }
}

/// At the root, missing pages belong to the host, except below the module's own path segments.
fn at_the_root<S: Clone + Send + Sync + 'static>(module: &Mounted) -> Router<S> {
    let router = TREES.iter().fold(Router::new(), |router, tree| below(router, &format!("/{tree}"), module));
    let others = Endpoint::all().filter(|endpoint| match endpoint.path.first() {
        Some(Segment::Word(word)) => !TREES.contains(word),
        _ => true,
    });
    others.fold(router, |router, endpoint| {
        let module = module.clone();
        // GET includes HEAD.
        let filter = MethodFilter::try_from(endpoint.method.clone()).unwrap_or(MethodFilter::GET);
        router.route(&pattern(&endpoint), on(filter, move |request| respond(module, request)))
    })
}

/// An address in axum's notation.
fn pattern(endpoint: &Endpoint) -> String {
    let segment = |segment: &Segment| match segment {
        Segment::Word(word) => format!("/{word}"),
        Segment::Value(name) => format!("/{{{name}}}"),
    };
    let path: String = endpoint.path.iter().map(segment).collect();
    if path.is_empty() { "/".to_owned() } else { path }
}

/// Adds a path and everything below it, with every method.
fn below<S: Clone + Send + Sync + 'static>(router: Router<S>, path: &str, module: &Mounted) -> Router<S> {
    [path.to_owned(), format!("{path}/"), format!("{path}/{{*rest}}")].iter().fold(router, |router, path| {
        let module = module.clone();
        let service = (move |request| respond(module, request)).into_service();
        router.route_service(path, service)
    })
}

/// Answers a request in a task of its own. hyper drops the future of a response when the browser disconnects, but a form that was sent
/// completely must still be handled.
async fn respond(module: Mounted, request: Request) -> Response<Body> {
    let begun = module.under_way.begin();
    let answered = async {
        let response = answer(module, request).await;
        drop(begun);
        response
    };
    let task = tokio::spawn(answered.in_current_span());
    // The module catches panics, so only the end of the runtime can end the task early.
    task.await.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
}

/// The answer of the module. Both bodies are passed on piece by piece and are never held as a whole. The module limits the length
/// of a request's body; axum's own limit does not apply, because the body is not extracted.
async fn answer(module: Mounted, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body: RequestBody<'_> = Box::pin(body.into_data_stream().map_err(io::Error::other));
    let host = Asked { host: &*module.host, request: &parts };
    let request = muticket_web::Request { head: Head::from(&parts), body };
    let response = Response::from(module.instance.respond(request, &host).await);
    if parts.method == Method::HEAD {
        // axum leaves out the body only where a route has a handler for GET.
        return response.map(|_| Body::empty());
    }
    // An error in the stream breaks off the connection. The browser notices that.
    response.map(Body::from_stream)
}
