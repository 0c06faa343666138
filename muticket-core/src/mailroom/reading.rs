//! What a letter says, without a site: for tools, and for hosts that want to see it before they hand it over.

use bytes::Bytes;

use crate::characters::one_line;
use crate::incoming::Envelope;
use crate::mailroom::automatic::Origin;
use crate::mailroom::compose::{Sentences, compose};
use crate::mailroom::parsed::parse;
use crate::mailroom::rules::MailIn;

/// What a letter says. See [`read`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading {
    /// The address in `From`; `None` unless there is exactly one.
    pub sender: Option<String>,
    /// The subject in one line, with the marks of replies. May be empty.
    pub subject: String,
    /// Who wrote the letter, as far as its header says.
    pub writer: Writer,
    /// The text of the message that it would become, in at most [`Body::MAX_CHARS`](crate::ticket::Body::MAX_CHARS) characters. Empty if
    /// there is nothing to read and no file.
    pub text: String,
    /// The number of characters of the text that are new; the rest was quoted (M-06). `None` if nothing was told apart.
    pub new_part: Option<usize>,
    /// The files, as they came: the rules of uploads have not been asked yet.
    pub files: Vec<LetterPart>,
}

/// Who wrote a letter, as far as its header says (M-05).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Writer {
    /// A person.
    Person,
    /// A program: an absence note, a newsletter, a list.
    Program,
    /// A mail server, about the delivery of a letter.
    Server,
    /// The site itself: it is one of its own letters, or says to come from its own address.
    Site,
}

/// A file in a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LetterPart {
    /// Its name, as the letter says it, or one that was made. It may hold anything: clean it before you use it.
    pub name: String,
    /// The number of its bytes.
    pub size: usize,
}

/// A letter that is above the limits of [`MailIn`] (M-07).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotRead {
    /// It has too many bytes.
    #[error("the letter is too large")]
    TooLarge,
    /// It has too many parts, or they lie too deep in each other.
    #[error("the letter has too many parts")]
    TooManyParts,
}

/// Reads a letter: the bytes of RFC 5322. Any bytes can be read. Nothing is stored or sent, and nobody is asked who the sender is.
/// Sentences that MuTicket adds to the text are in the language of `rules`.
///
/// ```
/// use muticket_core::mailroom::{MailIn, read};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let rules = MailIn::new("support+{token}@example.org")?;
/// let letter = read(b"From: anna@example.org\r\n\r\nThank you!\r\n\r\nOn Monday, Support wrote:\r\n> Is it plugged in?\r\n", &rules)?;
/// assert_eq!(letter.sender.as_deref(), Some("anna@example.org"));
/// assert_eq!(letter.new_part, Some("Thank you!".len()));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`NotRead`].
pub fn read(raw: &[u8], rules: &MailIn) -> Result<Reading, NotRead> {
    if raw.len() as u64 > rules.max_bytes() {
        return Err(NotRead::TooLarge);
    }
    let letter = parse(&Bytes::copy_from_slice(raw), &Envelope::default(), rules).map_err(|_| NotRead::TooManyParts)?;
    let writer = match letter.origin {
        _ if letter.is_own => Writer::Site,
        Origin::Person => Writer::Person,
        Origin::Program => Writer::Program,
        Origin::Server => Writer::Server,
    };
    // The sentences are built in. Without one there is no text.
    let sentences = Sentences::new(&rules.language, None);
    let text =
        sentences.and_then(|sentences| compose(&letter.text, &[], !letter.files.is_empty(), &sentences)).unwrap_or_default();
    let new_part = text.as_ref().and_then(|text| text.new_part).and_then(|length| usize::try_from(length).ok());
    Ok(Reading {
        sender: letter.sender.map(|sender| sender.as_str().to_owned()),
        subject: one_line(&letter.subject),
        writer,
        text: text.map(|text| text.body).unwrap_or_default(),
        new_part,
        files: letter.files.into_iter().map(|file| LetterPart { size: file.content.decoded().len(), name: file.name }).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_says_who_wrote_what() {
        let rules = MailIn::new("support+{token}@example.org").unwrap().with_limits(100, 10, 2);
        let letter = read(b"From: support@example.org\r\nSubject: a\tb\r\n\r\n \r\n", &rules).unwrap();
        let empty = Reading {
            sender: Some("support@example.org".to_owned()),
            subject: "a b".to_owned(),
            writer: Writer::Site,
            text: String::new(),
            new_part: None,
            files: Vec::new(),
        };
        assert_eq!(letter, empty);
        assert_eq!(read(&[b'a'; 101], &rules), Err(NotRead::TooLarge));
        let parts = format!("Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\n\n".repeat(5));
        assert!(read(parts.as_bytes(), &rules).is_ok());
        let parts = format!("Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\n".repeat(10));
        assert_eq!(read(parts.as_bytes(), &rules), Err(NotRead::TooManyParts));
        let level = |name: &&str| format!("Content-Type: multipart/mixed; boundary={name}\n\n--{name}\n");
        let deep = |names: &[&str]| format!("{}\na", names.iter().map(level).collect::<String>());
        let rules = rules.with_limits(1000, 10, 2);
        assert!(read(deep(&["b"]).as_bytes(), &rules).is_ok());
        assert_eq!(read(deep(&["b", "c"]).as_bytes(), &rules), Err(NotRead::TooManyParts));
    }
}
