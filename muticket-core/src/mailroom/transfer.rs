//! The bytes of a part of a letter, without the encoding of its way (RFC 2045, 6). What is broken is read as far as it goes.

use std::borrow::Cow;

use bytes::Bytes;
use mail_parser::{Encoding, MessagePart, MimeHeaders as _};

/// The bytes of a part as they are in the letter. They are decoded when they are needed, so a letter and what is in it are in memory once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Encoded {
    bytes: Bytes,
    way: Encoding,
}

impl Encoded {
    /// The bytes of the part.
    pub(crate) fn new(bytes: Bytes, part: &MessagePart<'_>) -> Self {
        Self { bytes, way: way(part) }
    }

    /// The decoded bytes. If they have no encoding, they are not copied.
    pub(crate) fn decoded(&self) -> Bytes {
        match self.beginning(usize::MAX) {
            Cow::Borrowed(bytes) => self.bytes.slice_ref(bytes),
            Cow::Owned(bytes) => bytes.into(),
        }
    }

    /// At most so many of the decoded bytes.
    pub(crate) fn beginning(&self, most: usize) -> Cow<'_, [u8]> {
        decoded(&self.bytes, self.way, most)
    }
}

/// The encoding that a part says it has. The parser forgets it when it is broken.
fn way(part: &MessagePart<'_>) -> Encoding {
    let said = part.content_transfer_encoding().map(|name| name.trim().to_ascii_lowercase());
    match said.as_deref() {
        Some("base64") => Encoding::Base64,
        Some("quoted-printable") => Encoding::QuotedPrintable,
        _ => Encoding::None,
    }
}

fn decoded(raw: &[u8], encoding: Encoding, most: usize) -> Cow<'_, [u8]> {
    match encoding {
        Encoding::Base64 if !is_words(raw) => Cow::Owned(base64(raw, most)),
        Encoding::QuotedPrintable => Cow::Owned(quoted_printable(raw, most)),
        Encoding::Base64 | Encoding::None => Cow::Borrowed(&raw[..raw.len().min(most)]),
    }
}

/// Whether there are more blanks between words than lines. Some servers name an encoding that they did not use.
fn is_words(raw: &[u8]) -> bool {
    let lines = raw.iter().filter(|byte| **byte == b'\n').count() + 1;
    raw.windows(3).filter(|three| three[1] == b' ' && !three[0].is_ascii_whitespace() && !three[2].is_ascii_whitespace()).count()
        > lines
}

/// Reads base64 and skips all other bytes. It ends at its padding if something else follows, because programs on the way append lines
/// behind it. Some programs write several pieces, each with its padding.
fn base64(raw: &[u8], most: usize) -> Vec<u8> {
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace() || matches!(byte, b'+' | b'/' | b'=');
    let last_other = raw.iter().rposition(|byte| !is_base64(byte));
    let mut bytes = Vec::with_capacity((raw.len() / 4 * 3).min(most));
    let (mut group, mut count) = (0_u32, 0);
    for (at, byte) in raw.iter().enumerate() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' if count > 1 => {
                bytes.extend(last_bytes(group, count));
                (group, count) = (0, 0);
                if last_other.is_some_and(|other| other > at) {
                    break;
                }
                continue;
            }
            _ => continue,
        };
        group = (group << 6) | u32::from(value);
        count += 1;
        if count == 4 {
            bytes.extend_from_slice(&group.to_be_bytes()[1..]);
            (group, count) = (0, 0);
            if bytes.len() >= most {
                break;
            }
        }
    }
    bytes.extend(last_bytes(group, count));
    bytes.truncate(most);
    bytes
}

/// The bytes of a group that is not full: two characters are one byte, and three are two.
fn last_bytes(group: u32, count: u32) -> impl Iterator<Item = u8> {
    let [_, bytes @ ..] = (group << (6 * (4 - count))).to_be_bytes();
    bytes.into_iter().take(usize::from(count > 1) + usize::from(count > 2))
}

/// Reads quoted-printable. A `=` that begins no code is itself.
fn quoted_printable(raw: &[u8], most: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(raw.len().min(most));
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        let end = line.iter().rposition(|byte| !byte.is_ascii_whitespace()).map_or(0, |at| at + 1);
        // A line that ends with `=` goes on. The last one has lost its end to the boundary.
        let (text, ending) = match line[..end].strip_suffix(b"=") {
            Some(text) => (text, &b""[..]),
            None => (&line[..end], if line.ends_with(b"\n") { &b"\n"[..] } else { &b""[..] }),
        };
        let mut at = 0;
        while let Some(byte) = text.get(at)
            && bytes.len() < most
        {
            let code = if *byte == b'=' { text.get(at + 1..at + 3).and_then(code) } else { None };
            bytes.push(code.unwrap_or(*byte));
            at += if code.is_some() { 3 } else { 1 };
        }
        bytes.extend_from_slice(ending);
        if bytes.len() >= most {
            break;
        }
    }
    bytes.truncate(most);
    bytes
}

fn code(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok());
    Some((digit(*digits.first()?)? << 4) | digit(*digits.get(1)?)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// M-07
    #[test]
    fn what_is_broken_is_read_as_far_as_it_goes() {
        for (raw, text) in [
            ("R3LDvMOfZQ==", "Grüße"),
            ("R3LD\r\nvMOf ZQ", "Grüße"),
            ("R3!LDvMOfZQ==\r\n-- \r\nlist of users", "Grüße"),
            ("R3LDvA==\r\nw59l\r\n", "Grüße"),
            ("", ""),
            ("Q", ""),
        ] {
            assert_eq!(String::from_utf8_lossy(&base64(raw.as_bytes(), usize::MAX)), text, "{raw}");
        }
        assert_eq!(decoded(b"This is no base64", Encoding::Base64, usize::MAX), Cow::Borrowed(b"This is no base64"));
        for (raw, text) in [
            ("Gr=C3=BC=C3=9Fe", "Grüße"),
            ("a=3d3 b=\r\nc  \r\nd", "a=3 bc\nd"),
            ("100 = 100 and a=zz=", "100 = 100 and a=zz"),
            ("a=\n\nb=4", "a\nb=4"),
        ] {
            assert_eq!(String::from_utf8_lossy(&quoted_printable(raw.as_bytes(), usize::MAX)), text, "{raw}");
        }
    }

    proptest! {
        #[test]
        fn no_part_grows(raw in proptest::collection::vec(any::<u8>(), 0..300), codes in "(=|[0-9A-Fa-f]|\r|\n| |é){0,60}") {
            for raw in [&raw[..], codes.as_bytes()] {
                prop_assert!(base64(raw, usize::MAX).len() <= raw.len() && quoted_printable(raw, usize::MAX).len() <= raw.len());
            }
        }

        #[test]
        fn the_beginning_of_a_part_is_where_it_begins(raw in "([A-Za-z0-9+/]{4}|=|=3D|\r\n| |é){0,60}", most in 0_usize..90) {
            for way in [Encoding::None, Encoding::Base64, Encoding::QuotedPrintable] {
                let whole = decoded(raw.as_bytes(), way, usize::MAX);
                prop_assert_eq!(&*decoded(raw.as_bytes(), way, most), &whole[..whole.len().min(most)]);
            }
        }
    }
}
