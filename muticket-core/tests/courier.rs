//! The courier: its recipients, its behaviour on failures, and that it sends nothing twice.
#![cfg(feature = "mail")]

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Waker};

use chrono::TimeDelta;
use muticket_core::access::AccessLevel;
use muticket_core::clock::Clock;
use muticket_core::courier::{Courier, CourierConfig};
use muticket_core::error::Unavailable;
use muticket_core::id::{GroupId, SupporterId};
use muticket_core::mail::{Letter, Letters, MemoryMailer};
use muticket_core::notice::{DropReason, LetterState, Notice};
use muticket_core::storage::{MemoryStorage, OutboxCounts, Storage, StorageError};
use uuid::Uuid;

use crate::support::faults::{AwayMailer, BusyMailer, FaultyStorage, RefusingOnce, takes};
use crate::support::lagging::Lagging;
use crate::support::world::World;

fn recipients(letters: &[Letter]) -> Vec<&str> {
    letters.iter().map(|letter| letter.to.address().as_str()).collect()
}

async fn drop_reason(world: &World, name: &str) -> Option<DropReason> {
    match world.unsent().await.get(name) {
        Some(LetterState::Dropped { reason, .. }) => Some(*reason),
        _ => None,
    }
}

#[tokio::test]
async fn a_letter_goes_to_each_recipient_alone_and_belongs_to_a_thread() {
    let world = World::new().await;
    let mailer = Arc::new(MemoryMailer::default());
    let ticket = world.opened(&["sara", "tom"]).await;
    let delivery = world.courier(mailer.clone()).deliver_due().await.unwrap();

    let letters = mailer.letters();
    assert_eq!((delivery.sent, delivery.next_due), (2, None));
    assert_eq!(recipients(&letters), ["sara@x.example", "tom@x.example"]);
    assert_eq!(letters[0].thread, letters[1].thread);
    assert_ne!(letters[0].message_id, letters[1].message_id);
    assert!(letters[0].automatic, "a notice to supporters (M-10)");
    assert!(letters[0].text.contains(&format!("https://example.org/support/tickets/{ticket}/messages/1")));
}

#[tokio::test]
async fn the_host_is_asked_once_for_a_batch() {
    let world = World::new().await;
    for _ in 0..5 {
        world.opened(&["sara", "tom", "uwe"]).await;
    }
    let delivery = world.courier(Arc::new(MemoryMailer::default())).deliver_due().await.unwrap();
    assert_eq!((delivery.sent, world.people.questions.lock().unwrap().as_slice()), (15, [4].as_slice()));
}

#[tokio::test]
async fn rights_are_those_of_the_moment_of_sending() {
    let world = World::new().await;
    let mailer = Arc::new(MemoryMailer::default());
    world.opened(&["sara", "tom", "uwe"]).await;
    world.people.change("sara", |user| user.groups = vec![GroupId::new("sales")]);
    let work = |unit: &mut dyn muticket_core::storage::Unit| -> Result<bool, StorageError> {
        unit.supporters().delete(SupporterId(Uuid::from_u128(2)))
    };
    world.storage.run_write(work).await.unwrap();
    let delivery = world.courier(mailer.clone()).deliver_due().await.unwrap();

    assert_eq!((delivery.sent, delivery.dropped), (1, 2));
    assert_eq!(recipients(&mailer.letters()), ["uwe@x.example"]);
    assert_eq!(drop_reason(&world, "sara").await, Some(DropReason::NoAccess));
    assert_eq!(drop_reason(&world, "tom").await, Some(DropReason::NoAccess));
}

#[tokio::test]
async fn a_customer_without_the_right_to_read_gets_no_letter() {
    let world = World::new().await;
    world.told(Notice::SupporterAnswered, "sara", &["anna"]).await;
    world.people.change("anna", |user| user.level = AccessLevel::Overview);
    world.courier(Arc::new(MemoryMailer::default())).deliver_due().await.unwrap();
    assert_eq!(drop_reason(&world, "anna").await, Some(DropReason::NoAccess));
}

#[tokio::test]
async fn a_customer_gets_his_answer() {
    let world = World::new().await;
    let mailer = Arc::new(MemoryMailer::default());
    world.told(Notice::SupporterAnswered, "sara", &["anna"]).await;
    world.courier(mailer.clone()).deliver_due().await.unwrap();
    assert_eq!(recipients(&mailer.letters()), ["anna@x.example"]);
    assert!(!mailer.letters()[0].automatic, "a person wrote it (M-10)");
}

/// Mail programs group letters by these ids. Two sites with one domain, or a site that was set up again, have the same
/// ticket numbers.
#[tokio::test]
async fn two_sites_share_no_thread_and_all_nodes_of_one_do() {
    let mailer = Arc::new(MemoryMailer::default());
    let (one, other) = (World::new().await, World::new().await);
    for world in [&one, &other] {
        world.opened(&["sara", "tom"]).await;
        // Another node sends each letter.
        for _ in 0..2 {
            let node = world.courier(mailer.clone()).with_claim(TimeDelta::days(1));
            node.deliver_due().await.unwrap();
        }
    }
    let threads: Vec<_> = mailer.letters().into_iter().map(|letter| letter.thread).collect();
    assert_eq!((threads.len(), &threads[0], &threads[2]), (4, &threads[1], &threads[3]));
    assert_ne!(threads[0], threads[2]);
}

/// K-43: the host supplies the addresses, as people typed them.
#[tokio::test]
async fn addresses_are_taken_as_people_write_them() {
    let world = World::new().await;
    let mailer = Arc::new(MemoryMailer::default());
    world.people.change("sara", |user| user.address = Some(" sara@exämple.org\t".to_owned()));
    world.opened(&["sara"]).await;
    world.courier(mailer.clone()).deliver_due().await.unwrap();
    assert_eq!(recipients(&mailer.letters()), ["sara@xn--exmple-cua.org"]);
}

#[tokio::test]
async fn who_cannot_be_reached_is_left_out() {
    let world = World::new().await;
    world.opened(&["sara", "tom", "uwe"]).await;
    world.people.remove("sara");
    world.people.change("tom", |user| user.address = Some("tom@x.example\r\nBcc: evil@x.example".to_owned()));
    world.people.change("uwe", |user| user.address = Some("SUPPORT@example.ORG".to_owned()));
    let delivery = world.courier(Arc::new(MemoryMailer::default())).deliver_due().await.unwrap();
    assert_eq!((delivery.sent, delivery.dropped), (0, 3));
    assert_eq!(drop_reason(&world, "sara").await, Some(DropReason::UnknownUser));
    assert_eq!(drop_reason(&world, "tom").await, Some(DropReason::NoAddress));
    assert_eq!(drop_reason(&world, "uwe").await, Some(DropReason::OwnAddress));
}

#[tokio::test]
async fn letters_of_a_deleted_ticket_are_gone() {
    let world = World::new().await;
    let mailer = Arc::new(MemoryMailer::default());
    let ticket = world.opened(&["sara"]).await;
    let work = move |unit: &mut dyn muticket_core::storage::Unit| -> Result<bool, StorageError> { unit.tickets().delete(ticket) };
    world.storage.run_write(work).await.unwrap();
    world.courier(mailer.clone()).deliver_due().await.unwrap();
    assert_eq!((mailer.letters(), world.counts().await), (vec![], OutboxCounts::default()));
}

#[tokio::test]
async fn a_ticket_that_is_deleted_during_the_sending_stays_deleted() {
    let storage = Arc::new(FaultyStorage::default());
    let world = World::on(storage.clone()).await;
    let ticket = world.opened(&["sara", "tom"]).await;
    let mailer = BusyMailer::new(move || {
        let work =
            move |unit: &mut dyn muticket_core::storage::Unit| -> Result<bool, StorageError> { unit.tickets().delete(ticket) };
        let storage: &dyn Storage = storage.as_ref();
        let mut deletion = std::pin::pin!(storage.run_write(work));
        // The memory storage never waits, so one poll is enough.
        let _ = deletion.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    });
    world.courier(mailer).deliver_due().await.unwrap();
    assert_eq!(world.counts().await, OutboxCounts::default());
}

#[tokio::test]
async fn a_failed_letter_that_is_sent_again_keeps_its_name() {
    let world = World::new().await;
    world.opened(&["sara"]).await;
    let server = Arc::new(RefusingOnce::default());
    let courier = world.courier(server.clone());
    assert_eq!(courier.deliver_due().await.unwrap().failed, 1);
    let now = world.clock.now();
    let work = move |unit: &mut dyn muticket_core::storage::Unit| -> Result<bool, StorageError> {
        let failed = unit.outbox().list_unsent(1)?;
        unit.outbox().retry(failed[0].id, now)
    };
    assert!(world.storage.run_write(work).await.unwrap());
    assert_eq!(courier.deliver_due().await.unwrap().sent, 1);
    let names = server.names.lock().unwrap();
    assert_eq!((names.len(), &names[0]), (2, &names[1]));
}

#[tokio::test]
async fn two_couriers_send_nothing_twice() {
    let world = World::new().await;
    let mailer = BusyMailer::new(|| ());
    for _ in 0..100 {
        world.opened(&["sara", "tom", "uwe"]).await;
    }
    let [one, two] = [world.courier(mailer.clone()), world.courier(mailer.clone())];
    let work = async |courier: &Courier| {
        let mut sent = 0;
        for _ in 0..40 {
            sent += courier.deliver_due().await.unwrap().sent;
        }
        sent
    };
    let (first, second) = tokio::join!(work(&one), work(&two));

    let letters = mailer.inside.letters();
    let ids: BTreeSet<_> = letters.iter().map(|letter| letter.message_id.to_string()).collect();
    assert_eq!((letters.len(), ids.len(), first + second), (300, 300, 300));
    assert!(first > 0 && second > 0, "both worked: {first} and {second}");
}

#[tokio::test]
async fn sending_ends_before_the_claim_does() {
    let world = World::new().await;
    let mailer = BusyMailer::new(takes(&world.clock, TimeDelta::seconds(100)));
    world.opened(&["sara", "tom", "uwe"]).await;
    let courier = world.courier(mailer.clone());
    let delivery = courier.deliver_due().await.unwrap();
    assert_eq!((delivery.sent, delivery.postponed), (2, 1));
    assert!(delivery.next_due.unwrap() <= world.clock.now(), "it keeps its place");
    assert_eq!(courier.deliver_due().await.unwrap().sent, 1);
    assert_eq!(mailer.inside.letters().len(), 3);
}

#[tokio::test]
async fn what_a_courier_left_when_it_died_is_taken_up_when_its_claim_lapses() {
    let world = World::new().await;
    let mailer = Arc::new(MemoryMailer::default());
    world.opened(&["sara"]).await;
    let now = world.clock.now();
    let work = move |unit: &mut dyn muticket_core::storage::Unit| -> Result<_, StorageError> {
        unit.outbox().claim(now, now + TimeDelta::minutes(5), 20)
    };
    world.storage.run_write(work).await.unwrap();
    let courier = world.courier(mailer.clone());
    let delivery = courier.deliver_due().await.unwrap();
    assert_eq!((delivery.sent, delivery.next_due), (0, Some(now + TimeDelta::minutes(5))));
    world.clock.turn(TimeDelta::minutes(5));
    assert_eq!(courier.deliver_due().await.unwrap().sent, 1);
}

/// P-23: otherwise each of thousands of waiting letters would first run into a time limit and then wait for its next try.
#[tokio::test]
async fn while_the_mail_server_is_down_one_letter_knocks_and_none_counts_as_tried() {
    let world = World::new().await;
    let server = Arc::new(AwayMailer::default());
    for _ in 0..30 {
        world.opened(&["sara", "tom"]).await;
    }
    let courier = world.courier(server.clone());
    let begin = world.clock.now();
    let mut pauses = Vec::new();
    while world.clock.now() - begin < TimeDelta::minutes(20) {
        let delivery = courier.deliver_due().await.unwrap();
        assert_eq!(delivery.trouble.as_deref(), Some("nobody there"), "{delivery:?}");
        pauses.push((delivery.next_due.unwrap() - world.clock.now()).num_seconds().max(0));
        world.clock.turn_to(delivery.next_due.unwrap());
    }
    assert_eq!(pauses, [0, 1, 5, 15, 30, 60, 120, 300, 300, 300, 300]);
    assert_eq!(server.knocks.load(Ordering::SeqCst), 11);
    let list = |unit: &mut dyn muticket_core::storage::Unit| -> Result<_, StorageError> { unit.outbox().list_unsent(100) };
    for letter in world.storage.run_read(list).await.unwrap() {
        assert_eq!(letter.attempts, 0, "it was not tried");
        assert!(matches!(letter.state, LetterState::Waiting { not_before, .. } if not_before == letter.created_at), "{letter:?}");
    }
    // The server is back: all letters are sent at the next round.
    let up = Arc::new(MemoryMailer::default());
    let courier = world.courier(up.clone());
    for _ in 0..3 {
        courier.deliver_due().await.unwrap();
    }
    assert_eq!(up.letters().len(), 60);
}

#[tokio::test]
async fn a_silent_host_loses_no_letter() {
    let world = World::new().await;
    let mailer = Arc::new(MemoryMailer::default());
    world.opened(&["sara"]).await;
    let courier = world.courier(mailer.clone());
    *world.people.silent.lock().unwrap() = true;
    assert!(matches!(courier.deliver_due().await, Err(Unavailable::Host(_))));
    *world.people.silent.lock().unwrap() = false;
    world.clock.turn(TimeDelta::seconds(70));
    assert_eq!(courier.deliver_due().await.unwrap().sent, 1);
}

/// Prevents sending a mail again and again: the mail server accepts each letter, but the database accepts no write.
#[tokio::test]
async fn a_database_that_fails_after_the_sending_makes_no_copies() {
    let storage = Arc::new(FaultyStorage::default());
    let world = World::on(storage.clone()).await;
    let failing = storage.clone();
    let mailer = BusyMailer::new(move || failing.refuses_writes.store(true, Ordering::SeqCst));
    world.opened(&["sara", "tom", "uwe"]).await;
    let courier = world.courier(mailer.clone());
    for _ in 0..20 {
        assert!(matches!(courier.deliver_due().await, Err(Unavailable::Storage(_))));
        world.clock.turn(TimeDelta::minutes(1));
    }
    assert_eq!(recipients(&mailer.inside.letters()), ["sara@x.example"], "one went out, then nothing more");

    for _ in 0..3 {
        storage.refuses_writes.store(false, Ordering::SeqCst);
        let _ = courier.deliver_due().await;
    }
    storage.refuses_writes.store(false, Ordering::SeqCst);
    courier.deliver_due().await.unwrap();
    assert_eq!(recipients(&mailer.inside.letters()), ["sara@x.example", "tom@x.example", "uwe@x.example"]);
    assert_eq!(world.counts().await, OutboxCounts { sent: 3, ..OutboxCounts::default() });
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_parked_and_the_others_flow() {
    let storage = Arc::new(FaultyStorage::default());
    let world = World::on(storage.clone()).await;
    let mailer = Arc::new(MemoryMailer::default());
    let bad = world.opened(&["sara"]).await;
    world.opened(&["tom"]).await;
    storage.unreadable_ticket.store(u32::try_from(bad.get()).unwrap(), Ordering::SeqCst);
    let delivery = world.courier(mailer.clone()).deliver_due().await.unwrap();
    assert_eq!((delivery.sent, delivery.failed, delivery.next_due), (1, 1, None));
    assert!(matches!(world.unsent().await["sara"], LetterState::Failed { .. }));
}

#[tokio::test]
async fn a_letter_that_cannot_be_written_is_parked_and_the_others_flow() {
    let world = World::new().await;
    let mailer = Arc::new(MemoryMailer::default());
    world.opened(&["sara", "tom"]).await;
    let letters =
        Letters::builder().with_template("layout.txt", "{% if name == 'sara' %}{{ nothing }}{% endif %}").build().unwrap();
    let config = CourierConfig {
        from: "support@example.org".parse().unwrap(),
        base_url: "https://example.org".parse().unwrap(),
        site_name: "Example".to_owned(),
    };
    let courier = Courier::new(world.storage.clone(), world.people.clone(), mailer.clone(), letters, config);
    let delivery = courier.with_clock(world.clock.clone()).deliver_due().await.unwrap();
    assert_eq!((delivery.sent, delivery.failed), (1, 1));
    let LetterState::Failed { problem, .. } = &world.unsent().await["sara"] else { panic!("it did not fail") };
    assert!(problem.contains("template ticket-opened.txt"), "{problem}");
}

#[tokio::test]
async fn a_name_full_of_tricks_stops_nobody() {
    let world = World::new().await;
    let mailer = Arc::new(MemoryMailer::default());
    world.people.change("anna", |user| user.name = "Anna\r\nBcc: evil@x.example\0".to_owned());
    world.people.change("sara", |user| user.name = "\0\r\n\u{202e}".to_owned());
    world.opened(&["sara", "tom"]).await;
    assert_eq!(world.courier(mailer.clone()).deliver_due().await.unwrap().sent, 2);
    assert!(mailer.letters()[1].text.contains("Anna Bcc: evil@x.example has opened a new ticket."));
}

#[tokio::test]
async fn a_letter_is_sent_before_a_replica_has_heard_of_its_ticket() {
    let storage = Arc::new(Lagging::new(Arc::new(MemoryStorage::new())));
    let world = World::on(storage.clone()).await;
    storage.falls_behind();
    world.opened(&["sara"]).await;
    let mailer = Arc::new(MemoryMailer::default());
    let delivery = world.courier(mailer.clone()).deliver_due().await.unwrap();
    assert_eq!((delivery.sent, delivery.dropped), (1, 0));
    assert_eq!(recipients(&mailer.letters()), ["sara@x.example"]);
}

#[tokio::test]
async fn a_courier_does_not_sleep_through_a_letter_that_a_replica_has_not_heard_of() {
    let storage = Arc::new(Lagging::new(Arc::new(MemoryStorage::new())));
    let world = World::on(storage.clone()).await;
    storage.falls_behind();
    world.opened(&["sara"]).await;
    let delivery = world.courier(Arc::new(AwayMailer::default())).deliver_due().await.unwrap();
    assert_eq!(delivery.postponed, 1);
    assert!(delivery.next_due.is_some(), "it is to be tried again");
}

/// P-01
#[tokio::test]
async fn who_was_just_removed_gets_no_letter_whatever_a_replica_says() {
    let storage = Arc::new(Lagging::new(Arc::new(MemoryStorage::new())));
    let world = World::on(storage.clone()).await;
    world.opened(&["sara"]).await;
    storage.falls_behind();
    let work = |unit: &mut dyn muticket_core::storage::Unit| unit.supporters().delete(SupporterId(Uuid::from_u128(1)));
    assert!(world.storage.run_write::<_, StorageError, _>(work).await.unwrap());
    let delivery = world.courier(Arc::new(MemoryMailer::default())).deliver_due().await.unwrap();
    assert_eq!((delivery.sent, delivery.dropped), (0, 1));
}
