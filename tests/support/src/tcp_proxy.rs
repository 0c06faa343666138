//! A TCP proxy between a program and a server that breaks connections on command.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What happens to the connection on which a given word is sent to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The server does not receive the word: the connection is cut first.
    CutBefore,
    /// The server receives the word and acts on it; the connection is cut before the answer arrives.
    CutAfter,
    /// The server receives the word and acts on it; its answer never arrives, nor does anything after it.
    Silence,
}

/// A direction of the traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toward {
    /// From the program to the server.
    Server,
    /// From the server to the program.
    Client,
}

/// The proxy. It stops when this is dropped.
#[derive(Debug)]
pub struct TcpProxy {
    url: String,
    state: watch::Sender<State>,
    listening: JoinHandle<()>,
}

#[derive(Debug, Clone, Default)]
struct State {
    /// Whether traffic is held back in both directions.
    stalled: bool,
    /// How often all connections were cut.
    cuts: usize,
    /// The word to the server at which a connection breaks, once.
    trap: Option<(&'static str, Fault)>,
    /// How many more bytes may pass in one direction. The connection with the next byte is cut, once.
    allowance: Option<(Toward, usize)>,
}

impl State {
    /// How many of these bytes may pass. Fewer than all means that the connection is cut after them.
    fn pass(&mut self, toward: Toward, bytes: usize) -> usize {
        match &mut self.allowance {
            Some((direction, left)) if *direction == toward => {
                let passing = bytes.min(*left);
                *left -= passing;
                if passing < bytes {
                    self.allowance = None;
                }
                passing
            }
            _ => bytes,
        }
    }
}

impl TcpProxy {
    /// Starts a proxy in front of the server of an address.
    ///
    /// # Errors
    /// If there is no such server, or no free port.
    pub async fn before(url: &str) -> io::Result<Self> {
        let authority = url.split_once("://").map_or(url, |(_, rest)| rest).split(['/', '?']).next().unwrap_or_default();
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let usual = if url.starts_with("postgres") { 5432 } else { 3306 };
        let port = host.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).unwrap_or(usual);
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let mut addresses = tokio::net::lookup_host((name, port)).await?;
        let server = addresses.next().ok_or(io::ErrorKind::NotFound)?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = url.replacen(host, &listener.local_addr()?.to_string(), 1);
        let state = watch::Sender::new(State::default());
        let listening = tokio::spawn(accept(listener, server, state.clone()));
        Ok(Self { url, state, listening })
    }

    /// The address that leads through the proxy.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Breaks the first connection on which this word is sent to the server.
    pub fn break_at(&self, word: &'static str, fault: Fault) {
        self.state.send_modify(|state| state.trap = Some((word, fault)));
    }

    /// Whether no connection has broken since the last [`break_at`](Self::break_at).
    pub fn waits_to_break(&self) -> bool {
        self.state.borrow().trap.is_some()
    }

    /// Lets this many more bytes pass in one direction, whatever they say, and cuts the connection with the next byte.
    pub fn cut_after(&self, toward: Toward, bytes: usize) {
        self.state.send_modify(|state| state.allowance = Some((toward, bytes)));
    }

    /// Takes back the last [`TcpProxy::cut_after`]. Returns whether it had not cut anything yet.
    pub fn takes_back_the_cut(&self) -> bool {
        let mut waiting = false;
        self.state.send_modify(|state| waiting = state.allowance.take().is_some());
        waiting
    }

    /// Holds back all traffic from now on. Connections stay open, and new ones are accepted.
    pub fn stall(&self) {
        self.state.send_modify(|state| state.stalled = true);
    }

    /// Lets all traffic pass from now on, including what was held back.
    pub fn let_pass(&self) {
        self.state.send_modify(|state| state.stalled = false);
    }

    /// Cuts all connections.
    pub fn cut(&self) {
        self.state.send_modify(|state| state.cuts += 1);
    }
}

impl Drop for TcpProxy {
    fn drop(&mut self) {
        self.listening.abort();
        self.cut();
    }
}

async fn accept(listener: TcpListener, server: SocketAddr, state: watch::Sender<State>) {
    while let Ok((client, _)) = listener.accept().await {
        let state = state.clone();
        // How a connection ends concerns its two ends only.
        tokio::spawn(async move { carry(client, server, &state).await.ok() });
    }
}

async fn carry(client: TcpStream, server: SocketAddr, state: &watch::Sender<State>) -> io::Result<()> {
    let server = TcpStream::connect(server).await?;
    // Bytes are passed on at once, as they would be without the proxy.
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let cuts = state.borrow().cuts;
    let mut changes = state.subscribe();
    let cut = async { drop(changes.wait_for(|state| state.cuts > cuts).await) };
    tokio::select! {
        ended = to_the_server(&mut from_client, &mut to_server, state) => match ended? {
            None | Some(Fault::CutBefore) => Ok(()),
            // Waits for the server's answer, so that the server has acted, and drops it.
            Some(Fault::CutAfter) => from_server.read(&mut [0; 4096]).await.map(|_| ()),
            Some(Fault::Silence) => {
                if from_server.read(&mut [0; 4096]).await? == 0 {
                    return Ok(());
                }
                while from_client.read(&mut [0; 4096]).await? > 0 {}
                Ok(())
            }
        },
        ended = to_the_client(&mut from_server, &mut to_client, state) => ended,
        () = cut => Ok(()),
    }
}

async fn to_the_client(from: &mut OwnedReadHalf, to: &mut OwnedWriteHalf, state: &watch::Sender<State>) -> io::Result<()> {
    while let Some(said) = next(from, state).await? {
        if !carry_some(&said, Toward::Client, to, state).await? {
            break;
        }
    }
    Ok(())
}

/// Passes on what is allowed. Returns whether that was everything.
async fn carry_some(said: &[u8], toward: Toward, to: &mut OwnedWriteHalf, state: &watch::Sender<State>) -> io::Result<bool> {
    let mut passing = said.len();
    state.send_if_modified(|state| {
        passing = state.pass(toward, said.len());
        false
    });
    to.write_all(&said[..passing]).await?;
    Ok(passing == said.len())
}

/// Passes traffic to the server until it ends, or until the word at which the connection must break.
async fn to_the_server(
    from: &mut OwnedReadHalf,
    to: &mut OwnedWriteHalf,
    state: &watch::Sender<State>,
) -> io::Result<Option<Fault>> {
    while let Some(said) = next(from, state).await? {
        let mut fault = None;
        state.send_if_modified(|state| {
            let sprung = |(word, _): &mut (&str, Fault)| says(&said, word);
            fault = state.trap.take_if(sprung).map(|(_, fault)| fault);
            false
        });
        if fault != Some(Fault::CutBefore) && !carry_some(&said, Toward::Server, to, state).await? {
            return Ok(None);
        }
        if fault.is_some() {
            return Ok(fault);
        }
    }
    Ok(None)
}

/// Whether the word occurs other than as the beginning of a longer one. `READ COMMITTED` does not contain `COMMIT` in this sense.
fn says(said: &[u8], word: &str) -> bool {
    let ends = |place: usize| said.get(place + word.len()).is_none_or(|next| !next.is_ascii_alphabetic());
    said.windows(word.len()).enumerate().any(|(place, part)| part == word.as_bytes() && ends(place))
}

/// The next bytes, as soon as they may pass.
async fn next(from: &mut (impl AsyncRead + Unpin), state: &watch::Sender<State>) -> io::Result<Option<Vec<u8>>> {
    let mut said = vec![0; 16 * 1024];
    let length = from.read(&mut said).await?;
    said.truncate(length);
    let mut changes = state.subscribe();
    // The caller holds the sender, so the wait cannot fail.
    drop(changes.wait_for(|state| !state.stalled).await);
    Ok((length > 0).then_some(said))
}
