//! Text that people type: subjects and bodies, as types that are always valid (D-10, P-30).

use crate::characters::{is_blank, many_lines, one_line};
use crate::problem::Problem;

/// The subject of a ticket: one line of 1 to 255 characters without control characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Subject(String);

impl Subject {
    /// The longest subject, in characters (Unicode scalar values, not bytes).
    pub const MAX_CHARS: usize = 255;

    /// Parses typed or pasted text as [one line](one_line).
    ///
    /// # Errors
    /// [`Problem::Empty`], [`Problem::TooLong`].
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        let text = one_line(typed);
        sized(&text, Self::MAX_CHARS)?;
        Ok(Self(text))
    }

    /// Restores a stored subject unchanged; `None` if it is not valid.
    pub fn from_stored(text: String) -> Option<Self> {
        let fits = !text.chars().any(char::is_control) && counted(&text, Self::MAX_CHARS).is_ok();
        fits.then_some(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text of a message: 1 to 20,000 characters. The only control characters are tabs and line breaks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Body(String);

impl Body {
    /// The longest text, in characters (Unicode scalar values, not bytes).
    pub const MAX_CHARS: usize = 20_000;

    /// Parses typed or pasted text as [lines](many_lines).
    ///
    /// # Errors
    /// [`Problem::Empty`], [`Problem::TooLong`].
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        let text = many_lines(typed);
        sized(&text, Self::MAX_CHARS)?;
        Ok(Self(text))
    }

    /// Restores a stored text unchanged; `None` if it is not valid.
    pub fn from_stored(text: String) -> Option<Self> {
        let has_control = text.chars().any(|c| c.is_control() && c != '\n' && c != '\t');
        let fits = !has_control && counted(&text, Self::MAX_CHARS).is_ok();
        fits.then_some(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn sized(text: &str, max: usize) -> Result<(), Problem> {
    if is_blank(text) { Err(Problem::Empty) } else { counted(text, max) }
}

/// Stored text may look blank: earlier versions recognised fewer invisible characters.
fn counted(text: &str, max: usize) -> Result<(), Problem> {
    match text.chars().count() {
        0 => Err(Problem::Empty),
        length if length > max => Err(Problem::TooLong { max, length }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_counted_in_characters() {
        assert!(Subject::parse(&"😀".repeat(255)).is_ok());
        assert_eq!(Subject::parse(&"a".repeat(256)), Err(Problem::TooLong { max: 255, length: 256 }));
        assert_eq!(Subject::parse(" \t "), Err(Problem::Empty));
        assert_eq!(Subject::parse("\u{200b}\u{feff}"), Err(Problem::Empty), "nobody could click on it");
        assert_eq!(Subject::parse(" printer ").unwrap().as_str(), "printer");
    }

    /// D-10
    #[test]
    fn a_subject_is_one_line_without_control_characters() {
        for (pasted, subject) in [
            ("a\nb", "a b"),
            ("a\r\nBcc: x", "a Bcc: x"),
            ("a\0b", "ab"),
            ("Invoice\t4711", "Invoice 4711"),
            ("\u{1b}[31mred\u{1b}[0m", "red"),
        ] {
            assert_eq!(Subject::parse(pasted).unwrap().as_str(), subject);
        }
        for blank in ["\0", "\u{1b}[31m", "\u{3164}", "\u{2800}\u{115f}", "\u{ad}"] {
            assert_eq!(Subject::parse(blank), Err(Problem::Empty), "{blank:?}");
            assert_eq!(Body::parse(blank), Err(Problem::Empty), "{blank:?}");
        }
    }

    #[test]
    fn a_body_keeps_its_shape() {
        assert_eq!(Body::parse("\r\n\r\n  a\r\n\tb\r\n \r\n").unwrap().as_str(), "  a\n\tb");
        assert_eq!(Body::parse(" \n ").unwrap_err(), Problem::Empty);
        assert_eq!(Body::parse("a\u{b}b\0").unwrap().as_str(), "a\nb");
        assert!(Body::parse(&"ä".repeat(20_000)).is_ok());
        assert!(matches!(Body::parse(&"ä".repeat(20_001)), Err(Problem::TooLong { .. })));
    }

    #[test]
    fn what_is_taken_back_from_a_storage_is_not_changed_and_not_trusted() {
        assert_eq!(Subject::from_stored("a\u{a0}b".to_owned()).unwrap().as_str(), "a\u{a0}b");
        assert_eq!(Body::from_stored("  a\n\tb".to_owned()).unwrap().as_str(), "  a\n\tb");
        for text in ["", "a\rb", "a\0b"] {
            assert_eq!(Subject::from_stored(text.to_owned()), None, "{text:?}");
            assert_eq!(Body::from_stored(text.to_owned()), None, "{text:?}");
        }
        assert_eq!(Subject::from_stored("\u{3164}".to_owned()).unwrap().as_str(), "\u{3164}", "an earlier version took it");
        assert_eq!(Subject::from_stored("a".repeat(256)), None);
    }
}
