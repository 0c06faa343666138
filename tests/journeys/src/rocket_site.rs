//! The site in Rocket.

use std::sync::Arc;

use muticket_rocket::MuTicket;
use rocket::fairing::AdHoc;
use rocket::http::uri::Origin;
use rocket::http::{Cookie, Header, Method};
use rocket::local::asynchronous::Client;
use rocket::{Build, Rocket};
use tokio::sync::{Notify, oneshot};

use crate::answer::Answer;
use crate::mount::Mount;
use crate::request::Request;
use crate::served::Served;

/// Rocket without log output, as all these tests start it.
pub fn rocket() -> Rocket<Build> {
    rocket::custom(rocket::Config { log_level: rocket::config::LogLevel::Off, ..rocket::Config::debug_default() })
}

pub(crate) async fn launch(modules: Vec<Mount<'_>>) -> Client {
    let modules = modules.into_iter().map(|module| module.module(MuTicket::new));
    Client::untracked(modules.fold(rocket(), Rocket::attach)).await.unwrap()
}

pub(crate) async fn answer(client: &Client, request: &Request) -> Answer {
    let method: Method = request.method.as_str().parse().unwrap();
    let mut sent = client.req(method, request.address.as_str()).body(&request.body);
    for (name, value) in &request.headers {
        if name.eq_ignore_ascii_case("Cookie") {
            // Rocket's server reads this header before the site sees it. The local client leaves that out.
            let cookies = value.split(';').filter_map(|cookie| Cookie::parse_encoded(cookie.trim().to_owned()).ok());
            sent = sent.cookies(cookies);
        } else {
            sent.add_header(Header::new(name.clone(), value.clone()));
        }
    }
    let response = sent.dispatch().await;
    let status = response.status().code;
    let header = |header: Header<'_>| (header.name().to_string(), header.value().to_owned());
    let mut headers: Vec<_> = response.headers().iter().map(header).collect();
    if let Some(size) = response.body().preset_size() {
        // Rocket's server adds this header last.
        headers.push(("Content-Length".to_owned(), size.to_string()));
    }
    let body = response.into_bytes().await.unwrap_or_default();
    Answer { status, headers, body, asked: request.brief() }
}

pub(crate) fn can_read(address: &str) -> bool {
    Origin::parse(address).is_ok()
}

pub(crate) async fn serve(module: Mount<'_>) -> Served {
    let (told, port) = oneshot::channel();
    let told = std::sync::Mutex::new(Some(told));
    let tell = AdHoc::on_liftoff("port", move |rocket| {
        Box::pin(async move {
            if let Some(told) = told.lock().unwrap().take() {
                told.send(rocket.config().port).unwrap();
            }
        })
    });
    let config = rocket::Config { port: 0, log_level: rocket::config::LogLevel::Off, ..rocket::Config::debug_default() };
    let rocket = rocket().configure(config).attach(module.module(MuTicket::new)).attach(tell).ignite().await.unwrap();
    let stop = Arc::new(Notify::new());
    let (stopped, shutdown) = (stop.clone(), rocket.shutdown());
    tokio::spawn(async move {
        stopped.notified().await;
        shutdown.notify();
    });
    let server = tokio::spawn(async move {
        rocket.launch().await.unwrap();
    });
    Served { port: port.await.unwrap(), server, stop }
}
