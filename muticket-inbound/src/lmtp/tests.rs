//! Conversations with the listener: good ones, wrong ones and hostile ones (M-08).

use muticket_core::MailIn;
use muticket_core::incoming::{Incoming, VerdictGroup};
use muticket_world::{BlobCall, World};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::limits::Limits;
use super::{BindError, Listener};

mod bounds;
mod peers;

const MAX: u64 = 20_000;

/// A site with a listener.
struct Site {
    world: World,
    address: String,
    stop: oneshot::Sender<()>,
    listens: JoinHandle<()>,
}

impl Site {
    async fn new() -> Self {
        Self::with(|_| ()).await
    }

    async fn with(change: impl FnOnce(&mut Limits)) -> Self {
        let rules = MailIn::new("support+{token}@example.org").unwrap().with_limits(MAX, 1000, 20);
        let world = World::builder().configure(|helpdesk| helpdesk.mail_in(rules)).build().await;
        Self::of(world, "127.0.0.1:0", change).await
    }

    async fn of(world: World, address: &str, change: impl FnOnce(&mut Limits)) -> Self {
        let mut listener = Listener::bind(address).await.unwrap();
        change(&mut listener.limits);
        let address = listener.local_address().map_or_else(|| address.to_owned(), |address| address.to_string());
        let (stop, stopped) = oneshot::channel::<()>();
        let helpdesk = world.helpdesk.clone();
        let listens = tokio::spawn(listener.run(helpdesk, async move { stopped.await.unwrap_or_default() }));
        Self { world, address, stop, listens }
    }

    /// A client that has read the greeting.
    async fn client(&self) -> Client {
        let mut client = Client(BufReader::new(TcpStream::connect(&self.address).await.unwrap()));
        assert!(client.hear().await.starts_with("220 "));
        client
    }

    /// A client that has announced a letter.
    async fn announced(&self) -> Client {
        let mut client = self.client().await;
        client
            .talk(&[("LHLO x", "250"), ("MAIL FROM:<a@x.example>", "250"), ("RCPT TO:<b@x.example>", "250"), ("DATA", "354")])
            .await;
        client
    }

    /// The letters that came in, oldest first. No sender is known here, so all are held.
    async fn letters(&self) -> Vec<Incoming> {
        let mut letters = self.world.read(|unit| unit.incoming().list_recent(VerdictGroup::Held, None, 1000)).await;
        letters.sort_by_key(|letter| letter.id);
        letters
    }

    /// Their texts.
    async fn texts(&self) -> Vec<String> {
        let mut texts = Vec::new();
        for letter in self.letters().await {
            let mut file = self.world.backend().incoming_letter(letter.id).await.unwrap();
            let mut text = Vec::new();
            while let Some(piece) = file.content.next().await.unwrap() {
                text.extend_from_slice(&piece);
            }
            texts.push(String::from_utf8(text).unwrap());
        }
        texts
    }

    async fn stopped(self) -> World {
        self.stop.send(()).unwrap();
        self.listens.await.unwrap();
        self.world
    }
}

/// A mail server.
struct Client(BufReader<TcpStream>);

impl Client {
    async fn send(&mut self, octets: &str) {
        self.0.write_all(octets.as_bytes()).await.unwrap();
    }

    /// The next answer in one line; empty after the end.
    async fn hear(&mut self) -> String {
        let mut answer = String::new();
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).await.unwrap_or_default();
            let is_last = line.as_bytes().get(3) != Some(&b'-');
            answer.push_str(&line);
            if is_last {
                return answer;
            }
        }
    }

    /// Sends each line, and compares the beginnings of the answers with what is expected. `|` is between several answers.
    async fn talk(&mut self, steps: &[(&str, &str)]) {
        for (line, answers) in steps {
            self.send(&format!("{line}\r\n")).await;
            self.hears(answers).await;
        }
    }

    async fn hears(&mut self, answers: &str) {
        for expected in answers.split('|') {
            let answer = self.hear().await;
            assert!(answer.starts_with(expected), "expected {expected}, got {answer:?}");
        }
    }

    /// Whether the connection has ended.
    async fn has_ended(&mut self) -> bool {
        matches!(self.0.read(&mut [0; 10]).await, Ok(0) | Err(_))
    }
}

fn letter(text: &str) -> String {
    format!("From: anna@stranger.example\r\nSubject: Printer\r\n\r\n{text}\r\n")
}

/// M-02, M-08: the answer comes after the letter was stored. A letter for several recipients is one letter.
#[tokio::test]
async fn a_letter_for_two_is_one_letter_and_two_answers() {
    let site = Site::new().await;
    let mut client = site.client().await;
    client.send("LHLO mail.example.org\r\n").await;
    let offer = client.hear().await;
    for line in ["PIPELINING\r\n", "SIZE 20000\r\n", "8BITMIME\r\n", "SMTPUTF8\r\n", "250 ENHANCEDSTATUSCODES\r\n"] {
        assert!(offer.contains(line), "{offer}");
    }
    client
        .talk(&[
            ("MAIL FROM:<anna@stranger.example> SIZE=120 BODY=8BITMIME", "250 2.1.0"),
            ("RCPT TO:<support+t12-abc@example.org>", "250 2.1.5"),
            ("RCPT TO:<help@example.org>", "250 2.1.5"),
            ("DATA", "354"),
        ])
        .await;
    client.send(&format!("{}..\r\n..a\r\n.\r\n", letter("Grüße"))).await;
    client.hears("250 2.0.0 taken in as |250 2.0.0 taken in as ").await;
    client.talk(&[("QUIT", "221 2.0.0")]).await;
    assert!(client.has_ended().await);
    assert_eq!(site.texts().await, [format!("{}.\r\n.a\r\n", letter("Grüße"))]);
    let envelope = site.letters().await.remove(0).envelope;
    assert_eq!(
        (envelope.from.as_deref(), envelope.to.as_str()),
        (Some("anna@stranger.example"), "support+t12-abc@example.org help@example.org")
    );
}

#[tokio::test]
async fn a_client_that_speaks_smtp_gets_one_answer() {
    let site = Site::new().await;
    for hello in ["EHLO mail.example.org", "HELO mail.example.org"] {
        let mut client = site.client().await;
        let steps = [(hello, "250"), ("MAIL FROM:<>", "250"), ("RCPT TO:<a@x.example>", "250"), ("RCPT TO:<b@x.example>", "250")];
        client.talk(&steps).await;
        client.talk(&[("DATA", "354"), (&format!("{}.", letter(hello)), "250"), ("NOOP", "250 2.0.0 still here")]).await;
    }
    // A letter that wants no reports was written by a program. It is kept, and not held.
    assert_eq!((site.world.blobs.count(), site.letters().await), (2, vec![]));
}

/// RFC 2920
#[tokio::test]
async fn commands_may_come_all_at_once() {
    let site = Site::new().await;
    let mut client = site.client().await;
    let one = |text: &str| format!("MAIL FROM:<a@x.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\n{}.\r\n", letter(text));
    client.send(&format!("LHLO x\r\n{}{}QUIT\r\n", one("first"), one("second"))).await;
    client.hears("250|250|250|354|250|250|250|354|250|221").await;
    assert_eq!(site.texts().await, [letter("first"), letter("second")]);
}

/// M-02
#[tokio::test]
async fn the_same_letter_counts_once() {
    let site = Site::new().await;
    for _ in 0..3 {
        let mut client = site.announced().await;
        client.talk(&[(&format!("{}.", letter("x")), "250")]).await;
    }
    assert_eq!((site.letters().await.len(), site.world.blobs.count()), (1, 1));
}

#[tokio::test]
async fn what_is_out_of_order_is_refused_and_the_conversation_goes_on() {
    let site = Site::new().await;
    let mut client = site.client().await;
    let steps = [
        ("LHLO x", "250"),
        ("RCPT TO:<b@x.example>", "503 5.5.1"),
        ("DATA", "503 5.5.1"),
        ("BDAT 3 LAST", "500 5.5.1"),
        ("MAIL FROM:<a@x.example> RET=HDRS", "555 5.5.4"),
        ("MAIL FROM:<ä@x.example>", "553 5.6.7"),
        ("MAIL FROM:<a@x.example>", "250"),
        ("MAIL FROM:<a@x.example>", "503 5.5.1"),
        ("DATA", "503 5.5.1"),
        ("RCPT TO:<ä@x.example>", "553 5.6.7"),
        ("RCPT TO:<b@x.example>", "250"),
        ("RSET", "250"),
        ("DATA", "503 5.5.1"),
        ("MAIL FROM:<ä@x.example> SMTPUTF8", "250"),
        ("RCPT TO:<ö@x.example>", "250"),
        ("LHLO again", "250"),
        ("RCPT TO:<b@x.example>", "503 5.5.1"),
        ("VRFY root", "252"),
        ("NOOP", "250"),
        ("QUIT", "221"),
    ];
    client.talk(&steps).await;
    assert_eq!(site.letters().await, []);
}

/// M-07
#[tokio::test]
async fn a_letter_that_is_too_large_is_refused_before_or_after_it_was_read() {
    let site = Site::new().await;
    let mut client = site.client().await;
    client.talk(&[("LHLO x", "250"), ("MAIL FROM:<a@x.example> SIZE=20001", "552 5.3.4")]).await;
    client.talk(&[("MAIL FROM:<a@x.example> SIZE=5", "250"), ("RCPT TO:<b@x.example>", "250"), ("DATA", "354")]).await;
    let too_large = format!("{}\r\n", "x".repeat(998)).repeat(100);
    client.talk(&[(&format!("{}{too_large}.", letter("x")), "552 5.3.4"), ("NOOP", "250 2.0.0 still here")]).await;
    assert_eq!(site.letters().await, []);
}

/// M-02: no letter is lost, because the client keeps it.
#[tokio::test]
async fn a_letter_that_cannot_be_stored_comes_again() {
    let site = Site::new().await;
    let mut client = site.announced().await;
    site.world.blobs.fail(BlobCall::Put, 1);
    client.talk(&[(&format!("{}.", letter("x")), "451 4.3.0")]).await;
    client.talk(&[("MAIL FROM:<a@x.example>", "250"), ("RCPT TO:<b@x.example>", "250"), ("DATA", "354")]).await;
    client.talk(&[(&format!("{}.", letter("x")), "250")]).await;
    assert_eq!(site.letters().await.len(), 1);
}

#[tokio::test]
async fn a_site_without_a_mailroom_says_so() {
    let site = Site::of(World::new().await, "127.0.0.1:0", |_| ()).await;
    let mut client = site.client().await;
    client.talk(&[("LHLO x", "250"), ("MAIL FROM:<a@x.example>", "550 5.3.5")]).await;
}

/// An outgoing server that takes these for the end of a letter would let its users write letters in the name of others.
#[tokio::test]
async fn a_letter_cannot_smuggle_another_one() {
    let site = Site::new().await;
    let mut client = site.client().await;
    client.talk(&[("LHLO x", "250")]).await;
    for end in ["\n.\n", "\n.\r\n", "\r.\r", "\r\n.\r", "\r\n.\n", "\r.\r\n"] {
        let second = "MAIL FROM:<ada@example.org>\r\nRCPT TO:<b@x.example>\r\nDATA\r\nFrom: ada@example.org\r\n\r\nforged";
        client.talk(&[("MAIL FROM:<a@x.example>", "250"), ("RCPT TO:<b@x.example>", "250"), ("DATA", "354")]).await;
        client.talk(&[(&format!("{}a{end}{second}\r\n.", letter("x")), "250 2.0.0 taken in"), ("NOOP", "250 2.0.0 still")]).await;
    }
    let letters = site.letters().await;
    assert_eq!(letters.len(), 6);
    assert!(letters.iter().all(|letter| letter.sender.as_deref() == Some("anna@stranger.example")));
}

/// A page of a stranger can make a browser send a form to this machine. Its text can be commands.
#[tokio::test]
async fn who_does_not_say_who_they_are_is_no_mail_server() {
    let site = Site::new().await;
    let commands = "LHLO x\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\n\r\nforged\r\n.\r\n";
    let form = format!("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n\r\n{commands}");
    for hostile in [form.as_str(), "\u{16}\u{3}\u{1}\0 a greeting of TLS\r\n", "\r\n", "MAIL FROM:<a@x.example>\r\n", "LHLO\r\n"]
    {
        let mut client = site.client().await;
        client.send(hostile).await;
        let answer = client.hear().await;
        assert!(answer.starts_with("50"), "{hostile:?}: {answer:?}");
        let last = client.hear().await;
        assert!(last.starts_with("421 4.7.0") || last.is_empty(), "{hostile:?}: {last:?}");
        assert!(client.has_ended().await);
    }
    assert_eq!(site.letters().await, []);
}

#[tokio::test]
async fn a_client_that_goes_away_has_handed_over_nothing() {
    let site = Site::new().await;
    let mut client = site.announced().await;
    client.send(&letter("half")).await;
    drop(client);
    let mut client = site.announced().await;
    client.talk(&[(&format!("{}.", letter("whole")), "250")]).await;
    assert_eq!(site.texts().await, [letter("whole")]);
}

#[tokio::test]
async fn an_address_in_use_is_refused() {
    let site = Site::new().await;
    assert!(matches!(Listener::bind(&site.address).await, Err(BindError::System { .. })));
    assert!(matches!(Listener::bind("0.0.0.0:0").await, Err(BindError::NotLocal(_))));
}

#[cfg(unix)]
#[tokio::test]
async fn a_socket_file_is_an_address_too() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lmtp");
    let address = path.to_str().unwrap();
    // What a process leaves behind that is killed.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let listener = Listener::bind(address).await.unwrap().with_file_mode(0o660).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o660);
    assert!(matches!(Listener::bind(address).await, Err(BindError::System { .. })), "somebody listens there");
    drop(listener);
    assert!(!path.exists());

    let site = Site::new().await;
    let file = Site::of(site.stopped().await, address, |_| ()).await;
    let mut client = BufReader::new(tokio::net::UnixStream::connect(&path).await.unwrap());
    client.write_all(b"QUIT\r\n").await.unwrap();
    let mut said = String::new();
    client.read_to_string(&mut said).await.unwrap();
    assert!(said.starts_with("220 ") && said.contains("\r\n221 2.0.0"), "{said}");
    file.stopped().await;
    assert!(!path.exists());

    std::fs::write(&path, "a file of somebody").unwrap();
    assert!(Listener::bind(address).await.is_err());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "a file of somebody");
}

/// Whatever a client sends, the next one is served.
#[tokio::test]
async fn noise_hurts_nobody() {
    let site = Site::new().await;
    let pieces =
        ["LHLO x\r\n", "MAIL FROM:<a@x.example>\r\n", "RCPT TO:<b@x.example>\r\n", "DATA\r\n", ".\r\n", "\0\u{7f}\n", ".", "\r"];
    // A small generator, so that each run is the same.
    let mut seed = 7_u32;
    for _ in 0..50 {
        let mut client = site.client().await;
        for _ in 0..30 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let piece = pieces[(seed >> 16) as usize % pieces.len()];
            // The connection may have ended.
            let _ = client.0.write_all(piece.as_bytes()).await;
        }
        let _ = client.0.shutdown().await;
        let _ = client.0.read_to_end(&mut Vec::new()).await;
    }
    let mut client = site.announced().await;
    client.talk(&[(&format!("{}.", letter("after the noise")), "250")]).await;
    assert!(site.texts().await.contains(&letter("after the noise")));
}
