//! What makes two copies the same letter (M-02).

use crate::blob::{Digest, Hasher};

/// Header fields that servers add or change on the way, so that a second copy of a letter has others.
const ADDED: [&str; 9] = [
    "received",
    "return-path",
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "authentication-results",
    "x-received",
    "x-spam-status",
    "received-spf",
];

/// The digest of a letter without the header fields that servers add on the way.
pub(crate) fn digest(raw: &[u8]) -> Digest {
    let mut hasher = Hasher::default();
    let (mut rest, mut skips) = (raw, false);
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
        let line = &rest[..end];
        if line.iter().all(|byte| matches!(byte, b'\r' | b'\n')) {
            break;
        }
        let goes_on = line.first().is_some_and(|byte| matches!(byte, b' ' | b'\t'));
        if !goes_on {
            skips = is_added(line);
        }
        if !skips {
            hasher.update(line);
        }
        rest = &rest[end..];
    }
    hasher.update(rest);
    hasher.digest()
}

/// Whether the line begins one of these fields, or one of ARC, which every server adds anew.
fn is_added(line: &[u8]) -> bool {
    let name = line.split(|byte| *byte == b':').next().unwrap_or_default().trim_ascii().to_ascii_lowercase();
    name.starts_with(b"arc-") || ADDED.iter().any(|added| added.as_bytes() == name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LETTER: &str = "From: anna@x.example\r\nSubject: a\r\n b\r\n\r\nReceived: in the text\r\n";

    #[test]
    fn what_servers_add_makes_no_other_letter() {
        let same = [
            format!("Return-Path: <anna@x.example>\r\nReceived: by mx\r\n\tfor support;\r\n now\r\n{LETTER}"),
            format!("ARC-Seal: i=1\r\nAuthentication-Results: mx; dmarc=pass\r\n{LETTER}"),
            LETTER.replace("Subject", "Delivered-To: a@b.example\r\nSubject"),
        ];
        for letter in same {
            assert_eq!(digest(letter.as_bytes()), digest(LETTER.as_bytes()), "{letter}");
        }
        let others = [
            LETTER.replace("in the text", "in the next"),
            LETTER.replace("Received: in the text", ""),
            LETTER.replace(" b\r\n", ""),
            LETTER.replace("anna", "ben"),
            format!("Message-ID: <1@x.example>\r\n{LETTER}"),
        ];
        for letter in others {
            assert_ne!(digest(letter.as_bytes()), digest(LETTER.as_bytes()), "{letter}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_have_a_digest(raw in proptest::collection::vec(any::<u8>(), 0..400)) {
            prop_assert_eq!(digest(&raw), digest(&raw));
        }
    }
}
