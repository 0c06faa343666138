//! The connection to the server: lines, and letters between them, each with a limit of time and of size.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use muticket_core::mailbox::MailboxTrouble;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use crate::imap::problem::Problem;

/// The most bytes of one response, without what is announced by its size.
const TEXT: usize = 64 * 1024;

/// The most pieces that are announced by their size in one response.
const LITERALS: usize = 16;

/// How many bytes a slow server sends in a second. A letter has as much more time.
const BYTES_PER_SECOND: u64 = 20 * 1024;

trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// One response of the server: its text, and the literals whose places in the text are marked by `{size}` (RFC 3501, 4.3).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Response {
    pub(super) text: Vec<u8>,
    pub(super) literals: VecDeque<Vec<u8>>,
}

/// A connection.
pub(super) struct Wire {
    stream: BufReader<Box<dyn Io>>,
    /// The time limit of one step.
    pub(super) step: Duration,
}

impl Wire {
    pub(super) async fn open(host: &str, port: u16, step: Duration) -> Result<TcpStream, Problem> {
        let stream = timeout(step, TcpStream::connect((host, port))).await.map_err(|_| Problem::no_answer())?;
        stream.map_err(|error| Problem::broken(&error))
    }

    pub(super) fn plain(stream: TcpStream, step: Duration) -> Self {
        Self { stream: BufReader::new(Box::new(stream)), step }
    }

    pub(super) async fn encrypted(
        stream: TcpStream,
        connector: &TlsConnector,
        host: &str,
        step: Duration,
    ) -> Result<Self, Problem> {
        Self::encrypt(Box::new(stream), connector, host, step).await
    }

    /// Encrypts the connection after STARTTLS.
    pub(super) async fn upgraded(self, connector: &TlsConnector, host: &str) -> Result<Self, Problem> {
        // Whoever sends more before the encryption wants it to be taken for what comes after it.
        if !self.stream.buffer().is_empty() {
            return Err(Problem::new(MailboxTrouble::Insecure, "the server spoke before the encryption began"));
        }
        let step = self.step;
        Self::encrypt(self.stream.into_inner(), connector, host, step).await
    }

    async fn encrypt(stream: Box<dyn Io>, connector: &TlsConnector, host: &str, step: Duration) -> Result<Self, Problem> {
        let insecure = |words: String| Problem::new(MailboxTrouble::Insecure, words);
        let name = ServerName::try_from(host.to_owned()).map_err(|error| insecure(error.to_string()))?;
        let encrypted = timeout(step, connector.connect(name, stream)).await.map_err(|_| Problem::no_answer())?;
        let encrypted = encrypted.map_err(|error| insecure(error.to_string()))?;
        Ok(Self { stream: BufReader::new(Box::new(encrypted)), step })
    }

    /// Sends a line.
    pub(super) async fn send(&mut self, line: &str) -> Result<(), Problem> {
        let send = async {
            self.stream.write_all(line.as_bytes()).await?;
            self.stream.write_all(b"\r\n").await?;
            self.stream.flush().await
        };
        timeout(self.step, send).await.map_err(|_| Problem::no_answer())?.map_err(|error| Problem::broken(&error))
    }

    /// Waits until the server says something, at most until then. Returns whether it did.
    pub(super) async fn speaks(&mut self, until: Instant) -> Result<bool, Problem> {
        match timeout_at(until, self.stream.fill_buf()).await {
            Err(_) => Ok(false),
            Ok(Ok([])) => Err(ended()),
            Ok(Ok(_)) => Ok(true),
            Ok(Err(error)) => Err(Problem::broken(&error)),
        }
    }

    /// Reads one response, whose literals have at most `room` bytes together. It has to come within one step, and its literals within the
    /// time that a slow server needs for them.
    pub(super) async fn response(&mut self, mut room: usize) -> Result<Response, Problem> {
        let mut response = Response::default();
        let mut until = Instant::now() + self.step;
        loop {
            timeout_at(until, self.line(&mut response.text)).await.map_err(|_| Problem::no_answer())??;
            let Some(size) = announced(&response.text) else { return Ok(response) };
            let fits = usize::try_from(size).ok().filter(|size| *size <= room);
            let Some(length) = fits else { return Err(Problem::too_long(size)) };
            if response.literals.len() == LITERALS {
                return Err(Problem::nonsense("a response has too many parts"));
            }
            room -= length;
            until = Instant::now() + self.step + Duration::from_secs(size / BYTES_PER_SECOND);
            let literal = timeout_at(until, self.literal(length)).await.map_err(|_| Problem::no_answer())??;
            response.literals.push_back(literal);
            until = Instant::now() + self.step;
        }
    }

    /// Adds the rest of a line, without its end.
    async fn line(&mut self, text: &mut Vec<u8>) -> Result<(), Problem> {
        loop {
            let piece = self.stream.fill_buf().await.map_err(|error| Problem::broken(&error))?;
            if piece.is_empty() {
                return Err(ended());
            }
            let end = piece.iter().position(|byte| *byte == b'\n');
            let length = end.unwrap_or(piece.len());
            text.extend_from_slice(&piece[..length]);
            self.stream.consume(length + usize::from(end.is_some()));
            if text.len() > TEXT {
                return Err(Problem::nonsense("a response is too long"));
            }
            if end.is_some() {
                if text.last() == Some(&b'\r') {
                    text.pop();
                }
                return Ok(());
            }
        }
    }

    /// Reads as many bytes. The step limits how long the server may be silent.
    async fn literal(&mut self, length: usize) -> Result<Vec<u8>, Problem> {
        let mut literal = Vec::new();
        literal.try_reserve_exact(length).map_err(|_| Problem::too_long(length as u64))?;
        while literal.len() < length {
            let left = (length - literal.len()) as u64;
            let read = timeout(self.step, (&mut self.stream).take(left).read_buf(&mut literal)).await;
            let read = read.map_err(|_| Problem::no_answer())?.map_err(|error| Problem::broken(&error))?;
            if read == 0 {
                return Err(ended());
            }
        }
        Ok(literal)
    }
}

fn ended() -> Problem {
    Problem::broken(&io::Error::new(io::ErrorKind::UnexpectedEof, "the server has ended the connection"))
}

/// The size of the literal that follows the text. What the server says to people may look like one.
fn announced(text: &[u8]) -> Option<u64> {
    let rest = text.strip_prefix(b"* ")?;
    let word = rest.split(|byte| *byte == b' ').next().unwrap_or_default();
    if [b"OK".as_slice(), b"NO", b"BAD", b"BYE", b"PREAUTH"].iter().any(|status| word.eq_ignore_ascii_case(status)) {
        return None;
    }
    let inner = text.strip_suffix(b"}")?;
    let digits = &inner[inner.iter().rposition(|byte| *byte == b'{')? + 1..];
    let digits = digits.strip_suffix(b"+").unwrap_or(digits);
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use tokio::runtime;

    use super::*;

    /// Reads what a server says, up to the problem that ends it. The bytes come in pieces of this length.
    fn read(said: &[u8], room: usize, piece: usize) -> (Vec<Response>, Problem) {
        let runtime = runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let (client, mut server) = tokio::io::duplex(said.len().max(1));
            server.write_all(said).await.unwrap();
            drop(server);
            let stream = BufReader::with_capacity(piece, Box::new(client) as Box<dyn Io>);
            let mut wire = Wire { stream, step: Duration::from_secs(60) };
            let mut responses = Vec::new();
            loop {
                match wire.response(room).await {
                    Ok(response) => responses.push(response),
                    Err(problem) => return (responses, problem),
                }
            }
        })
    }

    #[test]
    fn sizes_are_announced_at_the_end_of_data() {
        let cases = [
            ("* 1 FETCH (UID 5 BODY[] {12}", Some(12)),
            ("* 1 FETCH (BODY[] {0}", Some(0)),
            ("* 1 FETCH (BODY[] {12+}", Some(12)),
            ("* LIST () \"/\" {4}", Some(4)),
            ("* 1 FETCH (UID 5)", None),
            ("* OK the form {12}", None),
            ("* no {12}", None),
            ("a1 OK {12}", None),
            ("* 1 FETCH (BODY[] {-1}", None),
            ("* 1 FETCH (BODY[] {99999999999999999999999}", None),
            ("* 1 FETCH (BODY[] 12}", None),
            ("}", None),
            ("", None),
        ];
        for (text, size) in cases {
            assert_eq!(announced(text.as_bytes()), size, "{text}");
        }
    }

    proptest! {
        /// Whatever the server sends, no response has more bytes than there is room, and it does not matter in which pieces they come.
        #[test]
        fn any_bytes_are_read(
            bytes in vec(any::<u8>(), 0..100),
            form in "(\\* |a1 |OK|FETCH|\\{[0-9]{1,3}\\+?\\}|[()\"a]|\r|\n|\r\n){0,40}",
            room in 0_usize..100,
            piece in 1_usize..20,
        ) {
            for said in [&bytes[..], form.as_bytes()] {
                let (responses, problem) = read(said, room, 1000);
                for response in &responses {
                    prop_assert!(!response.text.contains(&b'\n'));
                    prop_assert!(response.literals.iter().map(Vec::len).sum::<usize>() <= room);
                }
                prop_assert_eq!(read(said, room, piece), (responses, problem));
            }
        }

        /// Letters come as they are, whatever is in them.
        #[test]
        fn literals_are_read_as_they_were_sent(parts in vec(("[ -z]{0,20}", vec(any::<u8>(), 0..100)), 1..5), piece in 1_usize..20) {
            let (mut said, mut text) = (b"* 1 FETCH (".to_vec(), b"* 1 FETCH (".to_vec());
            for (name, literal) in &parts {
                let announced = format!("{name}{{{}}}", literal.len());
                text.extend_from_slice(announced.as_bytes());
                said.extend_from_slice(announced.as_bytes());
                said.extend_from_slice(b"\r\n");
                said.extend_from_slice(literal);
            }
            text.push(b')');
            said.extend_from_slice(b")\r\na1 OK {5}\r\n");
            let literals = parts.into_iter().map(|(_, literal)| literal).collect();
            let done = Response { text: b"a1 OK {5}".to_vec(), ..Response::default() };
            prop_assert_eq!(read(&said, 1000, piece).0, [Response { text, literals }, done]);
        }
    }
}
