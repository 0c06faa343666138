//! What the server says to `AUTH`. Without further orders it takes every login.

use std::io;
use std::sync::Mutex;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};

use super::{SmtpServer, State, lock};

/// The one login that the server takes.
#[derive(Debug, Clone)]
pub(super) struct Expected {
    mechanism: String,
    login: String,
}

impl SmtpServer {
    /// Offers only this kind of login, and takes only this one, in Base64. It explains the refusal of another before it refuses it, as
    /// servers do that take access tokens.
    pub fn expect_login(&self, mechanism: &str, login: &str) {
        self.state().expected = Some(Expected { mechanism: mechanism.to_owned(), login: login.to_owned() });
    }
}

/// The kinds of login that the server offers.
pub(super) fn offered(state: &Mutex<State>) -> String {
    lock(state).expected.as_ref().map_or("PLAIN", |expected| &expected.mechanism).to_owned()
}

/// Returns the last answer to this `AUTH` command.
pub(super) async fn take<S>(stream: &mut BufReader<S>, state: &Mutex<State>, command: String) -> io::Result<String>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    lock(state).logins.push(command.clone());
    let Some(expected) = lock(state).expected.clone() else { return Ok("235 welcome".to_owned()) };
    let mut words = command.split(' ').skip(1);
    if words.next() != Some(expected.mechanism.as_str()) {
        return Ok("504 5.5.4 not this kind of login".to_owned());
    }
    let login = match words.next() {
        Some(login) => login.to_owned(),
        None => ask(stream, state, "334 ").await?,
    };
    if login == expected.login {
        return Ok("235 2.7.0 welcome".to_owned());
    }
    ask(stream, state, "334 eyJzdGF0dXMiOiI0MDEifQ==").await?;
    Ok("535 5.7.8 this token is not valid".to_owned())
}

async fn ask<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufReader<S>,
    state: &Mutex<State>,
    challenge: &str,
) -> io::Result<String> {
    stream.write_all(format!("{challenge}\r\n").as_bytes()).await?;
    stream.flush().await?;
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let line = line.trim_end().to_owned();
    lock(state).logins.push(line.clone());
    Ok(line)
}
