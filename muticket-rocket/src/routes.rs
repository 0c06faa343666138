//! The routes of a module, and what answers them. Each route carries its module along instead of using managed state, so a site may mount
//! several.

use std::sync::Arc;

use muticket_web::http::{self, StatusCode};
use muticket_web::{Endpoint, Instance, Segment};
use rocket::http::{Method, Status};
use rocket::outcome::Outcome as AnyOutcome;
use rocket::route::{Handler, Outcome};
use rocket::{Build, Catcher, Data, Request, Rocket, Route, catcher};

use crate::host::{Asked, Host};
use crate::request::{Converted, body};
use crate::response::{converted, protect};

/// The prefix of the names of the module's routes.
pub(crate) const NAME: &str = "MuTicket";
/// The rank of the routes for all other addresses: they are tried after all routes of the host, unless one has an even higher rank.
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

/// A launched module and its host.
#[derive(Clone)]
pub(crate) struct Mounted {
    pub(crate) instance: Instance,
    pub(crate) host: Arc<dyn Host>,
}

/// Mounts all routes of the module below the base.
pub(crate) fn mount(rocket: Rocket<Build>, base: &str, module: &Mounted) -> Rocket<Build> {
    let mut routes: Vec<Route> = pages().into_iter().map(|page| route(page.method, &page.path, None, module)).collect();
    routes.extend(others(base, module));
    let rocket = rocket.mount(base.to_owned(), routes);
    if base == "/" {
        // At the root, missing pages belong to the host.
        return rocket;
    }
    rocket.register(base.to_owned(), vec![Catcher::new(None, module.clone())])
}

/// An address with a method, in Rocket's notation.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PageRoute {
    pub(crate) method: Method,
    pub(crate) path: String,
}

/// All pages of the module, relative to the base. Every GET route also answers HEAD. Rocket would do the same, but would first log that no
/// such route exists, with the whole URL (P-17).
pub(crate) fn pages() -> Vec<PageRoute> {
    let endpoints: Vec<Endpoint> = Endpoint::all().collect();
    let needed = endpoints.iter().filter(|endpoint| !endpoints.iter().any(|other| serves(other, endpoint)));
    let page = |endpoint: &Endpoint| {
        let segment = |segment: &Segment| match segment {
            Segment::Word(word) => format!("/{word}"),
            Segment::Value(name) => format!("/<{name}>"),
        };
        let path: String = endpoint.path.iter().map(segment).collect();
        let path = if path.is_empty() { "/".to_owned() } else { path };
        let methods: &[Method] =
            if endpoint.method == http::Method::GET { &[Method::Get, Method::Head] } else { &[Method::Post] };
        methods.iter().map(move |method| PageRoute { method: *method, path: path.clone() }).collect::<Vec<_>>()
    };
    needed.flat_map(page).collect()
}

/// Whether the route of an endpoint also serves a special one: Rocket could not choose between the two if both had a value in their path.
fn serves(general: &Endpoint, special: &Endpoint) -> bool {
    let is_value = |segment: &Segment| matches!(segment, Segment::Value(_));
    let covers = |(general, special): (&Segment, &Segment)| is_value(general) || general == special;
    general != special
        && general.method == special.method
        && general.path.len() == special.path.len()
        && special.path.iter().any(is_value)
        && general.path.iter().zip(special.path).all(covers)
}

/// The routes for all requests below the base that reach no page. Without them, Rocket would log the whole URL, including its query (P-17).
fn others(base: &str, module: &Mounted) -> Vec<Route> {
    // At the root, missing pages belong to the host, except below the module's own path segments.
    let places: &[&str] = match base {
        "/" => &["/tickets/<_..>", "/attachments/<_..>", "/backend/<_..>"],
        _ => &["/<_..>"],
    };
    // A module may be mounted below another one. The deeper one answers first.
    let depth = base.split('/').filter(|segment| !segment.is_empty()).count();
    let rank = LAST - isize::try_from(depth).unwrap_or(LAST);
    let all = METHODS.into_iter().flat_map(|method| places.iter().map(move |place| (method, place)));
    all.map(|(method, place)| route(method, place, Some(rank), module)).collect()
}

fn route(method: Method, path: &str, rank: Option<isize>, module: &Mounted) -> Route {
    let mut route = Route::ranked(rank, method, path, module.clone());
    // Rocket shows the name at launch and in its log, next to the host's own routes.
    route.name = Some(NAME.into());
    route
}

#[rocket::async_trait]
impl Handler for Mounted {
    async fn handle<'r>(&self, request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r> {
        let read = Converted::of(request);
        let host = Asked { host: &*self.host, request };
        let asked = muticket_web::Request { head: read.head(), body: body(data) };
        match converted(self.instance.respond(asked, &host).await, request) {
            Ok(response) => AnyOutcome::Success(response),
            Err(status) => AnyOutcome::Error(status),
        }
    }
}

/// Answers requests that reach no route, such as those that Rocket cannot parse.
#[rocket::async_trait]
impl catcher::Handler for Mounted {
    async fn handle<'r>(&self, status: Status, request: &'r Request<'_>) -> catcher::Result<'r> {
        let read = Converted::of(request);
        let host = Asked { host: &*self.host, request };
        let failed = StatusCode::from_u16(status.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = converted(self.instance.respond_error(failed, read.head(), &host).await, request)?;
        if status == Status::BadRequest {
            // Rocket sends the response to a request that it cannot parse without calling a fairing.
            protect(request, &mut response);
        }
        Ok(response)
    }
}
