//! Ids, one type for each kind of thing, and the source of new ids.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::blob::digest::Hasher;

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            /// Parses exactly the form that [`fmt::Display`] writes; other spellings of a UUID are refused.
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let id = Uuid::try_parse(text).map_err(|_| NotAnId)?;
                let id = Self(id);
                if id.to_string() == text { Ok(id) } else { Err(NotAnId) }
            }
        }
    )+};
}

macro_rules! host_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Creates the id from the host's spelling. Does not check it.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The id in the host's spelling.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Checks that every database can store the id: 1 to [`MAX_ID`] characters, no control characters, not blank.
            ///
            /// # Errors
            /// The reason why it cannot be used.
            pub fn check(&self) -> Result<(), UnfitId> {
                check(&self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

uuid_ids! {
    /// Identifies a supporter record. It stays the same while the record is edited.
    SupporterId,
    /// Identifies an attachment of a message.
    AttachmentId,
    /// Identifies a file of a note (T-01).
    NoteFileId,
    /// Identifies a label (T-06).
    LabelId,
    /// Identifies a letter in the outbox. The letter's `Message-ID` is derived from it, so mail programs recognise a letter
    /// sent twice.
    LetterId,
    /// Identifies a letter that came in (M-02).
    IncomingId,
    /// Identifies a saved answer (T-08).
    SavedAnswerId,
    /// Identifies a saved view of the list (T-12).
    SavedViewId,
    /// Identifies a form: what is sent with a nonce is stored once, even if the button is pressed twice (P-25).
    Nonce,
}

host_ids! {
    /// A user, in the host's spelling. Opaque to MuTicket; compared byte for byte.
    UserId,
    /// A group of the host's users. Opaque to MuTicket; compared byte for byte.
    GroupId,
    /// A category of tickets, in the spelling of the host or of MuTicket, depending on which keeps the categories.
    CategoryId,
}

impl Nonce {
    /// Combines the nonce with its author. Two people who send the same nonce then have different forms, and neither can
    /// block the other's (P-25).
    pub(crate) fn of(self, author: &UserId) -> Self {
        let mut hasher = Hasher::default();
        hasher.update(self.0.as_bytes());
        hasher.update(author.as_str().as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hasher.digest().bytes()[..16]);
        Self(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}

/// The longest id that the host may give, in characters.
pub const MAX_ID: usize = 255;

/// Why an id given by the host cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum UnfitId {
    /// It is empty or contains only blanks.
    #[error("it is blank")]
    Blank,
    /// It is longer than [`MAX_ID`].
    #[error("it has {length} characters, and at most {MAX_ID} are allowed")]
    TooLong {
        /// The length in characters.
        length: usize,
    },
    /// It contains a control character, such as a zero byte or a line feed.
    #[error("it has a control character in it")]
    Control,
}

fn check(id: &str) -> Result<(), UnfitId> {
    let length = id.chars().count();
    match id {
        _ if length > MAX_ID => Err(UnfitId::TooLong { length }),
        _ if id.chars().any(char::is_control) => Err(UnfitId::Control),
        _ if id.trim().is_empty() => Err(UnfitId::Blank),
        _ => Ok(()),
    }
}

/// The text is not an id of the requested kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct NotAnId;

/// The number of a ticket, as people and URLs name it. Never used twice; gaps are normal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TicketNumber(i64);

impl TicketNumber {
    /// Creates a number from its stored form; `None` unless it is positive.
    pub fn new(number: i64) -> Option<Self> {
        (number > 0).then_some(Self(number))
    }

    /// The stored form; always positive.
    pub fn get(self) -> i64 {
        self.0
    }
}

/// The position of a message in its ticket: 1 for the first, then 2, 3, ... without gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageNumber(u32);

impl MessageNumber {
    /// The message that opened the ticket.
    pub const FIRST: Self = Self(1);

    /// Creates a position from its stored form; `None` for 0.
    pub fn new(number: u32) -> Option<Self> {
        (number > 0).then_some(Self(number))
    }

    /// The stored form; always positive.
    pub fn get(self) -> u32 {
        self.0
    }

    /// The next position.
    pub(crate) fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// The number of a note on its ticket: 1 for the first, then 2, 3, .... The number of a deleted note is not used again (T-01).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoteNumber(u32);

impl NoteNumber {
    /// The first note of a ticket.
    pub const FIRST: Self = Self(1);

    /// Creates a number from its stored form; `None` for 0.
    pub fn new(number: u32) -> Option<Self> {
        (number > 0).then_some(Self(number))
    }

    /// The stored form; always positive.
    pub fn get(self) -> u32 {
        self.0
    }

    /// The next number.
    pub(crate) fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

macro_rules! decimal_text {
    ($($name:ident as $int:ty),+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            /// Parses plain decimal digits: no sign, no leading zero, no other characters.
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let number: $int = text.parse().map_err(|_| NotAnId)?;
                let number = Self::new(number).ok_or(NotAnId)?;
                if number.to_string() == text { Ok(number) } else { Err(NotAnId) }
            }
        }
    )+};
}

decimal_text!(TicketNumber as i64, MessageNumber as u32, NoteNumber as u32);

/// The source of new ids. Tests use a predictable one.
pub trait Ids: Send + Sync + 'static {
    /// Returns a UUID that was never returned before, with at least 74 random bits.
    fn next(&self) -> Uuid;

    /// Returns a secret that cannot be guessed.
    fn secret(&self) -> [u8; 32];
}

/// Time-ordered UUIDs (version 7) with random bits from the operating system. This is the default.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemIds;

impl Ids for SystemIds {
    fn next(&self) -> Uuid {
        #[expect(clippy::disallowed_methods, reason = "this is the one place they come from")]
        match std::time::SystemTime::now() >= std::time::SystemTime::UNIX_EPOCH {
            true => Uuid::now_v7(),
            false => before_1970(),
        }
    }

    fn secret(&self) -> [u8; 32] {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).expect("an operating system without randomness cannot run a web site");
        secret
    }
}

/// `now_v7` panics before 1970, because a UUID cannot contain such a time.
fn before_1970() -> Uuid {
    Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, 0, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_number_has_one_spelling() {
        assert_eq!("7".parse(), Ok(TicketNumber(7)));
        for text in ["0", "-1", "+7", "07", "1e3", " 7", "7 ", "", "99999999999999999999", "7.0", "\u{ff17}"] {
            assert_eq!(text.parse::<TicketNumber>(), Err(NotAnId), "{text:?}");
        }
    }

    /// P-30
    #[test]
    fn an_id_of_the_host_has_one_limit_on_all_databases() {
        let fit =
            ["7".to_owned(), "anna@example.org".to_owned(), "\u{1f600}".repeat(255), " x ".to_owned(), "cn=Anna,dc=x".to_owned()];
        for id in fit {
            assert_eq!(UserId::new(id.clone()).check(), Ok(()), "{id:?}");
        }
        let unfit = [
            (String::new(), UnfitId::Blank),
            (" \u{a0}\u{3000}".to_owned(), UnfitId::Blank),
            ("x".repeat(256), UnfitId::TooLong { length: 256 }),
            ("\u{e4}".repeat(300), UnfitId::TooLong { length: 300 }),
            ("a\0b".to_owned(), UnfitId::Control),
            ("a\nb".to_owned(), UnfitId::Control),
            ("a\u{85}".to_owned(), UnfitId::Control),
            ("a\u{7f}".to_owned(), UnfitId::Control),
        ];
        for (id, problem) in unfit {
            assert_eq!(GroupId::new(id.clone()).check(), Err(problem), "{id:?}");
        }
    }

    #[test]
    fn a_clock_before_1970_still_gives_identifiers() {
        assert_ne!(before_1970(), before_1970());
        assert_eq!(before_1970().get_version_num(), 7);
    }

    #[test]
    fn a_uuid_has_one_spelling() {
        let text = "018f2f0e-4c5a-7bcd-8abc-0123456789ab";
        assert!(text.parse::<AttachmentId>().is_ok());
        for text in [text.to_uppercase(), text.replace('-', ""), format!("{{{text}}}"), String::new()] {
            assert_eq!(text.parse::<AttachmentId>(), Err(NotAnId), "{text:?}");
        }
    }
}
