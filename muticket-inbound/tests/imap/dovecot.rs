//! A real IMAP server.

use chrono::TimeDelta;
use muticket_core::mailbox::MailboxTrouble;
use muticket_inbound::imap::{ImapMailbox, Start};
use muticket_test_support::{Dovecot, SmtpServer};
use muticket_world::World;

use crate::site::{fetches, gets, large_letter, letter, mailbox_at, state, subjects, too_large, until, world};

fn mailbox_of(user: &str, folder: &str, dovecot: &Dovecot) -> ImapMailbox {
    mailbox_at(&format!("imap://{user}:{}@127.0.0.1:{}/{folder}", Dovecot::PASSWORD, dovecot.port()))
}

/// The server does not believe dates in the future, so the clock of the site must not be ahead of it.
async fn world_of_long_ago() -> World {
    let world = world().await;
    world.clock.advance(TimeDelta::days(-3650));
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_are_appended_moved_and_expunged() {
    let Some(dovecot) = Dovecot::start() else { return };
    let world = world_of_long_ago().await;
    for subject in ["a", "b", "c"] {
        dovecot.append("anna", "INBOX", &letter(subject));
    }
    dovecot.tell("anna", &["CREATE Archive", "SELECT INBOX", "STORE 2 +FLAGS (\\Deleted)", "EXPUNGE", "MOVE 2 Archive"]);
    gets(&world, mailbox_of("anna", "INBOX", &dovecot), &["a"]).await;
    dovecot.append("anna", "INBOX", &letter("d"));
    dovecot.tell("anna", &["SELECT Archive", "COPY 1 INBOX"]);
    gets(&world, mailbox_of("anna", "INBOX", &dovecot), &["a", "c", "d"]).await;
    let said = dovecot.tell("anna", &["SELECT INBOX", "FETCH 1:* (FLAGS)"]);
    assert_eq!(said.matches("FETCH (FLAGS (\\Seen").count(), 3, "{said}");
    assert_eq!(state(&world).await.problem, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_tells_of_letters_at_once() {
    let Some(dovecot) = Dovecot::start() else { return };
    let world = world_of_long_ago().await;
    dovecot.append("anna", "INBOX", &letter("old"));
    let mailbox = mailbox_of("anna", "INBOX", &dovecot).with_start(Start::Now);
    let fetching = fetches(&world, mailbox.with_every(std::time::Duration::from_secs(1000)));
    until("the first look", async || state(&world).await.checked_at.is_some()).await;
    for (subject, expected) in [("a", &["a"][..]), ("b", &["a", "b"][..])] {
        dovecot.append("anna", "INBOX", &letter(subject));
        until("a letter", async || subjects(&world).await == expected).await;
    }
    fetching.stops().await;
}

/// A folder that is made anew has another UIDVALIDITY. What came before is known.
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_made_anew_is_read_again() {
    let Some(dovecot) = Dovecot::start() else { return };
    let world = world_of_long_ago().await;
    dovecot.tell("anna", &["CREATE \"Antr&AOQ-ge\""]);
    for subject in ["a", "b"] {
        dovecot.append("anna", "\"Antr&AOQ-ge\"", &letter(subject));
    }
    let mailbox = || mailbox_of("anna", "Antr%C3%A4ge", &dovecot).with_start(Start::Now);
    gets(&world, mailbox(), &[]).await;
    dovecot.append("anna", "\"Antr&AOQ-ge\"", &letter("c"));
    gets(&world, mailbox(), &["c"]).await;
    let before = state(&world).await.place.unwrap().uid_validity;
    dovecot.tell("anna", &["DELETE \"Antr&AOQ-ge\"", "CREATE \"Antr&AOQ-ge\""]);
    for subject in ["c", "d"] {
        dovecot.append("anna", "\"Antr&AOQ-ge\"", &letter(subject));
    }
    gets(&world, mailbox(), &["c", "d"]).await;
    assert_ne!(state(&world).await.place.unwrap().uid_validity, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_encrypted_and_large_letters_are_not_fetched() {
    let Some(dovecot) = Dovecot::start() else { return };
    for (scheme, port) in [("imap+starttls", dovecot.port()), ("imaps", dovecot.tls_port())] {
        let (world, user) = (world_of_long_ago().await, scheme.replace('+', "-"));
        dovecot.append(&user, "INBOX", &large_letter("a", 100_000));
        dovecot.append(&user, "INBOX", &large_letter("b", 10_000));
        let mailbox = mailbox_at(&format!("{scheme}://{user}:{}@localhost:{port}/INBOX", Dovecot::PASSWORD));
        let trusting = mailbox.with_trusted_certificates(SmtpServer::AUTHORITY.as_bytes()).unwrap();
        gets(&world, trusting, &["a", "b"]).await;
        assert_eq!(too_large(&world).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn problems_are_told_in_words() {
    let Some(dovecot) = Dovecot::start() else { return };
    let wrong = format!("imap://anna:wrong@127.0.0.1:{}/INBOX", dovecot.port());
    let missing = format!("imap://anna:{}@127.0.0.1:{}/Missing", Dovecot::PASSWORD, dovecot.port());
    for (url, expected) in [(wrong, MailboxTrouble::Login), (missing, MailboxTrouble::Folder)] {
        let world = world_of_long_ago().await;
        // It waits before it refuses a login.
        let fetching = fetches(&world, mailbox_at(&url).with_timeout(std::time::Duration::from_secs(20)));
        until("a problem", async || state(&world).await.problem.is_some()).await;
        fetching.stops().await;
        let state = state(&world).await;
        assert_eq!(state.trouble().map(|(trouble, _)| trouble), Some(expected), "{state:?}");
    }
}
