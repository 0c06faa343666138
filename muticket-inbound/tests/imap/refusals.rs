//! Letters that the helpdesk does not store: they never stop the next one, and an outage loses none (M-02).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use muticket_core::mailbox::MailboxTrouble;
use muticket_inbound::imap::ImapMailbox;
use muticket_test_support::ImapServer;
use muticket_world::{BlobCall, Call, fault};

use crate::site::{fetches, gets, letter, mailbox, state, subjects, until, world};

/// Its pauses are as short as they can be.
fn busy_mailbox(server: &ImapServer) -> ImapMailbox {
    mailbox(server).with_every(Duration::from_millis(10))
}

/// The same letter from somebody whose letters the database refuses.
fn poison(subject: &str) -> Vec<u8> {
    String::from_utf8(letter(subject))
        .expect("it is text")
        .replace("x@elsewhere.example", "poison@elsewhere.example")
        .into_bytes()
}

/// Whether such a letter is about to be stored.
fn is_poison(call: &Call<'_>) -> bool {
    call.name == "incoming.insert" && call.arguments.to_string().contains("poison@")
}

/// M-02: the others come in at once. The administrator is told which letter is missing.
#[tokio::test]
async fn a_letter_that_the_database_refuses_for_ever_is_left_out() {
    let (world, server) = (world().await, Arc::new(ImapServer::start().await.unwrap()));
    let (mailbox_of_others, others) = (server.clone(), Arc::new(AtomicUsize::new(1)));
    let delivered = others.clone();
    // Whenever it is refused, another letter comes, so that each look finds one that is stored.
    world.storage.fail_when(move |call| {
        let is_refused = is_poison(call);
        if is_refused {
            mailbox_of_others.deliver(&letter(&delivered.fetch_add(1, Ordering::SeqCst).to_string()));
        }
        is_refused.then_some(fault::broken)
    });
    for raw in [letter("0"), poison("bad")] {
        server.deliver(&raw);
    }
    let fetching = fetches(&world, busy_mailbox(&server));
    until("the other letter", async || subjects(&world).await.starts_with(&["0".to_owned(), "1".to_owned()])).await;
    let told = state(&world).await;
    assert_eq!(told.place.unwrap().next_uid, 2, "{told:?}");
    let is_left_out = async || state(&world).await.trouble().is_some_and(|(trouble, _)| trouble == MailboxTrouble::LeftOut);
    until("the end of the tries", is_left_out).await;
    fetching.stops().await;
    let state = state(&world).await;
    assert!(state.trouble().unwrap().1.contains(" UID 2: "), "{state:?}");
    assert_eq!(server.given().iter().filter(|uid| **uid == 2).count(), 10);
    assert_eq!((subjects(&world).await.len(), others.load(Ordering::SeqCst)), (11, 11));
    assert!(!server.seen().contains(&2), "people still see that nobody has read it");
}

/// M-02: while the database takes no letter, none is left out, however often they are tried. A letter that comes a second time does not
/// show that the database works.
#[tokio::test]
async fn an_outage_leaves_out_no_letter() {
    let (world, server) = (world().await, ImapServer::start().await.unwrap());
    server.deliver(&letter("known"));
    gets(&world, mailbox(&server), &["known"]).await;
    world.storage.fail_when(|call| (call.name == "incoming.insert").then_some(fault::broken));
    for subject in ["a", "known", "b"] {
        server.deliver(&letter(subject));
    }
    let fetching = fetches(&world, busy_mailbox(&server));
    let is_tried_often = async || server.given().iter().filter(|uid| **uid == 2).count() > 10;
    until("more tries than a letter has", is_tried_often).await;
    fetching.stops().await;
    let told = state(&world).await;
    assert_eq!(told.trouble().map(|(trouble, _)| trouble), Some(MailboxTrouble::NotStored));
    assert!(world.storage.mend() > 0);
    gets(&world, mailbox(&server), &["a", "b", "known"]).await;
}

/// M-02: one letter that the store for files does not take stops no other, and comes in as soon as it can.
#[tokio::test]
async fn a_letter_that_the_store_for_files_refuses_stops_no_other() {
    let (world, server) = (world().await, ImapServer::start().await.unwrap());
    for subject in ["a", "b", "c"] {
        server.deliver(&letter(subject));
    }
    world.blobs.fail(BlobCall::Put, 1);
    let fetching = fetches(&world, mailbox(&server).with_every(Duration::from_secs(1000)));
    until("the others", async || subjects(&world).await == ["b", "c"]).await;
    let is_told = async || state(&world).await.trouble().is_some_and(|(_, words)| words.starts_with("UID 1: "));
    until("the problem", is_told).await;
    fetching.stops().await;
    gets(&world, mailbox(&server), &["a", "b", "c"]).await;
}

/// M-02: so many in a row are more than one look tries in vain.
#[tokio::test]
async fn a_row_of_refused_letters_does_not_stop_the_letter_behind_it() {
    let (world, server) = (world().await, ImapServer::start().await.unwrap());
    world.storage.fail_when(|call| is_poison(call).then_some(fault::broken));
    for number in 0..25 {
        server.deliver(&poison(&number.to_string()));
    }
    server.deliver(&letter("good"));
    let fetching = fetches(&world, busy_mailbox(&server));
    until("the letter behind them", async || subjects(&world).await == ["good"]).await;
    fetching.stops().await;
    assert!(server.given().len() < 40, "{:?}", server.given());
}
