//! A conversation with the listener for mail servers (M-08). The first byte says in which pieces the client sends. No letter is one that
//! the client did not end with a dot alone in its line, and the pieces make no difference.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use muticket_fuzz::{RULES, RUNTIME, Site};
use muticket_inbound::lmtp::Listener;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::sync::oneshot;

static PLACE: LazyLock<PathBuf> =
    LazyLock::new(|| std::env::temp_dir().join(format!("muticket-fuzz-{}.sock", std::process::id())));

/// The answers of the listener, and the letters that it took in.
async fn talk(said: &[u8], piece: usize) -> (String, Vec<Vec<u8>>) {
    let site = Site::new(RULES.clone()).await;
    let listener = Listener::bind(PLACE.to_str().expect("a plain path")).await.expect("a place to listen at");
    let (stop, stopped) = oneshot::channel::<()>();
    let listens = tokio::spawn(listener.run(site.helpdesk.clone(), async { drop(stopped.await) }));
    let (mut hears, mut speaks) = UnixStream::connect(&*PLACE).await.expect("it listens").into_split();
    let speaking = async move {
        for piece in said.chunks(piece) {
            // The listener leaves when it has heard enough.
            if speaks.write_all(piece).await.is_err() {
                break;
            }
            tokio::task::yield_now().await;
        }
    };
    let mut answers = Vec::new();
    let _ = tokio::join!(speaking, hears.read_to_end(&mut answers));
    drop(stop);
    listens.await.expect("the listener goes on");
    (String::from_utf8(answers).expect("answers are text"), site.files().await)
}

fn without_dots(octets: &[u8]) -> Vec<u8> {
    octets.iter().copied().filter(|octet| *octet != b'.').collect()
}

fn contains(octets: &[u8], inner: &[u8]) -> bool {
    inner.is_empty() || octets.windows(inner.len()).any(|window| window == inner)
}

fuzz_target!(|data: &[u8]| {
    let Some((piece, said)) = data.split_first() else { return };
    let (answers, letters) = RUNTIME.block_on(talk(said, said.len().max(1)));
    assert!(answers.ends_with("\r\n"));
    for line in answers.split_terminator("\r\n") {
        let is_answer = matches!(line.as_bytes(), [b'2'..=b'5', b'0'..=b'9', b'0'..=b'9', b' ' | b'-', ..]);
        assert!(is_answer && !line.contains(char::is_control), "{line:?} is no answer");
    }
    let ends = said.windows(5).filter(|window| window == b"\r\n.\r\n").count();
    assert!(letters.len() <= ends, "{} letters with {ends} ends", letters.len());
    for letter in &letters {
        assert!(contains(&without_dots(said), &without_dots(letter)), "a letter that nobody sent: {letter:?}");
    }
    let piece = usize::from(*piece).max(said.len() / 64).max(1);
    let (again, others) = RUNTIME.block_on(talk(said, piece));
    assert_eq!((again, others.len()), (answers, letters.len()));
});
