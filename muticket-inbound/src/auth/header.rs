//! Looks at the header of a letter before its signatures are checked. What is read differently by different programs makes no signature
//! count, because then the text that a person reads may not be the one that was signed (RFC 6376, 8.15).

/// The largest header whose signatures count, in bytes. A signature may make a checker look through the header for each of its names.
const LARGEST: usize = 256 * 1024;

/// Fields that a letter has at most once (RFC 5322, 3.6; RFC 2045). Of two, a program may show one and check the other.
const ONCE: [&[u8]; 15] = [
    b"from",
    b"sender",
    b"reply-to",
    b"to",
    b"cc",
    b"bcc",
    b"message-id",
    b"in-reply-to",
    b"references",
    b"subject",
    b"date",
    b"mime-version",
    b"content-type",
    b"content-transfer-encoding",
    b"content-disposition",
];

/// What the header of a letter says before anything is parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    /// The number of fields `From`.
    pub(super) senders: usize,
    /// The number of fields `DKIM-Signature`.
    pub(super) signatures: usize,
    /// Whether all programs read the letter in the same way, so that its signatures can count.
    pub(super) is_plain: bool,
}

/// Looks at the header of a letter. Any bytes can be looked at.
pub(super) fn look(raw: &[u8]) -> Header {
    let mut found = Header { senders: 0, signatures: 0, is_plain: !has_lone_return(raw) };
    let (mut seen, mut size) = ([false; ONCE.len()], 0);
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        size += line.len();
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        let is_folded = matches!(line.first(), Some(b' ' | b'\t'));
        if is_folded {
            // A folded line that is blank ends the header for some programs.
            found.is_plain &= size > line.len() + 2 && !line.trim_ascii().is_empty();
            continue;
        }
        let Some(end) = line.iter().position(|byte| *byte == b':') else {
            found.is_plain = false;
            continue;
        };
        let name = line[..end].trim_ascii_end();
        found.is_plain &= name.len() == end && end > 0 && name.iter().all(u8::is_ascii_graphic);
        let is = |known: &[u8]| name.eq_ignore_ascii_case(known);
        found.senders += usize::from(is(b"from"));
        found.signatures += usize::from(is(b"dkim-signature"));
        if let Some(at) = ONCE.iter().position(|known| is(known)) {
            found.is_plain &= !seen[at];
            seen[at] = true;
        }
    }
    found.is_plain &= size <= LARGEST;
    found
}

/// Whether a line break is half a one. Signatures do not cover it, and programs read it differently.
fn has_lone_return(raw: &[u8]) -> bool {
    raw.iter().zip(raw.iter().skip(1).chain([&0])).any(|(byte, next)| *byte == b'\r' && *next != b'\n')
}

/// The letter with the line ends that were signed. A mail server may hand it over with those of the machine.
pub(super) fn with_signed_line_ends(raw: &[u8]) -> Vec<u8> {
    let mut all = Vec::with_capacity(raw.len() + raw.len() / 32);
    let mut before = 0;
    for byte in raw {
        if *byte == b'\n' && before != b'\r' {
            all.push(b'\r');
        }
        all.push(*byte);
        before = *byte;
    }
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn headers_as_a_table() {
        let plain = |senders, signatures| Header { senders, signatures, is_plain: true };
        let odd = |senders, signatures| Header { is_plain: false, ..plain(senders, signatures) };
        let cases: [(&str, Header); 18] = [
            ("From: a\r\nDKIM-Signature: v=1;\r\n\tb=c\r\nfrom-x: b\r\n\r\nFrom: c\r\n", plain(1, 1)),
            ("From: a\nDKIM-Signature: b\n\nc\n\n", plain(1, 1)),
            ("dkim-signature: a\r\nDKIM-SIGNATURE: b\r\nReceived: c\r\nReceived: d\r\n\r\n", plain(0, 2)),
            ("", plain(0, 0)),
            ("\r\nFrom: a\r\n", plain(0, 0)),
            ("From: a\r\nFROM: b\r\n\r\n", odd(2, 0)),
            ("From : a\r\n\r\n", odd(1, 0)),
            ("From: a\r\nSubject: b\r\nSubject: c\r\n\r\n", odd(1, 0)),
            ("Content-Type: a\r\ncontent-type: b\r\n\r\n", odd(0, 0)),
            ("From: a\r\nno field\r\nFrom: b\r\n\r\n", odd(2, 0)),
            ("From x@y Mon Nov 30 12:00:00\r\nFrom: a\r\n\r\n", odd(1, 0)),
            (": a\r\nFrom: a\r\n\r\n", odd(1, 0)),
            ("Fröm: a\r\nFrom: a\r\n\r\n", odd(1, 0)),
            (" a: b\r\nFrom: a\r\n\r\n", odd(1, 0)),
            ("From: a\r\n \r\nFrom: b\r\n\r\n", odd(2, 0)),
            ("From: a\r\n\r\na\rb", odd(1, 0)),
            ("From: a\r\n\r\na\r", odd(1, 0)),
            ("From: a\r\r\n\r\n", odd(1, 0)),
        ];
        for (raw, expected) in cases {
            assert_eq!(look(raw.as_bytes()), expected, "{raw:?}");
        }
        let long = format!("From: a\r\n{}\r\n", "X: b\r\n".repeat(60_000));
        assert_eq!(look(long.as_bytes()), odd(1, 0));
    }

    #[test]
    fn line_ends_are_those_that_were_signed() {
        assert_eq!(with_signed_line_ends(b"a\nb\r\n\n\rc\n"), b"a\r\nb\r\n\r\n\rc\r\n");
    }

    proptest! {
        #[test]
        fn any_bytes_have_a_header(raw in "(From|DKIM-Signature|:| |\\r|\\n|a|ä|\u{0}){0,40}") {
            let found = look(raw.as_bytes());
            prop_assert!(!found.is_plain || found.senders <= 1);
            // What line ends are used makes no difference.
            let other = look(&with_signed_line_ends(raw.as_bytes()));
            prop_assert_eq!((found.senders, found.signatures), (other.senders, other.signatures));
        }

        #[test]
        fn any_bytes_get_the_line_ends_that_were_signed(bytes in prop::collection::vec(any::<u8>(), 0..200), form in "[a\r\n]{0,40}") {
            for raw in [&bytes[..], form.as_bytes()] {
                let _ = look(raw);
                let signed = with_signed_line_ends(raw);
                prop_assert_eq!(&with_signed_line_ends(&signed), &signed);
                let without = |raw: &[u8]| raw.iter().copied().filter(|byte| !b"\r\n".contains(byte)).collect::<Vec<_>>();
                prop_assert_eq!(without(&signed), without(raw));
                prop_assert!(signed.iter().enumerate().all(|(at, byte)| *byte != b'\n' || (at > 0 && signed[at - 1] == b'\r')));
            }
        }
    }
}
