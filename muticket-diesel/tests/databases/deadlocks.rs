//! Two units wait for each other. The database aborts one of them, and it is retried.

use std::sync::{Arc, Barrier};

use chrono::DateTime;
use muticket_core::id::{LetterId, MessageNumber, TicketNumber, UserId};
use muticket_core::notification::{About, LetterState, Notification, OutboxEntry};
use muticket_core::storage::{Storage, StorageError, Unit};
use muticket_core::ticket::{Subject, UnnumberedTicket};
use muticket_diesel::DieselStorage;
use muticket_test_support::database;
use uuid::Uuid;

/// Many letters are inserted by one statement in its own savepoint. The deadlock of MariaDB and MySQL removes that savepoint.
#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_lost_a_deadlock_with_many_letters_runs_again() {
    for server in [database::postgres(), database::mysql()].into_iter().flatten() {
        let storage: Arc<dyn Storage> = Arc::new(DieselStorage::connect(server.url()).await.unwrap());
        for _ in 0..2 {
            storage.run_write::<_, StorageError, _>(|unit| unit.tickets().insert(&ticket()).map(drop)).await.unwrap();
        }
        let both_hold_one = Arc::new(Barrier::new(2));
        let units = [(1, 2), (2, 1)].map(|(holds, wants)| {
            let (storage, both_hold_one) = (storage.clone(), both_hold_one.clone());
            let mut first = true;
            let work = move |unit: &mut dyn Unit| {
                unit.tickets().find(number(holds))?;
                if std::mem::take(&mut first) {
                    both_hold_one.wait();
                }
                // Inserting a letter locks the row of its ticket.
                unit.outbox().insert(&[1, 2, 3, 4, 5].map(|letter| letter_about(number(wants), letter)))
            };
            tokio::spawn(async move { storage.run_write::<_, StorageError, _>(work).await })
        });
        for unit in units {
            unit.await.unwrap().unwrap_or_else(|error| panic!("{}: {error:?}", server.url()));
        }
        assert_eq!(server.query("SELECT CONCAT(COUNT(*), '') FROM muticket_outbox"), ["10"]);
    }
}

/// A courier reads the tickets of its letters in the unit that claims them. A unit that holds a ticket for long, such as one of the host,
/// must not keep the letters of other tickets waiting.
#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_another_unit_holds_is_read_without_waiting() {
    for server in [database::postgres(), database::mysql()].into_iter().flatten() {
        let storage: Arc<dyn Storage> = Arc::new(DieselStorage::connect(server.url()).await.unwrap());
        storage.run_write::<_, StorageError, _>(|unit| unit.tickets().insert(&ticket()).map(drop)).await.unwrap();
        let (held, read) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
        let holder = {
            let (storage, held, read) = (storage.clone(), held.clone(), read.clone());
            let work = move |unit: &mut dyn Unit| {
                unit.tickets().find(number(1))?;
                held.wait();
                read.wait();
                Ok(())
            };
            tokio::spawn(async move { storage.run_write::<_, StorageError, _>(work).await })
        };
        let work = move |unit: &mut dyn Unit| {
            held.wait();
            let found = unit.tickets().find_unlocked(number(1));
            read.wait();
            found
        };
        let found = storage.run_write::<_, StorageError, _>(work).await.unwrap();
        assert_eq!(found.map(|ticket| ticket.number), Some(number(1)));
        holder.await.unwrap().unwrap();
    }
}

fn number(number: i64) -> TicketNumber {
    TicketNumber::new(number).expect("it is positive")
}

fn ticket() -> UnnumberedTicket {
    let subject = Subject::parse("The printer is silent").expect("a subject");
    UnnumberedTicket::new(UserId::new("anna"), subject, DateTime::UNIX_EPOCH)
}

fn letter_about(ticket: TicketNumber, number: i64) -> OutboxEntry {
    OutboxEntry {
        id: LetterId(Uuid::from_u64_pair(ticket.get().unsigned_abs(), number.unsigned_abs())),
        notification: Notification::TicketOpened,
        ticket: Some(ticket),
        message: Some(MessageNumber::FIRST),
        about: About::Message,
        recipient: UserId::new("sara"),
        created_at: DateTime::UNIX_EPOCH,
        attempts: 0,
        claims: 0,
        state: LetterState::Waiting { not_before: DateTime::UNIX_EPOCH, problem: None },
    }
}
