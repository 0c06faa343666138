//! Looks at the bytes of a letter before it is parsed, because a parser may need much time, memory or depth for hostile ones.
//!
//! It looks at every place where a field of this name could begin, also inside of texts, so it counts generously.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use mail_parser::{MessageParser, MimeHeaders as _};

use crate::mailroom::head;

/// The most parts that have parts. The parser looks for the end of each in all that follows.
const MULTIPARTS: usize = 30;

/// The longest boundary in bytes (RFC 2046, 5.1.1). It is compared at every place of the letter that could be one.
const BOUNDARY: usize = 70;

/// The longest content type or disposition in bytes. The parser puts long ones together piece by piece.
const LONGEST: usize = 8 * 1024;

/// The most fields of one header. Each takes a hundred bytes of memory, however short it is. Letters of people have fewer than a hundred.
const FIELDS: usize = 10_000;

/// The bytes that may be parsed; `None` if the letter has too many parts, or too many fields.
///
/// A letter inside a letter is a file here. So the parser does not see that it is one, because it would read it, too: letters can lie
/// in each other a hundred thousand levels deep, and hide that in their encoding. Only names of types are changed, so all places in the
/// bytes stay the same.
pub(crate) fn readable(raw: &[u8], most: usize) -> Option<Cow<'_, [u8]>> {
    let mut bytes = Cow::Borrowed(raw);
    let (mut contents, mut others, mut multiparts) = (0, 0, 0);
    let mut boundaries = BTreeSet::new();
    for (colon, _) in raw.iter().enumerate().filter(|(_, byte)| **byte == b':') {
        let Some(name) = name_in_front(raw, colon) else { continue };
        let value = value_after(raw, colon);
        match name {
            Name::Encoding => others += 1,
            _ if value.len() > LONGEST => return None,
            Name::Disposition => others += 1,
            Name::Type => {
                contents += 1;
                let lower = raw[value.clone()].to_ascii_lowercase();
                if find(&lower, b"multipart", 0).is_some() {
                    multiparts += 1;
                    let boundary = boundary(&raw[value.clone()]);
                    if boundary.as_ref().is_some_and(|boundary| boundary.len() > BOUNDARY) {
                        return None;
                    }
                    boundaries.extend(boundary);
                }
                hide(&mut bytes, &lower, value.start);
            }
        }
        if contents > 2 * most + 10 || others > 4 * most + 20 || multiparts > MULTIPARTS {
            return None;
        }
    }
    (parts(raw, &boundaries, 2 * most) <= 2 * most && has_few_fields(raw)).then_some(bytes)
}

/// Whether no header has very many fields: that of the letter, or that of a part.
fn has_few_fields(raw: &[u8]) -> bool {
    // The number of fields of the header that is open, if one may be.
    let mut fields = Some(0_usize);
    for line in raw.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        fields = match fields {
            // The line above a part.
            _ if line.starts_with(b"--") => Some(0),
            Some(count) if line.starts_with(b" ") || line.starts_with(b"\t") => Some(count),
            Some(count) if head::name(line).is_some() => Some(count + 1),
            _ => None,
        };
        if fields.is_some_and(|count| count > FIELDS) {
            return false;
        }
    }
    true
}

enum Name {
    Type,
    Encoding,
    Disposition,
}

/// The name of a field that ends at the colon. The parser ignores blanks in names.
fn name_in_front(raw: &[u8], colon: usize) -> Option<Name> {
    let is = |name: &[u8]| {
        let mut before = raw[..colon].iter().rev().filter(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\x0c'));
        name.iter().rev().all(|expected| before.next().is_some_and(|byte| byte.eq_ignore_ascii_case(expected)))
    };
    let names = [
        (Name::Type, &b"content-type"[..]),
        (Name::Encoding, b"content-transfer-encoding"),
        (Name::Disposition, b"content-disposition"),
    ];
    names.into_iter().find(|(_, name)| is(name)).map(|(name, _)| name)
}

/// The value of a field, with the lines that continue it.
fn value_after(raw: &[u8], colon: usize) -> Range<usize> {
    let mut end = colon + 1;
    while let Some(line) = raw[end..].iter().take(2 * LONGEST).position(|byte| *byte == b'\n') {
        end += line + 1;
        let goes_on = raw.get(end).is_some_and(|byte| matches!(byte, b' ' | b'\t'));
        if !goes_on || end - colon > 2 * LONGEST {
            return colon + 1..end;
        }
    }
    colon + 1..raw.len().min(end + 2 * LONGEST)
}

/// The boundary of a content type, as the parser reads it.
fn boundary(value: &[u8]) -> Option<Vec<u8>> {
    let field = [b"Content-Type:", value, b"\n\n"].concat();
    let message = MessageParser::new().parse_headers(&field)?;
    let boundary = message.parts.first()?.content_type()?.attribute("boundary")?;
    Some(boundary.as_bytes().to_vec())
}

/// How many parts the boundaries divide the letter into, counted up to a limit.
fn parts(raw: &[u8], boundaries: &BTreeSet<Vec<u8>>, limit: usize) -> usize {
    let dashes = raw.windows(2).enumerate().filter(|(_, two)| *two == b"--").map(|(at, _)| &raw[at + 2..]);
    let is_boundary = |after: &&[u8]| boundaries.iter().any(|boundary| after.starts_with(boundary));
    if boundaries.is_empty() { 0 } else { dashes.filter(is_boundary).take(limit + 1).count() }
}

/// Hides that a content type, which begins at `start`, is that of a letter or of several letters.
fn hide(bytes: &mut Cow<'_, [u8]>, lower: &[u8], start: usize) {
    for (kind, other) in [(&b"message"[..], &b"attache"[..]), (b"digest", b"mixed-")] {
        let mut from = 0;
        while let Some(at) = find(lower, kind, from) {
            from = at + kind.len();
            let (before, after) = (&lower[..at], &lower[from..]);
            let is_type = after
                .iter()
                .find(|byte| matches!(byte, b'/' | b'(' | b';' | b'='))
                .is_some_and(|byte| matches!(byte, b'/' | b'('));
            let is_subtype =
                before.iter().rev().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| matches!(byte, b'/' | b')'));
            let is_letter = is_type && [&b"rfc822"[..], b"global"].iter().any(|name| find(after, name, 0).is_some());
            if (kind == b"message" && is_letter) || (kind == b"digest" && is_subtype) {
                bytes.to_mut()[start + at..start + from].copy_from_slice(other);
            }
        }
    }
}

fn find(text: &[u8], word: &[u8], from: usize) -> Option<usize> {
    text.get(from..)?.windows(word.len()).position(|window| window == word).map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use mail_parser::PartType;
    use proptest::prelude::*;

    use super::*;

    /// What the parser reads as a letter in a letter.
    fn has_letters(raw: &[u8]) -> bool {
        let message = MessageParser::new().parse(raw).unwrap_or_default();
        message.parts.iter().any(|part| matches!(part.body, PartType::Message(_)))
    }

    /// M-07
    #[test]
    fn a_letter_in_a_letter_is_not_read() {
        for letter in [
            "Content-Type: message/rfc822\n\nFrom: a\n\nb",
            "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nRnJvbTogYQoKYg==",
            "Content-Transfer-Encoding: Quoted-Printable\r\nContent-Type: MESSAGE/global\r\n\r\nFrom: a\n\na",
            "Content-Type :\n message/rfc822\n\nFrom: a\n\nb",
            " Content-Type: message/rfc822\n\nFrom: a\n\nb",
            "Cont ent - Type: message/rfc822\n\nFrom: a\n\nb",
            "Content-Type: multipart/digest; boundary=a\n\n--a\n\nFrom: a\n\nb\n--a--",
            "Content-Type: multipart/mixed; boundary=a\n\n--aContent-Type: message/rfc822\n\nFrom: a\n\nb\n--a--",
        ] {
            assert!(has_letters(letter.as_bytes()), "{letter}");
            assert!(!has_letters(&readable(letter.as_bytes(), 10).unwrap()), "{letter}");
        }
        for letter in
            ["", "a", "From: a\n\nb", "Content-Type: text/plain; name=\"message.eml\"\n\nYQ==", "Content-Type: text/digest/a"]
        {
            assert_eq!(readable(letter.as_bytes(), 10).map(|bytes| bytes.len()), Some(letter.len()), "{letter}");
        }
        let named = "Content-Type: text/plain; name=\"message.eml\"\n\nb";
        assert!(matches!(readable(named.as_bytes(), 10), Some(Cow::Borrowed(_))));
    }

    /// M-07
    #[test]
    fn too_many_parts_are_not_parsed() {
        let head = "Content-Type: multipart/mixed; boundary=\"b c\"\n\n";
        assert!(readable(format!("{head}{}", "--b c\n\na\n".repeat(20)).as_bytes(), 10).is_some());
        assert!(readable(format!("{head}{}", "--b c\n\na\n".repeat(21)).as_bytes(), 10).is_none());
        assert!(readable(format!("{head}{}", "--b d\n\na\n".repeat(21)).as_bytes(), 10).is_some());
        assert!(readable("Content-Transfer-Encoding: base64\n".repeat(61).as_bytes(), 10).is_none());
        assert!(readable(head.repeat(MULTIPARTS + 1).as_bytes(), 1000).is_none());
        let boundary = |length| format!("Content-Type: multipart/mixed; boundary={}\n\na", "b".repeat(length));
        assert!(readable(boundary(BOUNDARY).as_bytes(), 10).is_some());
        assert!(readable(boundary(BOUNDARY + 1).as_bytes(), 10).is_none());
        assert!(readable(format!("Content-Type: text/plain; {}", "a=b;".repeat(LONGEST)).as_bytes(), 10).is_none());
    }

    #[test]
    fn a_header_of_very_many_fields_is_not_parsed() {
        let many = |count: usize| "a:\n".repeat(count);
        for (front, end) in [("", ""), ("Content-Type: multipart/mixed; boundary=b\n\n--b\n", "\n\na\n--b--")] {
            assert!(readable(format!("{front}{}{end}", many(FIELDS - 1)).as_bytes(), 1000).is_some(), "{front}");
            assert!(readable(format!("{front}{}{end}", many(FIELDS + 1)).as_bytes(), 1000).is_none(), "{front}");
        }
        // A long text is no header.
        assert!(readable(format!("From: a\n\n{}", many(50_000)).as_bytes(), 1000).is_some());
        assert!(readable(format!("From: a\n\n--b\ntext\n{}", many(50_000)).as_bytes(), 1000).is_some());
    }

    proptest! {
        #[test]
        fn no_letter_in_a_letter_gets_through(
            raw in "(Content-Type|Content-Transfer-Encoding|:|;|/|\\(|\\)|\"|=|boundary=b|--b|--|\r\n|\n| |multipart|mixed|digest|message|rfc822|global|base64|text|a){0,60}",
        ) {
            if let Some(bytes) = readable(raw.as_bytes(), 10) {
                prop_assert!(!has_letters(&bytes) && bytes.len() == raw.len());
            }
        }
    }
}
