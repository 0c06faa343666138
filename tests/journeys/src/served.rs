//! A site behind a real socket.

use std::sync::Arc;

use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// The site. It ends when this is dropped.
pub(crate) struct Served {
    pub(crate) port: u16,
    /// The server, which ends after `stop`.
    pub(crate) server: JoinHandle<()>,
    pub(crate) stop: Arc<Notify>,
}

impl Served {
    /// Stops the site as its operator does, and waits for its end.
    pub(crate) async fn stop(mut self) {
        self.stop.notify_one();
        (&mut self.server).await.unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.server.abort();
    }
}
