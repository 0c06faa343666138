//! Opens a ticket, and shows a page of 20 out of 100,000 tickets, for 1, 4 and 16 users at once on every database that is available.
//! Compares MuTicket's pages with bare statements through the same driver. The bare statements for a page are followed by the same page
//! from memory, because they have no HTML of their own.

mod bare;
mod mysql;
mod postgres;
mod sqlite;

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta};
use muticket_core::storage::{MemoryStorage, Storage, StorageError, Unit};
use muticket_core::ticket::{Subject, UnnumberedTicket};
use muticket_core::{CategoryId, TicketNumber, UserId};
use muticket_diesel::DieselStorage;
use muticket_test_support::database::{PrivateServer, Server};

use self::bare::{Bare, User};
use crate::figure::Figure;
use crate::site::Site;
use crate::world::helpdesk;

const USERS: [usize; 3] = [1, 4, 16];
const TICKETS: usize = 100_000;
/// One more than a page shows, so that the page has a next one.
const MORE_THAN_A_PAGE: usize = 21;
/// What a row of the page has.
const ROW: &str = "class=\"row-subject\"";
/// The most time that opening a ticket may take, as a multiple of the bare statements.
const OPENING: f64 = 1.0 / 0.6;
/// The same for a page.
const PAGE: f64 = 1.0 / 0.6;
const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_millis(500);

const SUBJECT: &str = "The printer is silent";
const BODY: &str = "It was loud yesterday, and today it says nothing at all. I have already switched it off and on again.";

/// A user of MuTicket's pages.
#[derive(Clone)]
struct Guest {
    site: Site,
    category: CategoryId,
    token: String,
}

impl Guest {
    /// Opens a ticket with the form of the page.
    async fn opened(&self) -> TicketNumber {
        self.site.open("anna", &self.token, &self.category, (SUBJECT, BODY)).await
    }
}

impl User for Guest {
    async fn open(&mut self) {
        self.opened().await;
    }

    async fn page(&mut self) -> usize {
        let html = self.site.page("sara", "/support/tickets").await;
        html.matches(ROW).count()
    }
}

/// Bare statements, and a page from memory.
struct BareWithPage<B> {
    bare: B,
    memory: Guest,
}

impl<B: Bare> User for BareWithPage<B> {
    async fn open(&mut self) {
        self.bare.open().await;
    }

    async fn page(&mut self) -> usize {
        let found = self.bare.page().await;
        found.min(self.memory.page().await)
    }
}

#[derive(Clone, Copy)]
enum Deed {
    Open,
    Page,
}

pub(crate) async fn figures() -> Vec<Figure> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("tickets.sqlite");
    let memory = fill(Arc::new(MemoryStorage::new()), MORE_THAN_A_PAGE).await;
    let guest = fill(connected(&format!("sqlite:{}", file.display())).await, TICKETS).await;
    let bare = sqlite::Connection::open(&file, guest.opened().await);
    let mut figures = measure("SQLite", guest, bare, &memory).await;
    match PrivateServer::start_durable(Server::Postgres) {
        Some(server) => {
            let guest = fill(connected(&with_connections(&server)).await, TICKETS).await;
            // The server does the same after a minute.
            server.execute("ANALYZE");
            let bare = postgres::Connection::open(server.url(), guest.opened().await).await;
            figures.extend(measure("PostgreSQL", guest, bare, &memory).await);
        }
        None => println!("SKIPPED: PostgreSQL is not installed"),
    }
    match PrivateServer::start_durable(Server::Mysql) {
        Some(server) => {
            let guest = fill(connected(&with_connections(&server)).await, TICKETS).await;
            let bare = mysql::Connection::open(server.url(), guest.opened().await).await;
            figures.extend(measure("MariaDB", guest, bare, &memory).await);
        }
        None => println!("SKIPPED: neither MariaDB nor MySQL is installed"),
    }
    figures
}

async fn connected(url: &str) -> Arc<DieselStorage> {
    Arc::new(DieselStorage::connect(url).await.expect("a fresh database"))
}

/// Sets as many connections as the bare statements have.
fn with_connections(server: &PrivateServer) -> String {
    let most = USERS.into_iter().max().unwrap_or(1);
    let separator = if server.url().contains('?') { '&' } else { '?' };
    format!("{}{separator}connections={most}", server.url())
}

/// A site with this many tickets, of a hundred customers.
async fn fill(storage: Arc<dyn Storage>, tickets: usize) -> Guest {
    let (helpdesk, category) = helpdesk(storage.clone()).await;
    let begun = DateTime::from_timestamp(1_700_000_000, 0).expect("an instant");
    for first in (0..tickets).step_by(1000) {
        let category = Some(category.clone());
        let work = move |unit: &mut dyn Unit| {
            for number in first..tickets.min(first + 1000) {
                let customer = UserId::new(format!("customer-{}", number % 100));
                let opened_at = begun + TimeDelta::seconds(number as i64);
                let mut new = UnnumberedTicket::new(customer, Subject::parse(SUBJECT).expect("a subject"), opened_at);
                new.category.clone_from(&category);
                unit.tickets().insert(&new)?;
            }
            Ok::<_, StorageError>(())
        };
        storage.run_write(work).await.expect("tickets");
    }
    let site = Site::launch(helpdesk).await;
    let token = site.token("anna").await;
    Guest { site, category, token }
}

async fn measure<B: Bare>(database: &str, guest: Guest, bare: B, memory: &Guest) -> Vec<Figure> {
    let mut figures = Vec::new();
    for users in USERS {
        let mut guests = vec![guest.clone(); users];
        let mut bares = Vec::new();
        for _ in 0..users {
            bares.push(BareWithPage { bare: bare.another().await, memory: memory.clone() });
        }
        let mut rates: [Vec<f64>; 4] = Default::default();
        for round in 0..=ROUNDS {
            let now = [
                rate(&mut guests, Deed::Open).await,
                rate(&mut bares, Deed::Open).await,
                rate(&mut guests, Deed::Page).await,
                rate(&mut bares, Deed::Page).await,
            ];
            // The first round warms the caches.
            if round > 0 {
                rates.iter_mut().zip(now).for_each(|(rates, rate)| rates.push(rate));
            }
        }
        let [opened, bare_opened, seen, bare_seen] = rates.map(median);
        println!(
            "{database}, {users:>2} users: {opened:>6.0} tickets/s of {bare_opened:>6.0} bare, {seen:>6.0} pages/s of {bare_seen:>6.0} bare"
        );
        for (what, ours, bare, bound) in
            [("opening a ticket", opened, bare_opened, OPENING), ("a page of 20", seen, bare_seen, PAGE)]
        {
            let name = format!("{database}, {users} at once: {what}");
            figures.push(Figure { name, value: bare / ours, bound, unit: "x bare" });
        }
    }
    figures
}

/// How many times per second all users together do it.
async fn rate<U: User>(users: &mut Vec<U>, deed: Deed) -> f64 {
    let begun = Instant::now();
    let tasks: Vec<_> = users
        .drain(..)
        .map(|mut user| {
            tokio::spawn(async move {
                let mut done = 0;
                while begun.elapsed() < ROUND {
                    match deed {
                        Deed::Open => user.open().await,
                        Deed::Page => assert!(user.page().await >= 20, "the tickets are there"),
                    }
                    done += 1;
                }
                (user, done)
            })
        })
        .collect();
    let mut done = 0;
    for task in tasks {
        let (user, by_him) = task.await.expect("it works");
        users.push(user);
        done += by_him;
    }
    f64::from(done) / begun.elapsed().as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
