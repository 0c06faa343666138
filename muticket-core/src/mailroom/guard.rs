//! Looks at the bytes of a letter before it is parsed, because a parser may need much time, memory or depth for hostile ones.
//!
//! It looks at every place where a field of this name could begin, also inside of texts, so it counts generously.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use mail_parser::{MessageParser, MimeHeaders as _};

use crate::mailroom::head;
use crate::mailroom::readable::Readable;

/// The most parts that have parts. The parser looks for the end of each in all that follows.
const MULTIPARTS: usize = 30;

/// The longest boundary in bytes (RFC 2046, 5.1.1). It is compared at every place of the letter that could be one.
const BOUNDARY: usize = 70;

/// The longest content type or disposition in bytes. The parser puts long ones together piece by piece.
const LONGEST: usize = 8 * 1024;

/// The most fields of one header. Each takes a hundred bytes of memory, however short it is. Letters of people have fewer than a hundred.
const FIELDS: usize = 10_000;

/// What may be parsed; `None` if the letter has too many parts, or too many fields.
///
/// A letter inside a letter is a file here. So the parser does not see that it is one, because it would read it, too: letters can lie
/// in each other a hundred thousand levels deep, and hide that in their encoding. Only names of types are changed, so all places in the
/// bytes stay the same.
pub(crate) fn readable(raw: &[u8], most: usize) -> Option<Readable<'_>> {
    let (mut contents, mut others, mut multiparts) = (0, 0, 0);
    let mut boundaries = BTreeSet::new();
    for (name, value) in fields(raw) {
        match name {
            Name::Encoding => others += 1,
            _ if value.len() > LONGEST => return None,
            Name::Disposition => others += 1,
            Name::Type => {
                contents += 1;
                if find(&raw[value.clone()].to_ascii_lowercase(), b"multipart", 0).is_some() {
                    multiparts += 1;
                    let boundary = boundary(&raw[value]);
                    if boundary.as_ref().is_some_and(|boundary| boundary.len() > BOUNDARY) {
                        return None;
                    }
                    boundaries.extend(boundary);
                }
            }
        }
        if contents > 2 * most + 10 || others > 4 * most + 20 || multiparts > MULTIPARTS {
            return None;
        }
    }
    let parts = parts(raw, &boundaries, 2 * most);
    if parts.len() > 2 * most || !has_few_fields(raw) {
        return None;
    }
    let mut readable = Readable::new(raw, &parts);
    let types = fields(&readable.bytes).filter(|(name, _)| matches!(name, Name::Type)).map(|(_, value)| value);
    for value in types.collect::<Vec<_>>() {
        hide(&mut readable.bytes, value);
    }
    Some(readable)
}

/// The fields that say what a part is, with the places of their values.
fn fields(raw: &[u8]) -> impl Iterator<Item = (Name, Range<usize>)> {
    let colons = raw.iter().enumerate().filter(|(_, byte)| **byte == b':').map(|(at, _)| at);
    colons.filter_map(|colon| Some((name_in_front(raw, colon)?, value_after(raw, colon))))
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

/// The places where the boundaries divide the letter, one more than the limit at most.
fn parts(raw: &[u8], boundaries: &BTreeSet<Vec<u8>>, limit: usize) -> Vec<usize> {
    if boundaries.is_empty() {
        return Vec::new();
    }
    let dashes = raw.windows(2).enumerate().filter(|(_, two)| *two == b"--").map(|(at, _)| at);
    let is_boundary = |at: &usize| boundaries.iter().any(|boundary| raw[at + 2..].starts_with(boundary));
    dashes.filter(is_boundary).take(limit + 1).collect()
}

/// Hides that the content type at this place is that of a letter or of several letters.
fn hide(bytes: &mut Cow<'_, [u8]>, place: Range<usize>) {
    let (start, lower) = (place.start, bytes[place].to_ascii_lowercase());
    for (kind, other) in [(&b"message"[..], &b"attache"[..]), (b"digest", b"mixed-")] {
        let mut from = 0;
        while let Some(at) = find(&lower, kind, from) {
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
    use bytes::Bytes;
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
            assert!(!has_letters(&readable(letter.as_bytes(), 10).unwrap().bytes), "{letter}");
        }
        for letter in
            ["", "a", "From: a\n\nb", "Content-Type: text/plain; name=\"message.eml\"\n\nYQ==", "Content-Type: text/digest/a"]
        {
            assert_eq!(readable(letter.as_bytes(), 10).map(|read| read.bytes.len()), Some(letter.len()), "{letter}");
        }
        let named = "Content-Type: text/plain; name=\"message.eml\"\n\nb";
        assert!(matches!(readable(named.as_bytes(), 10).map(|read| read.bytes), Some(Cow::Borrowed(_))));
    }

    /// The names of the files that the parser finds, and the bytes of all parts that have no parts.
    fn parts_of(letter: &Bytes, read: &Readable<'_>) -> Vec<(Option<String>, Bytes)> {
        let message = MessageParser::new().parse(read.bytes.as_ref()).unwrap_or_default();
        let parts = message.parts.iter().filter(|part| !matches!(part.body, PartType::Multipart(_)));
        parts.map(|part| (part.attachment_name().map(str::to_owned), read.body(letter, part))).collect()
    }

    /// M-07: a large part is found as it is, although its middle is not parsed.
    #[test]
    fn the_middle_of_a_large_part_is_not_parsed() {
        let (text, small, large) = ("a".repeat(400_000), "b".repeat(300_000), "Y\r\n".repeat(1_000_000));
        let letter = Bytes::from(format!(
            "From: a@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{text}\r\n\
             --b\r\nContent-Type: text/x; charset=koi8-r; name=one\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{small}\r\n\
             --b\r\nContent-Type: message/rfc822; name=two\r\nContent-Transfer-Encoding: base64\r\n\r\n{large}\r\n--b--\r\n"
        ));
        let read = readable(&letter, 1000).unwrap();
        assert!(read.bytes.len() < 900_000 && !has_letters(&read.bytes), "{}", read.bytes.len());
        let expected = [(None, text.into()), (Some("one".to_owned()), small.into()), (Some("two".to_owned()), large.into())];
        assert!(parts_of(&letter, &read) == expected);
        let only = Bytes::from(format!("From: a@x.example\r\n\r\n{}", "a\r\n".repeat(1_000_000)));
        let read = readable(&only, 1000).unwrap();
        assert!(read.bytes.len() < 300_000 && parts_of(&only, &read) == [(None, only.slice(21..))]);
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
            if let Some(Readable { bytes, .. }) = readable(raw.as_bytes(), 10) {
                prop_assert!(!has_letters(&bytes) && bytes.len() == raw.len());
            }
        }
    }
}
