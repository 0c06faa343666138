//! A letter of which the trusted server says that it is forged: nothing below that makes it a message (M-03).
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use muticket_core::MailIn;
use muticket_core::incoming::Verdict::{self, Automatic, Bounce, NotConfirmed, Opened, Own, TooManyParts, UnknownSender};
use muticket_fuzz::{RULES, RUNTIME, Site};

static TRUSTING: LazyLock<MailIn> = LazyLock::new(|| RULES.clone().with_relay("mx.example.org"));

/// What becomes of the letter if the server says this about it.
fn becomes(verdict: &str, letter: &[u8]) -> Verdict {
    let above = format!("Authentication-Results: mx.example.org; dmarc={verdict}\r\nReceived: by mx.example.org\r\n");
    let raw = [above.as_bytes(), letter].concat();
    RUNTIME.block_on(async { Site::new(TRUSTING.clone()).await.receive(&raw).await.verdict })
}

fuzz_target!(
    init: {
        // What is never so is only worth something if it could be.
        let letter = b"From: anna@x.example\r\nSubject: Printer\r\n\r\nIt does not print.\r\n";
        assert_eq!((becomes("pass", letter), becomes("fail", letter)), (Opened, NotConfirmed));
    },
    |letter: &[u8]| {
        let verdict = becomes("fail", letter);
        let is_right = matches!(verdict, Automatic | Bounce | Own | UnknownSender | NotConfirmed | TooManyParts);
        assert!(is_right, "a forged letter is {verdict:?}");
    }
);
