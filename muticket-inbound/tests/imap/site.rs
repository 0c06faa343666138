//! A site whose letters come from a mailbox.

use std::time::Duration;

use chrono::TimeDelta;
use muticket_core::MailIn;
use muticket_core::incoming::{Incoming, Verdict, VerdictGroup};
use muticket_core::mailbox::MailboxState;
use muticket_inbound::imap::{self, ImapMailbox, Start};
use muticket_test_support::ImapServer;
use muticket_world::World;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

/// How long a test waits for something to happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// The largest letter.
pub(crate) const MOST: u64 = 20_000;

pub(crate) async fn world() -> World {
    let rules = || MailIn::new("support+{token}@example.org").expect("a pattern").with_limits(MOST, 100, 20);
    World::builder().configure(move |builder| builder.mail_in(rules())).build().await
}

/// The mailbox of the server: looked at often, from the first letter on.
pub(crate) fn mailbox(server: &ImapServer) -> ImapMailbox {
    mailbox_at(&format!("imap://anna:open%20sesame%20%221%22@{}/INBOX", server.address()))
}

pub(crate) fn mailbox_at(url: &str) -> ImapMailbox {
    let mailbox = ImapMailbox::new(url).expect("a URL");
    mailbox.with_every(Duration::from_millis(20)).with_timeout(Duration::from_secs(2)).with_start(Start::All)
}

/// A letter of somebody whom the site does not know, so that it is held.
pub(crate) fn letter(subject: &str) -> Vec<u8> {
    format!("Return-Path: <x@elsewhere.example>\r\nFrom: x@elsewhere.example\r\nSubject: {subject}\r\n\r\n{subject}\r\n")
        .into_bytes()
}

/// A letter with this many bytes more than usual.
pub(crate) fn large_letter(subject: &str, more: usize) -> Vec<u8> {
    [letter(subject), vec![b'a'; more]].concat()
}

/// The fetching of letters.
pub(crate) struct Fetching {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

pub(crate) fn fetches(world: &World, mailbox: ImapMailbox) -> Fetching {
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(imap::run(world.helpdesk.clone(), mailbox, async { drop(stopped.await) }));
    Fetching { stop, task }
}

impl Fetching {
    pub(crate) async fn stops(self) {
        drop(self.stop);
        self.task.await.expect("it does not panic");
    }

    /// Kills it in the middle of what it does.
    pub(crate) fn is_killed(&self) {
        self.task.abort();
    }
}

/// Waits until it holds.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < PATIENCE, "{what}: that never happened");
        sleep(Duration::from_millis(10)).await;
    }
}

pub(crate) async fn held(world: &World) -> Vec<Incoming> {
    world.read(|unit| unit.incoming().list_recent(VerdictGroup::Held, None, 100_000)).await
}

/// The subjects of the letters that came in, sorted.
pub(crate) async fn subjects(world: &World) -> Vec<String> {
    let mut subjects: Vec<_> = held(world).await.into_iter().map(|letter| letter.subject.unwrap_or_default()).collect();
    subjects.sort();
    subjects
}

/// The letters of which only the header came in.
pub(crate) async fn too_large(world: &World) -> Vec<Incoming> {
    held(world).await.into_iter().filter(|letter| letter.verdict == Verdict::TooLarge).collect()
}

/// What is noted about the only mailbox.
pub(crate) async fn state(world: &World) -> MailboxState {
    world.read(|unit| unit.mailboxes().list()).await.pop().unwrap_or_else(|| MailboxState::new(""))
}

/// Fetches until a whole look has found no problem. Then these are the subjects of the letters.
pub(crate) async fn gets(world: &World, mailbox: ImapMailbox, expected: &[&str]) {
    world.clock.advance(TimeDelta::seconds(1));
    let begun = world.clock.now();
    let fetching = fetches(world, mailbox);
    let is_read = async || {
        let state = state(world).await;
        state.checked_at == Some(begun) && state.problem.is_none()
    };
    until(&format!("{expected:?}"), is_read).await;
    fetching.stops().await;
    assert_eq!(subjects(world).await, expected);
}
