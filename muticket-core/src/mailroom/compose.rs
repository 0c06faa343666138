//! Makes the text of a message, and the subject of a ticket, from a letter (M-06, M-07).

use fluent_bundle::FluentArgs;

use crate::characters::{is_blank, many_lines, one_line};
use crate::error::{Error, Unavailable};
use crate::language::Language;
use crate::mail::Messages;
use crate::mail::words::cut;
use crate::mailroom::content::Text;
use crate::mailroom::quote::begins_at;
use crate::problem::Problem;
use crate::storage::{StorageError, StorageFault};
use crate::ticket::{Body, Subject};

/// How many characters of a letter are read. A message has fewer.
const READ: usize = 200_000;

/// The text of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Composed {
    pub(crate) body: String,
    /// The number of characters in front of the quoted part; `None` without one.
    pub(crate) new_part: Option<u32>,
}

/// A file that was not stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RefusedFile {
    pub(crate) name: String,
    pub(crate) why: Option<Problem>,
}

/// Sentences that are added to letters, in the language of their sender.
pub(crate) struct Sentences {
    messages: Messages,
    language: Language,
}

impl Sentences {
    pub(crate) fn new(fallback: &Language, wish: Option<&Language>) -> Result<Self, Error> {
        let messages = Messages::of_letters(fallback.clone()).map_err(broken)?;
        let language = messages.closest(wish);
        Ok(Self { messages, language })
    }

    fn say(&self, key: &str, args: &FluentArgs<'_>) -> Result<String, Error> {
        self.messages.say(&self.language, key, args).map_err(broken)
    }

    fn refused(&self, file: &RefusedFile) -> Result<String, Error> {
        let mut args = FluentArgs::new();
        args.set("name", one_line(&file.name));
        args.set(
            "why",
            match file.why {
                Some(Problem::TooLarge { .. }) => "too-large",
                Some(Problem::TooMany { .. }) => "too-many",
                _ => "other",
            },
        );
        self.say("incoming-refused", &args)
    }
}

/// A built-in sentence that cannot be said is a fault of this crate.
fn broken(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Unavailable(Unavailable::Storage(StorageError::fault(StorageFault::Other, error)))
}

/// The text of the message that a letter becomes; `None` if there is nothing to read and no file. A letter that is too long is cut with a
/// sentence that says so, and files that were refused are named below what is new.
///
/// # Errors
/// A sentence is missing.
pub(crate) fn compose(
    text: &Text,
    refused: &[RefusedFile],
    has_files: bool,
    sentences: &Sentences,
) -> Result<Option<Composed>, Error> {
    let words = beginning(&text.words);
    let quoted_at = if text.is_passed_on { None } else { begins_at(words, text.quoted_at) };
    let (new, quoted) = words.split_at(quoted_at.unwrap_or(words.len()));
    let (mut new, quoted) = (many_lines(new).trim_end().to_owned(), many_lines(quoted));
    if is_blank(&new) {
        if !has_files && refused.is_empty() {
            return Ok(None);
        }
        let nothing = if text.is_sealed { "incoming-sealed" } else { "incoming-no-text" };
        new = sentences.say(nothing, &FluentArgs::new())?;
    }
    for file in refused {
        new.push_str("\n\n");
        new.push_str(&sentences.refused(file)?);
    }
    let length = new.chars().count();
    let whole = if is_blank(&quoted) { new } else { format!("{new}\n\n{}", quoted.trim_end()) };
    let is_divided = length < whole.chars().count();
    let body = if whole.chars().count() <= Body::MAX_CHARS {
        whole
    } else {
        let note = sentences.say("incoming-cut", &FluentArgs::new())?;
        let room = Body::MAX_CHARS.saturating_sub(note.chars().count() + 2);
        let kept: String = whole.chars().take(room).collect();
        format!("{}\n\n{note}", kept.trim_end())
    };
    let new_part = u32::try_from(length).ok().filter(|_| is_divided && length < body.chars().count());
    Ok(Some(Composed { body, new_part }))
}

/// As much of a text as is read. What comes later would be cut in any case.
pub(super) fn beginning(words: &str) -> &str {
    words.char_indices().nth(READ).map_or(words, |(end, _)| &words[..end])
}

/// Where the quoted part of a stored text begins, in characters.
pub(crate) fn new_part_of(body: &str) -> Option<u32> {
    let at = begins_at(body, None)?;
    u32::try_from(body[..at].trim_end().chars().count()).ok()
}

/// What mail programs put in front of the subject of a reply, and a colon.
const REPLIES: [&str; 10] = ["re", "aw", "antw", "antwort", "sv", "odp", "res", "rép", "rif", "vá"];

/// The subject of a ticket: without the marks that mail programs put in front of replies, and without a number of a ticket.
///
/// # Errors
/// A sentence is missing.
pub(crate) fn subject(subject: &str, sentences: &Sentences) -> Result<String, Error> {
    let line = one_line(subject);
    let mut rest = line.trim();
    while let Some(after) = after_mark(rest) {
        rest = after.trim_start();
    }
    if is_blank(rest) { sentences.say("incoming-no-subject", &FluentArgs::new()) } else { Ok(cut(rest, Subject::MAX_CHARS)) }
}

/// What follows the mark of a reply, or the number of a ticket in brackets; `None` if the subject begins with neither.
fn after_mark(subject: &str) -> Option<&str> {
    if let Some((number, after)) = subject.strip_prefix("[#").and_then(|after| after.split_once(']')) {
        return number.bytes().all(|byte| byte.is_ascii_digit()).then_some(after);
    }
    let (mark, after) = subject.split_once([':', '：'])?;
    // Some programs count: `Re[2]:`.
    let word =
        mark.trim_end().trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '[' | ']' | '(' | ')')).to_lowercase();
    REPLIES.contains(&word.as_str()).then_some(after)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn english() -> Sentences {
        Sentences::new(&Language::english(), None).unwrap()
    }

    fn words(words: &str) -> Text {
        Text { words: words.to_owned(), ..Text::default() }
    }

    fn composed(text: &str) -> Composed {
        compose(&words(text), &[], false, &english()).unwrap().unwrap()
    }

    /// M-06
    #[test]
    fn the_quoted_part_is_kept_and_told_apart() {
        let text = composed("Thanks!\r\n\r\nOn Monday, Support wrote:\r\n> Try it.\r\n");
        assert_eq!(text, Composed { body: "Thanks!\n\nOn Monday, Support wrote:\n> Try it.".to_owned(), new_part: Some(7) });
        assert_eq!(new_part_of(&text.body), Some(7));
        assert_eq!(composed("Thanks!").new_part, None);
    }

    /// M-06: what is passed on to us is new.
    #[test]
    fn a_letter_that_is_passed_on_is_not_divided() {
        let text = "See below\n\nFrom: Ben <ben@x.example>\nSent: Monday\nTo: Anna\nSubject: Toner\n\nIt is empty";
        assert_eq!(composed(text).new_part, Some(9));
        let passed_on = Text { is_passed_on: true, ..words(text) };
        assert_eq!(compose(&passed_on, &[], false, &english()).unwrap().unwrap().new_part, None);
    }

    /// M-07
    #[test]
    fn what_is_missing_is_said() {
        let refused = [
            RefusedFile { name: "a\nb.pdf".to_owned(), why: Some(Problem::TooLarge { max: 1 }) },
            RefusedFile { name: "c.pdf".to_owned(), why: Some(Problem::TooMany { max: 5 }) },
            RefusedFile { name: "d.pdf".to_owned(), why: None },
        ];
        let text = compose(&words("Hi\n> old"), &refused, true, &english()).unwrap().unwrap();
        let said = "Hi\n\n[The file a b.pdf was not stored: it is too large.]\n\n[The file c.pdf was not stored: there are too many \
                    files.]\n\n[The file d.pdf was not stored: it cannot be stored.]";
        assert_eq!(text.body, format!("{said}\n\n> old"));
        assert_eq!(text.new_part, u32::try_from(said.len()).ok());
        let german = Sentences::new(&Language::english(), Some(&Language::german())).unwrap();
        assert_eq!(compose(&words(" "), &[], true, &german).unwrap().unwrap().body, "(kein Text)");
        let sealed = Text { is_sealed: true, ..Text::default() };
        let said = compose(&sealed, &[], true, &english()).unwrap().unwrap().body;
        assert_eq!(said, "(The email is encrypted, or signed in a way that cannot be read here. It is attached as a file.)");
        assert_eq!(compose(&words(" \n"), &[], false, &german).unwrap(), None);
    }

    /// D-10
    #[test]
    fn a_long_letter_is_cut_and_says_so() {
        let text = composed(&format!("{}\n\nOn Monday, Support wrote:\n> {}", "ä".repeat(100), "b".repeat(30_000)));
        assert!(text.body.ends_with("bbb\n\n[The email was longer. The original has all of it.]"));
        assert_eq!((text.body.chars().count(), text.new_part), (Body::MAX_CHARS, Some(100)));
        assert!(Body::parse(&text.body).is_ok());
        assert_eq!(composed(&"ä".repeat(30_000)).new_part, None);
    }

    #[test]
    fn a_subject_loses_the_marks_of_replies() {
        for (before, after) in [
            ("The printer", "The printer"),
            ("Re: AW: re:[#12] The printer", "The printer"),
            ("[#12] Re: [list] x", "[list] x"),
            ("RE : RÉP: Sv: Odp: Re[2]: x", "x"),
            ("Fwd: x", "Fwd: x"),
            ("Regarding you", "Regarding you"),
            ("Re:", "Email without a subject"),
            ("", "Email without a subject"),
            ("[#12", "[#12"),
        ] {
            assert_eq!(subject(before, &english()).unwrap(), after);
        }
        assert_eq!(subject(&"ä".repeat(300), &english()).unwrap().chars().count(), 255);
    }

    proptest! {
        #[test]
        fn every_text_is_a_body(text in "(>|a|ä|\\n| |\u{0}|\u{200b}|on x wrote:){0,60}|\\PC{0,200}") {
            if let Some(composed) = compose(&words(&text), &[], true, &english()).unwrap() {
                prop_assert!(Body::parse(&composed.body).is_ok());
                prop_assert!(composed.new_part.is_none_or(|part| (part as usize) < composed.body.chars().count()));
                // M-06: nothing is cut.
                let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
                prop_assert!(is_blank(&text) || letters(&composed.body) == letters(&many_lines(&text)));
            }
        }
    }
}
