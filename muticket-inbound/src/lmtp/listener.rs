//! Waits for connections, and holds a conversation on each.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use muticket_core::Helpdesk;
use muticket_core::causes::with_causes;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::lmtp::conversation::{Conversation, Counter, Stop, Wire};
use crate::lmtp::limits::{CONNECTIONS, Limits};
use crate::lmtp::place::{BindError, Place};

/// Listens for a mail server that hands over letters (M-08). See the [module](crate::lmtp).
#[derive(Debug)]
pub struct Listener {
    socket: Socket,
    pub(crate) limits: Limits,
}

#[derive(Debug)]
enum Socket {
    Port(TcpListener),
    /// The file is deleted first. Otherwise another process could replace it before, and lose its own.
    #[cfg(unix)]
    File(SocketFile, tokio::net::UnixListener),
}

/// A socket file, which is deleted with its listener.
#[derive(Debug)]
#[cfg(unix)]
struct SocketFile(PathBuf);

#[cfg(unix)]
impl Drop for SocketFile {
    fn drop(&mut self) {
        // If it stays, the next listener replaces it.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Listener {
    /// Begins to listen at a port of this machine, such as `127.0.0.1:2424` or `[::1]:2424`, or at a socket file, whose path begins with
    /// `/`. Clients wait until [`run`](Self::run) is called.
    ///
    /// A socket file that nobody listens at any more is replaced. Who may connect to a port: every program on this machine. Who may
    /// connect to a file: those with the right to write to it, see [`with_file_mode`](Self::with_file_mode).
    ///
    /// # Errors
    /// [`BindError`]: the address cannot be read, is not of this machine, or is in use.
    pub async fn bind(address: &str) -> Result<Self, BindError> {
        let bound = match Place::parse(address)? {
            Place::Port(port) => TcpListener::bind(port).await.map(Socket::Port),
            Place::File(path) => at_file(path).await,
        };
        let socket = bound.map_err(|source| BindError::System { place: address.to_owned(), source })?;
        Ok(Self { socket, limits: Limits::default() })
    }

    /// Sets the rights of the socket file, such as `0o660` for its user and its group. By default they follow from the umask of the
    /// process. Has no effect on a port, and none on systems without such rights.
    ///
    /// # Errors
    /// [`BindError::System`].
    pub fn with_file_mode(self, mode: u32) -> Result<Self, BindError> {
        #[cfg(unix)]
        if let Socket::File(SocketFile(path), _) = &self.socket {
            use std::os::unix::fs::PermissionsExt as _;
            let set = std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode));
            set.map_err(|source| BindError::System { place: path.display().to_string(), source })?;
        }
        let _ = mode;
        Ok(self)
    }

    /// The port; `None` for a socket file.
    pub fn local_address(&self) -> Option<SocketAddr> {
        match &self.socket {
            Socket::Port(listener) => listener.local_addr().ok(),
            #[cfg(unix)]
            Socket::File(..) => None,
        }
    }

    /// Takes in letters until `stop` completes. Then it takes no more connections, finishes the letters that are coming in, for ten
    /// seconds at most, and tells its clients to come back later.
    ///
    /// Spawn it beside the site, and wait for it when the site stops. It needs a Tokio runtime with I/O and timers.
    pub async fn run(self, helpdesk: Helpdesk, stop: impl Future<Output = ()> + Send) {
        let Self { socket, limits } = self;
        let (tell, told) = watch::channel(None);
        let counter = Arc::new(Counter::new(helpdesk, limits));
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        let mut conversations = JoinSet::new();
        let mut stop = pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => break,
                Some(ended) = conversations.join_next() => report(ended),
                accepted = socket.accept() => match accepted {
                    Ok(wire) => match places.clone().try_acquire_owned() {
                        Ok(place) => {
                            let conversation = Conversation::new(wire, counter.clone(), Stop::new(told.clone()));
                            conversations.spawn(async move {
                                let ended = conversation.hold().await;
                                drop(place);
                                ended
                            });
                        }
                        Err(_) => turn_away(wire).await,
                    },
                    Err(error) => {
                        tracing::error!(cause = %with_causes(&error), "MuTicket: a mail server could not connect");
                        // The machine may have no more files, and would say so again at once.
                        sleep(Duration::from_secs(1)).await;
                    }
                },
            }
        }
        drop(socket);
        let end = Instant::now() + limits.stop;
        tell.send_replace(Some(end));
        // A conversation ends by itself then, and needs a moment to say so.
        let all = async {
            while let Some(ended) = conversations.join_next().await {
                report(ended)
            }
        };
        if timeout_at(end + Duration::from_secs(1), all).await.is_err() {
            tracing::warn!("MuTicket stopped while a letter came in; the mail server will hand it over again");
        }
    }
}

impl Socket {
    async fn accept(&self) -> io::Result<Box<dyn Wire>> {
        match self {
            Self::Port(listener) => {
                let (stream, _) = listener.accept().await?;
                // An answer is a small packet that must not wait for the next one.
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
            #[cfg(unix)]
            Self::File(_, listener) => Ok(Box::new(listener.accept().await?.0)),
        }
    }
}

#[cfg(unix)]
async fn at_file(path: PathBuf) -> io::Result<Socket> {
    use tokio::net::UnixListener;

    let bound = match UnixListener::bind(&path) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse && is_left_behind(&path).await => {
            std::fs::remove_file(&path)?;
            UnixListener::bind(&path)
        }
        bound => bound,
    };
    bound.map(|listener| Socket::File(SocketFile(path), listener))
}

#[cfg(not(unix))]
async fn at_file(_: PathBuf) -> io::Result<Socket> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Whether the file is a socket of a process that has ended without deleting it.
#[cfg(unix)]
async fn is_left_behind(path: &std::path::Path) -> bool {
    use std::os::unix::fs::FileTypeExt as _;

    let is_socket = std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.file_type().is_socket());
    let connected = tokio::net::UnixStream::connect(path).await;
    is_socket && connected.is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

/// Says that there are too many connections. A client that does not read it does not matter.
async fn turn_away(mut wire: Box<dyn Wire>) {
    let said = async {
        wire.write_all(b"421 4.3.2 too many connections\r\n").await?;
        wire.shutdown().await
    };
    let _ = timeout(Duration::from_secs(1), said).await;
}

/// Notes how a conversation ended. That a client went away is not worth a line.
fn report(ended: Result<io::Result<()>, JoinError>) {
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(cause = %with_causes(&error), "MuTicket: a mail server ended a conversation"),
        Err(error) => tracing::error!(cause = %with_causes(&error), "MuTicket: a conversation with a mail server panicked"),
    }
}
