//! Opening a ticket through the door, against the same rows written by bare statements in one transaction.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
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

/// One connection with the same durability, statements that are prepared once, and nothing around them.
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
        let ids = [self.id(), self.id()];
        self.connection
            .immediate_transaction(|connection| {
                let new = (
                    (ticket::customer.eq("anna"), ticket::subject.eq("The printer is silent"), ticket::category.eq(category)),
                    (ticket::state.eq("open"), ticket::turn.eq("new"), ticket::last_message.eq(1), ticket::answers.eq(0)),
                    (
                        ticket::last_role.eq("customer"),
                        ticket::opened_at.eq(now),
                        ticket::last_activity_at.eq(now),
                        ticket::version.eq(1),
                    ),
                );
                let number: i64 =
                    diesel::insert_into(ticket::table).values(new).returning(ticket::number).get_result(connection)?;
                let new =
                    (message::ticket.eq(number), message::number.eq(1), message::author.eq("anna"), message::role.eq("customer"));
                let new = (new, message::body.eq(BODY), message::written_at.eq(now));
                diesel::insert_into(message::table).values(new).execute(connection)?;
                let new = (history::ticket.eq(number), history::version.eq(1), history::at.eq(now), history::by_user.eq("anna"));
                diesel::insert_into(history::table).values((new, history::change.eq("opened"))).execute(connection)?;
                for (id, recipient) in ids.into_iter().zip(["sara", "tom"]) {
                    let new = (
                        (outbox::id.eq(id), outbox::notice.eq("ticket-opened"), outbox::ticket.eq(number), outbox::message.eq(1)),
                        (outbox::recipient.eq(recipient), outbox::created_at.eq(now), outbox::attempts.eq(0)),
                        (outbox::state.eq("waiting"), outbox::due_at.eq(now)),
                    );
                    diesel::insert_into(outbox::table).values(new).execute(connection)?;
                }
                diesel::QueryResult::Ok(())
            })
            .expect("a bare ticket");
    }

    fn id(&mut self) -> Vec<u8> {
        self.made += 1;
        self.made.to_be_bytes().to_vec()
    }
}

diesel::table! {
    #[sql_name = "muticket_ticket"]
    ticket (number) {
        number -> BigInt,
        customer -> Text,
        subject -> Text,
        category -> Nullable<Text>,
        state -> Text,
        turn -> Text,
        last_message -> BigInt,
        answers -> BigInt,
        last_role -> Text,
        opened_at -> Text,
        last_activity_at -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    #[sql_name = "muticket_message"]
    message (ticket, number) {
        ticket -> BigInt,
        number -> BigInt,
        author -> Text,
        role -> Text,
        body -> Text,
        written_at -> Text,
    }
}

diesel::table! {
    #[sql_name = "muticket_history"]
    history (ticket, version) {
        ticket -> BigInt,
        version -> BigInt,
        at -> Text,
        by_user -> Text,
        change -> Text,
    }
}

diesel::table! {
    #[sql_name = "muticket_outbox"]
    outbox (id) {
        id -> Binary,
        notice -> Text,
        ticket -> BigInt,
        message -> BigInt,
        recipient -> Text,
        created_at -> Text,
        attempts -> BigInt,
        state -> Text,
        due_at -> Nullable<Text>,
    }
}
