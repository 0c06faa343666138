//! What is logged when people or programs ask for things that do not exist. The test has its own process, because there is one log per
//! process. In Rocket it reads Rocket's own lines, too.

#![expect(clippy::unwrap_used, reason = "a journey that stumbles has failed")]

use std::sync::{Arc, Mutex};

use muticket_core::storage::MemoryStorage;
use muticket_core::{Helpdesk, blob::MemoryBlobs};
use muticket_journeys::{Adapter, Method, Mount, People, Reception, Site};
use muticket_rocket::{Configure, MuTicket};
use rocket::http::{ContentType, Header};
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

/// The places of the modules of one site. Each has its own data.
const BASES: [&str; 3] = ["/support", "/support/deep", "/"];

fn helpdesk(people: &Arc<People>) -> Helpdesk {
    Helpdesk::builder(Arc::new(MemoryStorage::new()), people.clone()).blobs(Arc::new(MemoryBlobs::default())).build()
}

/// P-17, K-27, K-65: for any address below the base, any method and any visitor, no part of the query is logged at a level that reports
/// trouble. No entry is long, and each is one line.
#[tokio::test]
async fn no_secret_and_no_trick_of_an_address_is_logged() {
    log::set_boxed_logger(Box::new(Everything)).unwrap();
    log::set_max_level(log::LevelFilter::Info);
    let people = Arc::new(People::cast());

    let config = rocket::Config { log_level: rocket::config::LogLevel::Normal, ..rocket::Config::debug_default() };
    let module = |base| MuTicket::new(helpdesk(&people), Reception::new(people.clone())).at(base);
    let site = BASES.into_iter().fold(rocket::custom(config), |site, base| site.attach(module(base)));
    let client = Client::untracked(site).await.unwrap();
    let sent = async |method: &Method, address: &str, person: Option<&str>| {
        let mut request = client.req(method.as_str().parse::<rocket::http::Method>().unwrap(), address.to_owned());
        request = request.header(ContentType::Form).body(FORM);
        if let Some(person) = person {
            request.add_header(Header::new("X-Person", person.to_owned()));
        }
        request.dispatch().await.status().code
    };
    says_no_secret(sent).await;

    let module = |base| Mount::new(&helpdesk(&people), Reception::new(people.clone()), move |settings| drop(settings.at(base)));
    let site = Site::launch(Adapter::Axum, BASES.map(module).into()).await;
    says_no_secret(async |method: &Method, address: &str, person: Option<&str>| {
        site.send_form(method, address, person, FORM).await.status
    })
    .await;
}

const FORM: &str = "token=CANARY&subject=CANARY";

/// Sends requests of many kinds, and reads the log after each.
async fn says_no_secret(sent: impl AsyncFn(&Method, &str, Option<&str>) -> u16) {
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
    let methods = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS, Method::PATCH];
    let mut told = 0;
    for path in paths {
        for method in &methods {
            for person in [None, Some("anna"), Some("ada")] {
                let status = sent(method, &format!("{path}?token=CANARY&back=/CANARY"), person).await;
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
