//! A node is killed again and again while a mail server hands over letters (M-02: "killed at any moment, nothing is lost and nothing
//! doubled").

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use muticket_core::blob::ObjectBlobs;
use muticket_core::storage::{Order, OverviewQuery, Reach, SortKey, StorageError, Unit, View};
use muticket_core::{Clock, Directory, Group, GroupId, Helpdesk, HostError, MailIn, SystemClock, User, UserId};
use muticket_demo::PEOPLE;
use muticket_diesel::DieselStorage;
use muticket_test_support::SmtpServer;
use rocket::tokio::io::{AsyncReadExt, AsyncWriteExt};
use rocket::tokio::net::TcpStream;
use rocket::tokio::time::{sleep, timeout};

use crate::kept::Inspector;
use crate::node::{MAIL_KEY, Node, free_addresses};
use crate::{furnish, until};

/// Of two customers, because at most 20 letters of one open tickets in an hour.
const LETTERS: u32 = 36;
const KILLS: u32 = 4;
/// How many receipts each of the two customers gets: at most three letters a day answer a letter.
const RECEIPTS: u32 = 3;
/// How many letters the mail server hands over at once.
const AT_ONCE: u32 = 3;

#[rocket::async_test]
async fn letters_that_come_while_a_node_is_killed_count_once() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("support.sqlite").display());
    let smtp = SmtpServer::start().await.unwrap();
    let [address] = free_addresses();
    let start = || Node::start_receiving("node.log", address, &url, &smtp.url(), folder.path());
    let mut node = start();
    node.is_up().await;
    furnish([address, address]).await;

    let (next, done) = (Arc::new(AtomicU32::new(1)), Arc::new(AtomicU32::new(0)));
    let senders: Vec<_> = (0..AT_ONCE).map(|_| rocket::tokio::spawn(hands_over(address, next.clone(), done.clone()))).collect();
    for kill in 1..=KILLS {
        until("some letters are stored", || done.load(Ordering::SeqCst) >= kill * LETTERS / (KILLS + 1)).await;
        let wait = RandomState::new().hash_one(kill) % 40;
        println!("kill {kill} after {} letters and {wait} ms", done.load(Ordering::SeqCst));
        sleep(Duration::from_millis(wait)).await;
        node.kill();
        node = start();
        node.is_up().await;
    }
    for sender in senders {
        sender.await.unwrap();
    }
    node.kill();

    // The claims of the dead node end after five minutes.
    let later = Arc::new(Later(AtomicU32::new(0)));
    let helpdesk = restarted(&url, folder.path(), &later).await;
    for round in 1..=4 {
        assert!(round < 4, "a letter waits for ever");
        later.0.fetch_add(6 * 60, Ordering::SeqCst);
        if helpdesk.work_on_letters().await.unwrap().is_none() {
            break;
        }
    }
    let tickets = helpdesk.storage().run_read(counts).await.unwrap();
    assert_eq!(tickets.len(), LETTERS as usize, "{tickets:?}");
    for number in 1..=LETTERS {
        assert_eq!(tickets.get(&subject(number)), Some(&vec![(1, 1)]), "one message with one file");
    }
    let outbox = Inspector::new(&url).await.outbox().await;
    let expected = u64::from(2 * LETTERS + 2 * RECEIPTS);
    assert_eq!(outbox.waiting + outbox.sent, expected, "a notice for each of two supporters, and the receipts: {outbox:?}");

    later.0.fetch_add(25 * 60 * 60, Ordering::SeqCst);
    let swept = helpdesk.sweep().await.unwrap();
    println!("{swept} files were left by dead nodes");
    // The courier keeps a file of its own there.
    let files = files(&folder.path().join("uploads"));
    assert!((2 * LETTERS as usize..=2 * LETTERS as usize + 1).contains(&files), "a letter and its file: {files}");
}

/// The mail server: it gives each letter again until it has a receipt.
async fn hands_over(node: SocketAddr, next: Arc<AtomicU32>, done: Arc<AtomicU32>) {
    loop {
        let number = next.fetch_add(1, Ordering::SeqCst);
        if number > LETTERS {
            return;
        }
        while !matches!(timeout(Duration::from_secs(20), posts(node, &letter(number))).await, Ok(Ok(200))) {
            sleep(Duration::from_millis(20)).await;
        }
        done.fetch_add(1, Ordering::SeqCst);
    }
}

fn subject(number: u32) -> String {
    format!("Letter {number}")
}

fn letter(number: u32) -> String {
    format!(
        "Authentication-Results: mx.kontor-nord.example; dmarc=pass header.from=kontor-nord.example\r\n\
         From: {}@kontor-nord.example\r\nTo: support@kontor-nord.example\r\nSubject: {}\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nIt is about {number}.\r\n--b\r\nContent-Type: application/pdf\r\n\
         Content-Disposition: attachment; filename=a.pdf\r\n\r\n{}\r\n--b--\r\n",
        if number.is_multiple_of(2) { "anna" } else { "ben" },
        subject(number),
        "x".repeat(20_000),
    )
}

/// Hands over a letter, and returns the status.
async fn posts(node: SocketAddr, letter: &str) -> io::Result<u16> {
    let mut stream = TcpStream::connect(node).await?;
    let head = format!(
        "POST /support/mail?from=anna@kontor-nord.example&to=support@kontor-nord.example HTTP/1.1\r\nHost: {node}\r\n\
         Connection: close\r\nAuthorization: Bearer {MAIL_KEY}\r\nContent-Type: message/rfc822\r\nContent-Length: {}\r\n\r\n",
        letter.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(letter.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// Subjects, each with the number of messages and files of its tickets.
type Counts = BTreeMap<String, Vec<(usize, usize)>>;

fn counts(unit: &mut dyn Unit) -> Result<Counts, StorageError> {
    let view = View::of(Reach::All);
    let query = OverviewQuery { view, sort: SortKey::Number, order: Order::Ascending, after: None, limit: 1000 };
    let mut found = Counts::new();
    for ticket in unit.overviews().list(&query)? {
        let messages = unit.messages().list(ticket.number, None, 100)?.len();
        let files = unit.attachments().list(ticket.number)?.len();
        found.entry(ticket.subject.as_str().to_owned()).or_default().push((messages, files));
    }
    Ok(found)
}

/// The number of files in a folder and below.
fn files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

/// A node that is started later.
async fn restarted(url: &str, folder: &Path, clock: &Arc<Later>) -> Helpdesk {
    let storage = Arc::new(DieselStorage::connect(url).await.unwrap());
    let rules = MailIn::new("support+{token}@kontor-nord.example").unwrap().with_relay("mx.kontor-nord.example");
    let blobs = Arc::new(ObjectBlobs::folder(folder.join("uploads")).unwrap());
    Helpdesk::builder(storage, Arc::new(Shop)).blobs(blobs).clock(clock.clone()).mail_in(rules).build()
}

/// A clock that is some seconds ahead.
struct Later(AtomicU32);

impl Clock for Later {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + TimeDelta::seconds(self.0.load(Ordering::SeqCst).into())
    }
}

/// The users of the demo.
struct Shop;

impl Shop {
    fn all() -> impl Iterator<Item = User> {
        PEOPLE.iter().map(|person| User {
            level: person.level,
            address: Some(format!("{}@kontor-nord.example", person.id)),
            groups: if person.support { vec![GroupId::new("support")] } else { Vec::new() },
            ..User::new(person.id, person.name)
        })
    }
}

#[async_trait]
impl Directory for Shop {
    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, HostError> {
        Ok(Self::all().filter(|user| ids.contains(&user.id)).collect())
    }

    async fn users_with_address(&self, address: &str) -> Result<Vec<User>, HostError> {
        Ok(Self::all().filter(|user| user.address.as_deref() == Some(address)).collect())
    }

    async fn members(&self, group: &GroupId) -> Result<Vec<User>, HostError> {
        Ok(Self::all().filter(|user| user.is_in(group)).collect())
    }

    async fn groups(&self) -> Result<Vec<Group>, HostError> {
        Ok(vec![Group { id: GroupId::new("support"), name: "Support".to_owned() }])
    }
}
