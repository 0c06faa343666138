//! Routes that carry their instance with them, and the last word on every answer: its security headers.

use std::sync::Arc;

use rocket::http::{ContentType, Header, Method};
use rocket::outcome::Outcome as AnyOutcome;
use rocket::response::Response;
use rocket::route::{Handler, Outcome};
use rocket::{Build, Data, Request, Rocket, Route};

use crate::error::{Failure, Stash};
use crate::site::Site;
use crate::{assets, backend, frontend, missing};

/// What the names of the module's routes begin with.
pub(crate) const NAME: &str = "MuTicket";

/// Mounts all routes of the module below the base.
pub(crate) fn mount(rocket: Rocket<Build>, base: &str, site: Arc<Site>) -> Rocket<Build> {
    let pages = all_routes();
    let missing = missing::routes(base, &pages, &site);
    let pages = pages.into_iter().map(|mut route| {
        // Rocket shows it at launch and in its log, beside the host's own.
        route.name = Some(format!("{NAME}: {}", route.name.as_deref().unwrap_or("page")).into());
        route.handler = Box::new(Carrying { site: site.clone(), inner: route.handler });
        route
    });
    let rocket = rocket.mount(base.to_owned(), pages.chain(missing).collect::<Vec<Route>>());
    if base == "/" {
        // At the root, pages that do not exist are the host's own.
        return rocket;
    }
    rocket.register(base.to_owned(), vec![missing::catcher(site)])
}

/// All routes, relative to the base. Whatever answers GET answers HEAD as well: Rocket would do the same, and complain in the log first
/// that there is no such route, with the whole address (P-17).
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

/// A route and the instance it belongs to.
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

/// Headers for answers of the module only; what the answer, or the host, has set already stays.
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
