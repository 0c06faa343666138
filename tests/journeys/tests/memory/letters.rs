//! A letter of 25 MB comes in (M-07).

use muticket_core::MailIn;
use muticket_journeys::{Adapter, Plan, Wire, World};

use crate::process::{alone, memory};

const MIB: usize = 1024 * 1024;
const KEY: &str = "the key of the mail server";
/// The size of the large letters.
const LETTER: usize = 24 * MIB;
/// How much more memory than twice its own size a letter may take.
const MORE: usize = 8 * MIB;

/// M-07: a letter with a large file takes at most twice its size.
#[test]
fn a_letter_with_an_encoded_file_is_in_memory_twice_at_most() {
    alone("letters::a_letter_with_an_encoded_file_is_in_memory_twice_at_most", large_letter(Adapter::Rocket, ENCODED));
}

/// M-07: the same in axum.
#[test]
fn a_letter_with_an_encoded_file_in_axum_is_in_memory_twice_at_most() {
    alone("letters::a_letter_with_an_encoded_file_in_axum_is_in_memory_twice_at_most", large_letter(Adapter::Axum, ENCODED));
}

/// M-07: the same for a file that is as large as its letter.
#[test]
fn a_letter_with_a_file_as_it_is_is_in_memory_twice_at_most() {
    alone("letters::a_letter_with_a_file_as_it_is_is_in_memory_twice_at_most", large_letter(Adapter::Rocket, PLAIN));
}

/// M-07: the same for a file that is as large as its letter, and encoded.
#[test]
fn a_letter_with_a_quoted_file_is_in_memory_twice_at_most() {
    alone("letters::a_letter_with_a_quoted_file_is_in_memory_twice_at_most", large_letter(Adapter::Rocket, QUOTED));
}

/// M-07: the same for a photograph, from which the place is removed where it was taken.
#[test]
fn a_letter_with_a_photograph_is_in_memory_twice_at_most() {
    alone("letters::a_letter_with_a_photograph_is_in_memory_twice_at_most", large_letter(Adapter::Rocket, PHOTOGRAPH));
}

/// M-07: the same for a letter whose text is large.
#[test]
fn a_letter_with_a_large_text_is_in_memory_twice_at_most() {
    alone("letters::a_letter_with_a_large_text_is_in_memory_twice_at_most", large_letter(Adapter::Rocket, TEXT));
}

/// M-07: the same for a large text in an encoding and in a character set of its own.
#[test]
fn a_letter_with_a_quoted_text_is_in_memory_twice_at_most() {
    alone("letters::a_letter_with_a_quoted_text_is_in_memory_twice_at_most", large_letter(Adapter::Rocket, QUOTED_TEXT));
}

/// What makes a letter large.
struct Part {
    name: &'static str,
    head: &'static str,
    first: &'static str,
    line: &'static str,
    files: usize,
}

const ENCODED: Part = Part {
    name: "file in base64",
    head: "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=large.pdf",
    first: "",
    line: "QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD\r\n",
    files: 1,
};
const PLAIN: Part = Part {
    name: "file as it is",
    head: "Content-Type: application/pdf\r\nContent-Transfer-Encoding: binary\r\nContent-Disposition: attachment; filename=large.pdf",
    line: "ABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABC\r\n",
    ..ENCODED
};
const QUOTED: Part = Part {
    name: "quoted file",
    head: "Content-Type: text/csv; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\
           Content-Disposition: attachment; filename=large.csv",
    line: "ABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABC=\r\n",
    ..ENCODED
};
const PHOTOGRAPH: Part = Part {
    name: "photograph",
    head: "Content-Type: image/jpeg; name=large.jpg\r\nContent-Transfer-Encoding: base64",
    // The beginning of a JPEG.
    first: "/9j/4AAQSkZJRgABAQAAAQABAAD/2gAIAQEAAD8A\r\n",
    ..ENCODED
};
const TEXT: Part = Part {
    name: "text",
    head: "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit",
    line: "Grüße! Grüße! Grüße! Grüße! Grüße! Grüße! Grüße! Grüße! Grüße!\r\n",
    files: 0,
    ..ENCODED
};
const QUOTED_TEXT: Part = Part {
    name: "quoted text",
    head: "Content-Type: text/plain; charset=koi8-r\r\nContent-Transfer-Encoding: quoted-printable",
    line: "=F0=D2=C9=D7=C5=D4, Privet, Privet, Privet, Privet, Privet, Privet, Privet\r\n",
    ..TEXT
};

async fn large_letter(adapter: Adapter, part: Part) {
    let rules = MailIn::new("support+{token}@example.org").unwrap().with_key(KEY).with_relay("mx.example.org");
    let plan = Plan::sqlite().over(adapter).without_categories().receiving(rules).files_of(LETTER as u64);
    let world = World::new(plan).await;
    let wire = world.wire().await;
    // Allocates what is allocated only once, before the memory is measured.
    assert_eq!(comes(&wire, &part, 64 * 1024).await, "opened");
    let before = memory("VmHWM");
    assert_eq!(comes(&wire, &part, LETTER).await, "opened");
    let more = memory("VmHWM").saturating_sub(before);
    println!("a letter with a large {} in {adapter:?}: {:.2} times its size", part.name, more as f64 / LETTER as f64);
    assert!(more < 2 * LETTER + MORE, "{} MiB", more / MIB);
    assert_eq!(world.as_("anna").sees(2).await.count(".attachments a[download]"), part.files);
    assert_eq!(world.mailed().await.len(), 4, "two supporters hear of two tickets");
}

/// Sends a letter with such a part, and returns its verdict. The letter is never in memory here.
async fn comes(wire: &Wire, Part { head, first, line, .. }: &Part, size: usize) -> String {
    let front = format!(
        "Authentication-Results: mx.example.org; dmarc=pass\r\nFrom: anna@example.org\r\nSubject: {size}\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee below.\r\n--b\r\n{head}\r\n\r\n{first}"
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
