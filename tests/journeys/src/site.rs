//! The site that a journey goes through: the module in a web framework. Its answers need no port.

use axum::Router;
use muticket_web::http::Method;
use rocket::local::asynchronous::Client;

use crate::answer::Answer;
use crate::mount::Mount;
use crate::plan::Adapter;
use crate::request::Request;
use crate::served::Served;
use crate::{axum_site, rocket_site};

/// A site in one of the frameworks.
pub struct Site(Framework);

enum Framework {
    Rocket(Box<Client>),
    Axum(Router),
}

impl Site {
    /// Builds a site with these modules.
    pub async fn launch(adapter: Adapter, modules: Vec<Mount<'_>>) -> Self {
        Self(match adapter {
            Adapter::Rocket => Framework::Rocket(Box::new(rocket_site::launch(modules).await)),
            Adapter::Axum => Framework::Axum(axum_site::launch(modules).await),
        })
    }

    /// Builds a site with this module behind a real socket.
    pub(crate) async fn serve(adapter: Adapter, module: Mount<'_>) -> Served {
        match adapter {
            Adapter::Rocket => rocket_site::serve(module).await,
            Adapter::Axum => axum_site::serve(module).await,
        }
    }

    /// The framework.
    pub(crate) fn adapter(&self) -> Adapter {
        match self.0 {
            Framework::Rocket(_) => Adapter::Rocket,
            Framework::Axum(_) => Adapter::Axum,
        }
    }

    /// Gets an address as this person, or as a guest.
    pub async fn get(&self, address: &str, person: Option<&str>) -> Answer {
        let headers = person.map(|person| ("X-Person".to_owned(), person.to_owned())).into_iter().collect();
        self.answer(&Request { method: Method::GET, address: address.to_owned(), headers, body: Vec::new() }).await
    }

    /// Sends fields of a form with any method, as this person or as a guest.
    pub async fn send_form(&self, method: &Method, address: &str, person: Option<&str>, fields: &str) -> Answer {
        let mut headers = vec![("Content-Type".to_owned(), "application/x-www-form-urlencoded".to_owned())];
        headers.extend(person.map(|person| ("X-Person".to_owned(), person.to_owned())));
        let request = Request { method: method.clone(), address: address.to_owned(), headers, body: fields.as_bytes().to_vec() };
        self.answer(&request).await
    }

    /// The answer to a request, read to its end.
    pub(crate) async fn answer(&self, request: &Request) -> Answer {
        match &self.0 {
            Framework::Rocket(client) => rocket_site::answer(client, request).await,
            Framework::Axum(router) => axum_site::answer(router, request).await,
        }
    }

    /// Whether the framework can read an address. It refuses any other with 400, before the module sees it.
    pub(crate) fn can_read(&self, address: &str) -> bool {
        match &self.0 {
            Framework::Rocket(_) => rocket_site::can_read(address),
            Framework::Axum(_) => axum_site::can_read(address),
        }
    }
}
