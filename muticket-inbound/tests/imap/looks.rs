//! What a look takes in, and what it notes.

use std::time::Duration;

use chrono::TimeDelta;
use muticket_core::mailbox::MailboxPlace;
use muticket_inbound::imap::Start;
use muticket_test_support::{ImapServer, ImapTrouble};

use crate::site::{MOST, fetches, gets, held, large_letter, letter, mailbox, state, subjects, too_large, until, world};

#[tokio::test]
async fn letters_are_taken_in_once_and_marked_as_read() {
    let (world, server) = (world().await, ImapServer::start().await.unwrap());
    for subject in ["a", "b", "c"] {
        server.deliver(&letter(subject));
    }
    gets(&world, mailbox(&server), &["a", "b", "c"]).await;
    assert_eq!((server.given(), server.seen()), (vec![1, 2, 3], vec![1, 2, 3]));
    assert_eq!(state(&world).await.place, Some(MailboxPlace { uid_validity: 1, next_uid: 4 }));
    let envelope = held(&world).await.remove(0).envelope;
    assert_eq!(envelope.from.as_deref(), Some("x@elsewhere.example"));
    // `4:*` names the last letter, which is known.
    server.deliver(&letter("d"));
    gets(&world, mailbox(&server), &["a", "b", "c", "d"]).await;
    server.delete(4);
    gets(&world, mailbox(&server), &["a", "b", "c", "d"]).await;
    assert_eq!(server.given(), [1, 2, 3, 4], "no letter is fetched twice");
}

#[tokio::test]
async fn a_mailbox_can_be_left_as_it_is() {
    let (world, server) = (world().await, ImapServer::start().await.unwrap());
    server.deliver(&letter("a"));
    gets(&world, mailbox(&server).without_marking(), &["a"]).await;
    assert_eq!(server.seen(), [0; 0]);
    let changes = |command: &String| command.starts_with("SELECT") || command.contains("STORE");
    assert!(!server.commands().iter().any(changes), "{:?}", server.commands());
}

/// A mailbox of old letters is never read: the first look skips them, whatever their number, and no later look asks for them.
#[tokio::test]
async fn the_first_look_skips_what_is_there() {
    let (world, server) = (world().await, ImapServer::start().await.unwrap());
    let old = letter("old");
    for _ in 0..100_000 {
        server.deliver(&old);
    }
    let fetching = fetches(&world, mailbox(&server).with_start(Start::Now));
    until("the first look", async || state(&world).await.checked_at.is_some()).await;
    fetching.stops().await;
    let fetches_so_far = |server: &ImapServer| -> Vec<String> {
        server.commands().into_iter().filter(|command| command.starts_with("UID FETCH")).collect()
    };
    assert_eq!(fetches_so_far(&server), ["UID FETCH * (UID)"]);
    assert!(server.sent() < 1_000, "{} bytes", server.sent());
    server.deliver(&letter("new"));
    gets(&world, mailbox(&server).with_start(Start::Now), &["new"]).await;
    let expected =
        ["UID FETCH * (UID)", "UID FETCH 100001:* (UID RFC822.SIZE INTERNALDATE)", "UID FETCH 100001 (UID BODY.PEEK[])"];
    assert_eq!((fetches_so_far(&server), server.given()), (expected.map(String::from).to_vec(), vec![100_001]));
    assert!(server.sent() < 2_000, "{} bytes", server.sent());
}

#[tokio::test]
async fn the_first_look_at_an_empty_mailbox_misses_nothing() {
    let (world, server) = (world().await, ImapServer::start().await.unwrap());
    let fetching = fetches(&world, mailbox(&server).with_start(Start::Now));
    until("the first look", async || state(&world).await.checked_at.is_some()).await;
    server.deliver(&letter("first"));
    until("the letter", async || subjects(&world).await == ["first"]).await;
    fetching.stops().await;
}

#[tokio::test]
async fn idle_tells_of_a_letter_at_once_and_looking_does_without() {
    for (abilities, every) in [("IMAP4rev1 IDLE", Duration::from_secs(1000)), ("IMAP4rev1", Duration::from_millis(20))] {
        let (world, server) = (world().await, ImapServer::start().await.unwrap());
        server.can(abilities);
        let fetching = fetches(&world, mailbox(&server).with_every(every));
        until("the first look", async || state(&world).await.checked_at.is_some()).await;
        for subjects_so_far in 1..=3 {
            server.deliver(&letter(&subjects_so_far.to_string()));
            until("a letter", async || subjects(&world).await.len() == subjects_so_far).await;
        }
        assert_eq!(server.connections(), 1, "one connection is enough with {abilities}");
        assert_eq!(server.commands().iter().any(|command| command == "IDLE"), abilities.contains("IDLE"));
        fetching.stops().await;
    }
}

/// The numbers begin anew, as after a mailbox was moved to another server: what is known comes no second time, what is new comes, and what
/// was there long before is not looked at.
#[tokio::test]
async fn letters_that_are_numbered_anew_come_no_second_time() {
    let (world, server) = (world().await, ImapServer::start().await.unwrap());
    server.deliver_at(&letter("old"), " 1-Jan-2027 08:00:00 +0000");
    let fetching = fetches(&world, mailbox(&server).with_start(Start::Now));
    until("the first look", async || state(&world).await.checked_at.is_some()).await;
    server.deliver(&letter("a"));
    until("the letter", async || subjects(&world).await == ["a"]).await;
    fetching.stops().await;
    server.deliver(&letter("b"));
    server.number_anew(1);
    world.clock.advance(TimeDelta::hours(1));
    gets(&world, mailbox(&server).with_start(Start::Now), &["a", "b"]).await;
    assert_eq!(state(&world).await.place, Some(MailboxPlace { uid_validity: 2, next_uid: 4 }));
    assert_eq!(server.given(), [2, 2, 3], "the old letter is not fetched");
}

/// An interruption in the middle does not let old letters in.
#[tokio::test]
async fn a_renumbering_that_is_interrupted_begins_again() {
    let (world, server) = (world().await, ImapServer::start().await.unwrap());
    server.deliver_at(&letter("old"), " 1-Jan-2027 08:00:00 +0000");
    server.deliver(&letter("a"));
    server.deliver_at(&letter("old, too"), " 2-Jan-2027 08:00:00 +0000");
    let fetching = fetches(&world, mailbox(&server).with_start(Start::Now));
    until("the first look", async || state(&world).await.checked_at.is_some()).await;
    fetching.stops().await;
    server.deliver(&letter("b"));
    server.number_anew(7);
    server.make_trouble(ImapTrouble::Withhold(10), 1);
    gets(&world, mailbox(&server).with_start(Start::Now), &["a", "b"]).await;
}

/// M-07
#[tokio::test]
async fn of_a_letter_that_is_too_large_the_header_comes_in() {
    let (world, server) = (world().await, ImapServer::start().await.unwrap());
    server.deliver(&letter("a"));
    server.deliver(&large_letter("b", 100_000));
    server.deliver(&large_letter("c", 10_000));
    gets(&world, mailbox(&server), &["a", "b", "c"]).await;
    assert_eq!(server.given(), [1, 3]);
    let [kept] = &too_large(&world).await[..] else { panic!("one letter is too large") };
    assert_eq!((kept.subject.as_deref(), kept.sender.as_deref()), (Some("b"), Some("x@elsewhere.example")));
    assert!(kept.size < 200 && kept.problem.as_deref().unwrap().contains(&MOST.to_string()), "{kept:?}");
}

#[tokio::test]
async fn two_nodes_read_one_mailbox() {
    let (world, server) = (world().await, ImapServer::start().await.unwrap());
    let both = [fetches(&world, mailbox(&server)), fetches(&world, mailbox(&server))];
    let mut expected = Vec::new();
    for number in 10..40 {
        server.deliver(&letter(&number.to_string()));
        expected.push(number.to_string());
    }
    until("all letters", async || subjects(&world).await.len() >= expected.len()).await;
    for one in both {
        one.stops().await;
    }
    assert_eq!(subjects(&world).await, expected);
}
