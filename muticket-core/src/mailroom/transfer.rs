//! The bytes of a part of a letter, without the encoding of its way (RFC 2045, 6). What is broken is read as far as it goes.

use std::borrow::Cow;

use mail_parser::{Encoding, MessagePart, MimeHeaders as _, PartType};

/// The bytes of a part of the letter `raw`. Of a text these are the bytes before its character set was looked at.
pub(crate) fn bytes_of<'m>(raw: &'m [u8], part: &'m MessagePart<'_>) -> Cow<'m, [u8]> {
    let encoded = raw.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default();
    match &part.body {
        PartType::Multipart(_) => Cow::Borrowed(&[]),
        // The parser has done it already.
        PartType::Binary(Cow::Owned(bytes)) | PartType::InlineBinary(Cow::Owned(bytes)) if way(part) == Encoding::Base64 => {
            Cow::Borrowed(bytes)
        }
        _ => decoded(encoded, way(part)),
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

fn decoded(raw: &[u8], encoding: Encoding) -> Cow<'_, [u8]> {
    match encoding {
        Encoding::None => Cow::Borrowed(raw),
        Encoding::Base64 if is_words(raw) => Cow::Borrowed(raw),
        Encoding::Base64 => Cow::Owned(base64(raw)),
        Encoding::QuotedPrintable => Cow::Owned(quoted_printable(raw)),
    }
}

/// Whether there are more blanks between words than lines. Some servers name an encoding that they did not use.
fn is_words(raw: &[u8]) -> bool {
    let lines = raw.iter().filter(|byte| **byte == b'\n').count() + 1;
    raw.windows(3).filter(|three| three[1] == b' ' && !three[0].is_ascii_whitespace() && !three[2].is_ascii_whitespace()).count()
        > lines
}

/// Reads base64 and skips what is none. It ends at its padding, because programs on the way append lines behind it.
fn base64(raw: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(raw.len() / 4 * 3);
    let (mut group, mut count) = (0_u32, 0);
    for byte in raw {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' if count > 1 => break,
            _ => continue,
        };
        group = (group << 6) | u32::from(value);
        count += 1;
        if count == 4 {
            bytes.extend_from_slice(&group.to_be_bytes()[1..]);
            (group, count) = (0, 0);
        }
    }
    // Two of four characters are one byte, and three are two.
    let rest = (group << (6 * (4 - count))).to_be_bytes();
    bytes.extend_from_slice(&rest[1..][..usize::from(count > 1) + usize::from(count > 2)]);
    bytes
}

/// Reads quoted-printable. A `=` that begins no code is itself.
fn quoted_printable(raw: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(raw.len());
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        let end = line.iter().rposition(|byte| !byte.is_ascii_whitespace()).map_or(0, |at| at + 1);
        // A line that ends with `=` goes on. The last one has lost its end to the boundary.
        let (text, ending) = match line[..end].strip_suffix(b"=") {
            Some(text) => (text, &b""[..]),
            None => (&line[..end], if line.ends_with(b"\n") { &b"\n"[..] } else { &b""[..] }),
        };
        let mut at = 0;
        while let Some(byte) = text.get(at) {
            let code = if *byte == b'=' { text.get(at + 1..at + 3).and_then(code) } else { None };
            bytes.push(code.unwrap_or(*byte));
            at += if code.is_some() { 3 } else { 1 };
        }
        bytes.extend_from_slice(ending);
    }
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
            ("", ""),
            ("Q", ""),
        ] {
            assert_eq!(String::from_utf8_lossy(&base64(raw.as_bytes())), text, "{raw}");
        }
        assert_eq!(decoded(b"This is no base64", Encoding::Base64), Cow::Borrowed(b"This is no base64"));
        for (raw, text) in [
            ("Gr=C3=BC=C3=9Fe", "Grüße"),
            ("a=3d3 b=\r\nc  \r\nd", "a=3 bc\nd"),
            ("100 = 100 and a=zz=", "100 = 100 and a=zz"),
            ("a=\n\nb=4", "a\nb=4"),
        ] {
            assert_eq!(String::from_utf8_lossy(&quoted_printable(raw.as_bytes())), text, "{raw}");
        }
    }

    proptest! {
        #[test]
        fn no_part_grows(raw in proptest::collection::vec(any::<u8>(), 0..300), codes in "(=|[0-9A-Fa-f]|\r|\n| |é){0,60}") {
            for raw in [&raw[..], codes.as_bytes()] {
                prop_assert!(base64(raw).len() <= raw.len() && quoted_printable(raw).len() <= raw.len());
            }
        }
    }
}
