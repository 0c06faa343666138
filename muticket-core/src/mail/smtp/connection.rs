//! One SMTP session with a mail server, step by step. The library's single call is not enough, because the meaning of a
//! failure depends on the step: before the final dot the letter was not sent, after it the result is unknown (P-22).

use std::ops::Range;
use std::time::Duration;

use mail_send::SmtpClient;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;

use crate::mail::server_url::Security;
use crate::mail::smtp::sign_in::{SignIn, sign_in};
use crate::mail::smtp::url::SmtpUrl;
use crate::mail::trouble::{CLOSED, INSECURE, LATE, LOGIN, UNREACHABLE};
use crate::mail::{EmailAddress, SendError};

/// Time limits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timeouts {
    /// For one step: a command and its answer.
    pub(crate) step: Duration,
    /// The end of the whole sending.
    pub(crate) end: Instant,
}

impl Timeouts {
    /// The time that is left for the next step.
    pub(crate) fn left(self) -> Duration {
        self.step.min(self.end.saturating_duration_since(Instant::now()))
    }
}

/// A step of the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SmtpStep {
    /// Everything before the first letter. Failures here, even refusals, do not depend on a letter.
    Greeting,
    /// `MAIL FROM` with the sender of the site, which is the same for all letters.
    Sender,
    /// `MAIL FROM` without a sender, `RCPT TO`, `DATA` and the text.
    Text,
    /// The answer to the final dot.
    Dot,
}

/// A letter was not accepted, or it is unknown whether it was.
#[derive(Debug)]
pub(crate) struct SmtpFailure {
    /// The result for the letter.
    pub(crate) error: SendError,
    /// The state of the connection.
    pub(crate) after: After,
}

/// There is no connection.
#[derive(Debug)]
pub(crate) struct NotOpened {
    /// The result for the letter.
    pub(crate) error: SendError,
    /// Whether the server refused the password or the token.
    pub(crate) login_refused: bool,
}

/// The state of a connection after a failed letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    /// The server refused this letter, but the connection is usable.
    Open,
    /// The server has closed the connection or announced that. It has not accepted the letter, so another connection can be
    /// tried.
    Ended,
    /// Unknown.
    Lost,
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// A connection that is ready for letters.
pub(crate) struct Connection {
    client: SmtpClient<Box<dyn Stream>>,
    /// The time of its last use.
    pub(crate) used_at: Instant,
    /// Whether a letter was begun but not finished. `RSET` must be sent before the next one.
    unfinished: bool,
}

impl Connection {
    /// How long an idle connection is used without a check.
    const FRESH: Duration = Duration::from_secs(1);

    /// Connects, starts TLS and signs in.
    pub(crate) async fn open(
        (server, way): (&SmtpUrl, SignIn<'_>),
        tls: Option<&TlsConnector>,
        name: &str,
        limits: Timeouts,
    ) -> Result<Self, NotOpened> {
        // One time limit for everything, because some steps of the library have none.
        let opened = timeout(limits.left(), connect((server, way), tls, name, limits.left())).await;
        let client = opened.unwrap_or(Err(mail_send::Error::Timeout)).map_err(|error| NotOpened {
            login_refused: matches!(&error, mail_send::Error::AuthenticationFailed(answer) if answer.code >= 500),
            error: judge(SmtpStep::Greeting, &error).error,
        })?;
        Ok(Self { client, used_at: Instant::now(), unfinished: false })
    }

    /// Whether the connection is ready for another letter. Not checked right after a letter: if the server closes it now,
    /// the next command fails.
    pub(crate) async fn is_ready(&mut self, limits: Timeouts) -> bool {
        if !self.unfinished && self.used_at.elapsed() < Self::FRESH {
            return true;
        }
        self.client.timeout = limits.left().min(Duration::from_secs(5));
        let answer = self.client.cmd(b"RSET\r\n").await;
        answer.is_ok_and(|answer| (200..300).contains(&answer.code))
    }

    /// Sends one message to one recipient. With `without_sender`, its envelope has no sender, unless the server asks for one.
    pub(crate) async fn send(
        &mut self,
        (from, without_sender): (&EmailAddress, bool),
        to: &EmailAddress,
        message: &[u8],
        limits: Timeouts,
    ) -> Result<(), SmtpFailure> {
        self.unfinished = true;
        if !without_sender || !self.takes_no_sender(limits).await? {
            self.command(SmtpStep::Sender, &format!("MAIL FROM:<{from}>\r\n"), 200..300, limits).await?;
        }
        self.command(SmtpStep::Text, &format!("RCPT TO:<{to}>\r\n"), 200..300, limits).await?;
        self.command(SmtpStep::Text, "DATA\r\n", 354..355, limits).await?;
        self.text(message, limits).await?;
        self.verdict(limits).await?;
        self.unfinished = false;
        self.used_at = Instant::now();
        Ok(())
    }

    /// Begins a letter without a sender. `false` if the server refuses that for good: Amazon SES and others take no such letters.
    async fn takes_no_sender(&mut self, limits: Timeouts) -> Result<bool, SmtpFailure> {
        match self.command(SmtpStep::Text, "MAIL FROM:<>\r\n", 200..300, limits).await {
            Ok(()) => Ok(true),
            Err(SmtpFailure { after: After::Open, error: SendError::Permanent { .. }, .. }) => Ok(false),
            Err(failure) => Err(failure),
        }
    }

    /// Writes the text and the final dot in one go. With two writes, the second would wait for the acknowledgement of the
    /// first.
    async fn text(&mut self, message: &[u8], limits: Timeouts) -> Result<(), SmtpFailure> {
        let text = dotted(message);
        let late = |_| Err(std::io::ErrorKind::TimedOut.into());
        // The dot comes last: if the write is incomplete, the dot was not sent.
        let written = timeout(limits.left(), self.client.stream.write_all(&text)).await.unwrap_or_else(late);
        written.map_err(|error| judge(SmtpStep::Text, &error.into()))?;
        let flushed = timeout(limits.left(), self.client.stream.flush()).await.unwrap_or_else(late);
        flushed.map_err(|error| judge(SmtpStep::Dot, &error.into()))
    }

    async fn command(&mut self, step: SmtpStep, command: &str, good: Range<u16>, limits: Timeouts) -> Result<(), SmtpFailure> {
        self.client.timeout = limits.left();
        let refused = match self.client.cmd(command.as_bytes()).await {
            Ok(answer) if good.contains(&answer.code) => return Ok(()),
            Ok(answer) => mail_send::Error::UnexpectedReply(answer),
            Err(error) => error,
        };
        Err(judge(step, &refused))
    }

    /// Reads the server's answer to the letter.
    async fn verdict(&mut self, limits: Timeouts) -> Result<(), SmtpFailure> {
        let answer = timeout(limits.left(), self.client.read()).await.unwrap_or(Err(mail_send::Error::Timeout));
        let refused = match answer {
            Ok(answer) if (200..300).contains(&answer.code) => return Ok(()),
            Ok(answer) => mail_send::Error::UnexpectedReply(answer),
            Err(error) => error,
        };
        Err(judge(SmtpStep::Dot, &refused))
    }
}

async fn connect(
    (server, way): (&SmtpUrl, SignIn<'_>),
    tls: Option<&TlsConnector>,
    name: &str,
    step: Duration,
) -> mail_send::Result<SmtpClient<Box<dyn Stream>>> {
    let stream = TcpStream::connect((server.host.as_str(), server.port)).await?;
    // A command is one small packet that must not wait for the next one.
    stream.set_nodelay(true)?;
    let client = SmtpClient { stream, timeout: step };
    let mut client = match (server.security, tls) {
        (Security::Plain, _) => greeted(boxed(client)).await?,
        (Security::Tls, Some(tls)) => greeted(boxed(client.into_tls(tls, &server.host).await?)).await?,
        (Security::StartTls, Some(tls)) => {
            let mut client = greeted(client).await?;
            hello(&mut client, name).await?;
            boxed(client.start_tls(tls, &server.host).await?)
        }
        (Security::Tls | Security::StartTls, None) => return Err(mail_send::Error::MissingStartTls),
    };
    let offered = hello(&mut client, name).await?;
    sign_in(&mut client, server, way, &offered).await?;
    Ok(client)
}

/// Greets the server, and returns the kinds of login that it offers. A server that refuses `EHLO` (RFC 5321, 3.2) is greeted with `HELO`
/// and offers none.
///
/// The library's own greeting fails on answers that are unusual but clear, such as a bare `250` or `250-SIZE unlimited`.
async fn hello<T: AsyncRead + AsyncWrite + Unpin>(client: &mut SmtpClient<T>, name: &str) -> mail_send::Result<String> {
    let answer = client.cmd(format!("EHLO {name}\r\n")).await?;
    match answer.code {
        200..=299 => return Ok(logins(&answer.message)),
        500..=599 => {}
        _ => return Err(mail_send::Error::UnexpectedReply(answer)),
    }
    let answer = client.cmd(format!("HELO {name}\r\n")).await?;
    if (200..300).contains(&answer.code) { Ok(String::new()) } else { Err(mail_send::Error::UnexpectedReply(answer)) }
}

/// The kinds of login in an answer to `EHLO`. Old servers write `AUTH=LOGIN`.
fn logins(answer: &str) -> String {
    let offered = answer.lines().filter_map(|line| {
        let (word, kinds) = line.trim().split_at_checked("AUTH".len())?;
        (word.eq_ignore_ascii_case("AUTH") && kinds.starts_with([' ', '\t', '='])).then_some(kinds)
    });
    let kinds = offered.flat_map(|kinds| kinds.split([' ', '\t', '='])).filter(|kind| !kind.is_empty());
    kinds.collect::<Vec<_>>().join(" ")
}

async fn greeted<T: AsyncRead + AsyncWrite + Unpin>(mut client: SmtpClient<T>) -> mail_send::Result<SmtpClient<T>> {
    let greeting = client.read().await?;
    if greeting.code == 220 { Ok(client) } else { Err(mail_send::Error::UnexpectedReply(greeting)) }
}

fn boxed<T: Stream + 'static>(client: SmtpClient<T>) -> SmtpClient<Box<dyn Stream>> {
    SmtpClient { stream: Box::new(client.stream), timeout: client.timeout }
}

/// Decides what a failure means for the letter and for the connection.
fn judge(step: SmtpStep, error: &mail_send::Error) -> SmtpFailure {
    let (code, reason) = match error {
        mail_send::Error::UnexpectedReply(answer) | mail_send::Error::AuthenticationFailed(answer) => {
            let [class, subject, detail] = answer.esc;
            let enhanced = if class > 0 { format!("{class}.{subject}.{detail} ") } else { String::new() };
            (answer.code, format!("{} {enhanced}{}", answer.code, answer.message))
        }
        mail_send::Error::UnparseableReply => (0, CLOSED.to_owned()),
        mail_send::Error::Timeout => (0, LATE.to_owned()),
        // Tokio's TLS reports a failed handshake like this.
        mail_send::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => (0, format!("{INSECURE}{error}")),
        // So does it report a server that ends the connection during the handshake. A greeting that ends is an unparseable reply.
        mail_send::Error::Io(error) if step == SmtpStep::Greeting && error.kind() == std::io::ErrorKind::UnexpectedEof => {
            (0, format!("{INSECURE}{error}"))
        }
        mail_send::Error::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => (0, LATE.to_owned()),
        mail_send::Error::Io(error) if step == SmtpStep::Greeting => (0, format!("{UNREACHABLE}{error}")),
        mail_send::Error::Io(error) => (0, format!("{CLOSED}: {error}")),
        mail_send::Error::Tls(_) | mail_send::Error::InvalidTLSName | mail_send::Error::MissingStartTls => {
            (0, format!("{INSECURE}{error}"))
        }
        mail_send::Error::Auth(_) | mail_send::Error::UnsupportedAuthMechanism | mail_send::Error::MissingCredentials => {
            (0, format!("{LOGIN}{error}"))
        }
        other => (0, other.to_string()),
    };
    let is_late = match error {
        mail_send::Error::Timeout => true,
        mail_send::Error::Io(error) => error.kind() == std::io::ErrorKind::TimedOut,
        _ => false,
    };
    let passing = |server_down| SendError::Passing { reason: reason.clone(), server_down };
    let error = match (step, code) {
        // A wrong password, the wrong server or a refused sender affects all letters of the site. They wait until it is
        // fixed.
        (SmtpStep::Greeting | SmtpStep::Sender, _) => passing(true),
        (_, 500..=599) => SendError::Permanent { reason },
        // Includes 421: if the server is down for others too, the next letter shows it, and this letter does not block the
        // queue.
        (SmtpStep::Text, _) | (SmtpStep::Dot, 400..=499) => passing(false),
        (SmtpStep::Dot, _) => SendError::Unknown { reason },
    };
    let after = match (step, code) {
        (_, 421) => After::Ended,
        // Some servers refuse the sender after a number of letters on one connection.
        (SmtpStep::Greeting | SmtpStep::Sender, _) => After::Ended,
        (_, 400..=599) => After::Open,
        (SmtpStep::Text, _) if !is_late => After::Ended,
        (SmtpStep::Text | SmtpStep::Dot, _) => After::Lost,
    };
    SmtpFailure { error, after }
}

/// Escapes the text for SMTP: doubles dots at the beginning of a line (RFC 5321, 4.5.2), also after a lone CR or LF, which
/// some servers treat as a line end. Appends a line end and the final dot.
fn dotted(message: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(message.len() + 64);
    let mut at_line_start = true;
    for octet in message {
        if at_line_start && *octet == b'.' {
            text.push(b'.');
        }
        text.push(*octet);
        at_line_start = matches!(octet, b'\r' | b'\n');
    }
    if !text.ends_with(b"\r\n") {
        text.extend_from_slice(b"\r\n");
    }
    text.extend_from_slice(b".\r\n");
    text
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::*;
    use crate::mail::{Diagnosis, Trouble};

    /// The kind of trouble if the server ends the connection before it says anything.
    async fn trouble_with(scheme: &str) -> Trouble {
        let encrypted = scheme == "smtps";
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = SmtpUrl::parse(&format!("{scheme}://{}", listener.local_addr().unwrap())).unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            // Bytes that nobody has read would turn the end into a reset.
            if encrypted {
                let _hello = stream.read(&mut [0; 4096]).await.unwrap();
            }
        });
        let tls = crate::mail::smtp::connector(Vec::new()).unwrap();
        let limits = Timeouts { step: Duration::from_secs(10), end: Instant::now() + Duration::from_secs(10) };
        let failure = Connection::open((&url, SignIn::Nobody), Some(&tls), "site.example", limits).await.err().unwrap();
        let SendError::Passing { reason, .. } = failure.error else { panic!("{failure:?}") };
        Diagnosis::of(&reason).trouble
    }

    #[tokio::test]
    async fn a_server_that_ends_the_connection_in_the_handshake_is_not_secure() {
        assert_eq!(trouble_with("smtps").await, Trouble::Insecure);
        assert_eq!(trouble_with("smtp").await, Trouble::NoAnswer);
    }

    #[test]
    fn the_kinds_of_login_are_read_from_the_greeting() {
        let cases = [
            ("", ""),
            ("mail.example hello", ""),
            ("mail.example\nSIZE unlimited\nAUTH PLAIN LOGIN\nHELP", "PLAIN LOGIN"),
            ("mail.example\nauth=LOGIN\nAUTH CRAM-MD5\tPLAIN ", "LOGIN CRAM-MD5 PLAIN"),
            ("AUTHOR of this\nAUTH\n ü", ""),
        ];
        for (answer, kinds) in cases {
            assert_eq!(logins(answer), kinds, "{answer:?}");
        }
    }

    #[test]
    fn no_line_of_the_text_is_a_lone_dot() {
        let cases: [(&str, &str); 5] = [
            ("a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n"),
            (".a", "..a\r\n"),
            ("a\n.\nMAIL FROM:<>", "a\n..\nMAIL FROM:<>\r\n"),
            ("a\r.\rb\r\n", "a\r..\rb\r\n"),
            ("", "\r\n"),
        ];
        for (message, text) in cases {
            assert_eq!(String::from_utf8(dotted(message.as_bytes())).unwrap(), format!("{text}.\r\n"));
        }
    }
}
