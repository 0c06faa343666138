//! What is in the mailbox of the IMAP server, and which troubles it makes.

use std::collections::VecDeque;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::JoinHandle;

/// What the server does instead of what it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImapTrouble {
    /// Closes the connection after it has sent this many bytes.
    DropAfter(usize),
    /// Sends nothing more after this many bytes, and keeps the connection.
    HangAfter(usize),
    /// Waits before every line.
    Slow(Duration),
    /// Says this line in answer to a command that begins so, with the tag of the command in place of `{tag}`.
    Say(&'static str, String),
    /// Announces this many bytes for each letter, whatever it has.
    Announce(u64),
    /// Says that each letter has this size.
    ClaimSize(u64),
    /// Gives the letter with this number under another number.
    Mistake(u32),
    /// Refuses to give out the letter with this number.
    Withhold(u32),
}

/// A letter in the mailbox.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) uid: u32,
    pub(super) raw: Vec<u8>,
    /// Its date as the protocol writes it.
    pub(super) came: String,
    pub(super) seen: bool,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) letters: Vec<Stored>,
    pub(super) uid_validity: u32,
    pub(super) next_uid: u32,
    pub(super) abilities: String,
    pub(super) password: String,
    pub(super) token: Option<String>,
    /// The troubles, each with the number of connections that it is made on. Those of one connection are made together.
    pub(super) troubles: VecDeque<(ImapTrouble, usize)>,
    pub(super) connections: usize,
    pub(super) commands: Vec<String>,
    pub(super) given: Vec<u32>,
    /// The bytes that were said on all connections.
    pub(super) sent: usize,
    pub(super) conversations: Vec<JoinHandle<io::Result<()>>>,
}

impl State {
    /// The troubles of a new connection.
    pub(super) fn next_troubles(&mut self) -> Vec<ImapTrouble> {
        self.connections += 1;
        for (_, connections) in &mut self.troubles {
            *connections = connections.saturating_sub(1);
        }
        let now = self.troubles.iter().map(|(trouble, _)| trouble.clone()).collect();
        self.troubles.retain(|(_, connections)| *connections > 0);
        now
    }
}

pub(super) fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
