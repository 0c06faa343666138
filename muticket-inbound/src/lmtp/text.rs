//! The text of a letter as it travels: without the dots that were doubled on the way, up to the dot that ends it (RFC 5321, 4.5.2).

/// Where the next octet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// At the beginning of a line.
    LineStart,
    /// After a dot at the beginning of a line. The dot is not part of the letter.
    Dot,
    /// After such a dot and a CR.
    DotCr,
    /// After a CR, which may be the first half of a line end.
    Cr,
    /// Anywhere else.
    Middle,
}

/// The text of a letter while it comes in. Only CR LF ends a line: CR or LF alone are part of the letter.
#[derive(Debug)]
pub(crate) struct Text {
    at: At,
    max: usize,
    taken: Vec<u8>,
    is_too_large: bool,
}

impl Text {
    /// No text yet. It may have `max` octets. `expected` is how many the client has announced.
    pub(crate) fn new(max: usize, expected: usize) -> Self {
        Self { at: At::LineStart, max, taken: Vec::with_capacity(expected.min(max)), is_too_large: false }
    }

    /// Reads on. Returns how many of the octets belong to the text, and whether it has ended. Octets after its end are commands.
    pub(crate) fn feed(&mut self, octets: &[u8]) -> (usize, bool) {
        let mut used = 0;
        while let Some(&octet) = octets.get(used) {
            if self.at == At::Middle {
                let rest = &octets[used..];
                let plain = rest.iter().position(|octet| *octet == b'\r').unwrap_or(rest.len());
                if plain > 0 {
                    self.keep(&rest[..plain]);
                    used += plain;
                    continue;
                }
            }
            used += 1;
            self.at = match (self.at, octet) {
                (At::LineStart, b'.') => At::Dot,
                (At::Dot, b'\r') => At::DotCr,
                (At::DotCr, b'\n') => return (used, true),
                (At::DotCr, _) => {
                    self.keep(b"\r");
                    self.after_cr(octet)
                }
                (At::Cr, _) => self.after_cr(octet),
                (At::LineStart | At::Dot | At::Middle, _) => {
                    self.keep(&[octet]);
                    if octet == b'\r' { At::Cr } else { At::Middle }
                }
            };
        }
        (used, false)
    }

    fn after_cr(&mut self, octet: u8) -> At {
        self.keep(&[octet]);
        match octet {
            b'\n' => At::LineStart,
            b'\r' => At::Cr,
            _ => At::Middle,
        }
    }

    fn keep(&mut self, octets: &[u8]) {
        if self.is_too_large {
            return;
        }
        if self.taken.len() + octets.len() > self.max {
            self.is_too_large = true;
            self.taken = Vec::new();
        } else {
            self.taken.extend_from_slice(octets);
        }
    }

    /// The letter; `None` if it was too large.
    pub(crate) fn letter(self) -> Option<Vec<u8>> {
        (!self.is_too_large).then_some(self.taken)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The letter, and what is left after its end; `None` if it has no end. The octets come in pieces of this length.
    fn read(wire: &[u8], piece: usize) -> Option<(Vec<u8>, Vec<u8>)> {
        let mut text = Text::new(10_000, 0);
        let mut at = 0;
        while at < wire.len() {
            let end = (at + piece).min(wire.len());
            let (used, ended) = text.feed(&wire[at..end]);
            at += used;
            if ended {
                return Some((text.letter()?, wire[at..].to_vec()));
            }
            assert_eq!(at, end, "everything before the end is used");
        }
        None
    }

    #[test]
    fn dots_are_undone_and_one_alone_ends() {
        let cases = [
            (".\r\n", Some(("", ""))),
            ("a\r\n.\r\n", Some(("a\r\n", ""))),
            ("a\r\n..\r\n...b\r\n.\r\nQUIT\r\n", Some(("a\r\n.\r\n..b\r\n", "QUIT\r\n"))),
            ("a\r\n.b\r\n.\r\n", Some(("a\r\nb\r\n", ""))),
            ("a.\r\n.\r\n", Some(("a.\r\n", ""))),
            ("a\r\n\r\n.\r\n.\r\n", Some(("a\r\n\r\n", ".\r\n"))),
            ("a\r\n.\r", None),
            ("a\r\n", None),
            ("", None),
        ];
        for (wire, expected) in cases {
            let expected = expected.map(|(letter, rest)| (letter.as_bytes().to_vec(), rest.as_bytes().to_vec()));
            for piece in [1, 2, 3, 100] {
                assert_eq!(read(wire.as_bytes(), piece), expected, "{wire:?} in pieces of {piece}");
            }
        }
    }

    /// None of these ends a letter, although some mail servers take them for its end.
    #[test]
    fn nothing_can_be_smuggled() {
        for end in
            ["\n.\n", "\n.\r\n", "\r.\r", "\r.\r\n", "\r\n.\n", "\r\n.\r", "\r\r\n.\r\r\n", "\n.\r", "\r\n.\0\r\n", "\r\n\0.\r\n"]
        {
            let wire = format!("a{end}MAIL FROM:<x@example.org>\r\nb\r\n.\r\n");
            for piece in [1, 100] {
                let (letter, rest) = read(wire.as_bytes(), piece).unwrap();
                let letter = String::from_utf8(letter).unwrap();
                assert!(letter.contains("MAIL FROM") && letter.ends_with("b\r\n") && rest.is_empty(), "{end:?}: {letter:?}");
            }
        }
    }

    #[test]
    fn a_letter_that_is_too_large_is_not_kept() {
        for (octets, fits) in [(10, true), (11, false)] {
            let mut text = Text::new(10, usize::MAX);
            let wire = format!("{}\r\n.\r\nQUIT", "x".repeat(octets - 2));
            assert_eq!(text.feed(wire.as_bytes()), (wire.len() - 4, true));
            assert!(text.taken.len() <= 10);
            assert_eq!(text.letter().is_some(), fits);
        }
    }

    /// What a client sends for a letter that ends with a line end (RFC 5321, 4.5.2).
    fn dotted(letter: &[u8]) -> Vec<u8> {
        let mut wire = Vec::new();
        let mut line_starts = true;
        for (at, octet) in letter.iter().enumerate() {
            if line_starts && *octet == b'.' {
                wire.push(b'.');
            }
            wire.push(*octet);
            line_starts = letter[..=at].ends_with(b"\r\n");
        }
        wire.extend_from_slice(b".\r\n");
        wire
    }

    proptest! {
        #[test]
        fn every_letter_comes_as_it_was(
            octets in prop::collection::vec(prop::sample::select(b"\r\n.\0a\xff".as_slice()), 0..60),
            rest in "[A-Z.\r\n]{0,9}",
            piece in 1_usize..20,
        ) {
            let mut letter = octets;
            if !letter.is_empty() {
                letter.extend_from_slice(b"\r\n");
            }
            let wire = [dotted(&letter), rest.clone().into_bytes()].concat();
            prop_assert_eq!(read(&wire, piece), Some((letter, rest.into_bytes())));
        }
    }
}
