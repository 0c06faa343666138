//! A name server that answers from a table.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UdpSocket};

/// What is answered about a name.
#[derive(Clone)]
pub(crate) enum Answer {
    /// These texts.
    Texts(Vec<String>),
    /// A failure of the server.
    Failure,
    /// Nothing at all.
    Silence,
}

/// A name server on this machine. It knows no name that is not in its table.
#[derive(Clone)]
pub(crate) struct Names {
    pub(crate) address: SocketAddr,
    table: Arc<Mutex<HashMap<String, Answer>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

/// The most bytes of an answer by UDP. Longer ones are asked for again by TCP.
const SHORT: usize = 1200;

impl Names {
    pub(crate) async fn new() -> Self {
        let (udp, tcp, address) = loop {
            let udp = UdpSocket::bind("127.0.0.1:0").await.expect("a free port");
            let address = udp.local_addr().expect("it has an address");
            // Another program may have the same port for TCP.
            if let Ok(tcp) = TcpListener::bind(address).await {
                break (udp, tcp, address);
            }
        };
        let names = Self { address, table: Arc::default(), asked: Arc::default() };
        let (by_udp, by_tcp) = (names.clone(), names.clone());
        tokio::spawn(async move {
            let mut question = [0; 2048];
            while let Ok((length, from)) = udp.recv_from(&mut question).await {
                if let Some(answer) = by_udp.answer(&question[..length], SHORT) {
                    let _ = udp.send_to(&answer, from).await;
                }
            }
        });
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = tcp.accept().await {
                let names = by_tcp.clone();
                tokio::spawn(async move {
                    while let Ok(length) = stream.read_u16().await {
                        let mut question = vec![0; usize::from(length)];
                        stream.read_exact(&mut question).await?;
                        let Some(answer) = names.answer(&question, usize::from(u16::MAX)) else { break };
                        let length = u16::try_from(answer.len()).unwrap_or(u16::MAX);
                        stream.write_all(&[&length.to_be_bytes()[..], &answer].concat()).await?;
                    }
                    std::io::Result::Ok(())
                });
            }
        });
        names
    }

    /// Sets what is answered about a name.
    pub(crate) fn set(&self, name: &str, answer: Answer) {
        self.table.lock().expect("nobody fails").insert(name.to_owned(), answer);
    }

    /// The names that were asked for, in their order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("nobody fails").clone()
    }

    /// The answer to a question (RFC 1035, 4.1), of at most `most` bytes.
    fn answer(&self, question: &[u8], most: usize) -> Option<Vec<u8>> {
        let (mut at, mut labels) = (12, Vec::new());
        while let Some(length @ 1..) = question.get(at).copied().map(usize::from) {
            labels.push(String::from_utf8_lossy(question.get(at + 1..=at + length)?).to_ascii_lowercase());
            at += length + 1;
        }
        let name = labels.join(".");
        let (asked, end) = (question.get(12..at + 5)?, at + 5);
        let kind = u16::from_be_bytes([question[end - 4], question[end - 3]]);
        self.asked.lock().expect("nobody fails").push(name.clone());
        let found = self.table.lock().expect("nobody fails").get(&name).cloned();
        let (code, texts) = match found {
            // Texts have the number 16.
            Some(Answer::Texts(texts)) if kind == 16 => (0, texts),
            Some(Answer::Texts(_)) => (0, Vec::new()),
            Some(Answer::Failure) => (2, Vec::new()),
            Some(Answer::Silence) => return None,
            None => (3, Vec::new()),
        };
        let head = |flags: u8, count: u16| {
            let [high, low] = count.to_be_bytes();
            [&question[..2], &[0x81 | flags, 0x80 | code, 0, 1, high, low, 0, 0, 0, 0], asked].concat()
        };
        let mut answer = head(0, u16::try_from(texts.len()).ok()?);
        for text in &texts {
            let pieces: Vec<u8> = text
                .as_bytes()
                .chunks(255)
                .flat_map(|piece| [&[u8::try_from(piece.len()).unwrap_or(255)], piece].concat())
                .collect();
            answer.extend([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60]);
            answer.extend(u16::try_from(pieces.len()).ok()?.to_be_bytes());
            answer.extend(pieces);
        }
        Some(if answer.len() <= most { answer } else { head(2, 0) })
    }
}
