//! A letter of 25 MB comes in (M-07).

use muticket_core::MailIn;
use muticket_journeys::{Adapter, Plan, Wire, World};

use crate::process::{alone, memory};

const MIB: usize = 1024 * 1024;
const KEY: &str = "the key of the mail server";
/// The size of the large letters.
const LETTER: usize = 24 * MIB;
/// How much more memory than its own size three times a letter may take.
const MORE: usize = 8 * MIB;

/// M-07: a letter with a large file takes at most three times its size.
#[test]
fn a_letter_with_an_encoded_file_is_in_memory_three_times_at_most() {
    alone("letters::a_letter_with_an_encoded_file_is_in_memory_three_times_at_most", large_letter(Adapter::Rocket, ENCODED));
}

/// M-07: the same in axum.
#[test]
fn a_letter_with_an_encoded_file_in_axum_is_in_memory_three_times_at_most() {
    alone(
        "letters::a_letter_with_an_encoded_file_in_axum_is_in_memory_three_times_at_most",
        large_letter(Adapter::Axum, ENCODED),
    );
}

/// M-07: the same for a file that is as large as its letter.
#[test]
fn a_letter_with_a_file_as_it_is_is_in_memory_three_times_at_most() {
    alone("letters::a_letter_with_a_file_as_it_is_is_in_memory_three_times_at_most", large_letter(Adapter::Rocket, PLAIN));
}

/// The encoding of a file, and a line of it.
type Encoding = (&'static str, &'static str);
const ENCODED: Encoding = ("base64", "QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD\r\n");
const PLAIN: Encoding = ("binary", "ABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABC\r\n");

async fn large_letter(adapter: Adapter, encoding: Encoding) {
    let rules = MailIn::new("support+{token}@example.org").unwrap().with_key(KEY).with_relay("mx.example.org");
    let plan = Plan::sqlite().over(adapter).without_categories().receiving(rules).files_of(LETTER as u64);
    let world = World::new(plan).await;
    let wire = world.wire().await;
    // Allocates what is allocated only once, before the memory is measured.
    assert_eq!(comes(&wire, encoding, 64 * 1024).await, "opened");
    let before = memory("VmHWM");
    assert_eq!(comes(&wire, encoding, LETTER).await, "opened");
    let more = memory("VmHWM").saturating_sub(before);
    println!("a letter with a {} file in {adapter:?}: {:.2} times its size", encoding.0, more as f64 / LETTER as f64);
    assert!(more < 3 * LETTER + MORE, "{} MiB", more / MIB);
    assert_eq!(world.as_("anna").sees(2).await.count(".attachments a[download]"), 1);
    assert_eq!(world.mailed().await.len(), 4, "two supporters hear of two tickets");
}

/// Sends a letter with a file of such lines, and returns its verdict. The letter is never in memory here.
async fn comes(wire: &Wire, (encoding, line): Encoding, size: usize) -> String {
    let front = format!(
        "Authentication-Results: mx.example.org; dmarc=pass\r\nFrom: anna@example.org\r\nSubject: {size}\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee the file.\r\n--b\r\nContent-Type: application/pdf\r\n\
         Content-Transfer-Encoding: {encoding}\r\nContent-Disposition: attachment; filename=large.pdf\r\n\r\n"
    );
    let end = "--b--\r\n";
    let lines = (size - front.len() - end.len()) / line.len();
    let length = front.len() + lines * line.len() + end.len();
    let head = format!(
        "POST /support/mail?to=support@example.org HTTP/1.1\r\nHost: example.org\r\nAuthorization: Bearer {KEY}\r\n\
         Content-Type: message/rfc822\r\nContent-Length: {length}\r\n\r\n"
    );
    let mut connection = wire.connect().await;
    connection.sends(head.as_bytes()).await;
    connection.sends(front.as_bytes()).await;
    let (piece, most) = (line.repeat(1000), lines / 1000);
    for _ in 0..most {
        connection.sends(piece.as_bytes()).await;
    }
    connection.sends(line.repeat(lines - most * 1000).as_bytes()).await;
    connection.sends(end.as_bytes()).await;
    let (status, answer) = connection.answer().await;
    assert_eq!(status, 200, "{answer}");
    answer.split_once("\r\n\r\n").unwrap().1.trim().to_owned()
}
