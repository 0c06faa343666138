//! What a letter is about. The outbox holds a notification, which becomes a letter when it is sent.

use chrono::{DateTime, Utc};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::id::{IncomingId, LetterId, MessageNumber, NoteNumber, TicketNumber, UserId};
use crate::incoming::Verdict;

/// The reason for a letter. Contains only references: texts, addresses and rights are looked up when the letter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "kebab-case")]
#[non_exhaustive]
pub enum Notification {
    /// To supporters: a ticket was opened.
    TicketOpened,
    /// To supporters: the customer wrote.
    CustomerReplied,
    /// To the customer: a supporter answered.
    SupporterAnswered,
    /// To the new assignee: another supporter assigned the ticket to them (T-03).
    TicketAssigned,
    /// To supporters: the ticket got a category that leads to them (T-07).
    CategoryChanged,
    /// To supporters: a note mentions them (T-02).
    Mentioned,
    /// To a customer who wrote a letter: it waits until a supporter is present (M-01, R-15).
    LetterWaits,
    /// To a user who wrote a letter: it became no message, and why (M-04).
    LetterRefused,
    /// To a supporter who wrote a letter: supporters answer on the page.
    AnswerOnPage,
    /// To supporters: a letter for the ticket is held, because its sender could not be confirmed (M-03).
    LetterNotConfirmed,
    /// To the customer: their ticket was opened (D-15, M-10).
    TicketReceived,
    /// To the customer: a supporter closed the ticket (D-15). An answer that closes it says so itself.
    TicketClosed,
}

impl Notification {
    /// All notifications.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// Whether the letter counts as automatic mail: `false` if it delivers what a person wrote to the other side (M-10).
    pub fn is_automatic(self) -> bool {
        match self {
            Self::TicketOpened | Self::CustomerReplied | Self::TicketAssigned | Self::CategoryChanged | Self::Mentioned => true,
            Self::LetterWaits | Self::LetterRefused | Self::AnswerOnPage | Self::LetterNotConfirmed => true,
            Self::TicketReceived | Self::TicketClosed => true,
            Self::SupporterAnswered => false,
        }
    }

    /// Whether it is about what happened on a ticket, and its reader is a supporter.
    pub(crate) fn is_for_supporters(self) -> bool {
        match self {
            Self::TicketOpened | Self::CustomerReplied | Self::TicketAssigned | Self::CategoryChanged | Self::Mentioned => true,
            Self::LetterNotConfirmed => true,
            Self::SupporterAnswered | Self::LetterWaits | Self::LetterRefused | Self::AnswerOnPage => false,
            Self::TicketReceived | Self::TicketClosed => false,
        }
    }

    /// What the sender of a letter is told about its verdict; `None` if that verdict is never answered (M-01, M-04, M-10, R-41). The
    /// settings may switch receipts off.
    pub fn about(verdict: Verdict) -> Option<Self> {
        match verdict {
            Verdict::SupportOff => Some(Self::LetterWaits),
            Verdict::NotAllowed | Verdict::NeedsCategory | Verdict::Empty => Some(Self::LetterRefused),
            Verdict::FromSupporter => Some(Self::AnswerOnPage),
            Verdict::Opened | Verdict::FollowedUp => Some(Self::TicketReceived),
            // Senders who are unknown or not confirmed get no letter, and neither do programs. Letters that came too often are not
            // answered, because that would be one more letter of a loop.
            _ => None,
        }
    }

    /// The stored form, also the name of its templates. `parse` reads it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A letter to be sent: one recipient, one reason. Stored in the same transaction as its reason (P-20).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct OutboxEntry {
    /// The id, from which the `Message-ID` is derived. It is the same at every try.
    pub id: LetterId,
    /// What the letter is about.
    pub notification: Notification,
    /// The ticket. Only a letter [about a letter](About::Letter) may have none.
    pub ticket: Option<TicketNumber>,
    /// The message that the letter quotes, or the newest one of that time. Only a letter [about a letter](About::Letter) may have none.
    pub message: Option<MessageNumber>,
    /// What the letter is about.
    pub about: About,
    /// The recipient.
    pub recipient: UserId,
    /// When the message was written.
    pub created_at: DateTime<Utc>,
    /// How often sending was tried since the letter was queued, or since an administrator last retried it.
    pub attempts: u32,
    /// How often a courier claimed the letter. Never decreases, so it identifies the latest claim.
    pub claims: u32,
    /// The state.
    pub state: LetterState,
}

impl OutboxEntry {
    /// A letter that waits since `at`, about a message.
    pub fn new(
        id: LetterId,
        notification: Notification,
        (ticket, message): (TicketNumber, MessageNumber),
        recipient: &UserId,
        at: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            notification,
            ticket: Some(ticket),
            message: Some(message),
            about: About::Message,
            recipient: recipient.clone(),
            created_at: at,
            attempts: 0,
            claims: 0,
            state: LetterState::Waiting { not_before: at, problem: None },
        }
    }

    /// A letter that waits since `at` and is about a letter that came in. `ticket` is the one that it leads to, if any. It
    /// quotes nothing.
    pub fn answering(
        id: LetterId,
        notification: Notification,
        (letter, ticket): (IncomingId, Option<TicketNumber>),
        recipient: &UserId,
        at: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            notification,
            ticket,
            message: None,
            about: About::Letter(letter),
            recipient: recipient.clone(),
            created_at: at,
            attempts: 0,
            claims: 0,
            state: LetterState::Waiting { not_before: at, problem: None },
        }
    }
}

/// What a letter is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum About {
    /// The message.
    Message,
    /// The change of the ticket that made this version.
    Change(u32),
    /// A note of the ticket.
    Note(NoteNumber),
    /// A letter that came in. This one answers it (M-01, M-04, M-10, R-41), or tells supporters about it (M-03).
    Letter(IncomingId),
}

/// The state of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum LetterState {
    /// To be sent, or sent again after a failure.
    Waiting {
        /// Not to be sent before this time.
        not_before: DateTime<Utc>,
        /// Why the last try failed; `None` before the first try.
        problem: Option<String>,
    },
    /// A courier is sending the letter. If it does not report back in time, another one takes over.
    Claimed {
        /// When the claim expires.
        until: DateTime<Utc>,
    },
    /// Waits for an administrator's decision, because the database seems to come from a backup. The letter may have been
    /// sent after the backup was made (P-34).
    Held,
    /// The mail server accepted it.
    Sent {
        /// The time.
        at: DateTime<Utc>,
    },
    /// Deliberately not sent, for example because the recipient may no longer see the ticket or has no address.
    Dropped {
        /// The time.
        at: DateTime<Utc>,
        /// The reason.
        reason: DropReason,
    },
    /// Given up: refused permanently, tried for five days, or returned by a mail server (M-05). An administrator may retry it.
    Failed {
        /// The time.
        at: DateTime<Utc>,
        /// The mail server's answer, or what else went wrong.
        problem: String,
    },
}

/// Why a letter was deliberately not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, EnumString)]
#[strum(serialize_all = "kebab-case")]
#[non_exhaustive]
pub enum DropReason {
    /// The recipient may no longer see the ticket (P-01).
    NoAccess,
    /// The host no longer knows the recipient.
    UnknownUser,
    /// The recipient has no email address, or an unusable one.
    NoAddress,
    /// The recipient's address is the site's own sender address. A letter to it might cause a mail loop (P-24).
    OwnAddress,
    /// The letter was held, and an administrator discarded it.
    Discarded,
    /// What the letter says is no longer so: the letter that it is about was taken in, decided anew or deleted meanwhile, or the closed
    /// ticket was reopened.
    Outdated,
    /// Letters to the recipient's address came back too often (M-05). See [`Undeliverable`](crate::undeliverable::Undeliverable).
    Undeliverable,
}

impl DropReason {
    /// The stored form. `parse` reads it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Databases hold these words. A new name in the code must not change them.
    #[test]
    fn the_stored_words_stay() {
        let notifications = [
            "ticket-opened",
            "customer-replied",
            "supporter-answered",
            "ticket-assigned",
            "category-changed",
            "mentioned",
            "letter-waits",
            "letter-refused",
            "answer-on-page",
            "letter-not-confirmed",
            "ticket-received",
            "ticket-closed",
        ];
        assert_eq!(Notification::ALL.iter().map(|notification| notification.as_str()).collect::<Vec<_>>(), notifications);
        assert!(Notification::ALL.iter().all(|notification| notification.as_str().parse() == Ok(*notification)));
        for (word, reason) in [
            ("no-access", DropReason::NoAccess),
            ("unknown-user", DropReason::UnknownUser),
            ("no-address", DropReason::NoAddress),
            ("own-address", DropReason::OwnAddress),
            ("discarded", DropReason::Discarded),
            ("outdated", DropReason::Outdated),
            ("undeliverable", DropReason::Undeliverable),
        ] {
            assert_eq!((reason.as_str(), word.parse()), (word, Ok(reason)));
        }
        assert!("Discarded".parse::<DropReason>().is_err());
    }

    /// M-01, M-04, M-05, M-10, R-41
    #[test]
    fn few_verdicts_are_answered() {
        let answered = |verdict: &Verdict| Notification::about(*verdict).map(|notification| (verdict.as_str(), notification));
        let answered: Vec<_> = Verdict::ALL.iter().filter_map(answered).collect();
        let expected = [
            ("support-off", Notification::LetterWaits),
            ("opened", Notification::TicketReceived),
            ("followed-up", Notification::TicketReceived),
            ("from-supporter", Notification::AnswerOnPage),
            ("not-allowed", Notification::LetterRefused),
            ("needs-category", Notification::LetterRefused),
            ("empty", Notification::LetterRefused),
        ];
        assert_eq!(answered, expected);
        assert!(answered.iter().all(|(_, notification)| notification.is_automatic()));
    }
}
