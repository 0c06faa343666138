//! Identifiers, one type each, and the source that makes them.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::blob::Hasher;

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

            /// Reads the one text form that [`fmt::Display`] writes; other spellings of a UUID are refused.
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
            /// Takes the host's own spelling, whatever it is.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The host's own spelling.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Whether MuTicket can use it, on whatever database: 1 to [`MAX_ID`] characters, no control characters, not blank.
            ///
            /// # Errors
            /// What is wrong with it.
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
    /// Names one supporter record; it stays the same while the record is edited.
    SupporterId,
    /// Names one attachment of one message.
    AttachmentId,
    /// Names one letter in the outbox. The letter's `Message-ID` is made of it, so a second sending is recognised.
    LetterId,
    /// Makes a form count once: what was sent with a nonce is stored once, however often the button is pressed (P-25).
    Nonce,
}

host_ids! {
    /// A user, in the host's own spelling. Opaque to MuTicket; compared byte for byte.
    UserId,
    /// A group of the host's users. Opaque to MuTicket; compared byte for byte.
    GroupId,
    /// A category of tickets, in the spelling of whoever keeps the categories.
    CategoryId,
}

impl Nonce {
    /// The form of one person: the same value in somebody else's form is another one, so that nobody's form was "sent already" because of
    /// what another person sent (P-25).
    pub(crate) fn of(self, author: &UserId) -> Self {
        let mut hasher = Hasher::default();
        hasher.update(self.0.as_bytes());
        hasher.update(author.as_str().as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hasher.digest().bytes()[..16]);
        Self(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}

/// The most characters of an id that the host gives.
pub const MAX_ID: usize = 255;

/// Why an id that the host gives cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum UnfitId {
    /// There is nothing in it, or only blanks.
    #[error("it is blank")]
    Blank,
    /// It is longer than [`MAX_ID`].
    #[error("it has {length} characters, and at most {MAX_ID} are allowed")]
    TooLong {
        /// How many characters it has.
        length: usize,
    },
    /// There is a control character in it, such as a zero byte or a line feed.
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

/// The text is not an identifier of the kind asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct NotAnId;

/// The number of a ticket: how people and addresses name it. Never used twice; gaps are normal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TicketNumber(i64);

impl TicketNumber {
    /// Takes a number as a storage keeps it; `None` unless it is positive.
    pub fn new(number: i64) -> Option<Self> {
        (number > 0).then_some(Self(number))
    }

    /// The number as a storage keeps it; always positive.
    pub fn get(self) -> i64 {
        self.0
    }
}

/// The place of a message in its ticket: 1 for the first, then 2, 3, ... without a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageNumber(u32);

impl MessageNumber {
    /// The message that opened the ticket.
    pub const FIRST: Self = Self(1);

    /// Takes a place as a storage keeps it; `None` for 0.
    pub fn new(number: u32) -> Option<Self> {
        (number > 0).then_some(Self(number))
    }

    /// The place as a storage keeps it; always positive.
    pub fn get(self) -> u32 {
        self.0
    }

    /// The place after this one.
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

            /// Reads plain decimal digits: no sign, no leading zero, nothing around them.
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let number: $int = text.parse().map_err(|_| NotAnId)?;
                let number = Self::new(number).ok_or(NotAnId)?;
                if number.to_string() == text { Ok(number) } else { Err(NotAnId) }
            }
        }
    )+};
}

decimal_text!(TicketNumber as i64, MessageNumber as u32);

/// Where new identifiers come from. A test hands in a predictable source.
pub trait Ids: Send + Sync + 'static {
    /// A UUID that was never handed out before, with at least 74 random bits.
    fn next(&self) -> Uuid;

    /// A secret that nobody can guess.
    fn secret(&self) -> [u8; 32];
}

/// Time-ordered UUIDs (version 7), random bits from the operating system: the default.
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

/// `now_v7` panics before 1970: there is no such time in a UUID.
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
