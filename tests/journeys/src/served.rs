//! A site behind a real socket.

use tokio::task::JoinHandle;

/// The site. It stops when this is dropped.
pub(crate) struct Served {
    pub(crate) port: u16,
    pub(crate) server: JoinHandle<()>,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.server.abort();
    }
}
