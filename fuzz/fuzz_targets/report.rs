//! A report about delivery, or a letter of a server that writes none: it is kept, and is never a message (M-05).
#![no_main]

use libfuzzer_sys::fuzz_target;
use muticket_core::incoming::Verdict::{Bounce, TooManyParts};
use muticket_core::mailroom::Writer;
use muticket_fuzz::{RULES, RUNTIME, Site, reads};

const HEAD: &[u8] = b"From: MAILER-DAEMON@x.example\r\nMIME-Version: 1.0\r\n";
const PARTS: &[u8] =
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=Zv7\r\n\r\n--Zv7\r\n\r\nIt came back.\r\n";
const STATUS: &[u8] = b"--Zv7\r\nContent-Type: message/delivery-status\r\n\r\n";
const FAILED: &[u8] = b"Final-Recipient: rfc822; anna@x.example\r\nAction: failed\r\nStatus: 5.1.1\r\n";
const RETURNED: &[u8] = b"--Zv7\r\nContent-Type: message/rfc822\r\n\r\n";
const LETTER: &[u8] = b"Message-ID: <1@example.org>\r\nTo: <anna@x.example>\r\n\r\nHello\r\n";
const END: &[u8] = b"--Zv7--\r\n";

fuzz_target!(|data: &[u8]| {
    let Some((choice, said)) = data.split_first() else { return };
    let raw = match choice % 3 {
        0 => [HEAD, PARTS, STATUS, said, RETURNED, LETTER, END].concat(),
        1 => [HEAD, PARTS, STATUS, FAILED, RETURNED, said, END].concat(),
        _ => [HEAD, b"\r\n", said].concat(),
    };
    if let Some(reading) = reads(&raw) {
        assert_eq!(reading.writer, Writer::Server);
    }
    let verdict = RUNTIME.block_on(async { Site::new(RULES.clone()).await.receive(&raw).await.verdict });
    assert!(matches!(verdict, Bounce | TooManyParts), "a report is {verdict:?}");
});
