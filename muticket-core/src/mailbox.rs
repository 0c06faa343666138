//! How far mailboxes were read, from which letters are fetched (M-08).
//!
//! The core fetches nothing. What fetches letters notes here how far it came, so that no letter is fetched twice, and so that an
//! administrator sees what went wrong. The flags of a mailbox say nothing, because people read it, too.

use chrono::{DateTime, Utc};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::characters::one_line;

/// How far a mailbox was read: one row.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MailboxState {
    /// Its address without the secret, at most [`MAX_NAME`](Self::MAX_NAME) characters. Unique.
    pub name: String,
    /// How far it was read; `None` before the first look.
    pub place: Option<MailboxPlace>,
    /// When it was last read to its end; `None` if it never was.
    pub checked_at: Option<DateTime<Utc>>,
    /// What went wrong at the last look, as [`MailboxTrouble::with`] writes it; `None` if nothing did.
    pub problem: Option<String>,
}

/// A place in a mailbox (RFC 9051, 2.3.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MailboxPlace {
    /// The numbers of letters are comparable only as long as this stays the same.
    pub uid_validity: u32,
    /// The lowest number of a letter that was not taken in yet.
    pub next_uid: u32,
}

/// The kind of problem with a mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "kebab-case")]
#[non_exhaustive]
pub enum MailboxTrouble {
    /// The server cannot be reached, or the connection broke.
    Unreachable,
    /// The server did not answer in time.
    NoAnswer,
    /// There is no secure connection to the server.
    Insecure,
    /// The server refused the login.
    Login,
    /// The mailbox cannot be opened.
    Folder,
    /// The server refused to give out a letter.
    Refused,
    /// What the server said makes no sense.
    Nonsense,
    /// The helpdesk could not store a letter.
    NotStored,
    /// A letter was left out, after the server had often not given it out, or the helpdesk had often not stored it (M-02).
    LeftOut,
}

impl MailboxTrouble {
    /// All kinds.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The stored word, also used in templates.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The problem as it is stored: the word of its kind, and what the server or a library said, in one line of limited length.
    pub fn with(self, words: &str) -> String {
        let line: String = one_line(words).trim().chars().take(MailboxState::MAX_WORDS).collect();
        format!("{}: {line}", self.as_str())
    }
}

impl MailboxState {
    /// The longest name, in characters.
    pub const MAX_NAME: usize = 255;
    /// The longest words of a problem, in characters. What is longer is cut.
    pub const MAX_WORDS: usize = 300;

    /// A mailbox that nobody has looked at.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), place: None, checked_at: None, problem: None }
    }

    /// The kind of the problem, and the words of the server or of a library; `None` without a problem.
    pub fn trouble(&self) -> Option<(MailboxTrouble, &str)> {
        let (word, words) = self.problem.as_deref()?.split_once(": ").unwrap_or_default();
        Some(word.parse().map_or((MailboxTrouble::Nonsense, words), |trouble| (trouble, words)))
    }

    /// What to store after a look, if `stored` was noted meanwhile, perhaps by another node: a place never goes back as long as the
    /// numbers of its letters are comparable.
    #[cfg(any(feature = "mailroom", test))]
    pub(crate) fn after(&self, stored: Option<Self>) -> Self {
        let Some(stored) = stored else { return self.clone() };
        let place = match (self.place, stored.place) {
            (Some(new), Some(old)) if new.uid_validity == old.uid_validity => {
                Some(MailboxPlace { next_uid: new.next_uid.max(old.next_uid), ..new })
            }
            (new, old) => new.or(old),
        };
        Self { place, checked_at: self.checked_at.max(stored.checked_at), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(uid_validity: u32, next_uid: u32) -> MailboxState {
        let place = Some(MailboxPlace { uid_validity, next_uid });
        MailboxState {
            place,
            checked_at: DateTime::from_timestamp(next_uid.into(), 0),
            ..MailboxState::new("imaps://a@b.example/INBOX")
        }
    }

    /// Databases hold these words. A new name in the code must not change them.
    #[test]
    fn the_stored_words_stay() {
        let words = ["unreachable", "no-answer", "insecure", "login", "folder", "refused", "nonsense", "not-stored", "left-out"];
        assert_eq!(MailboxTrouble::ALL.iter().map(|trouble| trouble.as_str()).collect::<Vec<_>>(), words);
    }

    #[test]
    fn a_problem_is_read_as_it_was_written() {
        let of = |problem: &str| MailboxState { problem: Some(problem.to_owned()), ..MailboxState::new("a") };
        let login = of(&MailboxTrouble::Login.with("NO\r\nwrong: password "));
        assert_eq!(login.trouble(), Some((MailboxTrouble::Login, "NO wrong: password")));
        assert_eq!(of(&MailboxTrouble::NoAnswer.with("")).trouble(), Some((MailboxTrouble::NoAnswer, "")));
        assert_eq!(of("of a newer version: x").trouble(), Some((MailboxTrouble::Nonsense, "x")));
        assert_eq!(of("").trouble(), Some((MailboxTrouble::Nonsense, "")));
        assert_eq!(MailboxState::new("a").trouble(), None);
        assert_eq!(MailboxTrouble::Login.with(&"ä".repeat(1000)).chars().count(), 307);
    }

    #[test]
    fn a_place_goes_forward_only() {
        assert_eq!(at(1, 5).after(None), at(1, 5));
        assert_eq!(at(1, 5).after(Some(at(1, 9))), at(1, 9));
        assert_eq!(at(1, 9).after(Some(at(1, 5))), at(1, 9));
        let begun_anew = at(2, 3).after(Some(at(1, 9)));
        assert_eq!((begun_anew.place, begun_anew.checked_at), (at(2, 3).place, at(1, 9).checked_at));
        let failed = MailboxState { problem: Some("login: no".to_owned()), ..MailboxState::new("imaps://a@b.example/INBOX") };
        assert_eq!(failed.after(Some(at(1, 9))), MailboxState { problem: failed.problem.clone(), ..at(1, 9) });
    }
}
