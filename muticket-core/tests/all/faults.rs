//! A storage that fails at any call, or runs every unit twice (P-21, K-54).

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use muticket_core::history::Change;
use muticket_core::notification::Notification;
use muticket_core::rating::Score;
use muticket_core::{Error, MemoryStorage, NewMessage, NewTicket, TicketNumber};
use muticket_world::fault::{self, Fault};
use muticket_world::{Outcome, World, message_number, text};

use crate::storages::Twice;

/// The actions on the only ticket, in an order that works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Open,
    Reply,
    Answer,
    Rate,
    Rerate,
    Close,
    Reopen,
    Delete,
}

const VERBS: [Verb; 8] =
    [Verb::Open, Verb::Reply, Verb::Answer, Verb::Rate, Verb::Rerate, Verb::Close, Verb::Reopen, Verb::Delete];

async fn does(world: &World, verb: Verb) -> Result<(), Error> {
    let number = TicketNumber::new(1).unwrap();
    let portal = world.anna().portal();
    match verb {
        Verb::Open => {
            let nonce = Some(world.helpdesk.nonce());
            let attachments = vec![portal.attach("a.txt", &mut Some(bytes::Bytes::from_static(b"a"))).await?];
            let new = NewTicket { subject: "printer".into(), body: "x".into(), attachments, nonce, ..Default::default() };
            portal.open(new).await.map(drop)
        }
        Verb::Reply => {
            let nonce = Some(world.helpdesk.nonce());
            portal.reply(number, NewMessage { nonce, ..text("Hello?") }).await.map(drop)
        }
        Verb::Answer => {
            let seen = Some(message_number(2));
            world.sara().desk().await?.answer(number, NewMessage { seen, ..text("Is it on?") }).await.map(drop)
        }
        Verb::Rate => portal.rate(number, message_number(3), Some(Score::ALL[1])).await.map(drop),
        Verb::Rerate => portal.rate(number, message_number(3), Some(Score::ALL[4])).await.map(drop),
        Verb::Close => world.sara().desk().await?.close(number, Some(message_number(3))).await.map(drop),
        Verb::Reopen => world.sara().desk().await?.reopen(number).await.map(drop),
        Verb::Delete => world.backend().delete(number).await,
    }
}

/// All stored rows, without the notes about blobs: an upload that fails leaves one until it is swept.
fn rows(world: &World) -> String {
    let dump = world.dump();
    let (before, rest) = dump.split_once("orphans: {").unwrap();
    let (_, after) = rest.split_once("secrets: {").unwrap();
    format!("{before}{after}")
}

/// Lets each call of each verb fail once. A failed verb changes no rows, and the verb works right afterwards.
async fn sweep_with(fault: Fault) {
    let world = World::new().await;
    for verb in VERBS {
        let mut failures = 0;
        for nth in 1.. {
            let before = rows(&world);
            world.storage.fail_nth(nth, fault);
            let outcome = does(&world, verb).await;
            if world.storage.mend() == 0 {
                outcome.unwrap();
                break;
            }
            match outcome {
                Err(_) => assert_eq!(rows(&world), before, "{verb:?}, call {nth}"),
                // The ticket is deleted. Only its bytes wait for the sweep.
                Ok(()) if verb == Verb::Delete => break,
                Ok(()) => panic!("{verb:?} did not notice that call {nth} failed"),
            }
            outcome.unavailable();
            failures += 1;
        }
        assert!(failures >= 4, "{verb:?} was let fail only {failures} times");
    }
    world.clock.advance(chrono::TimeDelta::hours(24));
    world.helpdesk.sweep().await.unwrap();
    assert_eq!(world.blobs.count(), 0);
    assert!(world.dump().contains("orphans: {}"), "{}", world.dump());
}

#[tokio::test]
async fn a_call_that_fails_leaves_nothing_and_the_next_try_works() {
    sweep_with(fault::broken).await;
}

/// The storage repeats a unit that lost a race. No error is visible, and everything happens once.
#[tokio::test]
async fn a_unit_that_lost_a_race_is_repeated_unnoticed() {
    let mut expected = None;
    let mut tried = 0;
    for nth in 0.. {
        let world = World::new().await;
        // Only write units are repeated. Read units, and a unit that cannot begin, return the error.
        world.storage.fail_nth(nth, fault::busy);
        let mut outcome = Ok(());
        for verb in VERBS {
            if verb != Verb::Delete && outcome.is_ok() {
                outcome = does(&world, verb).await;
            }
        }
        let struck = world.storage.mend() > 0;
        match outcome {
            Ok(()) => {
                let summary = summary(&world).await;
                assert_eq!(*expected.get_or_insert_with(|| summary.clone()), summary, "call {nth}");
                tried += usize::from(struck);
            }
            Err(error) => assert!(matches!(error, Error::Unavailable(_)), "call {nth}: {error:?}"),
        }
        if nth > 0 && !struck {
            break;
        }
    }
    assert!(tried > 40, "only {tried} races were lost");
}

/// P-25: in a database, the same form may be stored between this unit's lookup and its insert.
#[tokio::test]
async fn a_nonce_that_lost_a_race_is_looked_up_again() {
    for verb in [Verb::Open, Verb::Reply] {
        let world = World::new().await;
        if verb == Verb::Reply {
            does(&world, Verb::Open).await.unwrap();
        }
        world.storage.fail_next("messages.insert", fault::duplicate);
        does(&world, verb).await.unwrap();
        assert_eq!(world.storage.mend(), 1, "{verb:?} inserted no message");
    }
}

#[test]
fn a_storage_that_panics_leaves_nothing_and_goes_on_working() {
    let run = || tokio::runtime::Builder::new_current_thread().build().unwrap();
    let world = run().block_on(World::new());
    run().block_on(does(&world, Verb::Open)).unwrap();
    let mut panics = 0;
    for nth in 1.. {
        let before = rows(&world);
        world.storage.fail_nth(nth, fault::panic);
        let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| run().block_on(does(&world, Verb::Reply))));
        if world.storage.mend() == 0 {
            outcome.unwrap().unwrap();
            break;
        }
        assert!(outcome.is_err());
        assert_eq!(rows(&world), before, "call {nth}");
        panics += 1;
    }
    assert!(panics > 8, "only {panics} panics");
}

/// The result without ids, because each run of a unit creates new ones.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Summary {
    ticket: muticket_core::ticket::Ticket,
    history: Vec<Change>,
    bodies: Vec<String>,
    files: Vec<(String, u64)>,
    letters: Vec<(Notification, Option<u32>, String)>,
    stars: [u64; 5],
}

async fn summary(world: &World) -> Summary {
    let number = TicketNumber::new(1).unwrap();
    let ticket = world.ticket(number).await;
    let shown = world.anna().sees(&ticket).await.unwrap();
    let mut letters: Vec<_> = world.unsent().await;
    letters.sort_by(|a, b| (a.message, &a.recipient).cmp(&(b.message, &b.recipient)));
    let files = shown.messages.iter().flat_map(|shown| &shown.attachments);
    Summary {
        history: world.history(number).await.into_iter().map(|entry| entry.change).collect(),
        bodies: shown.messages.iter().map(|shown| shown.message.body.as_str().to_owned()).collect(),
        files: files.map(|file| (file.name.as_str().to_owned(), file.size)).collect(),
        letters: letters.into_iter().map(|l| (l.notification, l.message.map(|m| m.get()), l.recipient.to_string())).collect(),
        stars: world.backend().statistics(world.supporter_id("sara").await).await.unwrap().tally.distribution,
        ticket,
    }
}

/// A unit may run twice, so nothing outside it may depend on its first run.
#[tokio::test]
async fn a_storage_that_runs_everything_twice_does_everything_once() {
    let usual = World::new().await;
    let twice = World::builder().storage(Arc::new(Twice(Arc::new(MemoryStorage::new())))).build().await;
    for verb in VERBS {
        if verb != Verb::Delete {
            does(&usual, verb).await.unwrap();
            does(&twice, verb).await.unwrap();
        }
    }
    assert_eq!(summary(&twice).await, summary(&usual).await);
    for world in [&usual, &twice] {
        world.add_categories(&["billing"]).await;
        world.edit_supporter("sara", true, &["billing"]).await;
        world.add_supporter("uwe", false, &[]).await;
        does(world, Verb::Delete).await.unwrap();
        world.helpdesk.sweep().await.unwrap();
        assert_eq!(world.helpdesk.secret("forms").await.unwrap(), world.helpdesk.secret("forms").await.unwrap());
    }
    assert_eq!((usual.blobs.count(), twice.blobs.count()), (0, 0));
    assert_eq!(twice.backend().supporters().await.unwrap().supporters.len(), 3);
}
