//! What people type: subjects, bodies and the names of their files, as types that cannot be wrong (D-10, P-30).

use crate::characters::{is_blank, many_lines, one_line};
use crate::error::Problem;

/// One line that says what a ticket is about: 1 to 255 characters, no control characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Subject(String);

impl Subject {
    /// The most characters (Unicode scalar values, not bytes) a subject may have.
    pub const MAX_CHARS: usize = 255;

    /// Reads a subject as it was typed or pasted, as [one line](one_line).
    ///
    /// # Errors
    /// [`Problem::Empty`], [`Problem::TooLong`].
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        let text = one_line(typed);
        sized(&text, Self::MAX_CHARS)?;
        Ok(Self(text))
    }

    /// Takes a subject back from a storage, as it is; `None` if it cannot be one.
    pub fn from_stored(text: String) -> Option<Self> {
        let fits = !text.chars().any(char::is_control) && counted(&text, Self::MAX_CHARS).is_ok();
        fits.then_some(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text of a message: 1 to 20,000 characters; of the control characters only tab and line break.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Body(String);

impl Body {
    /// The most characters (Unicode scalar values, not bytes) a message may have.
    pub const MAX_CHARS: usize = 20_000;

    /// Reads a text as it was typed or pasted, as [lines](many_lines).
    ///
    /// # Errors
    /// [`Problem::Empty`], [`Problem::TooLong`].
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        let text = many_lines(typed);
        sized(&text, Self::MAX_CHARS)?;
        Ok(Self(text))
    }

    /// Takes a text back from a storage, as it is; `None` if it cannot be one.
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

/// The name of a file as its owner sees it: 1 to 120 characters, at most 240 bytes, one line, no path.
/// It is text only: nothing is ever stored under it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileName(String);

impl FileName {
    /// Makes a name of whatever the browser sent. Never fails: what must not be shown is dropped, and a file
    /// of which nothing is left is called `file`.
    pub fn clean(sent: &str) -> Self {
        let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
        let mut name: String = last.chars().filter(|c| !hidden(*c)).map(|c| if c == ':' { '_' } else { c }).collect();
        name = name.trim_start_matches(|c: char| c == '.' || c.is_whitespace()).trim_end().to_owned();
        if name.is_empty() {
            name.push_str("file");
        }
        Self(shorten(&name))
    }

    /// Takes a name back from a storage, as it is; `None` if it cannot be one.
    pub fn from_stored(name: String) -> Option<Self> {
        let fits =
            !name.is_empty() && name.len() <= MAX_NAME_BYTES && !name.chars().any(|c| hidden(c) || matches!(c, '/' | '\\'));
        fits.then_some(Self(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The most bytes a file name may have.
const MAX_NAME_BYTES: usize = 240;

/// Control characters, and the invisible ones that turn or hide what follows.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Cuts a name in front of its extension until it fits.
fn shorten(name: &str) -> String {
    const MAX_CHARS: usize = 120;
    if name.chars().count() <= MAX_CHARS && name.len() <= MAX_NAME_BYTES {
        return name.to_owned();
    }
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 16 => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let mut short = String::new();
    for (count, c) in stem.chars().enumerate() {
        let fits =
            count + extension.chars().count() < MAX_CHARS && short.len() + c.len_utf8() + extension.len() <= MAX_NAME_BYTES;
        if !fits {
            break;
        }
        short.push(c);
    }
    short.push_str(&extension);
    short.truncate(short.trim_end().len());
    short
}

fn sized(text: &str, max: usize) -> Result<(), Problem> {
    if is_blank(text) { Err(Problem::Empty) } else { counted(text, max) }
}

/// What is stored may be blank: earlier versions knew fewer invisible characters.
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
        assert_eq!(FileName::from_stored("a .txt".to_owned()).unwrap().as_str(), "a .txt");
        for text in ["", "a\rb", "a\0b"] {
            assert_eq!(Subject::from_stored(text.to_owned()), None, "{text:?}");
            assert_eq!(Body::from_stored(text.to_owned()), None, "{text:?}");
            assert_eq!(FileName::from_stored(text.to_owned()), None, "{text:?}");
        }
        assert_eq!(Subject::from_stored("\u{3164}".to_owned()).unwrap().as_str(), "\u{3164}", "an earlier version took it");
        assert_eq!(FileName::from_stored("a/b".to_owned()), None);
        assert_eq!(Subject::from_stored("a".repeat(256)), None);
    }

    #[test]
    fn a_file_name_is_only_a_name() {
        let cases = [
            ("../../etc/passwd", "passwd"),
            ("..\\..\\windows\\win.ini", "win.ini"),
            ("\u{200b}.htaccess", "htaccess"),
            (". .htaccess", "htaccess"),
            ("a\r\nX-Evil: 1.pdf", "aX-Evil_ 1.pdf"),
            ("invoice\u{202e}gpj.exe", "invoicegpj.exe"),
            ("Ä ö 😀 (1).pdf", "Ä ö 😀 (1).pdf"),
            ("..", "file"),
            ("   ", "file"),
            ("", "file"),
        ];
        for (sent, shown) in cases {
            assert_eq!(FileName::clean(sent).as_str(), shown, "{sent:?}");
        }
        let long = FileName::clean(&format!("{}.txt", "ü".repeat(300)));
        assert!(long.as_str().ends_with("ü.txt") && long.as_str().len() <= 240);
    }

    #[test]
    fn a_file_name_that_was_cut_ends_in_no_blank() {
        let cut = FileName::clean(&format!("{} {}", "x".repeat(119), "y".repeat(50)));
        assert_eq!(cut.as_str(), "x".repeat(119));
    }
}
