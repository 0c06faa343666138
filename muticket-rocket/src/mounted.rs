//! Routes that carry their instance with them, and the last word on every answer: its security headers, and the page of an error.

use std::sync::Arc;

use muticket_core::Error;
use rocket::http::{ContentType, Header, Status};
use rocket::outcome::Outcome as AnyOutcome;
use rocket::response::{Responder, Response};
use rocket::route::{Handler, Outcome};
use rocket::{Build, Catcher, Data, Request, Rocket, Route, catcher};

use crate::error::{Failure, Stash};
use crate::site::{Asker, Site};
use crate::{assets, backend, frontend};

/// Mounts all routes of the module below the base.
pub(crate) fn mount(rocket: Rocket<Build>, base: &str, site: Arc<Site>) -> Rocket<Build> {
    let routes = all_routes().into_iter().map(|mut route| {
        route.handler = Box::new(Carrying { site: site.clone(), inner: route.handler });
        route
    });
    let rocket = rocket.mount(base.to_owned(), routes.collect::<Vec<Route>>());
    if base == "/" {
        // At the root, pages that do not exist are the host's own.
        return rocket;
    }
    rocket.register(base.to_owned(), vec![Catcher::new(None, Missing { site })])
}

/// All routes, relative to the base.
pub(crate) fn all_routes() -> Vec<Route> {
    [rocket::routes![assets::asset], frontend::routes(), backend::routes()].concat()
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

/// What is below the base and no page of ours.
#[derive(Clone)]
struct Missing {
    site: Arc<Site>,
}

#[rocket::async_trait]
impl catcher::Handler for Missing {
    async fn handle<'r>(&self, status: Status, request: &'r Request<'_>) -> catcher::Result<'r> {
        self.site.take(request);
        // A guest learns nothing about which pages there are.
        let failure = match Asker::of(request).await {
            Ok(asker) if asker.user().is_none() && status.code < 500 => Error::SignIn.into(),
            // Nobody knows whether he is one.
            Err(error) if status.code < 500 => error.into(),
            _ => Failure::status(status),
        };
        failure.respond_to(request)
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
