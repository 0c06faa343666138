//! An IMAP server on this machine with one mailbox, which misbehaves on command.

mod state;
mod talk;

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use self::state::ImapTrouble;
use self::state::{State, Stored, lock};
use crate::smtp_server::{Secrecy, acceptor};

/// The server. It stops when it is dropped. The user is `anna`.
#[derive(Debug)]
pub struct ImapServer {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    news: watch::Sender<()>,
    task: JoinHandle<()>,
}

impl Drop for ImapServer {
    fn drop(&mut self) {
        self.task.abort();
        for conversation in self.state().conversations.drain(..) {
            conversation.abort();
        }
    }
}

impl ImapServer {
    /// The password of the user.
    pub const PASSWORD: &str = "open sesame \"1\"";

    /// Starts on a free port, without encryption.
    ///
    /// # Errors
    /// If no port is free.
    pub async fn start() -> io::Result<Self> {
        Self::start_with(Secrecy::Plain).await
    }

    /// Starts on a free port, with the given encryption.
    ///
    /// # Errors
    /// If no port is free.
    pub async fn start_with(secrecy: Secrecy) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(Mutex::new(State {
            letters: Vec::new(),
            uid_validity: 1,
            next_uid: 1,
            abilities: "IMAP4rev1 IDLE AUTH=PLAIN SASL-IR".to_owned(),
            password: Self::PASSWORD.to_owned(),
            token: None,
            troubles: VecDeque::new(),
            connections: 0,
            commands: Vec::new(),
            given: Vec::new(),
            sent: 0,
            conversations: Vec::new(),
        }));
        let news = watch::Sender::new(());
        let tls = acceptor()?;
        let (inside, told) = (state.clone(), news.clone());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let troubles = lock(&inside).next_troubles();
                let talk = talk::begin(stream, inside.clone(), troubles, told.subscribe(), (secrecy, tls.clone()));
                let conversation = tokio::spawn(talk);
                lock(&inside).conversations.push(conversation);
            }
        });
        Ok(Self { address, state, news, task })
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sets what the server says that it can.
    pub fn can(&self, abilities: &str) {
        self.state().abilities = abilities.to_owned();
    }

    /// From now on the server takes this access token and no password.
    pub fn takes_token(&self, token: &str) {
        self.state().token = Some(token.to_owned());
    }

    /// Delivers a letter, and returns its number.
    pub fn deliver(&self, raw: &[u8]) -> u32 {
        self.deliver_at(raw, "15-Jan-2027 08:00:00 +0000")
    }

    /// The same for a letter that came at this time, as in `" 7-Jul-2026 02:44:25 -0700"`.
    pub fn deliver_at(&self, raw: &[u8], came: &str) -> u32 {
        let uid = {
            let state = &mut *self.state();
            let uid = state.next_uid;
            state.next_uid += 1;
            state.letters.push(Stored { uid, raw: raw.to_vec(), came: came.to_owned(), seen: false });
            uid
        };
        self.news.send_replace(());
        uid
    }

    /// Deletes the letter with this number.
    pub fn delete(&self, uid: u32) {
        self.state().letters.retain(|letter| letter.uid != uid);
    }

    /// Numbers all letters anew, beginning at this number.
    pub fn number_anew(&self, first: u32) {
        let state = &mut *self.state();
        state.uid_validity += 1;
        state.next_uid = first;
        for letter in &mut state.letters {
            letter.uid = state.next_uid;
            state.next_uid += 1;
        }
    }

    /// Makes trouble on the next connections, as many as this. Troubles that were asked for together happen together.
    pub fn make_trouble(&self, trouble: ImapTrouble, connections: usize) {
        self.state().troubles.push_back((trouble, connections));
    }

    /// Makes no more trouble on new connections.
    pub fn behave(&self) {
        self.state().troubles.clear();
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.state().connections
    }

    /// The commands, without their tags.
    pub fn commands(&self) -> Vec<String> {
        self.state().commands.clone()
    }

    /// The numbers of the letters that were given out as a whole, in order.
    pub fn given(&self) -> Vec<u32> {
        self.state().given.clone()
    }

    /// How many bytes it has said.
    pub fn sent(&self) -> usize {
        self.state().sent
    }

    /// The numbers of the letters that are marked as read.
    pub fn seen(&self) -> Vec<u32> {
        self.state().letters.iter().filter(|letter| letter.seen).map(|letter| letter.uid).collect()
    }

    /// Ends all connections that are open.
    pub fn hang_up(&self) {
        for conversation in self.state().conversations.drain(..) {
            conversation.abort();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}
