//! Every letter of the corpus becomes what is written beside it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use muticket_corpus::{files_below, letters_of, outcome};

/// Both texts line by line, with what is missing and what is too much.
fn difference(expected: &str, found: &str) -> String {
    let (expected, found): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let same_start = expected.iter().zip(&found).take_while(|(one, other)| one == other).count();
    let (expected, found) = (&expected[same_start..], &found[same_start..]);
    let same_end = expected.iter().rev().zip(found.iter().rev()).take_while(|(one, other)| one == other).count();
    let mut text = String::new();
    for line in &expected[..expected.len() - same_end] {
        let _ = writeln!(text, "    - {line}");
    }
    for line in &found[..found.len() - same_end] {
        let _ = writeln!(text, "    + {line}");
    }
    text
}

fn with_returns(raw: &[u8]) -> Vec<u8> {
    let lines = raw.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines.collect::<Vec<_>>().join(&b"\r\n"[..])
}

/// M-06, M-07
#[test]
fn every_letter_becomes_what_is_written_beside_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("letters");
    let letters = files_below(&folder)
        .expect("the folder is there")
        .into_iter()
        .filter(|path| path.extension().is_some_and(|e| e == "eml"));
    let (mut count, mut wrong) = (0, String::new());
    for path in letters {
        let raw = fs::read(&path).expect("the letter can be read");
        let expected = fs::read_to_string(path.with_extension("txt")).unwrap_or_default();
        count += 1;
        let found = outcome(&raw);
        if found != expected {
            let _ = writeln!(wrong, "{}:\n{}", path.display(), difference(&expected, &found));
        }
        // On their way letters get the other ends of lines. So do the files in them that are not encoded, which makes them larger.
        let without_files = |text: &str| text.lines().filter(|line| !line.starts_with("files: ")).collect::<Vec<_>>().join("\n");
        let (expected, found) = (without_files(&expected), without_files(&outcome(&with_returns(&raw))));
        if found != expected {
            let _ = writeln!(wrong, "{} with CRLF:\n{}", path.display(), difference(&expected, &found));
        }
    }
    assert!(count >= 60, "the letters have moved");
    assert!(wrong.is_empty(), "letters became something else (- expected, + found):\n{wrong}");
}

#[test]
fn a_mailbox_is_several_letters() {
    let mailbox = b"From a Mon\nSubject: a\n\n>From b\n\nFrom b Tue\nSubject: b\n\nHello\n";
    assert_eq!(letters_of(mailbox), [b"Subject: a\n\nFrom b\n\n".to_vec(), b"Subject: b\n\nHello\n".to_vec()]);
    assert_eq!(letters_of(b"Subject: a\n"), [b"Subject: a\n".to_vec()]);
}
