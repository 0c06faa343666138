//! What a letter is about. A notice is what lies in the outbox; it becomes a letter when it is sent.

use chrono::{DateTime, Utc};

use crate::id::{LetterId, MessageNumber, TicketNumber, UserId};

/// Something a person is told by mail. Names things only: texts, addresses and rights are looked up when the letter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Notice {
    /// To supporters: a ticket was opened.
    TicketOpened,
    /// To supporters: the customer wrote.
    CustomerReplied,
    /// To the customer: a supporter answered.
    SupporterAnswered,
}

impl Notice {
    /// Every notice there is.
    pub const ALL: [Self; 3] = [Self::TicketOpened, Self::CustomerReplied, Self::SupporterAnswered];

    /// Whether a program wrote the letter: `false` for one that brings what a person wrote to the other side (M-10).
    pub fn is_automatic(self) -> bool {
        match self {
            Self::TicketOpened | Self::CustomerReplied => true,
            Self::SupporterAnswered => false,
        }
    }

    /// The stored form, and the name of its templates.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TicketOpened => "ticket-opened",
            Self::CustomerReplied => "customer-replied",
            Self::SupporterAnswered => "supporter-answered",
        }
    }

    /// Reads the stored form; `None` for any other text.
    pub fn from_stored(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.as_str() == text)
    }
}

/// A letter to be: one recipient, one reason. Written in the same transaction as its reason (P-20).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Names it; its `Message-ID` is made of this, the same at every try.
    pub id: LetterId,
    /// What it is about.
    pub notice: Notice,
    /// The ticket.
    pub ticket: TicketNumber,
    /// The message.
    pub message: MessageNumber,
    /// To whom.
    pub recipient: UserId,
    /// When its reason happened.
    pub created_at: DateTime<Utc>,
    /// How many times sending was tried, since an administrator sent it again if one did.
    pub attempts: u32,
    /// How many times a courier claimed it. Never goes back, so it names the last claim.
    pub claims: u32,
    /// How it stands.
    pub state: LetterState,
}

/// How a letter stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetterState {
    /// To be sent, not before the instant; with what went wrong the last time.
    Waiting {
        /// Not before this.
        not_before: DateTime<Utc>,
        /// Why the last try failed; `None` before the first.
        problem: Option<String>,
    },
    /// A courier has it. If nothing is heard of him by then, another one takes it.
    Claimed {
        /// When the claim lapses.
        until: DateTime<Utc>,
    },
    /// Neither sent nor dropped until an administrator decides, because the database seems to come from a backup: the letter may have been
    /// sent after that was made (P-34).
    Held,
    /// The mail server took it.
    Sent {
        /// When.
        at: DateTime<Utc>,
    },
    /// Not sent on purpose: its recipient may no longer see the ticket, or has no address.
    Dropped {
        /// When.
        at: DateTime<Utc>,
        /// Why.
        reason: DropReason,
    },
    /// Given up: refused for good, or tried for five days. An administrator may send it again.
    Failed {
        /// When.
        at: DateTime<Utc>,
        /// What the mail server said.
        problem: String,
    },
}

/// Why a letter was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DropReason {
    /// The recipient may no longer see the ticket (P-01).
    NoAccess,
    /// The host no longer knows the recipient.
    UnknownUser,
    /// The recipient has no mail address, or one that no letter can be sent to.
    NoAddress,
    /// The recipient's address is the one that the site's letters come from; a letter to it might answer itself for ever (P-24).
    OwnAddress,
    /// It was held, and an administrator discarded it.
    Discarded,
}

impl DropReason {
    const ALL: [Self; 5] = [Self::NoAccess, Self::UnknownUser, Self::NoAddress, Self::OwnAddress, Self::Discarded];

    /// The stored form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoAccess => "no-access",
            Self::UnknownUser => "unknown-user",
            Self::NoAddress => "no-address",
            Self::OwnAddress => "own-address",
            Self::Discarded => "discarded",
        }
    }

    /// Reads the stored form; `None` for any other text.
    pub fn from_stored(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text)
    }
}
