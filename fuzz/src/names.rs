//! A name server that publishes the same key under every name.

use std::net::{SocketAddr, UdpSocket};
use std::thread;

/// A key of Ed25519 (RFC 8463). The fuzzer does not have it, so no letter of its own is signed with it.
const KEY: &[u8] = b"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

/// The number of texts among the kinds of records (RFC 1035, 3.2.2).
const TEXT: [u8; 2] = [0, 16];

/// Starts the name server on this machine. It answers until the process ends.
///
/// # Panics
/// If no port is free.
pub fn name_server() -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    let address = socket.local_addr().expect("it has an address");
    thread::spawn(move || {
        let mut question = [0; 2048];
        while let Ok((length, from)) = socket.recv_from(&mut question) {
            if let Some(answer) = answer(&question[..length]) {
                let _ = socket.send_to(&answer, from);
            }
        }
    });
    address
}

/// The answer to a question (RFC 1035, 4.1): the key to one for texts, and nothing to others.
fn answer(question: &[u8]) -> Option<Vec<u8>> {
    let mut end = 12;
    while let Some(length @ 1..) = question.get(end).copied() {
        end += usize::from(length) + 1;
    }
    let asked = question.get(12..end + 5)?;
    let is_for_texts = question.get(end + 1..end + 3)? == TEXT;
    let mut answer = [&question[..2], &[0x81, 0x80, 0, 1, 0, u8::from(is_for_texts), 0, 0, 0, 0], asked].concat();
    if is_for_texts {
        let length = u8::try_from(KEY.len()).ok()?;
        answer.extend([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60, 0, length + 1, length]);
        answer.extend(KEY);
    }
    Some(answer)
}
