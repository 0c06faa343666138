//! A mail server on this machine that accepts letters, and misbehaves on command.

mod login;

use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use self::login::Logins;

/// A point in an SMTP conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// The client has connected.
    Connect,
    /// `EHLO`
    Hello,
    /// `MAIL FROM`
    Sender,
    /// `RCPT TO`
    Recipient,
    /// `DATA`
    Data,
    /// The final dot. The server keeps the letter unless it refuses it here.
    Dot,
}

/// What the server does instead of a normal answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// Answers with this line.
    Answer(Point, String),
    /// Closes the connection.
    Close(Point),
    /// Stops answering.
    Hang(Point),
}

/// How a connection ends that has carried the maximum number of letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Farewell {
    /// Answers `421` the next time that point is reached, and closes.
    Answer(Point),
    /// Closes the next time that point is reached.
    Close(Point),
    /// Sends `421` right after its answer to the last letter, and closes.
    Unasked,
    /// Closes after its answer to the last letter.
    Silent,
}

impl Trouble {
    fn point(&self) -> Point {
        match self {
            Self::Answer(point, _) | Self::Close(point) | Self::Hang(point) => *point,
        }
    }
}

/// How the server encrypts a conversation. Its certificate is for `localhost` and 127.0.0.1, signed by an authority made for this test
/// only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrecy {
    /// Not at all.
    Plain,
    /// Offers STARTTLS, and accepts letters only after it.
    StartTls,
    /// TLS from the start.
    Tls,
}

/// A letter as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The sender in the envelope.
    pub from: String,
    /// The recipients in the envelope.
    pub to: Vec<String>,
    /// The message, without the doubled dots.
    pub message: Vec<u8>,
}

/// The server. It stops when it is dropped.
#[derive(Debug)]
pub struct SmtpServer {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct State {
    received: Vec<Received>,
    troubles: VecDeque<Trouble>,
    refused: HashMap<String, String>,
    farewell: Option<(usize, Farewell)>,
    connections: usize,
    logins: Logins,
    conversations: Vec<JoinHandle<io::Result<()>>>,
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.task.abort();
        for conversation in self.state().conversations.drain(..) {
            conversation.abort();
        }
    }
}

impl SmtpServer {
    /// The certificate of the authority, in PEM format. Its private key was deleted.
    pub const AUTHORITY: &str = include_str!("../certificates/authority.pem");

    /// Starts on a free port.
    ///
    /// # Errors
    /// If no port is free.
    pub async fn start() -> io::Result<Self> {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    /// Starts on the given port, so that a stopped server can be started again.
    ///
    /// # Errors
    /// If the port cannot be used.
    pub async fn start_at(address: SocketAddr) -> io::Result<Self> {
        Self::listen(address, Secrecy::Plain).await
    }

    /// Starts on a free port, with the given encryption.
    ///
    /// # Errors
    /// If no port is free.
    pub async fn start_with(secrecy: Secrecy) -> io::Result<Self> {
        Self::listen(SocketAddr::from(([127, 0, 0, 1], 0)), secrecy).await
    }

    async fn listen(address: SocketAddr, secrecy: Secrecy) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(Mutex::new(State::default()));
        let task = tokio::spawn(accept(listener, state.clone(), secrecy, acceptor()?));
        Ok(Self { address, state, task })
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address as a URL.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// The number of troubles that have not happened yet.
    pub fn troubles(&self) -> usize {
        self.state().troubles.len()
    }

    /// Makes trouble once, the next time its point is reached. Several troubles happen in the given order.
    pub fn make_trouble(&self, trouble: Trouble) {
        self.state().troubles.push_back(trouble);
    }

    /// Answers with this line whenever a letter is addressed to that recipient.
    pub fn refuse(&self, recipient: &str, answer: &str) {
        self.state().refused.insert(recipient.to_owned(), answer.to_owned());
    }

    /// Accepts this many letters on a connection, and then ends it.
    pub fn end_connections_after(&self, letters: usize, farewell: Farewell) {
        self.state().farewell = Some((letters, farewell));
    }

    /// The letters that were accepted, in order.
    pub fn received(&self) -> Vec<Received> {
        self.state().received.clone()
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.state().connections
    }

    /// The `AUTH` commands of clients, and what they sent after them, in order.
    pub fn logins(&self) -> Vec<String> {
        self.state().logins.said()
    }

    /// Offers only this kind of login, and takes only this one, in Base64. It explains the refusal of another before it refuses it.
    pub fn expect_login(&self, mechanism: &str, login: &str) {
        self.state().logins.expect(mechanism, login);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn acceptor() -> io::Result<TlsAcceptor> {
    let broken = |error: String| io::Error::other(error);
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(include_bytes!("../certificates/server.pem")).collect();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("../certificates/server.key"));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| broken(error.to_string()))?
        .with_no_client_auth()
        .with_single_cert(chain.map_err(|e| broken(e.to_string()))?, key.map_err(|e| broken(e.to_string()))?)
        .map_err(|error| broken(error.to_string()))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

async fn accept(listener: TcpListener, state: Arc<Mutex<State>>, secrecy: Secrecy, tls: TlsAcceptor) {
    while let Ok((stream, _)) = listener.accept().await {
        let conversation = tokio::spawn(begin(stream, state.clone(), secrecy, tls.clone()));
        let mut state = lock(&state);
        state.connections += 1;
        state.conversations.push(conversation);
    }
}

async fn begin(stream: TcpStream, state: Arc<Mutex<State>>, secrecy: Secrecy, tls: TlsAcceptor) -> io::Result<()> {
    match secrecy {
        Secrecy::Plain => {
            let mut stream = BufReader::new(stream);
            if answer(&mut stream, &state, Some(Point::Connect), "220 ready").await? {
                converse(&mut stream, &state).await?;
            }
        }
        Secrecy::Tls => {
            let mut stream = BufReader::new(tls.accept(stream).await?);
            answer(&mut stream, &state, Some(Point::Connect), "220 ready").await?;
            converse(&mut stream, &state).await?;
        }
        Secrecy::StartTls => {
            let mut stream = BufReader::new(stream);
            answer(&mut stream, &state, Some(Point::Connect), "220 ready").await?;
            let mut line = String::new();
            while stream.read_line(&mut line).await? > 0 {
                let good = if line.starts_with("EHLO") { "250-hello\r\n250 STARTTLS" } else { "530 first STARTTLS" };
                if line.starts_with("STARTTLS") {
                    answer(&mut stream, &state, None, "220 go on").await?;
                    let mut stream = BufReader::new(tls.accept(stream.into_inner()).await?);
                    return converse(&mut stream, &state).await;
                }
                answer(&mut stream, &state, None, good).await?;
                line.clear();
            }
        }
    }
    Ok(())
}

async fn converse<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufReader<S>, state: &Mutex<State>) -> io::Result<()> {
    let mut letter = Received { from: String::new(), to: Vec::new(), message: Vec::new() };
    let mut line = String::new();
    let mut letters = 0;
    let logins = lock(state).logins.clone();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let command = line.trim_end().to_owned();
        let verb = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let refusal = lock(state).refused.get(mailbox(&command)).cloned();
        let (point, good) = match verb.as_str() {
            "HELO" => (None, "250 hello".to_owned()),
            "EHLO" => (Some(Point::Hello), format!("250-hello\r\n250-8BITMIME\r\n250 AUTH {}", logins.offered())),
            "MAIL" => {
                letter = Received { from: mailbox(&command).to_owned(), to: Vec::new(), message: Vec::new() };
                (Some(Point::Sender), "250 ok".to_owned())
            }
            "RCPT" if let Some(refusal) = refusal => (None, refusal),
            "RCPT" => {
                letter.to.push(mailbox(&command).to_owned());
                (Some(Point::Recipient), "250 ok".to_owned())
            }
            "DATA" if letter.to.is_empty() => (None, "503 no recipient".to_owned()),
            "DATA" => (Some(Point::Data), "354 go on".to_owned()),
            "AUTH" => (None, logins.take(stream, command).await?),
            "RSET" | "NOOP" => (None, "250 ok".to_owned()),
            "QUIT" => (None, "221 bye".to_owned()),
            _ => (None, "502 what".to_owned()),
        };
        let farewell = lock(state).farewell.filter(|(most, _)| letters >= *most).map(|(_, farewell)| farewell);
        if let Some(farewell) = farewell.filter(|farewell| farewell.point() == point && point.is_some()) {
            return farewell.say(stream).await;
        }
        let went_well = answer(stream, state, point, &good).await?;
        if verb == "DATA" && went_well && good.starts_with("354") {
            letter.message = read_text(stream).await?;
            if let Some(farewell) = farewell.filter(|farewell| farewell.point() == Some(Point::Dot)) {
                return farewell.say(stream).await;
            }
            let refused =
                matches!(lock(state).troubles.front(), Some(Trouble::Answer(Point::Dot, line)) if !line.starts_with('2'));
            if !refused {
                lock(state).received.push(letter.clone());
            }
            letters += 1;
            let farewell = lock(state).farewell.filter(|(most, _)| letters >= *most).map(|(_, farewell)| farewell);
            answer(stream, state, Some(Point::Dot), "250 taken").await?;
            if let Some(farewell) = farewell.filter(|farewell| farewell.point().is_none()) {
                return farewell.say(stream).await;
            }
        }
    }
}

impl Farewell {
    fn point(self) -> Option<Point> {
        match self {
            Self::Answer(point) | Self::Close(point) => Some(point),
            Self::Unasked | Self::Silent => None,
        }
    }

    async fn say<W: AsyncWriteExt + Unpin>(self, write: &mut W) -> io::Result<()> {
        if matches!(self, Self::Answer(_) | Self::Unasked) {
            write.write_all(b"421 4.7.0 too many letters on one connection\r\n").await?;
            write.flush().await?;
        }
        Ok(())
    }
}

/// Answers, or makes the trouble that is due at this point. Gives `false` if a trouble's line replaced the good answer, and an error if
/// the connection must end.
async fn answer<W: AsyncWriteExt + Unpin>(
    write: &mut W,
    state: &Mutex<State>,
    point: Option<Point>,
    good: &str,
) -> io::Result<bool> {
    let trouble = {
        let troubles = &mut lock(state).troubles;
        let due = troubles.front().is_some_and(|trouble| Some(trouble.point()) == point);
        if due { troubles.pop_front() } else { None }
    };
    let (line, went_well) = match trouble {
        None => (good.to_owned(), true),
        Some(Trouble::Answer(_, line)) => (line, false),
        Some(Trouble::Close(_)) => return Err(io::ErrorKind::ConnectionAborted.into()),
        Some(Trouble::Hang(_)) => std::future::pending().await,
    };
    write.write_all(format!("{line}\r\n").as_bytes()).await?;
    write.flush().await?;
    Ok(went_well)
}

async fn read_text<R: AsyncBufReadExt + Unpin>(lines: &mut R) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if line == b".\r\n" {
            return Ok(text);
        }
        let undotted = if line.starts_with(b".") { &line[1..] } else { &line };
        text.extend_from_slice(undotted);
    }
}

fn mailbox(command: &str) -> &str {
    command.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or("", |(mailbox, _)| mailbox)
}
