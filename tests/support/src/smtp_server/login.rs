//! What the server says to `AUTH`. Without further orders it takes every login.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};

/// The logins of all conversations.
#[derive(Debug, Clone, Default)]
pub(crate) struct Logins(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    said: Vec<String>,
    /// The one kind of login, and the one login, that the server takes.
    expected: Option<(String, String)>,
}

impl Logins {
    /// From now on, takes only this login.
    pub(crate) fn expect(&self, mechanism: &str, login: &str) {
        self.state().expected = Some((mechanism.to_owned(), login.to_owned()));
    }

    /// The kinds of login that the server offers.
    pub(crate) fn offered(&self) -> String {
        self.state().expected.as_ref().map_or("PLAIN", |(mechanism, _)| mechanism).to_owned()
    }

    /// The `AUTH` commands, and what followed them.
    pub(crate) fn said(&self) -> Vec<String> {
        self.state().said.clone()
    }

    /// Returns the last answer to this `AUTH` command.
    pub(crate) async fn take<S>(&self, stream: &mut BufReader<S>, command: String) -> io::Result<String>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        self.state().said.push(command.clone());
        let Some((mechanism, expected)) = self.state().expected.clone() else { return Ok("235 welcome".to_owned()) };
        let mut words = command.split(' ').skip(1);
        if words.next() != Some(mechanism.as_str()) {
            return Ok("504 5.5.4 not this kind of login".to_owned());
        }
        let login = match words.next() {
            Some(login) => login.to_owned(),
            None => self.ask(stream, "334 ").await?,
        };
        if login == expected {
            return Ok("235 2.7.0 welcome".to_owned());
        }
        self.ask(stream, "334 eyJzdGF0dXMiOiI0MDEifQ==").await?;
        Ok("535 5.7.8 this token is not valid".to_owned())
    }

    async fn ask<S>(&self, stream: &mut BufReader<S>, challenge: &str) -> io::Result<String>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        stream.write_all(format!("{challenge}\r\n").as_bytes()).await?;
        stream.flush().await?;
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let line = line.trim_end().to_owned();
        self.state().said.push(line.clone());
        Ok(line)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
