//! What a mail server says to the client that fetches letters (M-08): no letter is one that the server did not say.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muticket_fuzz::{RULES, RUNTIME, Site};
use muticket_inbound::imap::{self, ImapMailbox, Start};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::timeout;

/// Longer than the pause between two looks, so that the client can look again.
const PATIENCE: Duration = Duration::from_secs(200);

/// The letters that the client takes in from a server that says this.
async fn fetched(said: &[u8]) -> Vec<Vec<u8>> {
    let site = Site::new(RULES.clone()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("it has an address").port();
    let url = format!("imap://support:secret@127.0.0.1:{port}/INBOX");
    let mailbox = ImapMailbox::new(&url).expect("an address").with_start(Start::All);
    let ends = async {
        let (mut stream, _) = listener.accept().await.expect("the client comes");
        // Ports would be short if each connection kept its own for a minute.
        stream.set_zero_linger().expect("an open connection");
        // The client leaves when it has heard enough.
        let _ = stream.write_all(said).await;
        let hears = async { while stream.read(&mut [0; 4096]).await.is_ok_and(|length| length > 0) {} };
        let _ = timeout(PATIENCE, hears).await;
    };
    imap::run(site.helpdesk.clone(), mailbox, ends).await;
    site.files().await
}

fuzz_target!(|said: &[u8]| {
    let letters = RUNTIME.block_on(fetched(said));
    // In quotes, some bytes have another in front of them.
    if !said.contains(&b'\\') {
        for letter in letters.iter().filter(|letter| !letter.is_empty()) {
            assert!(said.windows(letter.len()).any(|window| window == letter), "a letter that nobody sent: {letter:?}");
        }
    }
});
