//! Letters that came in, as they are stored (M-02).

use chrono::{DateTime, Utc};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::blob::{BlobKey, Digest};
use crate::id::{IncomingId, MessageNumber, TicketNumber, UserId};

/// What became of a letter that came in, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "kebab-case")]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Verdict {
    /// It was stored and is not decided yet.
    Waiting,
    /// It is a reply or opens a ticket, and waits until a supporter is present (M-01, R-15).
    SupportOff,
    /// It is a reply on its ticket, or a supporter's answer (M-01).
    Replied,
    /// It opened a ticket.
    Opened,
    /// It is a reply to a closed ticket, and opened a ticket that continues it (D-02).
    FollowedUp,
    /// A program wrote it: an absence note, a newsletter, a list (M-05). It is kept and changes nothing.
    Automatic,
    /// It reports about the delivery of a letter (M-05). It is kept and is no message. If it proves that a letter of the site came back,
    /// the letter and its recipient are marked.
    Bounce,
    /// It is one of the site's own letters, or says to come from the site's own address. It is kept and changes nothing.
    Own,
    /// Held: nobody with the sender's address is known (M-04).
    UnknownSender,
    /// Held: it says to come from a user, and that could not be confirmed (M-03).
    NotConfirmed,
    /// Held: a supporter wrote it, and it could not become an answer on a ticket (R-41, M-01).
    FromSupporter,
    /// Held: the sender may not do what the letter wants: reply, or open a ticket.
    NotAllowed,
    /// Held: a ticket needs a category here, and a letter names none.
    NeedsCategory,
    /// Held: there is nothing to read and no file in it.
    Empty,
    /// Held: it has too many parts, or they lie too deep.
    TooManyParts,
    /// Held: too many letters of its sender were taken in the hour before it (M-05).
    TooMany,
    /// Held: it is larger than letters may be (M-07). Only its header is stored. Its size stands in the problem.
    TooLarge,
    /// Its processing failed too often. The problem is stored beside it.
    Parked,
    /// It was held or parked, and an administrator discarded it.
    Discarded,
}

/// What administrators look for on the page of the mail: verdicts that belong together (M-09).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "kebab-case")]
#[non_exhaustive]
pub enum VerdictGroup {
    /// Held: an administrator opens a ticket with them or discards them.
    Held,
    /// Parked: their processing failed too often.
    Parked,
    /// They wait for their processing, or for a supporter.
    Waiting,
    /// They are messages of tickets.
    Done,
    /// No person wrote them to the site: automatic letters, reports about delivery, and the site's own letters.
    Ignored,
    /// An administrator discarded them.
    Discarded,
}

impl VerdictGroup {
    /// All groups, in the order in which pages show them.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The word in URLs and templates. `parse` reads it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The verdicts of the group.
    pub fn verdicts(self) -> impl Iterator<Item = Verdict> {
        Verdict::ALL.iter().copied().filter(move |verdict| verdict.group() == self)
    }
}

impl Verdict {
    /// All verdicts.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The stored form, also used in templates. `parse` reads it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The group that it belongs to.
    pub fn group(self) -> VerdictGroup {
        match self {
            Self::UnknownSender
            | Self::NotConfirmed
            | Self::FromSupporter
            | Self::NotAllowed
            | Self::NeedsCategory
            | Self::Empty
            | Self::TooManyParts
            | Self::TooMany
            | Self::TooLarge => VerdictGroup::Held,
            Self::Parked => VerdictGroup::Parked,
            Self::Waiting | Self::SupportOff => VerdictGroup::Waiting,
            Self::Replied | Self::Opened | Self::FollowedUp => VerdictGroup::Done,
            Self::Automatic | Self::Bounce | Self::Own => VerdictGroup::Ignored,
            Self::Discarded => VerdictGroup::Discarded,
        }
    }

    /// Whether the letter waits for an administrator, who opens a ticket with it or discards it.
    pub fn is_held(self) -> bool {
        matches!(self.group(), VerdictGroup::Held | VerdictGroup::Parked)
    }

    /// Whether the letter is a message of a ticket.
    pub fn is_message(self) -> bool {
        self.group() == VerdictGroup::Done
    }

    /// Whether the letter is of no further use, so that it is deleted after some time.
    pub fn is_useless(self) -> bool {
        matches!(self.group(), VerdictGroup::Ignored | VerdictGroup::Discarded)
    }
}

/// What is known about whether the header `From` of a letter is genuine (M-03).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "kebab-case")]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Check {
    /// The domain in `From` confirms the letter.
    Passed,
    /// The letter is forged or was changed on the way, and the domain asks for such letters to be refused.
    Failed,
    /// Nobody checked it, or the domain says nothing about it.
    Unknown,
}

impl Check {
    /// All of them.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The stored form. `parse` reads it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Sender and recipients as the mail server gave them, beside the letter (RFC 5321).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Envelope {
    /// The address that reports about delivery go to. Empty for a letter that wants none; `None` if it is not known.
    pub from: Option<String>,
    /// The addresses that the letter was delivered for, separated by blanks.
    pub to: String,
}

impl Envelope {
    /// The longest stored form of each of the two, in characters. What is longer is cut.
    pub const MAX: usize = 1000;

    /// The same envelope in the form in which it is stored: one line each, of limited length.
    #[must_use]
    pub fn stored(&self) -> Self {
        let line = |text: &str| {
            let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
            line.chars().filter(|c| !c.is_control()).take(Self::MAX).collect()
        };
        Self { from: self.from.as_deref().map(line), to: line(&self.to) }
    }
}

/// A letter that came in: one row, and the letter as it came as a blob.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Incoming {
    /// The id.
    pub id: IncomingId,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// The bytes of the letter in the blob store.
    pub key: BlobKey,
    /// Their number.
    pub size: u64,
    /// What makes two copies the same letter: its bytes without the header fields that servers add on the way. Unique.
    pub digest: Digest,
    /// The envelope.
    pub envelope: Envelope,
    /// How often its processing was begun, without those that only found that nobody is present.
    pub attempts: u32,
    /// How often it was claimed. Never decreases, so it identifies the latest claim.
    pub claims: u32,
    /// When its processing may begin again; `None` if it has ended.
    pub due_at: Option<DateTime<Utc>>,
    /// What became of it.
    pub verdict: Verdict,
    /// What went wrong, of a letter that waits again, is too large or is parked. Of a report about delivery, what it says.
    pub problem: Option<String>,
    /// The address in its header `From`; `None` if it has none, or if it was not read yet.
    pub sender: Option<String>,
    /// Its subject; `None` as with `sender`.
    pub subject: Option<String>,
    /// Its `Message-ID` without angle brackets; `None` if it has none that can be answered, or if it was not read yet.
    pub message_id: Option<String>,
    /// What the site's own check found out about its sender (M-03); `None` if it was not made yet, or is to be made again. It is made
    /// once, because signatures expire while a letter waits.
    pub checked: Option<Check>,
    /// Whether an administrator let it be taken although its sender had sent too many (M-05).
    pub is_exempt: bool,
    /// The user who wrote it, if they are known and confirmed (M-03, M-04).
    pub writer: Option<UserId>,
    /// When the writer was last told what became of it, with a letter (M-01, M-04, M-10). Without a writer, when supporters were
    /// told about it (M-03).
    pub told_at: Option<DateTime<Utc>>,
    /// The ticket that it belongs to.
    pub ticket: Option<TicketNumber>,
    /// The message that it became.
    pub message: Option<MessageNumber>,
    /// The number of characters of the message that are new. The rest was quoted (M-06). `None` if nothing was told apart.
    pub new_part: Option<u32>,
}

impl Incoming {
    /// The longest stored sender, subject and problem, in characters.
    pub const MAX_TEXT: usize = 500;

    /// A letter that has just come, and whose processing may begin at `due_at`.
    pub fn new(
        id: IncomingId,
        (key, size, digest): (BlobKey, u64, Digest),
        envelope: Envelope,
        received_at: DateTime<Utc>,
        due_at: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            received_at,
            key,
            size,
            digest,
            envelope,
            attempts: 0,
            claims: 0,
            due_at: Some(due_at),
            verdict: Verdict::Waiting,
            problem: None,
            sender: None,
            subject: None,
            message_id: None,
            checked: None,
            is_exempt: false,
            writer: None,
            told_at: None,
            ticket: None,
            message: None,
            new_part: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Databases hold these words. A new name in the code must not change them.
    #[test]
    fn the_stored_words_stay() {
        let words = [
            "waiting",
            "support-off",
            "replied",
            "opened",
            "followed-up",
            "automatic",
            "bounce",
            "own",
            "unknown-sender",
            "not-confirmed",
            "from-supporter",
            "not-allowed",
            "needs-category",
            "empty",
            "too-many-parts",
            "too-many",
            "too-large",
            "parked",
            "discarded",
        ];
        assert_eq!(Verdict::ALL.iter().map(|verdict| verdict.as_str()).collect::<Vec<_>>(), words);
        assert!(Verdict::ALL.iter().all(|verdict| verdict.as_str().parse() == Ok(*verdict)));
        assert_eq!(Check::ALL.iter().map(|check| check.as_str()).collect::<Vec<_>>(), ["passed", "failed", "unknown"]);
        assert!(Check::ALL.iter().all(|check| check.as_str().parse() == Ok(*check)));
    }

    /// M-09: the words are in URLs.
    #[test]
    fn every_verdict_is_in_one_group() {
        let words: Vec<_> = VerdictGroup::ALL.iter().map(|group| group.as_str()).collect();
        assert_eq!(words, ["held", "parked", "waiting", "done", "ignored", "discarded"]);
        assert!(VerdictGroup::ALL.iter().all(|group| group.as_str().parse() == Ok(*group)));
        let verdicts: usize = VerdictGroup::ALL.iter().map(|group| group.verdicts().count()).sum();
        assert_eq!(verdicts, Verdict::ALL.len());
        let useless: Vec<_> =
            Verdict::ALL.iter().filter(|verdict| verdict.is_useless()).map(|verdict| verdict.as_str()).collect();
        assert_eq!(useless, ["automatic", "bounce", "own", "discarded"]);
    }

    #[test]
    fn an_envelope_is_stored_in_one_line() {
        let envelope = Envelope { from: Some(" a@x.example\r\n".to_owned()), to: format!("b@x.example\tc@{}", "x".repeat(2000)) };
        let stored = envelope.stored();
        assert_eq!(stored.from.as_deref(), Some("a@x.example"));
        assert!(stored.to.starts_with("b@x.example c@xx") && stored.to.len() == Envelope::MAX);
    }
}
