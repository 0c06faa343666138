//! One HTTP request to this machine, and its answer.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than any answer takes, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// The answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// Sends a request on a new connection.
///
/// # Errors
/// If nothing listens there, or the answer breaks off.
pub(crate) fn exchange(to: SocketAddr, method: &str, path: &str, headers: &str, body: &[u8]) -> io::Result<Reply> {
    let mut stream = TcpStream::connect(to)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let length = body.len();
    write!(stream, "{method} {path} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n")?;
    stream.write_all(body)?;

    let mut answer = BufReader::new(stream);
    let mut line = String::new();
    answer.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|code| code.parse().ok());
    let status = status.ok_or_else(|| io::Error::other(format!("no answer, but {line:?}")))?;
    let mut length = None;
    loop {
        line.clear();
        answer.read_line(&mut line)?;
        let Some((name, value)) = line.split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok();
        }
    }
    let mut body = Vec::new();
    answer.take(length.unwrap_or(u64::MAX)).read_to_end(&mut body)?;
    Ok(Reply { status, body })
}
