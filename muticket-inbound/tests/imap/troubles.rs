//! A server that misbehaves: nothing is lost, nothing is doubled, and the administrator is told.

use std::time::Duration;

use chrono::TimeDelta;
use muticket_core::mailbox::MailboxTrouble;
use muticket_test_support::{ImapServer, ImapTrouble};
use muticket_world::World;

use crate::site::{fetches, gets, large_letter, letter, mailbox, state, subjects, too_large, until, world};

fn say(command: &'static str, line: &str) -> ImapTrouble {
    ImapTrouble::Say(command, line.to_owned())
}

/// Each trouble, and what the page says about it while it lasts. When it is over, all letters come in once.
#[tokio::test]
async fn troubles_are_told_and_end() {
    use MailboxTrouble::{Folder, Login, NoAnswer, Nonsense, Refused, Unreachable};
    let table = [
        (Unreachable, ImapTrouble::DropAfter(0)),
        (Unreachable, ImapTrouble::DropAfter(600)),
        (NoAnswer, ImapTrouble::HangAfter(0)),
        (NoAnswer, ImapTrouble::HangAfter(600)),
        (Unreachable, say("CAPABILITY", "* BYE too busy")),
        (Login, say("AUTHENTICATE", "{tag} NO [UNAVAILABLE] later")),
        (Login, say("AUTHENTICATE", "{tag} BAD")),
        (Nonsense, say("AUTHENTICATE", "HTTP/1.1 400 Bad Request")),
        (Nonsense, say("AUTHENTICATE", "{tag} WELL")),
        (Folder, say("SELECT", "{tag} NO [NONEXISTENT] there is none")),
        (Nonsense, say("SELECT", "* 3 EXISTS\r\n{tag} OK")),
        (Nonsense, say("SELECT", "* 3 EXISTS\r\n* OK [UIDVALIDITY -1]\r\n{tag} OK")),
        (Refused, say("UID FETCH 1:*", "{tag} NO later")),
        (Nonsense, say("UID FETCH 1:*", "* 1 FETCH (UID 1\r\n{tag} OK")),
        (Nonsense, say("UID FETCH 1:*", "* 1 FETCH (UID 99999999999999 RFC822.SIZE 1)\r\n{tag} OK")),
        (Nonsense, say("UID FETCH 1:*", "* 1 FETCH (UID 1 BODY[] {4000000000}\r\n{tag} OK")),
        (Nonsense, say("UID FETCH 1:*", "* 1 FETCH (UID {99999999999999999999999}\r\n{tag} OK")),
        (Nonsense, ImapTrouble::Say("UID FETCH 1:*", format!("* OK {}", "a".repeat(100_000)))),
        (Nonsense, ImapTrouble::Announce(3)),
        (NoAnswer, ImapTrouble::Announce(10_000)),
        (Nonsense, ImapTrouble::Mistake(2)),
        (Refused, ImapTrouble::Withhold(2)),
    ];
    for (expected, trouble) in table {
        let (world, server) = (world().await, ImapServer::start().await.unwrap());
        for subject in ["a", "b", "c"] {
            server.deliver(&letter(subject));
        }
        server.make_trouble(trouble.clone(), 1000);
        let fetching = fetches(&world, mailbox(&server).with_timeout(Duration::from_millis(300)));
        until(&format!("{trouble:?}"), async || state(&world).await.problem.is_some()).await;
        let told = state(&world).await;
        assert_eq!(told.trouble().map(|(trouble, _)| trouble), Some(expected), "{trouble:?}: {told:?}");
        fetching.stops().await;
        server.behave();
        gets(&world, mailbox(&server), &["a", "b", "c"]).await;
        assert_eq!(state(&world).await.place.unwrap().next_uid, 4, "{trouble:?}");
    }
}

/// These are no reason for a problem.
#[tokio::test]
async fn what_is_odd_and_harmless() {
    let table = [
        say("IDLE", "{tag} NO not today"),
        say("IDLE", "{tag} BAD"),
        say("IDLE", "+ idling\r\n* OK Still here\r\n{tag} OK enough"),
        say("UID STORE", "{tag} NO this mailbox is read-only"),
        ImapTrouble::ClaimSize(1),
        ImapTrouble::ClaimSize(20_000),
        ImapTrouble::Slow(Duration::from_millis(5)),
    ];
    for trouble in table {
        let (world, server) = (world().await, ImapServer::start().await.unwrap());
        server.make_trouble(trouble, 1000);
        let fetching = fetches(&world, mailbox(&server));
        for subject in ["a", "b", "c"] {
            server.deliver(&letter(subject));
        }
        until("all letters", async || subjects(&world).await == ["a", "b", "c"]).await;
        fetching.stops().await;
        assert_eq!(state(&world).await.problem, None);
    }
}

/// M-02: whatever byte is the last, each letter counts once.
#[tokio::test]
async fn the_connection_may_break_after_any_byte() {
    let (world, server) = (world().await, ImapServer::start().await.unwrap());
    let mut expected = Vec::new();
    for bytes in (0..1500).step_by(41) {
        let subject = format!("after {bytes:04} bytes");
        server.deliver(&letter(&subject));
        expected.push(subject);
        server.make_trouble(ImapTrouble::DropAfter(bytes), 1);
        let all: Vec<_> = expected.iter().map(String::as_str).collect();
        gets(&world, mailbox(&server).without_idle(), &all).await;
    }
}

/// M-02: killed at any moment, nothing is lost and nothing doubled.
#[tokio::test]
async fn it_may_be_killed_at_any_moment() {
    let (world, server) = (world().await, ImapServer::start().await.unwrap());
    let mut expected = Vec::new();
    for round in 0..40_u64 {
        let subject = format!("round {round:02}");
        server.deliver(&letter(&subject));
        expected.push(subject);
        let fetching = fetches(&world, mailbox(&server));
        tokio::time::sleep(Duration::from_micros(round * 300)).await;
        fetching.is_killed();
    }
    let all: Vec<_> = expected.iter().map(String::as_str).collect();
    gets(&world, mailbox(&server), &all).await;
}

/// A letter that is larger than the server says is not read into memory.
#[tokio::test]
async fn a_letter_that_lies_about_its_size_is_too_large() {
    let (world, server) = (world().await, ImapServer::start().await.unwrap());
    server.deliver(&letter("a"));
    server.deliver(&large_letter("b", 50_000));
    server.deliver(&letter("c"));
    server.make_trouble(ImapTrouble::ClaimSize(10), 1000);
    gets(&world, mailbox(&server), &["a", "b", "c"]).await;
    assert_eq!(too_large(&world).await.len(), 1);
}

async fn told(world: &World) -> Option<MailboxTrouble> {
    state(world).await.trouble().map(|(trouble, _)| trouble)
}

/// M-02: the others come in at the same look, and the letter as soon as it is given out.
#[tokio::test]
async fn a_letter_that_the_server_does_not_give_out_stops_no_other() {
    let (world, server) = (world().await, ImapServer::start().await.unwrap());
    for subject in ["a", "b", "c"] {
        server.deliver(&letter(subject));
    }
    server.make_trouble(ImapTrouble::Withhold(2), 1000);
    let fetching = fetches(&world, mailbox(&server).with_every(Duration::from_secs(1000)));
    until("the others", async || subjects(&world).await == ["a", "c"]).await;
    until("the problem", async || told(&world).await == Some(MailboxTrouble::Refused)).await;
    fetching.stops().await;
    let noted = state(&world).await;
    assert!(noted.trouble().unwrap().1.starts_with("UID 2: "), "{noted:?}");
    assert_eq!((noted.place.unwrap().next_uid, server.connections()), (2, 1));
    server.behave();
    gets(&world, mailbox(&server), &["a", "b", "c"]).await;
}

/// M-02: the tries of a letter do not count for another one that gets its number.
#[tokio::test]
async fn tries_end_when_the_letters_are_numbered_anew() {
    let (world, server) = (world().await, ImapServer::start().await.unwrap());
    for subject in ["a", "b", "c"] {
        server.deliver(&letter(subject));
    }
    server.make_trouble(ImapTrouble::Withhold(2), 1000);
    let fetching = fetches(&world, mailbox(&server).with_every(Duration::from_millis(10)));
    until("the others", async || subjects(&world).await == ["a", "c"]).await;
    (1..=3).for_each(|uid| server.delete(uid));
    server.number_anew(1);
    for subject in ["d", "e", "f"] {
        server.deliver(&letter(subject));
    }
    until("the new ones", async || subjects(&world).await == ["a", "c", "d", "f"]).await;
    assert_eq!(told(&world).await, Some(MailboxTrouble::Refused), "nothing was left out");
    fetching.stops().await;
}

/// M-02: the server's answer makes no sense, so the others wait for a while, and not for ever.
#[tokio::test]
async fn a_letter_that_never_makes_sense_is_left_out() {
    let (world, server) = (world().await, ImapServer::start().await.unwrap());
    for subject in ["a", "b", "c"] {
        server.deliver(&letter(subject));
    }
    server.make_trouble(ImapTrouble::Mistake(2), 1000);
    let fetching = fetches(&world, mailbox(&server).with_every(Duration::from_millis(10)));
    until("the end of the tries", async || told(&world).await == Some(MailboxTrouble::LeftOut)).await;
    until("the others", async || subjects(&world).await == ["a", "c"]).await;
    fetching.stops().await;
}

/// M-02: the administrator is told for 30 days which letter is missing. Neither a restart, nor another node, nor another problem takes that
/// away.
#[tokio::test]
async fn a_letter_that_is_never_given_out_is_left_out() {
    let (world, server) = (world().await, ImapServer::start().await.unwrap());
    for subject in ["a", "b", "c"] {
        server.deliver(&letter(subject));
    }
    server.make_trouble(ImapTrouble::Withhold(2), 1000);
    let fetching = fetches(&world, mailbox(&server).with_every(Duration::from_millis(10)));
    let note = format!("{} UID 2: [SERVERBUG] this one is broken", world.clock.now().date_naive());
    let is_read = async || state(&world).await.checked_at.is_some();
    until("the end of the tries", is_read).await;
    fetching.stops().await;
    let noted = state(&world).await;
    assert_eq!(noted.trouble(), Some((MailboxTrouble::LeftOut, note.as_str())));
    assert_eq!((noted.place.unwrap().next_uid, subjects(&world).await), (4, vec!["a".to_owned(), "c".to_owned()]));
    assert_eq!(server.seen(), [1, 3], "people still see that nobody has read it");

    server.behave();
    world.clock.advance(TimeDelta::days(1));
    let tomorrow = world.clock.now();
    let other_node = fetches(&world, mailbox(&server));
    until("a good look", async || state(&world).await.checked_at == Some(tomorrow)).await;
    assert_eq!(state(&world).await.problem, noted.problem);
    server.make_trouble(ImapTrouble::DropAfter(0), 1000);
    server.hang_up();
    until("another problem", async || told(&world).await == Some(MailboxTrouble::Unreachable)).await;
    server.behave();
    until("the note again", async || told(&world).await == Some(MailboxTrouble::LeftOut)).await;
    other_node.stops().await;
    assert_eq!(state(&world).await.problem, noted.problem);
    world.clock.advance(TimeDelta::days(30));
    gets(&world, mailbox(&server), &["a", "c"]).await;
}

/// A database that is away loses no letter.
#[tokio::test]
async fn letters_wait_while_the_database_is_away() {
    let (world, server) = (world().await, ImapServer::start().await.unwrap());
    let fetching = fetches(&world, mailbox(&server));
    until("the first look", async || state(&world).await.checked_at.is_some()).await;
    world.storage.refuse_writes();
    server.deliver(&letter("a"));
    // The connection is ended after the letter could not be stored.
    until("an attempt", async || !server.given().is_empty() && server.connections() > 1).await;
    assert!(subjects(&world).await.is_empty() && server.seen().is_empty());
    assert!(world.storage.mend() > 0);
    until("the letter", async || subjects(&world).await == ["a"]).await;
    fetching.stops().await;
}

/// A connection on which nothing happened may be ended. That is no problem.
#[tokio::test]
async fn a_connection_that_is_ended_while_it_waits_is_made_anew() {
    let (world, server) = (world().await, ImapServer::start().await.unwrap());
    let fetching = fetches(&world, mailbox(&server));
    for subject in ["a", "b"] {
        until("a look", async || server.commands().last().is_some_and(|command| command == "IDLE")).await;
        server.hang_up();
        server.deliver(&letter(subject));
        until("the letter", async || subjects(&world).await.iter().any(|one| one == subject)).await;
        assert_eq!(state(&world).await.problem, None);
    }
    fetching.stops().await;
}
