//! Opens a ticket, and reads a page of 20 out of 100,000 tickets, for 1, 4 and 16 users at once on every database that is available.
//! Compares MuTicket's doors with bare statements through the same driver.

mod bare;
mod mysql;
mod postgres;
mod sqlite;

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta};
use muticket_core::overview::Filter;
use muticket_core::storage::{Storage, StorageError, Unit};
use muticket_core::ticket::{Subject, UnnumberedTicket};
use muticket_core::{CategoryId, Helpdesk, NewTicket, TicketNumber, UserId, Visitor};
use muticket_test_support::database::{PrivateServer, Server};

use self::bare::{Bare, User};
use crate::figure::Figure;
use crate::world::{People, helpdesk};

const USERS: [usize; 3] = [1, 4, 16];
const TICKETS: usize = 100_000;
const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_millis(500);

const SUBJECT: &str = "The printer is silent";
const BODY: &str = "It was loud yesterday, and today it says nothing at all. I have already switched it off and on again.";

/// A user who goes through MuTicket's doors.
#[derive(Clone)]
struct Guest {
    helpdesk: Helpdesk,
    category: CategoryId,
}

impl Guest {
    /// Opens a ticket in the way of the page.
    async fn opened(&self) -> TicketNumber {
        let visitor = Visitor::User(People::user("anna"));
        let frontend = self.helpdesk.enter(&visitor).await.expect("anna is a user");
        let category = Some(self.category.clone());
        let new = NewTicket { subject: SUBJECT.into(), body: BODY.into(), category, ..Default::default() };
        frontend.portal.open(new).await.expect("a ticket").number
    }
}

impl User for Guest {
    async fn open(&mut self) {
        self.opened().await;
    }

    async fn page(&mut self) -> usize {
        let sara = Visitor::User(People::user("sara"));
        let (frontend, overview) = self.helpdesk.overview(&sara, &Filter::default()).await.expect("a page");
        assert!(frontend.desk.is_some(), "sara is a supporter");
        overview.tickets.len()
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
    let guest = fill(&format!("sqlite:{}", file.display())).await;
    let bare = sqlite::Connection::open(&file, guest.opened().await);
    let mut figures = measure("SQLite", guest, bare).await;
    match PrivateServer::start_durable(Server::Postgres) {
        Some(server) => {
            let guest = fill(&connected(&server)).await;
            // The server does the same after a minute.
            server.execute("ANALYZE");
            let bare = postgres::Connection::open(server.url(), guest.opened().await).await;
            figures.extend(measure("PostgreSQL", guest, bare).await);
        }
        None => println!("SKIPPED: PostgreSQL is not installed"),
    }
    match PrivateServer::start_durable(Server::Mysql) {
        Some(server) => {
            let guest = fill(&connected(&server)).await;
            let bare = mysql::Connection::open(server.url(), guest.opened().await).await;
            figures.extend(measure("MariaDB", guest, bare).await);
        }
        None => println!("SKIPPED: neither MariaDB nor MySQL is installed"),
    }
    figures
}

/// Sets as many connections as the bare statements have.
fn connected(server: &PrivateServer) -> String {
    let most = USERS.into_iter().max().unwrap_or(1);
    let separator = if server.url().contains('?') { '&' } else { '?' };
    format!("{}{separator}connections={most}", server.url())
}

/// A helpdesk with this many tickets, of a hundred customers.
async fn fill(url: &str) -> Guest {
    let (helpdesk, storage, category) = helpdesk(url).await;
    let storage: &dyn Storage = &*storage;
    let begun = DateTime::from_timestamp(1_700_000_000, 0).expect("an instant");
    for thousand in 0..TICKETS / 1000 {
        let category = Some(category.clone());
        let work = move |unit: &mut dyn Unit| {
            for number in thousand * 1000..(thousand + 1) * 1000 {
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
    Guest { helpdesk, category }
}

async fn measure<B: Bare>(database: &str, guest: Guest, bare: B) -> Vec<Figure> {
    let mut figures = Vec::new();
    for users in USERS {
        let mut guests = vec![guest.clone(); users];
        let mut bares = Vec::new();
        for _ in 0..users {
            bares.push(bare.another().await);
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
        for (what, door, bare) in [("opening a ticket", opened, bare_opened), ("a page of 20", seen, bare_seen)] {
            let name = format!("{database}, {users} at once: {what}");
            figures.push(Figure { name, value: bare / door, bound: 1.0 / 0.6, unit: "x bare" });
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
