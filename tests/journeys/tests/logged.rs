//! What is logged when people or programs ask for things that do not exist. The test has its own process, because there is one log per
//! process. It runs in Rocket, whose own log lines must not say too much either.

#![expect(clippy::unwrap_used, reason = "a journey that stumbles has failed")]

use std::sync::{Arc, Mutex};

use muticket_core::storage::MemoryStorage;
use muticket_core::{Helpdesk, blob::MemoryBlobs};
use muticket_journeys::{People, Reception};
use muticket_rocket::{Configure, MuTicket};
use rocket::http::{ContentType, Header, Method};
use rocket::local::asynchronous::Client;
use rocket::log::private as log;

/// All lines at every level that reports trouble.
static LINES: Mutex<Vec<(log::Level, String)>> = Mutex::new(Vec::new());

struct Everything;

impl log::Log for Everything {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        LINES.lock().unwrap().push((record.level(), record.args().to_string()));
    }

    fn flush(&self) {}
}

fn logged() -> Vec<(log::Level, String)> {
    std::mem::take(&mut *LINES.lock().unwrap())
}

fn module(base: &str) -> MuTicket {
    let people = Arc::new(People::cast());
    let helpdesk =
        Helpdesk::builder(Arc::new(MemoryStorage::new()), people.clone()).blobs(Arc::new(MemoryBlobs::default())).build();
    MuTicket::new(helpdesk, Reception::new(people)).at(base)
}

/// P-17, K-27, K-65: for any address below the base, any method and any visitor, no part of the query is logged at a level that reports
/// trouble. No entry is long, and each is one line.
#[tokio::test]
async fn no_secret_and_no_trick_of_an_address_is_logged() {
    log::set_boxed_logger(Box::new(Everything)).unwrap();
    log::set_max_level(log::LevelFilter::Info);
    let config = rocket::Config { log_level: rocket::config::LogLevel::Normal, ..rocket::Config::debug_default() };
    let site = rocket::custom(config).attach(module("/support")).attach(module("/support/deep")).attach(module("/"));
    let client = Client::untracked(site).await.unwrap();
    logged();
    let long = format!("/support/{}", "x".repeat(5000));
    let paths = [
        "/support/nowhere",
        "/support/tickets",
        "/support/tickets/7/close",
        "/support/tickets/7/messages/1/2/3/4",
        "/support/backend/nowhere",
        "/support/assets/nowhere.css",
        "/support/%1b[2J%0d%0aERROR%20lost",
        "/support/%E2%80%AEabc",
        "/support//",
        "/support/deep/nowhere",
        "/support/deep",
        "/tickets/7/nowhere",
        "/attachments/7",
        "/backend/nowhere/at/all",
        long.as_str(),
    ];
    let mut told = 0;
    for path in paths {
        for method in [Method::Get, Method::Head, Method::Post, Method::Put, Method::Delete, Method::Options, Method::Patch] {
            for person in [None, Some("anna"), Some("ada")] {
                let address = format!("{path}?token=CANARY&back=/CANARY");
                let mut request = client.req(method, address).header(ContentType::Form).body("token=CANARY&subject=CANARY");
                if let Some(person) = person {
                    request.add_header(Header::new("X-Person", person));
                }
                let status = request.dispatch().await.status().code;
                assert!(status < 500, "{method} {path} {status}");
                for (level, line) in logged() {
                    // Rocket itself logs each request at level info. A site that does not want this configures Rocket.
                    if level == log::Level::Info && !line.starts_with("MuTicket") {
                        continue;
                    }
                    assert!(!line.contains("CANARY"), "{method} {path}: {line}");
                    assert!(line.chars().count() < 400 && !line.chars().any(char::is_control), "{method} {path}: {line:?}");
                    told += usize::from(line.starts_with("MuTicket has no page"));
                }
            }
        }
    }
    assert!(told > 200, "{told}");
}
