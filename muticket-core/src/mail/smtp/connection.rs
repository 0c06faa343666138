//! One conversation with a mail server, step by step. Not left to the library's one call, because what a failure means depends on the step
//! it happened in: before the final dot nothing was sent, after it nobody knows (P-22).

use std::time::Duration;

use mail_send::{Credentials, SmtpClient};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;

use crate::mail::smtp::url::{Security, SmtpUrl};
use crate::mail::{Address, SendError};

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// One step: a command and its answer.
    pub(crate) step: Duration,
    /// When the whole sending must be over.
    pub(crate) end: Instant,
}

impl Limits {
    fn left(self) -> Duration {
        self.step.min(self.end.saturating_duration_since(Instant::now()))
    }
}

/// Where in the conversation something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Everything before the first letter. Nothing here has to do with a letter, not even a refusal.
    Greeting,
    /// `MAIL FROM`: the sender is the same for all letters.
    Sender,
    /// `RCPT TO`, `DATA` and the text.
    Text,
    /// The final dot.
    Dot,
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// A server that has greeted us, and takes letters.
pub(crate) struct Connection {
    client: SmtpClient<Box<dyn Stream>>,
    /// When it was last of use.
    pub(crate) used_at: Instant,
}

impl Connection {
    /// Connects, secures the line and logs in.
    pub(crate) async fn open(
        server: &SmtpUrl,
        tls: Option<&TlsConnector>,
        name: &str,
        limits: Limits,
    ) -> Result<Self, SendError> {
        // One limit around all of it: some steps of the library have none of their own.
        let opened = timeout(limits.left(), connect(server, tls, name, limits.left())).await;
        let client = opened.unwrap_or(Err(mail_send::Error::Timeout)).map_err(|error| judge(Step::Greeting, &error))?;
        Ok(Self { client, used_at: Instant::now() })
    }

    /// Whether the server is still there and ready for another letter.
    pub(crate) async fn is_ready(&mut self, limits: Limits) -> bool {
        self.client.timeout = limits.left().min(Duration::from_secs(5));
        self.client.rset().await.is_ok()
    }

    /// Hands over one message for one recipient.
    pub(crate) async fn send(&mut self, from: &Address, to: &Address, message: &[u8], limits: Limits) -> Result<(), SendError> {
        self.command(Step::Sender, &format!("MAIL FROM:<{from}>\r\n"), 200..300, limits).await?;
        self.command(Step::Text, &format!("RCPT TO:<{to}>\r\n"), 200..300, limits).await?;
        self.command(Step::Text, "DATA\r\n", 354..355, limits).await?;
        let text = dotted(message);
        let written = timeout(limits.left(), async {
            self.client.stream.write_all(&text).await?;
            self.client.stream.flush().await
        });
        let written = written.await.unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into()));
        written.map_err(|error| judge(Step::Text, &error.into()))?;
        self.command(Step::Dot, ".\r\n", 200..300, limits).await?;
        self.used_at = Instant::now();
        Ok(())
    }

    async fn command(&mut self, step: Step, command: &str, good: std::ops::Range<u16>, limits: Limits) -> Result<(), SendError> {
        self.client.timeout = limits.left();
        let answer = self.client.cmd(command.as_bytes()).await.map_err(|error| judge(step, &error))?;
        if good.contains(&answer.code) {
            return Ok(());
        }
        Err(judge(step, &mail_send::Error::UnexpectedReply(answer)))
    }
}

async fn connect(
    server: &SmtpUrl,
    tls: Option<&TlsConnector>,
    name: &str,
    step: Duration,
) -> mail_send::Result<SmtpClient<Box<dyn Stream>>> {
    let stream = TcpStream::connect((server.host.as_str(), server.port)).await?;
    let client = SmtpClient { stream, timeout: step };
    let mut client = match (server.security, tls) {
        (Security::Plain, _) => greeted(boxed(client)).await?,
        (Security::Tls, Some(tls)) => greeted(boxed(client.into_tls(tls, &server.host).await?)).await?,
        (Security::StartTls, Some(tls)) => {
            let mut client = greeted(client).await?;
            client.ehlo(name).await?;
            boxed(client.start_tls(tls, &server.host).await?)
        }
        (Security::Tls | Security::StartTls, None) => return Err(mail_send::Error::MissingStartTls),
    };
    let abilities = client.ehlo(name).await?;
    if let Some(login) = &server.login {
        let credentials = Credentials::Plain { username: login.user.as_str(), secret: login.password.as_str() };
        client.authenticate(&credentials, &abilities).await?;
    }
    Ok(client)
}

async fn greeted<T: AsyncRead + AsyncWrite + Unpin>(mut client: SmtpClient<T>) -> mail_send::Result<SmtpClient<T>> {
    let greeting = client.read().await?;
    if greeting.code == 220 { Ok(client) } else { Err(mail_send::Error::UnexpectedReply(greeting)) }
}

fn boxed<T: Stream + 'static>(client: SmtpClient<T>) -> SmtpClient<Box<dyn Stream>> {
    SmtpClient { stream: Box::new(client.stream), timeout: client.timeout }
}

/// What a failure means for the letter.
fn judge(step: Step, error: &mail_send::Error) -> SendError {
    let (code, reason) = match error {
        mail_send::Error::UnexpectedReply(answer) | mail_send::Error::AuthenticationFailed(answer) => {
            let [class, subject, detail] = answer.esc;
            let enhanced = if class > 0 { format!("{class}.{subject}.{detail} ") } else { String::new() };
            (answer.code, format!("{} {enhanced}{}", answer.code, answer.message))
        }
        mail_send::Error::UnparseableReply => (0, "the mail server closed the connection or cannot be understood".to_owned()),
        mail_send::Error::Timeout => (0, "the mail server did not answer in time".to_owned()),
        other => (0, other.to_string()),
    };
    let passing = |server_down| SendError::Passing { reason: reason.clone(), server_down };
    match (step, code) {
        // A wrong password, a server that is not for us, a sender it does not take: that is the site's trouble, the same for all letters.
        // They wait until it is mended.
        (Step::Greeting | Step::Sender, _) | (_, 421) => passing(true),
        (_, 500..=599) => SendError::Permanent { reason },
        (Step::Text, _) | (Step::Dot, 400..=499) => passing(false),
        (Step::Dot, _) => SendError::Unknown { reason },
    }
}

/// The text as it travels: a dot at the beginning of a line is doubled (RFC 5321, 4.5.2), also after a lone CR or LF, which some servers
/// take for the end of a line; and it ends with a line end, so that the final dot is alone in its line.
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
    text
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(String::from_utf8(dotted(message.as_bytes())).unwrap(), text);
        }
    }
}
