//! A conversation with one client: it says who it is, and hands over letters.

use std::io;
use std::sync::Arc;

use muticket_core::Helpdesk;
use muticket_core::causes::with_causes;
use muticket_core::incoming::Envelope;
use muticket_core::mailroom::ReceiveError;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader, BufWriter};
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, sleep_until, timeout, timeout_at};

use crate::lmtp::command::{Command, Sender, parse};
use crate::lmtp::limits::{LETTERS, LINE, Limits, MISTAKES, RECIPIENTS};
use crate::lmtp::text::Text;

const NAME: &str = "muticket.localhost";
const BYE: &str = "221 2.0.0 good bye";
const STOPPING: &str = "421 4.3.2 the site stops; come back later";
const SLOW: &str = "421 4.4.2 that took too long";
const MISTAKEN: &str = "421 4.7.0 too many mistakes";
const GREET: &str = "503 5.5.1 first say LHLO or EHLO";
const TOO_LARGE: &str = "552 5.3.4 the letter is too large";
const NOT_SET_UP: &str = "550 5.3.5 letters do not come in here";
const BUSY: &str = "451 4.3.2 too many letters at once; try again";
const UNAVAILABLE: &str = "451 4.3.0 the letter cannot be stored now; try again";

/// A connection with a client.
pub(crate) trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

/// Where all conversations hand in their letters.
pub(crate) struct Counter {
    helpdesk: Helpdesk,
    letters: Semaphore,
    limits: Limits,
}

/// Tells a conversation that the site stops, and when it must have ended.
#[derive(Debug, Clone)]
pub(crate) struct Stop(watch::Receiver<Option<Instant>>);

/// A conversation.
pub(crate) struct Conversation {
    wire: BufReader<BufWriter<Box<dyn Wire>>>,
    counter: Arc<Counter>,
    stop: Stop,
    client: Option<Protocol>,
    letter: Option<Begun>,
    mistakes: usize,
}

/// What the client speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protocol {
    /// One answer for each recipient (RFC 2033).
    Lmtp,
    /// One answer for a letter (RFC 5321).
    Smtp,
}

/// A letter that was announced.
#[derive(Debug)]
struct Begun {
    from: Sender,
    to: Vec<String>,
}

/// What came in instead of an answer to us.
enum Heard {
    Line(Vec<u8>),
    TooLong,
    /// The client closed the connection.
    End,
    Late,
    Stop,
}

/// Whether the conversation goes on, or its last words.
enum Next {
    Go,
    Leave(&'static str),
}

impl Counter {
    pub(crate) fn new(helpdesk: Helpdesk, limits: Limits) -> Self {
        Self { helpdesk, letters: Semaphore::new(LETTERS), limits }
    }

    /// The most octets of a letter; `None` if none comes in here.
    fn max_bytes(&self) -> Option<u64> {
        self.helpdesk.mail_in().map(|rules| rules.max_bytes())
    }

    /// Hands the letter in. Returns the answer.
    async fn take(&self, letter: Vec<u8>, envelope: &Envelope) -> String {
        let received = timeout(self.limits.storing, self.helpdesk.receive(letter, envelope)).await;
        match received {
            Ok(Ok(receipt)) => {
                let (id, verdict) = (receipt.id, receipt.verdict.as_str());
                tracing::info!(letter = %id, verdict, "MuTicket took in a letter");
                format!("250 2.0.0 taken in as {id}")
            }
            Ok(Err(ReceiveError::TooLarge { .. })) => TOO_LARGE.to_owned(),
            Ok(Err(ReceiveError::NotSetUp)) => NOT_SET_UP.to_owned(),
            Ok(Err(error)) => {
                tracing::error!(cause = %with_causes(&error), "MuTicket could not take in a letter; the mail server has to try again");
                UNAVAILABLE.to_owned()
            }
            Err(_) => {
                tracing::error!("MuTicket could not take in a letter in time; the mail server has to try again");
                UNAVAILABLE.to_owned()
            }
        }
    }
}

impl Stop {
    pub(crate) fn new(told: watch::Receiver<Option<Instant>>) -> Self {
        Self(told)
    }

    /// Waits until the site stops. Returns when the conversation must have ended.
    async fn begins(&mut self) -> Instant {
        let end = self.0.wait_for(Option::is_some).await.map(|end| *end);
        match end {
            Ok(Some(end)) => end,
            // The listener is gone, and so will be this conversation.
            Ok(None) | Err(_) => std::future::pending().await,
        }
    }

    /// Waits until the conversation must have ended.
    async fn ends(&mut self) {
        let end = self.begins().await;
        sleep_until(end).await;
    }
}

impl Conversation {
    pub(crate) fn new(wire: Box<dyn Wire>, counter: Arc<Counter>, stop: Stop) -> Self {
        let wire = BufReader::with_capacity(64 * 1024, BufWriter::new(wire));
        Self { wire, counter, stop, client: None, letter: None, mistakes: 0 }
    }

    /// Talks until the client leaves or has to leave.
    ///
    /// # Errors
    /// The connection broke.
    pub(crate) async fn hold(mut self) -> io::Result<()> {
        self.say(&format!("220 {NAME} MuTicket takes letters by LMTP and ESMTP")).await?;
        loop {
            let heard = self.hear().await?;
            let next = match heard {
                Heard::Line(line) => self.obey(&line).await?,
                Heard::TooLong => self.correct("500 5.5.2 the line is too long").await?,
                Heard::End => return Ok(()),
                Heard::Late => Next::Leave(SLOW),
                Heard::Stop => Next::Leave(STOPPING),
            };
            if let Next::Leave(words) = next {
                self.say(words).await?;
                self.flush().await?;
                return self.wire.shutdown().await;
            }
        }
    }

    async fn obey(&mut self, line: &[u8]) -> io::Result<Next> {
        let is_utf8 = self.letter.as_ref().is_some_and(|letter| letter.from.is_utf8);
        let answer = match parse(line, is_utf8) {
            Err(mistake) => return self.correct(mistake).await,
            Ok(Command::Quit) => return Ok(Next::Leave(BYE)),
            Ok(Command::Data) => return self.data().await,
            Ok(Command::Lhlo) => self.greet(Protocol::Lmtp),
            Ok(Command::Ehlo) => self.greet(Protocol::Smtp),
            Ok(Command::Helo) => {
                self.greet(Protocol::Smtp);
                format!("250 {NAME}")
            }
            Ok(Command::Mail(from)) => match self.begin(from) {
                Err(mistake) => return self.correct(mistake).await,
                Ok(()) => "250 2.1.0 go on".to_owned(),
            },
            Ok(Command::Rcpt(to)) => match &mut self.letter {
                None => return self.correct("503 5.5.1 first say MAIL").await,
                Some(letter) if letter.to.len() >= RECIPIENTS => "452 4.5.3 too many recipients".to_owned(),
                Some(letter) => {
                    letter.to.push(to);
                    "250 2.1.5 go on".to_owned()
                }
            },
            Ok(Command::Rset) => {
                self.letter = None;
                "250 2.0.0 begin again".to_owned()
            }
            Ok(Command::Noop) => "250 2.0.0 still here".to_owned(),
            Ok(Command::Vrfy) => "252 2.1.5 send a letter, and it will be looked at".to_owned(),
        };
        self.say(&answer).await?;
        Ok(Next::Go)
    }

    /// Begins again with a client that speaks this. Returns what the site can do.
    fn greet(&mut self, client: Protocol) -> String {
        (self.client, self.letter) = (Some(client), None);
        let size = self.counter.max_bytes().unwrap_or_default();
        let lines = [NAME, "PIPELINING", &format!("SIZE {size}"), "8BITMIME", "SMTPUTF8"];
        let lines: String = lines.into_iter().map(|line| format!("250-{line}\r\n")).collect();
        lines + "250 ENHANCEDSTATUSCODES"
    }

    fn begin(&mut self, from: Sender) -> Result<(), &'static str> {
        if self.client.is_none() {
            return Err(GREET);
        }
        if self.letter.is_some() {
            return Err("503 5.5.1 a letter has begun already");
        }
        let max = self.counter.max_bytes().ok_or(NOT_SET_UP)?;
        if from.size.is_some_and(|size| size > max) {
            return Err(TOO_LARGE);
        }
        self.letter = Some(Begun { from, to: Vec::new() });
        Ok(())
    }

    /// Takes in the letter that was announced.
    async fn data(&mut self) -> io::Result<Next> {
        let Some(client) = self.client else { return self.correct(GREET).await };
        let Some(Begun { from, to }) = self.letter.take_if(|letter| !letter.to.is_empty()) else {
            return self.correct("503 5.5.1 first say for whom it is").await;
        };
        let counter = self.counter.clone();
        let Ok(Ok(_place)) = timeout(counter.limits.place, counter.letters.acquire()).await else {
            self.say(BUSY).await?;
            return Ok(Next::Go);
        };
        self.say("354 go on; a line with a dot alone ends the letter").await?;
        self.flush().await?;
        let mut stop = self.stop.clone();
        let envelope = Envelope { from: Some(from.address), to: to.join(" ") };
        let received = async {
            let text = self.text(from.size.unwrap_or_default()).await?;
            io::Result::Ok(match text {
                None => None,
                Some(text) => Some(match text.letter() {
                    None => TOO_LARGE.to_owned(),
                    Some(letter) => counter.take(letter, &envelope).await,
                }),
            })
        };
        let answer = tokio::select! {
            received = received => received?,
            () = stop.ends() => return Ok(Next::Leave(STOPPING)),
        };
        let Some(answer) = answer else { return Ok(Next::Leave(SLOW)) };
        let times = match client {
            Protocol::Lmtp => to.len(),
            Protocol::Smtp => 1,
        };
        for _ in 0..times {
            self.say(&answer).await?;
        }
        Ok(Next::Go)
    }

    /// Reads the text of a letter; `None` if that takes too long.
    async fn text(&mut self, expected: u64) -> io::Result<Option<Text>> {
        let limits = self.counter.limits;
        let end = Instant::now() + limits.letter;
        let size = |size: u64| usize::try_from(size).unwrap_or(usize::MAX);
        let mut text = Text::new(size(self.counter.max_bytes().unwrap_or_default()), size(expected));
        loop {
            let piece = timeout_at(end.min(Instant::now() + limits.piece), self.wire.fill_buf()).await;
            let Ok(octets) = piece else { return Ok(None) };
            let octets = octets?;
            if octets.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let (used, has_ended) = text.feed(octets);
            self.wire.consume(used);
            if has_ended {
                return Ok(Some(text));
            }
        }
    }

    /// Answers a line that is a mistake. A client that makes one before it has said who it is, is no mail server: a page of a stranger
    /// can make a browser on this machine send a form here, with commands in it.
    async fn correct(&mut self, mistake: &str) -> io::Result<Next> {
        self.mistakes += 1;
        self.say(mistake).await?;
        Ok(if self.client.is_some() && self.mistakes < MISTAKES { Next::Go } else { Next::Leave(MISTAKEN) })
    }

    async fn hear(&mut self) -> io::Result<Heard> {
        // A client that has sent several commands at once reads the answers together (RFC 2920).
        if !self.wire.buffer().contains(&b'\n') {
            self.flush().await?;
        }
        let line = timeout(self.counter.limits.command, line(&mut self.wire));
        tokio::select! {
            biased;
            _ = self.stop.begins() => Ok(Heard::Stop),
            line = line => line.unwrap_or(Ok(Heard::Late)),
        }
    }

    async fn say(&mut self, words: &str) -> io::Result<()> {
        let words = format!("{words}\r\n");
        let said = timeout(self.counter.limits.command, self.wire.write_all(words.as_bytes())).await;
        said.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }

    async fn flush(&mut self) -> io::Result<()> {
        let flushed = timeout(self.counter.limits.command, self.wire.flush()).await;
        flushed.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }
}

/// The next line with its line end. The rest of a line that is too long is not kept.
async fn line(wire: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Heard> {
    let (mut line, mut is_too_long) = (Vec::new(), false);
    loop {
        let octets = wire.fill_buf().await?;
        if octets.is_empty() {
            return Ok(Heard::End);
        }
        let end = octets.iter().position(|octet| *octet == b'\n').map(|end| end + 1);
        let used = end.unwrap_or(octets.len());
        is_too_long |= line.len() + used > LINE;
        if !is_too_long {
            line.extend_from_slice(&octets[..used]);
        }
        wire.consume(used);
        if end.is_some() {
            return Ok(if is_too_long { Heard::TooLong } else { Heard::Line(line) });
        }
    }
}
