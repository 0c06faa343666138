//! The header of a letter as mail servers read it. Who wrote the letter depends on it, so it is read more strictly than the rest: a parser
//! that guesses might see another sender than the server that checked it.

use std::borrow::Cow;

/// The most fields that are read. Letters of people have fewer than a hundred.
const MOST: usize = 1000;

/// A field: its name, and its value with the line ends in it.
pub(crate) type Field<'l> = (&'l str, Cow<'l, str>);

/// The fields of a letter, topmost first. They end at the first line that is none.
pub(crate) fn fields(raw: &[u8]) -> Vec<Field<'_>> {
    let (mut found, mut end) = (Vec::<(&str, usize, usize)>::new(), 0);
    for (number, line) in raw.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let begins = end;
        end += line.len();
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            let Some(last) = found.last_mut() else { break };
            last.2 = end;
        } else if let Some((name, colon)) = name(line).filter(|_| found.len() < MOST) {
            found.push((name, begins + colon + 1, end));
        } else if number > 0 || !line.starts_with(b"From ") {
            // Programs that keep letters in one file write `From ` in front of each.
            break;
        }
    }
    found.into_iter().map(|(name, begins, end)| (name, String::from_utf8_lossy(&raw[begins..end]))).collect()
}

/// The name of the field that the line begins, and the place of its colon.
pub(crate) fn name(line: &[u8]) -> Option<(&str, usize)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = line[..colon].trim_ascii_end();
    let fits = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    if fits { Some((str::from_utf8(name).ok()?, colon)) } else { None }
}

/// The only address in a field `From` (RFC 5322, 3.6.2): `anna@example.org`, or in angle brackets after a name. `None` if there are
/// several, none, or a group, or if it is not clear which one it is.
pub(crate) fn one_address(value: &str) -> Option<String> {
    let (mut address, mut brackets, mut has_name) = (String::new(), Brackets::None, false);
    let (mut depth, mut is_quoted, mut is_escaped) = (0_usize, false, false);
    for c in value.chars() {
        if is_quoted || depth > 0 {
            match c {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                '"' if is_quoted => is_quoted = false,
                '(' if !is_quoted => depth += 1,
                ')' if !is_quoted => depth -= 1,
                _ => {}
            }
            continue;
        }
        match (c, &brackets) {
            ('(', _) => {
                depth = 1;
                // A comment parts two words.
                address.push(' ');
            }
            ('"', Brackets::None) => (is_quoted, has_name) = (true, true),
            ('<', Brackets::None) => (brackets, address) = (Brackets::Open, String::new()),
            ('>', Brackets::Open) => brackets = Brackets::Closed,
            ('"' | '<' | '>' | ',' | ';' | ':' | ')', _) => return None,
            (c, Brackets::Closed) if !c.is_ascii_whitespace() => return None,
            (c, Brackets::None | Brackets::Open) => address.push(c),
            (_, Brackets::Closed) => {}
        }
    }
    let is_complete = match brackets {
        Brackets::None => !has_name,
        Brackets::Open => false,
        Brackets::Closed => true,
    };
    let address = address.trim_ascii();
    let fits = is_complete && !is_quoted && depth == 0 && !address.is_empty() && !address.contains(|c: char| c.is_whitespace());
    fits.then(|| address.to_owned())
}

/// Whether the angle brackets around the address have come.
enum Brackets {
    None,
    Open,
    Closed,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fields_are_read_as_mail_servers_read_them() {
        let read = |raw: &'static [u8]| {
            fields(raw).into_iter().map(|(name, value)| format!("{name}={}", value.trim())).collect::<Vec<_>>().join("|")
        };
        assert_eq!(read(b"From: a\r\nTo : b\r\n c\r\n\td\r\nX:\r\n\r\nCc: e\r\n"), "From=a|To=b\r\n c\r\n\td|X=");
        assert_eq!(read(b"From anna@example.org Mon\nFrom: a\nTo: b"), "From=a|To=b");
        // A letter must not hide a field from us, or show us one that others do not see.
        assert_eq!(read(b"From: \xff\xfe\r\nFrom: a\r\n"), "From=\u{fffd}\u{fffd}|From=a");
        assert_eq!(read(b"X: =?utf-8?q?a\r\nFrom: b\r\n?=\r\nTo: c\r\n"), "X==?utf-8?q?a|From=b");
        for raw in
            [&b"F rom: a"[..], b":From: a", b" From: a", b"\r\nFrom: a", b"\xffFrom: a", b"", b"From", b"From a\nFrom a\nFrom: a"]
        {
            assert_eq!(read(raw), "", "{raw:?}");
        }
        assert_eq!(fields("a:\n".repeat(100_000).as_bytes()).len(), MOST);
    }

    /// M-03
    #[test]
    fn one_address_is_an_address_and_all_else_is_not() {
        for value in [
            "anna@example.org",
            " anna@example.org \r\n",
            "<anna@example.org>",
            "\r\n Anna\r\n <anna@example.org>",
            "\"Berg, Anna\" <anna@example.org>",
            "\"a\\\"b <x@y> (\" < anna@example.org >",
            "x@y.example <anna@example.org>",
            "anna@example.org (Anna (Berg) \\) \" <)",
            "(Anna) anna@example.org",
            "Anna (a) <anna@example.org> (b)",
            "=?utf-8?q?a=2C?= <anna@example.org>",
        ] {
            assert_eq!(one_address(value).as_deref(), Some("anna@example.org"), "{value}");
        }
        for value in [
            "",
            "<>",
            "anna@example.org, ben@example.org",
            "a: anna@example.org;",
            "anna@example.org;",
            "<@x.example:anna@example.org>",
            "<anna@exam> <ple.org>",
            "<anna@example.org> ben",
            "ben anna@example.org",
            "anna@exam ple.org",
            "anna@exam(x)ple.org",
            "<anna @example.org>",
            "\"anna\"@example.org",
            "\"Anna\" anna@example.org",
            "<\"anna\"@example.org>",
            "anna@example.org\"",
            "\"anna@example.org\"",
            "anna@example.org (",
            "anna@example.org )",
            "<anna@example.org",
            "anna@example.org>",
            "<<anna@example.org>>",
        ] {
            assert_eq!(one_address(value), None, "{value}");
        }
    }

    proptest! {
        #[test]
        fn an_address_stands_in_the_field_as_it_is(value in "(a@x|<|>|\\(|\\)|\"|\\\\|,|;|:| |b|ä){0,12}") {
            if let Some(address) = one_address(&value) {
                prop_assert!(value.contains(&address) && !address.contains(['<', '>', ',', ' ', '"', '(']));
            }
        }

        #[test]
        fn any_bytes_have_fields(raw in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = fields(&raw);
        }
    }
}
