//! One conversation of the IMAP server.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::state::{ImapTrouble, State, Stored, lock};
use crate::smtp_server::Secrecy;

trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

pub(super) async fn begin(
    stream: TcpStream,
    state: Arc<Mutex<State>>,
    troubles: Vec<ImapTrouble>,
    news: watch::Receiver<()>,
    (secrecy, tls): (Secrecy, TlsAcceptor),
) -> io::Result<()> {
    let stream: Box<dyn Io> = match secrecy {
        Secrecy::Plain | Secrecy::StartTls => Box::new(stream),
        Secrecy::Tls => Box::new(tls.accept(stream).await?),
    };
    let mut talk = Talk { stream: BufReader::new(stream), state, troubles, news, sent: 0 };
    talk.say("* OK hello").await?;
    if secrecy == Secrecy::StartTls {
        loop {
            let (tag, command) = talk.command().await?;
            match command.as_str() {
                "STARTTLS" => {
                    talk.say(&format!("{tag} OK go on")).await?;
                    break;
                }
                "CAPABILITY" => talk.say(&format!("* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n{tag} OK")).await?,
                _ => talk.say(&format!("{tag} NO first STARTTLS")).await?,
            }
        }
        let stream: Box<dyn Io> = Box::new(tls.accept(talk.stream.into_inner()).await?);
        talk = Talk { stream: BufReader::new(stream), ..talk };
    }
    loop {
        let (tag, command) = talk.command().await?;
        if talk.answer(&tag, &command).await? {
            return Ok(());
        }
    }
}

struct Talk {
    stream: BufReader<Box<dyn Io>>,
    state: Arc<Mutex<State>>,
    troubles: Vec<ImapTrouble>,
    news: watch::Receiver<()>,
    sent: usize,
}

impl Talk {
    async fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        match self.stream.read_line(&mut line).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line.trim_end().to_owned()),
        }
    }

    async fn command(&mut self) -> io::Result<(String, String)> {
        let line = self.line().await?;
        let (tag, command) = line.split_once(' ').unwrap_or((&line, ""));
        lock(&self.state).commands.push(command.to_owned());
        Ok((tag.to_owned(), command.to_owned()))
    }

    async fn say(&mut self, line: &str) -> io::Result<()> {
        self.send(format!("{line}\r\n").as_bytes()).await
    }

    async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Some(pause) = self.troubles.iter().find_map(ImapTrouble::pause) {
            tokio::time::sleep(pause).await;
        }
        let end = self.troubles.iter().find_map(|trouble| match trouble {
            ImapTrouble::DropAfter(bytes) | ImapTrouble::HangAfter(bytes) => Some((*bytes, trouble.clone())),
            _ => None,
        });
        if let Some((most, trouble)) = end.filter(|(most, _)| self.sent + bytes.len() > *most) {
            self.stream.write_all(&bytes[..most.saturating_sub(self.sent)]).await?;
            self.stream.flush().await?;
            if matches!(trouble, ImapTrouble::HangAfter(_)) {
                std::future::pending::<()>().await;
            }
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        self.sent += bytes.len();
        lock(&self.state).sent += bytes.len();
        self.stream.write_all(bytes).await?;
        self.stream.flush().await
    }

    /// Answers a command. Returns whether the conversation has ended.
    async fn answer(&mut self, tag: &str, command: &str) -> io::Result<bool> {
        let said = self.troubles.iter().find_map(|trouble| match trouble {
            ImapTrouble::Say(begin, line) if command.starts_with(begin) => Some(line.replace("{tag}", tag)),
            _ => None,
        });
        if let Some(line) = said {
            self.say(&line).await?;
            return Ok(false);
        }
        let done = format!("{tag} OK done");
        let upper = command.to_ascii_uppercase();
        let words: Vec<&str> = upper.split(' ').collect();
        match words[..] {
            ["CAPABILITY"] => {
                let abilities = lock(&self.state).abilities.clone();
                self.say(&format!("* CAPABILITY {abilities}\r\n{done}")).await?;
            }
            ["LOGIN", ..] => {
                let password = lock(&self.state).password.clone();
                let quoted = format!("\"anna\" \"{}\"", password.replace('\\', "\\\\").replace('"', "\\\""));
                let is_right = lock(&self.state).token.is_none() && command["LOGIN ".len()..] == quoted;
                self.say(&admission(tag, is_right)).await?;
            }
            ["AUTHENTICATE", mechanism, ..] => self.authenticate(tag, mechanism, command).await?,
            ["SELECT" | "EXAMINE", ..] => {
                let (count, validity, next) = {
                    let state = lock(&self.state);
                    (state.letters.len(), state.uid_validity, state.next_uid)
                };
                self.news.mark_unchanged();
                self.say(&format!(
                    "* {count} EXISTS\r\n* OK [UIDVALIDITY {validity}] as ever\r\n* OK [UIDNEXT {next}] next\r\n{done}"
                ))
                .await?;
            }
            ["UID", "FETCH", set, ..] => self.fetch(tag, set, &upper).await?,
            ["UID", "STORE", uid, ..] => {
                for letter in &mut lock(&self.state).letters {
                    letter.seen |= letter.uid.to_string() == uid;
                }
                self.say(&done).await?;
            }
            ["IDLE"] => {
                self.say("+ idling").await?;
                let mut line = String::new();
                loop {
                    let count = tokio::select! {
                        read = self.stream.read_line(&mut line) => {
                            read?;
                            break;
                        }
                        told = self.news.changed() => {
                            told.map_err(io::Error::other)?;
                            lock(&self.state).letters.len()
                        }
                    };
                    self.say(&format!("* {count} EXISTS")).await?;
                }
                self.say(&done).await?;
            }
            ["LOGOUT"] => {
                self.say(&format!("* BYE bye\r\n{done}")).await?;
                return Ok(true);
            }
            _ => self.say(&format!("{tag} BAD what")).await?,
        }
        Ok(false)
    }

    async fn authenticate(&mut self, tag: &str, mechanism: &str, command: &str) -> io::Result<()> {
        let proof = match command.split(' ').nth(2) {
            Some(proof) => proof.to_owned(),
            None => {
                self.say("+ ").await?;
                self.line().await?
            }
        };
        let (token, password) = {
            let state = lock(&self.state);
            (state.token.clone(), state.password.clone())
        };
        let expected = match (mechanism, token) {
            ("XOAUTH2", Some(token)) => format!("user=anna\x01auth=Bearer {token}\x01\x01"),
            ("PLAIN", None) => format!("\0anna\0{password}"),
            _ => return self.say(&admission(tag, false)).await,
        };
        let is_right = proof == base64(expected.as_bytes());
        if !is_right && mechanism == "XOAUTH2" {
            self.say("+ eyJzdGF0dXMiOiI0MDAifQ==").await?;
            assert_eq!(self.line().await?, "", "an empty line ends the refused login");
        }
        self.say(&admission(tag, is_right)).await
    }

    async fn fetch(&mut self, tag: &str, set: &str, command: &str) -> io::Result<()> {
        let last = lock(&self.state).letters.last().map_or(0, |letter| letter.uid);
        let number = |word: &str| if word == "*" { last } else { word.parse().unwrap_or(0) };
        let (from, to) = set.split_once(':').map_or((number(set), number(set)), |(from, to)| (number(from), number(to)));
        let range = from.min(to)..=from.max(to);
        let asked_for: Vec<(usize, Stored)> = {
            let state = lock(&self.state);
            let in_range = state.letters.iter().enumerate().filter(|(_, letter)| range.contains(&letter.uid));
            in_range.map(|(at, letter)| (at, letter.clone())).collect()
        };
        let lists = command.contains("RFC822.SIZE");
        let mut list = String::new();
        for (at, letter) in &asked_for {
            let (at, uid) = (at + 1, letter.uid);
            if lists {
                let size = self.troubles.iter().find_map(|trouble| match trouble {
                    ImapTrouble::ClaimSize(size) => Some(*size),
                    _ => None,
                });
                let size = size.unwrap_or(letter.raw.len() as u64);
                list.push_str(&format!("* {at} FETCH (UID {uid} RFC822.SIZE {size} INTERNALDATE \"{}\")\r\n", letter.came));
            } else if command.contains("BODY.PEEK[") {
                if self.troubles.contains(&ImapTrouble::Withhold(uid)) {
                    return self.say(&format!("{tag} NO [SERVERBUG] this one is broken")).await;
                }
                self.give(at, letter, command).await?;
            } else {
                list.push_str(&format!("* {at} FETCH (UID {uid})\r\n"));
            }
        }
        self.say(&format!("{list}{tag} OK done")).await
    }

    async fn give(&mut self, at: usize, letter: &Stored, command: &str) -> io::Result<()> {
        let is_header = command.contains("[HEADER]");
        let end = letter.raw.windows(4).position(|four| four == b"\r\n\r\n").map_or(letter.raw.len(), |end| end + 4);
        let body = if is_header { &letter.raw[..end] } else { &letter.raw[..] };
        let announced = self.troubles.iter().find_map(|trouble| match trouble {
            ImapTrouble::Announce(size) => Some(*size),
            _ => None,
        });
        let size = announced.unwrap_or(body.len() as u64);
        let wrong = self.troubles.contains(&ImapTrouble::Mistake(letter.uid));
        let uid = letter.uid + u32::from(wrong);
        let part = if is_header { "BODY[HEADER]<0>" } else { "BODY[]" };
        self.send(format!("* {at} FETCH (FLAGS (\\Recent) {part} {{{size}}}\r\n").as_bytes()).await?;
        self.send(body).await?;
        self.say(&format!(" UID {uid})")).await?;
        if !is_header {
            lock(&self.state).given.push(letter.uid);
        }
        Ok(())
    }
}

impl ImapTrouble {
    fn pause(&self) -> Option<Duration> {
        match self {
            Self::Slow(pause) => Some(*pause),
            _ => None,
        }
    }
}

fn admission(tag: &str, is_right: bool) -> String {
    if is_right { format!("{tag} OK welcome") } else { format!("{tag} NO [AUTHENTICATIONFAILED] wrong") }
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().chain([&0; 2]).take(3).fold(0_usize, |bits, byte| (bits << 8) | usize::from(*byte));
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place)) & 63];
            text.push(if place > three.len() { '=' } else { char::from(letter) });
        }
    }
    text
}
