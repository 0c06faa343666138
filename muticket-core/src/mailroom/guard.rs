//! Looks at the bytes of a letter before it is parsed: a parser may need a call for each letter inside a letter, and memory for each field.

use crate::mailroom::head::name;

/// The most letters inside letters, counted generously.
const LEVELS: usize = 20;

/// The most fields of one header. Each takes a hundred bytes of memory, however short it is. Letters of people have fewer than a hundred.
const FIELDS: usize = 10_000;

/// Kinds of content that hold no letter, and that a parser may decode.
const PLAIN: [&[u8]; 8] = [b"text/", b"image/", b"application/", b"audio/", b"video/", b"font/", b"model/", b"multipart/"];

/// Whether a letter may be parsed. A letter inside a letter must not be encoded (RFC 2046, 5.2.1), and few may lie inside each other.
pub(crate) fn may_be_parsed(raw: &[u8]) -> bool {
    // Parts of a digest without a type are letters.
    let has_digest = raw.windows(6).any(|six| six.eq_ignore_ascii_case(b"digest"));
    let holds_one = |block: &Block| block.is_encoded && (block.has_other_content || has_digest && !block.has_content);
    let (mut holds_letters, mut block) = (0, Block::default());
    // The number of fields of the header that is open, if one may be.
    let mut fields = Some(0_usize);
    for line in raw.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            if holds_one(&block) {
                return false;
            }
            holds_letters += usize::from(block.has_other_content);
            if holds_letters > LEVELS {
                return false;
            }
            fields = block.has_other_content.then_some(0);
            block = Block::default();
        } else {
            fields = match fields {
                // The line above a part.
                _ if line.starts_with(b"--") => Some(0),
                Some(count) if line.starts_with(b" ") || line.starts_with(b"\t") => Some(count),
                Some(count) if name(line).is_some() => Some(count + 1),
                _ => None,
            };
            if fields.is_some_and(|count| count > FIELDS) {
                return false;
            }
            block.read(line);
        }
    }
    !holds_one(&block) && holds_letters <= LEVELS
}

/// The lines since the last empty one, read as header fields.
#[derive(Default)]
struct Block {
    is_encoded: bool,
    has_content: bool,
    /// Whether a content type is not a plain one.
    has_other_content: bool,
    /// The field that the next line may continue.
    field: Field,
}

#[derive(Default, Clone, Copy, PartialEq)]
enum Field {
    #[default]
    Other,
    Encoding,
    /// A content type without a value so far.
    EmptyContent,
}

impl Block {
    fn read(&mut self, line: &[u8]) {
        let value = if line.first().is_some_and(|byte| matches!(byte, b' ' | b'\t')) {
            line.trim_ascii()
        } else if let Some(value) = value_of(line, b"content-type") {
            self.has_content = true;
            self.field = Field::EmptyContent;
            value
        } else if let Some(value) = value_of(line, b"content-transfer-encoding") {
            self.field = Field::Encoding;
            value
        } else {
            self.field = Field::Other;
            return;
        };
        match self.field {
            Field::EmptyContent if !value.is_empty() => {
                let is_plain = PLAIN.iter().any(|kind| starts_with(value, kind)) && !starts_with(value, b"multipart/digest");
                self.has_other_content |= !is_plain;
                self.field = Field::Other;
            }
            Field::Encoding => {
                self.is_encoded |=
                    starts_with(value, b"base64") || starts_with(value, b"quoted-printable") || value.contains(&b'(');
            }
            Field::EmptyContent | Field::Other => {}
        }
    }
}

/// The value of a header field with this name, on its first line.
fn value_of<'l>(line: &'l [u8], name: &[u8]) -> Option<&'l [u8]> {
    if !starts_with(line, name) {
        return None;
    }
    line[name.len()..].trim_ascii_start().strip_prefix(b":").map(<[u8]>::trim_ascii)
}

fn starts_with(text: &[u8], start: &[u8]) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_in_a_letter_may_be_parsed_if_it_is_not_encoded() {
        for letter in [
            "",
            "a",
            "From: a\n\nb",
            "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nYQ==",
            "Content-Type: message/rfc822\n\nFrom: a\n\nb",
            "content-type:\n application/pdf\nContent-Transfer-Encoding: base64\n\nYQ==",
            "Content-Transfer-Encoding: 8bit\n\nb",
            "Content-Transfer-Encoding: base64\n\nYQ==",
            "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\nYQ==\n--a--",
        ] {
            assert!(may_be_parsed(letter.as_bytes()), "{letter}");
        }
        for letter in [
            "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nYQ==",
            "Content-Transfer-Encoding: Quoted-Printable\r\nContent-Type: MESSAGE/global\r\n\r\na",
            "Content-Type :\n message/rfc822\nContent-Transfer-Encoding:\n base64",
            "Content-Type: (a) message/rfc822\nContent-Transfer-Encoding: base64\n\n",
            "Content-Type: multipart/digest; boundary=a\n\n--a\nContent-Transfer-Encoding: base64\n\nYQ==",
        ] {
            assert!(!may_be_parsed(letter.as_bytes()), "{letter}");
        }
    }

    #[test]
    fn many_letters_in_each_other_are_not_parsed() {
        let nested = |levels: usize| format!("{}From: a\n\nb", "Content-Type: message/rfc822\n\n".repeat(levels));
        assert!(may_be_parsed(nested(LEVELS).as_bytes()));
        assert!(!may_be_parsed(nested(LEVELS + 1).as_bytes()));
        assert!(!may_be_parsed("Content-Type: multipart/digest; boundary=a\n\n".repeat(30).as_bytes()));
    }

    #[test]
    fn a_header_of_very_many_fields_is_not_parsed() {
        let many = |count: usize| "a:\n".repeat(count);
        for (front, end) in [
            ("", ""),
            ("Content-Type: multipart/mixed; boundary=b\n\n--b\n", "\n\na\n--b--"),
            ("Content-Type: message/rfc822\n\n", "\na"),
        ] {
            assert!(may_be_parsed(format!("{front}{}{end}", many(FIELDS - 1)).as_bytes()), "{front}");
            assert!(!may_be_parsed(format!("{front}{}{end}", many(FIELDS + 1)).as_bytes()), "{front}");
        }
        // A long text is no header.
        assert!(may_be_parsed(format!("From: a\n\n{}", many(50_000)).as_bytes()));
        assert!(may_be_parsed(format!("From: a\n\n--b\ntext\n{}", many(50_000)).as_bytes()));
    }
}
