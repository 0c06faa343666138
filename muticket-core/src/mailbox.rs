//! How far mailboxes were read, from which letters are fetched (M-08).
//!
//! The core fetches nothing. What fetches letters notes here how far it came, so that no letter is fetched twice, and so that an
//! administrator sees what went wrong. The flags of a mailbox say nothing, because people read it, too.

use chrono::{DateTime, NaiveDate, Utc};
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
    /// Lines with what an administrator should know; `None` if there is nothing. The first tells what went wrong at the last look
    /// ([`MailboxTrouble::with`]). The last, or the only one if nothing did, tells which letter was left out
    /// ([`MailboxTrouble::left_out`]).
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
    /// A letter was left out, after the server had often not given it out, or the helpdesk had often not stored it (M-02). Stays for
    /// [30 days](MailboxState::LEFT_OUT_DAYS).
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

    /// The note that the letter with this number was left out on this day, as it is stored, and why.
    pub fn left_out(uid: u32, on: NaiveDate, words: &str) -> String {
        Self::LeftOut.with(&format!("{on} UID {uid}: {words}"))
    }
}

impl MailboxState {
    /// The longest name, in characters.
    pub const MAX_NAME: usize = 255;
    /// The longest words of a problem, in characters. What is longer is cut.
    pub const MAX_WORDS: usize = 300;
    /// How many days the note stays that a letter was left out, unless a later one takes its place.
    pub const LEFT_OUT_DAYS: i64 = 30;

    /// A mailbox that nobody has looked at.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), place: None, checked_at: None, problem: None }
    }

    /// The kind of the problem, and the words of the server or of a library; `None` without a problem. A problem of the last look comes
    /// before the note that a letter was left out.
    pub fn trouble(&self) -> Option<(MailboxTrouble, &str)> {
        let first = self.problem.as_deref()?.split('\n').next().unwrap_or_default();
        let (word, words) = first.split_once(": ").unwrap_or_default();
        Some(word.parse().map_or((MailboxTrouble::Nonsense, words), |trouble| (trouble, words)))
    }

    /// What to store after a look, if `stored` was noted meanwhile, perhaps by another node: a place never goes back as long as the
    /// numbers of its letters are comparable, and of the notes that a letter was left out, the latest stays for its time.
    #[cfg(any(feature = "mailroom", test))]
    pub(crate) fn after(&self, stored: Option<Self>, today: NaiveDate) -> Self {
        let stored = stored.unwrap_or_else(|| Self::new(""));
        let place = match (self.place, stored.place) {
            (Some(new), Some(old)) if new.uid_validity == old.uid_validity => {
                Some(MailboxPlace { next_uid: new.next_uid.max(old.next_uid), ..new })
            }
            (new, old) => new.or(old),
        };
        let (new, old) = (self.problem.as_deref(), stored.problem.as_deref());
        let stays = |(on, ..): &(NaiveDate, u32, &str)| (today - *on).num_days() <= Self::LEFT_OUT_DAYS;
        let note = [old, new].into_iter().flatten().flat_map(notes).filter(stays).max();
        let trouble = new.and_then(|problem| problem.split('\n').find(|line| notes(line).next().is_none()));
        let lines: Vec<&str> = trouble.into_iter().chain(note.map(|(_, _, line)| line)).collect();
        let problem = (!lines.is_empty()).then(|| lines.join("\n"));
        Self { place, checked_at: self.checked_at.max(stored.checked_at), problem, ..self.clone() }
    }
}

/// The notes in a problem that a letter was left out: the day, the number of the letter, and the line.
#[cfg(any(feature = "mailroom", test))]
fn notes(problem: &str) -> impl Iterator<Item = (NaiveDate, u32, &str)> {
    problem.split('\n').filter_map(|line| {
        let (on, rest) = line.strip_prefix("left-out: ")?.split_once(" UID ")?;
        let (uid, _) = rest.split_once(':')?;
        Some((on.parse::<NaiveDate>().ok()?, uid.parse::<u32>().ok()?, line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2027, 3, 31).unwrap();

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
        assert_eq!(at(1, 5).after(None, TODAY), at(1, 5));
        assert_eq!(at(1, 5).after(Some(at(1, 9)), TODAY), at(1, 9));
        assert_eq!(at(1, 9).after(Some(at(1, 5)), TODAY), at(1, 9));
        let begun_anew = at(2, 3).after(Some(at(1, 9)), TODAY);
        assert_eq!((begun_anew.place, begun_anew.checked_at), (at(2, 3).place, at(1, 9).checked_at));
        let failed = MailboxState { problem: Some("login: no".to_owned()), ..MailboxState::new("imaps://a@b.example/INBOX") };
        assert_eq!(failed.after(Some(at(1, 9)), TODAY), MailboxState { problem: failed.problem.clone(), ..at(1, 9) });
    }

    /// M-02: looks that go well and other problems do not take away the note that a letter was left out. Only time or a later note does.
    #[test]
    fn the_note_about_a_letter_that_was_left_out_stays_for_30_days() {
        let note = |days: i64, uid: u32| MailboxTrouble::left_out(uid, TODAY - chrono::TimeDelta::days(days), "a\nb: c");
        let (login, away) = (MailboxTrouble::Login.with("no"), MailboxTrouble::Unreachable.with(""));
        let both = |problem: &str, note: String| Some(format!("{problem}\n{note}"));
        assert_eq!(note(1, 12), "left-out: 2027-03-30 UID 12: a b: c");
        let cases = [
            (None, Some(note(30, 7)), Some(note(30, 7))),
            (None, Some(note(31, 7)), None),
            (None, Some(login.clone()), None),
            (Some(login.clone()), Some(note(3, 7)), both(&login, note(3, 7))),
            (Some(away.clone()), both(&login, note(3, 7)), both(&away, note(3, 7))),
            (None, both(&login, note(3, 7)), Some(note(3, 7))),
            (Some(note(2, 5)), Some(note(3, 7)), Some(note(2, 5))),
            (Some(note(3, 7)), Some(note(2, 5)), Some(note(2, 5))),
            (both(&login, note(2, 5)), Some(note(2, 10)), both(&login, note(2, 10))),
            (Some(format!("{login}\n{}\n{}", note(3, 7), note(2, 5))), None, both(&login, note(2, 5))),
            (both(&login, note(31, 7)), None, Some(login.clone())),
            (Some("left-out: once".to_owned()), Some("left-out: twice".to_owned()), Some("left-out: once".to_owned())),
        ];
        for (new, old, expected) in cases {
            let of = |problem: &Option<String>| MailboxState { problem: problem.clone(), ..at(1, 5) };
            assert_eq!(of(&new).after(Some(of(&old)), TODAY).problem, expected, "{new:?} after {old:?}");
        }
        let of = |problem| MailboxState { problem, ..MailboxState::new("a") };
        assert_eq!(of(both(&login, note(1, 12))).trouble(), Some((MailboxTrouble::Login, "no")));
        assert_eq!(of(Some(note(1, 12))).trouble(), Some((MailboxTrouble::LeftOut, "2027-03-30 UID 12: a b: c")));
    }
}
