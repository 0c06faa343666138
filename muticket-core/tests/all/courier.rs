//! The courier: its recipients, its behaviour on failures, and that it sends nothing twice.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};

use chrono::TimeDelta;
use muticket_core::courier::Courier;
use muticket_core::error::Unavailable;
use muticket_core::mail::{Letter, Letters, MemoryMailer, SendError};
use muticket_core::notification::{DropReason, LetterState, Notification};
use muticket_core::storage::{OutboxCounts, Storage, StorageError, Unit};
use muticket_core::user::AccessLevel;
use muticket_world::{Question, World, courier_config, fault};

use crate::outbox::{Outbox as _, built, usual};
use crate::storages::Lagging;

fn recipients(letters: &[Letter]) -> Vec<&str> {
    letters.iter().map(|letter| letter.to.address().as_str()).collect()
}

async fn drop_reason(world: &World, name: &str) -> Option<DropReason> {
    match world.states().await.get(name) {
        Some(LetterState::Dropped { reason, .. }) => Some(*reason),
        _ => None,
    }
}

#[tokio::test]
async fn a_letter_goes_to_each_recipient_alone_and_belongs_to_a_thread() {
    let world = usual().await;
    let ticket = world.opened(&["sara", "tom"]).await;
    let delivery = world.courier().deliver_due().await.unwrap();

    let letters = world.mail.letters();
    assert_eq!((delivery.sent, delivery.next_due), (2, None));
    assert_eq!(recipients(&letters), ["sara@example.org", "tom@example.org"]);
    assert_eq!(letters[0].thread, letters[1].thread);
    assert_ne!(letters[0].message_id, letters[1].message_id);
    assert!(letters[0].automatic, "a notification to supporters (M-10)");
    assert!(letters[0].text.contains(&format!("https://example.org/support/tickets/{ticket}/messages/1")));
}

#[tokio::test]
async fn the_host_is_asked_once_for_a_batch() {
    let world = usual().await;
    for _ in 0..5 {
        world.opened(&["sara", "tom", "uwe"]).await;
    }
    world.people.questions();
    let delivery = world.courier().deliver_due().await.unwrap();
    assert_eq!((delivery.sent, world.people.questions()), (15, vec![Question::Users(4)]));
}

#[tokio::test]
async fn rights_are_those_of_the_moment_of_sending() {
    let world = usual().await;
    world.opened(&["sara", "tom", "uwe"]).await;
    world.people.set_groups("sara", &["sales"]);
    world.backend().remove_supporter(world.supporter_id("tom").await).await.unwrap();
    let delivery = world.courier().deliver_due().await.unwrap();

    assert_eq!((delivery.sent, delivery.dropped), (1, 2));
    assert_eq!(recipients(&world.mail.letters()), ["uwe@example.org"]);
    assert_eq!(drop_reason(&world, "sara").await, Some(DropReason::NoAccess));
    assert_eq!(drop_reason(&world, "tom").await, Some(DropReason::NoAccess));
}

#[tokio::test]
async fn a_customer_without_the_right_to_read_gets_no_letter() {
    let world = usual().await;
    world.told(Notification::SupporterAnswered, "sara", &["anna"]).await;
    world.people.change("anna", |user| user.level = AccessLevel::Overview);
    world.courier().deliver_due().await.unwrap();
    assert_eq!(drop_reason(&world, "anna").await, Some(DropReason::NoAccess));
}

#[tokio::test]
async fn a_customer_gets_the_answer() {
    let world = usual().await;
    world.told(Notification::SupporterAnswered, "sara", &["anna"]).await;
    world.courier().deliver_due().await.unwrap();
    assert_eq!(recipients(&world.mail.letters()), ["anna@example.org"]);
    assert!(!world.mail.letters()[0].automatic, "a person wrote it (M-10)");
}

/// Mail programs group letters by these ids. Two sites with one domain, or a site that was set up again, have the same
/// ticket numbers.
#[tokio::test]
async fn two_sites_share_no_thread_and_all_nodes_of_one_do() {
    let mailer = Arc::new(MemoryMailer::default());
    let (one, other) = (usual().await, usual().await);
    for world in [&one, &other] {
        world.opened(&["sara", "tom"]).await;
        // Another node sends each letter.
        for _ in 0..2 {
            let node = world.courier_to(mailer.clone()).with_claim(TimeDelta::days(1));
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
    let world = usual().await;
    world.people.change("sara", |user| user.address = Some(" sara@exämple.org\t".to_owned()));
    world.opened(&["sara"]).await;
    world.courier().deliver_due().await.unwrap();
    assert_eq!(recipients(&world.mail.letters()), ["sara@xn--exmple-cua.org"]);
}

#[tokio::test]
async fn who_cannot_be_reached_is_left_out() {
    let world = usual().await;
    world.opened(&["sara", "tom", "uwe"]).await;
    world.people.remove("sara");
    world.people.change("tom", |user| user.address = Some("tom@example.org\r\nBcc: evil@example.org".to_owned()));
    world.people.change("uwe", |user| user.address = Some("SUPPORT@example.ORG".to_owned()));
    let delivery = world.courier().deliver_due().await.unwrap();
    assert_eq!((delivery.sent, delivery.dropped), (0, 3));
    assert_eq!(drop_reason(&world, "sara").await, Some(DropReason::UnknownUser));
    assert_eq!(drop_reason(&world, "tom").await, Some(DropReason::NoAddress));
    assert_eq!(drop_reason(&world, "uwe").await, Some(DropReason::OwnAddress));
}

#[tokio::test]
async fn letters_of_a_deleted_ticket_are_gone() {
    let world = usual().await;
    let ticket = world.opened(&["sara"]).await;
    world.write(move |unit| unit.tickets().delete(ticket)).await;
    world.courier().deliver_due().await.unwrap();
    assert_eq!((world.mail.letters(), world.counts().await), (vec![], OutboxCounts::default()));
}

#[tokio::test]
async fn a_ticket_that_is_deleted_during_the_sending_stays_deleted() {
    let world = usual().await;
    let ticket = world.opened(&["sara", "tom"]).await;
    let storage = world.storage.clone();
    world.mail.reply_with(move |_| {
        let storage: &dyn Storage = &*storage;
        let work = move |unit: &mut dyn Unit| -> Result<bool, StorageError> { unit.tickets().delete(ticket) };
        let mut deletion = std::pin::pin!(storage.run_write(work));
        // The memory storage never waits, so one poll is enough.
        let _ = deletion.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        Ok(())
    });
    world.courier().deliver_due().await.unwrap();
    assert_eq!(world.counts().await, OutboxCounts::default());
}

#[tokio::test]
async fn a_failed_letter_that_is_sent_again_keeps_its_name() {
    let world = usual().await;
    world.opened(&["sara"]).await;
    let names = Arc::new(Mutex::new(Vec::new()));
    let tried = names.clone();
    world.mail.reply_with(move |letter| {
        let mut tried = tried.lock().unwrap();
        tried.push(letter.message_id.clone());
        if tried.len() == 1 { Err(SendError::Permanent { reason: "550 no".to_owned() }) } else { Ok(()) }
    });
    let courier = world.courier();
    assert_eq!(courier.deliver_due().await.unwrap().failed, 1);
    let now = world.clock.now();
    let failed = world.unsent().await;
    assert!(world.write(move |unit| unit.outbox().retry(failed[0].id, now)).await);
    assert_eq!(courier.deliver_due().await.unwrap().sent, 1);
    let names = names.lock().unwrap();
    assert_eq!((names.len(), &names[0]), (2, &names[1]));
}

#[tokio::test]
async fn two_couriers_send_nothing_twice() {
    let world = usual().await;
    for _ in 0..100 {
        world.opened(&["sara", "tom", "uwe"]).await;
    }
    let [one, two] = [world.courier(), world.courier()];
    let work = async |courier: &Courier| {
        let mut sent = 0;
        for _ in 0..40 {
            sent += courier.deliver_due().await.unwrap().sent;
        }
        sent
    };
    let (first, second) = tokio::join!(work(&one), work(&two));

    let letters = world.mail.letters();
    let ids: BTreeSet<_> = letters.iter().map(|letter| letter.message_id.to_string()).collect();
    assert_eq!((letters.len(), ids.len(), first + second), (300, 300, 300));
    assert!(first > 0 && second > 0, "both worked: {first} and {second}");
}

#[tokio::test]
async fn sending_ends_before_the_claim_does() {
    let world = usual().await;
    let clock = world.clock.clone();
    world.mail.reply_with(move |_| {
        clock.advance(TimeDelta::seconds(100));
        Ok(())
    });
    world.opened(&["sara", "tom", "uwe"]).await;
    let courier = world.courier();
    let delivery = courier.deliver_due().await.unwrap();
    assert_eq!((delivery.sent, delivery.postponed), (2, 1));
    assert!(delivery.next_due.unwrap() <= world.clock.now(), "it keeps its place");
    assert_eq!(courier.deliver_due().await.unwrap().sent, 1);
    assert_eq!(world.mail.letters().len(), 3);
}

#[tokio::test]
async fn what_a_courier_left_when_it_died_is_taken_up_when_its_claim_lapses() {
    let world = usual().await;
    world.opened(&["sara"]).await;
    let now = world.clock.now();
    world.write(move |unit| unit.outbox().claim(now, now + TimeDelta::minutes(5), 20)).await;
    let courier = world.courier();
    let delivery = courier.deliver_due().await.unwrap();
    assert_eq!((delivery.sent, delivery.next_due), (0, Some(now + TimeDelta::minutes(5))));
    world.clock.advance(TimeDelta::minutes(5));
    assert_eq!(courier.deliver_due().await.unwrap().sent, 1);
}

/// P-23: otherwise each of thousands of waiting letters would first run into a time limit and then wait for its next try.
#[tokio::test]
async fn while_the_mail_server_is_down_one_letter_knocks_and_none_counts_as_tried() {
    let world = usual().await;
    world.mail.go_down();
    for _ in 0..30 {
        world.opened(&["sara", "tom"]).await;
    }
    let courier = world.courier();
    let begin = world.clock.now();
    let mut pauses = Vec::new();
    while world.clock.now() - begin < TimeDelta::minutes(20) {
        let delivery = courier.deliver_due().await.unwrap();
        assert_eq!(delivery.trouble.as_deref(), Some("nobody there"), "{delivery:?}");
        pauses.push((delivery.next_due.unwrap() - world.clock.now()).num_seconds().max(0));
        world.clock.advance_to(delivery.next_due.unwrap());
    }
    assert_eq!(pauses, [0, 1, 5, 15, 30, 60, 120, 300, 300, 300, 300]);
    assert_eq!(world.mail.tries(), 11);
    for letter in world.unsent().await {
        assert_eq!(letter.attempts, 0, "it was not tried");
        assert!(matches!(letter.state, LetterState::Waiting { not_before, .. } if not_before == letter.created_at), "{letter:?}");
    }
    // The server is back: all letters are sent at the next round.
    world.mail.come_back();
    let courier = world.courier();
    for _ in 0..3 {
        courier.deliver_due().await.unwrap();
    }
    assert_eq!(world.mail.letters().len(), 60);
}

#[tokio::test]
async fn a_silent_host_loses_no_letter() {
    let world = usual().await;
    world.opened(&["sara"]).await;
    let courier = world.courier();
    world.people.fail();
    assert!(matches!(courier.deliver_due().await, Err(Unavailable::Host(_))));
    world.people.answer();
    world.clock.advance(TimeDelta::seconds(70));
    assert_eq!(courier.deliver_due().await.unwrap().sent, 1);
}

/// Prevents sending a mail again and again: the mail server accepts each letter, but the database accepts no write.
#[tokio::test]
async fn a_database_that_fails_after_the_sending_makes_no_copies() {
    let world = usual().await;
    let storage = world.storage.clone();
    world.mail.reply_with(move |_| {
        storage.refuse_writes();
        Ok(())
    });
    world.opened(&["sara", "tom", "uwe"]).await;
    let courier = world.courier();
    for _ in 0..20 {
        assert!(matches!(courier.deliver_due().await, Err(Unavailable::Storage(_))));
        world.clock.advance(TimeDelta::minutes(1));
    }
    assert_eq!(recipients(&world.mail.letters()), ["sara@example.org"], "one went out, then nothing more");

    for _ in 0..3 {
        world.storage.mend();
        let _ = courier.deliver_due().await;
    }
    world.storage.mend();
    courier.deliver_due().await.unwrap();
    assert_eq!(recipients(&world.mail.letters()), ["sara@example.org", "tom@example.org", "uwe@example.org"]);
    assert_eq!(world.counts().await, OutboxCounts { sent: 3, ..OutboxCounts::default() });
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_parked_and_the_others_flow() {
    let world = usual().await;
    let bad = world.opened(&["sara"]).await;
    world.opened(&["tom"]).await;
    let bad = format!("{bad:?}");
    world.storage.fail_when(move |call| {
        (call.name == "messages.find" && call.arguments.to_string().contains(&bad)).then_some(fault::corrupt)
    });
    let delivery = world.courier().deliver_due().await.unwrap();
    assert_eq!((delivery.sent, delivery.failed, delivery.next_due), (1, 1, None));
    assert!(matches!(world.states().await["sara"], LetterState::Failed { .. }));
}

#[tokio::test]
async fn a_letter_that_cannot_be_written_is_parked_and_the_others_flow() {
    let world = usual().await;
    world.opened(&["sara", "tom"]).await;
    let letters =
        Letters::builder().with_template("layout.txt", "{% if name == 'Sara Sand' %}{{ nothing }}{% endif %}").build().unwrap();
    let courier = Courier::new(world.storage.clone(), world.people.clone(), world.mail.clone(), letters, courier_config());
    let delivery = courier.with_clock(world.clock.clone()).deliver_due().await.unwrap();
    assert_eq!((delivery.sent, delivery.failed), (1, 1));
    let LetterState::Failed { problem, .. } = &world.states().await["sara"] else { panic!("it did not fail") };
    assert!(problem.contains("template ticket-opened.txt"), "{problem}");
}

#[tokio::test]
async fn a_name_full_of_tricks_stops_nobody() {
    let world = usual().await;
    world.people.change("anna", |user| user.name = "Anna\r\nBcc: evil@example.org\0".to_owned());
    world.people.change("sara", |user| user.name = "\0\r\n\u{202e}".to_owned());
    world.opened(&["sara", "tom"]).await;
    assert_eq!(world.courier().deliver_due().await.unwrap().sent, 2);
    assert!(world.mail.letters()[1].text.contains("Anna Bcc: evil@example.org has opened a new ticket."));
}

#[tokio::test]
async fn a_letter_is_sent_before_a_replica_has_heard_of_its_ticket() {
    let storage = Arc::new(Lagging::default());
    let world = built(World::builder().storage(storage.clone())).await;
    storage.falls_behind();
    world.opened(&["sara"]).await;
    let delivery = world.courier().deliver_due().await.unwrap();
    assert_eq!((delivery.sent, delivery.dropped), (1, 0));
    assert_eq!(recipients(&world.mail.letters()), ["sara@example.org"]);
}

#[tokio::test]
async fn a_courier_does_not_sleep_through_a_letter_that_a_replica_has_not_heard_of() {
    let storage = Arc::new(Lagging::default());
    let world = built(World::builder().storage(storage.clone())).await;
    storage.falls_behind();
    world.opened(&["sara"]).await;
    world.mail.go_down();
    let delivery = world.courier().deliver_due().await.unwrap();
    assert_eq!(delivery.postponed, 1);
    assert!(delivery.next_due.is_some(), "it is to be tried again");
}

/// One unit claims the letter, reads its data and says when the next one is due; the other records that it was sent.
#[tokio::test]
async fn a_letter_that_travels_alone_takes_two_units() {
    let world = usual().await;
    let courier = world.courier();
    world.opened(&["sara"]).await;
    // The first call also stores the beat and creates the secret of the message ids.
    courier.deliver_due().await.unwrap();
    let mut units = Vec::new();
    for recipients in [&["sara"][..], &[], &["sara", "tom"]] {
        if !recipients.is_empty() {
            world.opened(recipients).await;
        }
        let before = world.storage.units();
        let delivery = courier.deliver_due().await.unwrap();
        assert_eq!((delivery.sent as usize, delivery.next_due), (recipients.len(), None));
        units.push(world.storage.units() - before);
    }
    assert_eq!(units, [2, 1, 3]);
}

/// P-01
#[tokio::test]
async fn who_was_just_removed_gets_no_letter_whatever_a_replica_says() {
    let storage = Arc::new(Lagging::default());
    let world = built(World::builder().storage(storage.clone())).await;
    world.opened(&["sara"]).await;
    storage.falls_behind();
    world.backend().remove_supporter(world.supporter_id("sara").await).await.unwrap();
    let delivery = world.courier().deliver_due().await.unwrap();
    assert_eq!((delivery.sent, delivery.dropped), (0, 1));
}
