//! Routes that carry their instance with them, and the security headers that every response gets.

use std::sync::Arc;

use rocket::http::{ContentType, Header, Method};
use rocket::outcome::Outcome as AnyOutcome;
use rocket::response::Response;
use rocket::route::{Handler, Outcome};
use rocket::{Build, Data, Request, Rocket, Route};

use crate::error::{Failure, Stash};
use crate::site::Site;
use crate::{assets, backend, frontend, missing};

/// The prefix of the names of the module's routes.
pub(crate) const NAME: &str = "MuTicket";

/// Mounts all routes of the module below the base.
pub(crate) fn mount(rocket: Rocket<Build>, base: &str, site: Arc<Site>) -> Rocket<Build> {
    let pages = all_routes();
    let missing = missing::routes(base, &pages, &site);
    let pages = pages.into_iter().map(|mut route| {
        // Rocket shows the name at launch and in its log, next to the host's own routes.
        route.name = Some(format!("{NAME}: {}", route.name.as_deref().unwrap_or("page")).into());
        route.handler = Box::new(Carrying { site: site.clone(), inner: route.handler });
        route
    });
    let rocket = rocket.mount(base.to_owned(), pages.chain(missing).collect::<Vec<Route>>());
    if base == "/" {
        // At the root, missing pages belong to the host.
        return rocket;
    }
    rocket.register(base.to_owned(), vec![missing::catcher(site)])
}

/// All routes, relative to the base. Every GET route also answers HEAD. Rocket would do the same, but would first log that no such route
/// exists, with the whole URL (P-17).
pub(crate) fn all_routes() -> Vec<Route> {
    let mut routes = [rocket::routes![assets::asset], frontend::routes(), backend::routes()].concat();
    let heads = routes.iter().filter(|route| route.method == Method::Get).cloned();
    let head = |mut route: Route| {
        route.method = Method::Head;
        route
    };
    let heads: Vec<Route> = heads.map(head).collect();
    routes.extend(heads);
    routes
}

/// A route, and the instance to which it belongs.
#[derive(Clone)]
struct Carrying {
    site: Arc<Site>,
    inner: Box<dyn Handler>,
}

#[rocket::async_trait]
impl Handler for Carrying {
    async fn handle<'r>(&self, request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r> {
        self.site.take(request);
        match self.inner.handle(request, data).await {
            AnyOutcome::Error(status) => {
                let failure = Stash::take(request).unwrap_or_else(|| Failure::status(status));
                Outcome::from(request, failure)
            }
            outcome => outcome,
        }
    }
}

/// Sets the headers of the module's own responses. Headers that the response or the host has already set stay.
pub(crate) fn protect(request: &Request<'_>, response: &mut Response<'_>) {
    let Some(site) = Site::answering(request) else { return };
    let html = response.content_type().is_some_and(|kind| kind == ContentType::HTML);
    let mut set = |name: &'static str, value: String| {
        if !response.headers().contains(name) {
            response.set_header(Header::new(name, value));
        }
    };
    set("Cache-Control", "no-store".to_owned());
    set("Referrer-Policy", "same-origin".to_owned());
    set("X-Content-Type-Options", "nosniff".to_owned());
    if html {
        set("Content-Security-Policy", site.content_security_policy.clone());
        set("Cross-Origin-Opener-Policy", "same-origin".to_owned());
    }
}
