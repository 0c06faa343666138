//! Answers requests below the base that match no page. The module has its own routes for them, because Rocket would log the whole URL,
//! including its query (P-17).

use std::sync::Arc;

use muticket_core::Error;
use rocket::http::{Method, Status};
use rocket::response::Responder;
use rocket::route::{Handler, Outcome};
use rocket::{Catcher, Data, Request, Route, catcher};

use crate::error::Failure;
use crate::mounted::NAME;
use crate::report;
use crate::site::{Asker, Site};

/// The rank of these routes: they are tried after all routes of the host, unless one has an even higher rank.
const LAST: isize = 1_000_000;
const METHODS: [Method; 9] = [
    Method::Get,
    Method::Head,
    Method::Post,
    Method::Put,
    Method::Delete,
    Method::Options,
    Method::Trace,
    Method::Connect,
    Method::Patch,
];

/// The routes that answer all requests that match none of `pages`.
pub(crate) fn routes(base: &str, pages: &[Route], site: &Arc<Site>) -> Vec<Route> {
    // At the root, missing pages belong to the host, except below the module's own path segments.
    let places: &[&str] = match base {
        "/" => &["/tickets/<_..>", "/attachments/<_..>", "/backend/<_..>"],
        _ => &["/<_..>"],
    };
    // An instance may be mounted below another one. The deeper one answers first.
    let depth = base.split('/').filter(|segment| !segment.is_empty()).count();
    let rank = LAST - isize::try_from(depth).unwrap_or(LAST);
    let missing = Missing { site: site.clone(), pages: pages.iter().map(Page::of).collect() };
    let route = |method: Method| {
        let missing = missing.clone();
        places.iter().map(move |place| {
            let mut route = Route::ranked(rank, method, place, missing.clone());
            route.name = Some(format!("{NAME}: no page").into());
            route
        })
    };
    METHODS.into_iter().flat_map(route).collect()
}

/// The catcher for requests that reach no route, such as those that Rocket cannot parse.
pub(crate) fn catcher(site: Arc<Site>) -> Catcher {
    Catcher::new(None, Missing { site, pages: Arc::default() })
}

/// The method and path of an existing page.
#[derive(Clone)]
struct Page {
    method: Method,
    /// Each segment is a fixed word, or `None` for a parameter.
    segments: Vec<Option<String>>,
}

impl Page {
    fn of(route: &Route) -> Self {
        let path = route.uri.origin.path();
        let segments = path.raw_segments().map(|segment| segment.as_str());
        let segments = segments.filter(|segment| !segment.is_empty());
        let segments = segments.map(|segment| (!segment.starts_with('<')).then(|| segment.to_owned()));
        Self { method: route.method, segments: segments.collect() }
    }

    fn is_at(&self, asked: &[&str]) -> bool {
        let fits = |(segment, asked): (&Option<String>, &&str)| segment.as_ref().is_none_or(|segment| segment == asked);
        self.segments.len() == asked.len() && self.segments.iter().zip(asked).all(fits)
    }
}

/// The handler of these routes.
#[derive(Clone)]
struct Missing {
    site: Arc<Site>,
    pages: Arc<[Page]>,
}

impl Missing {
    /// The methods that the URL supports; empty if it does not exist.
    fn methods(&self, request: &Request<'_>) -> String {
        let asked: Vec<&str> = request.routed_segments(0..).collect();
        let pages = self.pages.iter().filter(|page| page.is_at(&asked));
        let mut methods: Vec<&str> = pages.map(|page| page.method.as_str()).collect();
        methods.sort_unstable();
        methods.dedup();
        methods.join(", ")
    }

    async fn failure(&self, status: Status, request: &Request<'_>) -> Failure {
        // A guest does not learn which pages exist.
        match Asker::of(request).await {
            Ok(asker) if asker.user().is_none() && status.code < 500 => Error::SignIn.into(),
            // The host could not say whether the visitor is a guest.
            Err(error) if status.code < 500 => error.into(),
            _ => Failure::status(status),
        }
    }
}

#[rocket::async_trait]
impl Handler for Missing {
    async fn handle<'r>(&self, request: &'r Request<'_>, _: Data<'r>) -> Outcome<'r> {
        self.site.take(request);
        let methods = self.methods(request);
        let status = if methods.is_empty() { Status::NotFound } else { Status::MethodNotAllowed };
        let path = report::part_of_a_line(request.uri().path().as_str(), report::ADDRESS);
        tracing::info!(method = %request.method(), %path, status = status.code, "MuTicket has no page for this request");
        let failure = self.failure(status, request).await;
        let known = failure.has(Status::MethodNotAllowed);
        match failure.respond_to(request) {
            Ok(mut response) => {
                if known {
                    response.set_raw_header("Allow", methods);
                }
                Outcome::Success(response)
            }
            Err(status) => Outcome::Error(status),
        }
    }
}

#[rocket::async_trait]
impl catcher::Handler for Missing {
    async fn handle<'r>(&self, status: Status, request: &'r Request<'_>) -> catcher::Result<'r> {
        self.site.take(request);
        self.failure(status, request).await.respond_to(request)
    }
}
