//! Opening a ticket through the door, against the same rows written by bare statements in one transaction.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text};
use muticket_core::{NewTicket, Visitor};

use crate::Figure;
use crate::world::{People, helpdesk};

const ROUNDS: usize = 15;
const TICKETS: usize = 100;
const BODY: &str = "It was loud yesterday, and today it says nothing at all. I have already switched it off and on again.";

/// The median of interleaved rounds, so that a busy disk slows both alike.
pub(crate) async fn ratio() -> Figure {
    let folder = tempfile::tempdir().expect("a folder");
    let (helpdesk, _, category) = helpdesk(&folder.path().join("door.sqlite")).await;
    let bare_file = folder.path().join("bare.sqlite");
    drop(crate::world::helpdesk(&bare_file).await);
    let mut bare = Bare::open(&bare_file.to_string_lossy());
    let portal = helpdesk.portal(&Visitor::User(People::user("anna"))).expect("anna is a user");

    let mut ratios = Vec::new();
    let (mut door_time, mut bare_time) = (Duration::ZERO, Duration::ZERO);
    for round in 0..=ROUNDS {
        let begun = Instant::now();
        for _ in 0..TICKETS {
            let new = NewTicket {
                subject: "The printer is silent".into(),
                body: BODY.into(),
                category: Some(category.clone()),
                ..Default::default()
            };
            portal.open(new).await.expect("a ticket");
        }
        let door = begun.elapsed();
        let begun = Instant::now();
        for _ in 0..TICKETS {
            bare.ticket(category.as_str());
        }
        let floor = begun.elapsed();
        // The first round warms caches.
        if round > 0 {
            ratios.push(door.as_secs_f64() / floor.as_secs_f64());
            door_time += door;
            bare_time += floor;
        }
    }
    ratios.sort_by(f64::total_cmp);
    let per_ticket = |time: Duration| time.as_secs_f64() * 1e6 / (ROUNDS * TICKETS) as f64;
    println!(
        "opening a ticket: {:.0} us through the door, {:.0} us by bare statements",
        per_ticket(door_time),
        per_ticket(bare_time)
    );
    Figure { name: "opening a ticket through the door".into(), value: ratios[ROUNDS / 2], bound: 1.5, unit: "x bare" }
}

/// One connection with the same durability, and nothing around it.
struct Bare {
    connection: SqliteConnection,
    made: u128,
}

impl Bare {
    fn open(file: &str) -> Self {
        let mut connection = SqliteConnection::establish(file).expect("the file");
        connection
            .batch_execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")
            .expect("pragmas");
        Self { connection, made: 0 }
    }

    /// One ticket, its first message, its line of history and two letters.
    fn ticket(&mut self, category: &str) {
        let now = "2027-01-15 08:00:00.123456";
        let (first, second) = (self.id(), self.id());
        self.connection
            .immediate_transaction(|connection| {
                let number = diesel::sql_query(
                    "INSERT INTO muticket_ticket (customer, subject, category, state, turn, last_message, answers, last_role, opened_at, \
                     last_activity_at, version) VALUES ('anna', 'The printer is silent', ?, 'open', 'new', 1, 0, 'customer', ?, ?, 1) RETURNING number",
                )
                .bind::<Text, _>(category)
                .bind::<Text, _>(now)
                .bind::<Text, _>(now)
                .get_result::<Number>(connection)?
                .number;
                diesel::sql_query("INSERT INTO muticket_message (ticket, number, author, role, body, written_at) VALUES (?, 1, 'anna', 'customer', ?, ?)")
                    .bind::<BigInt, _>(number)
                    .bind::<Text, _>(BODY)
                    .bind::<Text, _>(now)
                    .execute(connection)?;
                diesel::sql_query("INSERT INTO muticket_history (ticket, version, at, by_user, change) VALUES (?, 1, ?, 'anna', 'opened')")
                    .bind::<BigInt, _>(number)
                    .bind::<Text, _>(now)
                    .execute(connection)?;
                for (id, recipient) in [(first, "sara"), (second, "tom")] {
                    diesel::sql_query(
                        "INSERT INTO muticket_outbox (id, notice, ticket, message, recipient, created_at, attempts, state, due_at) \
                         VALUES (?, 'ticket-opened', ?, 1, ?, ?, 0, 'waiting', ?)",
                    )
                    .bind::<Binary, _>(id.to_be_bytes().to_vec())
                    .bind::<BigInt, _>(number)
                    .bind::<Text, _>(recipient)
                    .bind::<Text, _>(now)
                    .bind::<Text, _>(now)
                    .execute(connection)?;
                }
                diesel::QueryResult::Ok(())
            })
            .expect("a bare ticket");
    }

    fn id(&mut self) -> u128 {
        self.made += 1;
        self.made
    }
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}
