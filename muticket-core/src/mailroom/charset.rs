//! The text of bytes whose character set is named, wrongly named or not named (M-07).

use chardetng::EncodingDetector;
use encoding_rs::{Encoding, GB18030, SHIFT_JIS, UTF_8, WINDOWS_1252};
use mail_parser::decoders::charsets::map::charset_decoder;

/// How many bytes are looked at to guess a character set.
const LOOKED_AT: usize = 64 * 1024;

/// Character sets that mail programs name, and that the web does not have or has under another name.
const OTHER_NAMES: [(&str, &Encoding); 6] = [
    ("cp932", SHIFT_JIS),
    ("ms932", SHIFT_JIS),
    ("cp936", GB18030),
    ("utf8mb4", UTF_8),
    ("utf-8-sig", UTF_8),
    ("ansi", WINDOWS_1252),
];

/// The text of these bytes. `name` is what the letter says about them. A byte order mark and valid UTF-8 count more, and where the name
/// fits the bytes nowhere, it is guessed. In HTML, UTF-7 is not read, because there it hides tags.
pub(crate) fn decode(bytes: &[u8], name: Option<&str>, is_html: bool) -> String {
    let name = name.unwrap_or_default().trim().trim_matches(['"', '\'']).to_ascii_lowercase();
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    // ASCII has no such bytes, so the name says nothing about them.
    let named = named(&name).filter(|_| bytes.is_ascii() || !["us-ascii", "ascii", "ansi_x3.4-1968"].contains(&name.as_str()));
    // Many programs send UTF-8 and name what their users have at home. Text of a character set of one byte is hardly ever valid UTF-8.
    let is_utf8 = !bytes.is_ascii() && str::from_utf8(bytes).is_ok();
    if is_utf8 && named.is_none_or(Encoding::is_single_byte) && (named.is_some() || parsers_own(&name).is_none()) {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    if let Some(encoding) = named {
        let (text, has_errors) = encoding.decode_without_bom_handling(bytes);
        // A few wrong bytes are damage, and many are another character set.
        let wrong = || text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
        if !has_errors || wrong() * 10 <= text.chars().filter(|c| !c.is_ascii()).count() {
            return text.into_owned();
        }
    } else if let Some(decoder) = parsers_own(&name).filter(|_| !(is_html && name.starts_with("utf-7"))) {
        return decoder(bytes);
    }
    guessed(bytes)
}

/// The text of bytes that nobody named.
pub(crate) fn guessed(bytes: &[u8]) -> String {
    // Escapes may be those of a Japanese character set.
    if let Ok(text) = str::from_utf8(bytes)
        && !text.contains('\u{1b}')
    {
        return text.to_owned();
    }
    let mut detector = EncodingDetector::new();
    detector.feed(&bytes[..bytes.len().min(LOOKED_AT)], true);
    detector.guess(None, true).decode_without_bom_handling(bytes).0.into_owned()
}

/// The decoder for character sets that only the parser has: UTF-7, and those of old computers.
fn parsers_own(name: &str) -> Option<fn(&[u8]) -> String> {
    let is_known_here = Encoding::for_label(name.as_bytes()).is_some_and(|encoding| encoding != encoding_rs::REPLACEMENT);
    if is_known_here { None } else { charset_decoder(name.as_bytes()) }
}

fn named(name: &str) -> Option<&'static Encoding> {
    let other = OTHER_NAMES.iter().find(|(other, _)| *other == name).map(|(_, encoding)| *encoding);
    let known = other.or_else(|| Encoding::for_label(name.as_bytes()));
    // The web reads nothing at all in the character sets that it calls `replacement`.
    known.filter(|encoding| *encoding != encoding_rs::REPLACEMENT)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// M-07
    #[test]
    fn character_sets_as_a_table() {
        let koi8 = b"\xf0\xd2\xc9\xd7\xc5\xd4, \xd0\xd2\xc9\xce\xd4\xc5\xd2 \xce\xc5 \xd0\xc5\xde\xc1\xd4\xc1\xc5\xd4";
        let cases: [(&[u8], Option<&str>, &str); 17] = [
            (b"Gr\xfc\xdfe, 5 \x80", Some("iso-8859-1"), "Grüße, 5 €"),
            (b"Gr\xc3\xbc\xc3\x9fe", Some("iso-8859-1"), "Grüße"),
            (b"Gr\xc3\xbc\xc3\x9fe", Some("us-ascii"), "Grüße"),
            (b"Gr\xc3\xbc\xc3\x9fe", Some("no such set"), "Grüße"),
            (b"Gr\xc3\xbc\xc3\x9fe", None, "Grüße"),
            (b"Viele Gr\xfc\xdfe aus K\xf6ln", Some("us-ascii"), "Viele Grüße aus Köln"),
            (b"Viele Gr\xfc\xdfe aus K\xf6ln", None, "Viele Grüße aus Köln"),
            (b"Viele Gr\xfc\xdfe aus K\xf6ln", Some("utf-8"), "Viele Grüße aus Köln"),
            (koi8, Some("KOI8-R"), "Привет, принтер не печатает"),
            (koi8, None, "Привет, принтер не печатает"),
            (b"\xc4\xe3\xba\xc3", Some("gb2312"), "你好"),
            (b"\x82\xb1\x82\xf1\x82\xc9\x82\xbf\x82\xcd", Some("shift_jis"), "こんにちは"),
            (b"\x1b$B$3$s$K$A$O\x1b(B", Some("iso-2022-jp"), "こんにちは"),
            (b"\xef\xbb\xbfGr\xc3\xbc\xc3\x9fe", Some("iso-8859-1"), "Grüße"),
            (b"Hi Mom -+Jjo--!", Some("utf-7"), "Hi Mom -☺-!"),
            (b"\x81 ber", Some("cp850"), "ü ber"),
            (b"", Some("utf-16"), ""),
        ];
        for (bytes, name, text) in cases {
            assert_eq!(decode(bytes, name, false), text, "{name:?} {bytes:?}");
        }
        assert_eq!(decode(b"+ADw-script+AD4-", Some("UTF-7"), true), "+ADw-script+AD4-");
    }

    proptest! {
        #[test]
        fn any_bytes_have_a_text(
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
            name in proptest::option::of("utf-(7|8|16|16le)|iso-2022-(jp|kr)|hz-gb-2312|gb18030|big5|koi8-r|cp850|x|\\PC{0,20}"),
        ) {
            for is_html in [false, true] {
                prop_assert!(decode(&bytes, name.as_deref(), is_html).len() <= 4 * bytes.len() + 16);
            }
        }
    }
}
