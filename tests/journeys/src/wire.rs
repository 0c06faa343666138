//! A site behind a real socket, and clients that send what no browser sends: half a form, single bytes, or nothing.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::form::Form;
use crate::mount::Mount;
use crate::plan::Adapter;
use crate::served::Served;
use crate::site::Site;
use crate::world::World;

/// The site. It stops when this is dropped.
pub struct Wire(Served);

/// One connection to it.
pub struct Line {
    stream: TcpStream,
}

impl World {
    /// The same site behind a real socket, for requests that no browser makes.
    pub async fn wire(&self) -> Wire {
        Wire::serve(self.site().adapter(), self.mount()).await
    }
}

impl Wire {
    /// A site with this module.
    pub async fn serve(adapter: Adapter, module: Mount<'_>) -> Self {
        Self(Site::serve(adapter, module).await)
    }

    /// Stops the site as its operator does. The future ends when the site has stopped.
    pub async fn stop(self) {
        self.0.stop().await;
    }

    /// Opens a connection.
    pub async fn connect(&self) -> Line {
        Line { stream: TcpStream::connect(("127.0.0.1", self.0.port)).await.unwrap() }
    }

    /// Opens a connection, and sends the head of a form and the first bytes of its body.
    pub async fn begins(&self, person: &str, form: &Form, bytes: usize) -> Line {
        let mut line = self.connect().await;
        let (kind, body) = form.sent();
        line.sends(&head(person, &form.action, &kind, body.len())).await;
        line.sends(&body[..bytes.min(body.len())]).await;
        line
    }
}

/// The head of a form.
pub fn head(person: &str, action: &str, kind: &str, length: usize) -> Vec<u8> {
    format!("POST {action} HTTP/1.1\r\nHost: example.org\r\nX-Person: {person}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n")
        .into_bytes()
}

impl Line {
    /// Sends bytes.
    pub async fn sends(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    /// Sends bytes one by one with pauses, until the other side closes or all are sent.
    pub async fn trickles(&mut self, bytes: &[u8], pause: Duration) {
        for byte in bytes {
            let mut peeked = [0];
            let answered = tokio::time::timeout(pause, self.stream.peek(&mut peeked)).await.is_ok();
            if answered || self.stream.write_all(&[*byte]).await.is_err() {
                return;
            }
        }
    }

    /// Reads some bytes of an answer. Returns how many, which is 0 at its end.
    pub async fn reads(&mut self, piece: &mut [u8]) -> usize {
        let read = tokio::time::timeout(Duration::from_secs(60), self.stream.read(piece)).await;
        read.expect("an answer within a minute").expect("no reset")
    }

    /// The answer: its status, and all of it as text.
    pub async fn answer(mut self) -> (u16, String) {
        let mut bytes = Vec::new();
        let mut piece = [0; 16 * 1024];
        loop {
            match self.reads(&mut piece).await {
                0 => break,
                read => bytes.extend_from_slice(&piece[..read]),
            }
            if whole(&bytes) {
                break;
            }
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
        (status.unwrap_or_else(|| panic!("no status in {text:?}")), text)
    }
}

/// Whether an answer with a stated length has arrived completely.
fn whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((head, _)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ").map(str::to_owned));
    length.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| bytes.len() >= head.len() + 4 + length)
}
