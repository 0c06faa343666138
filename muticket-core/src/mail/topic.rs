//! What a letter is about.

use strum::{IntoStaticStr, VariantArray};

use crate::category::Category;
use crate::incoming::Verdict;
use crate::notification::Notification;
use crate::ticket::{Body, Ticket};
use crate::user::User;

/// The content of a letter.
#[derive(Debug, Clone, Copy)]
pub struct Topic<'a> {
    /// The reason.
    pub notification: Notification,
    /// The ticket; `None` in a letter that answers a letter without a ticket.
    pub ticket: Option<&'a Ticket>,
    /// The quoted text of a message or a note; `None` in a letter that quotes none.
    pub body: Option<&'a Body>,
    /// The letter whose writer is told that it waits or became no message; `None` in all other letters.
    pub answers: Option<Answered<'a>>,
    /// What a receipt says about the ticket; `None` in all other letters (D-15).
    pub received: Option<Received<'a>>,
    /// What the customer can still do on their closed ticket; `None` if it is open, and in letters to supporters (D-02, D-15).
    pub closed: Option<Closed>,
    /// The name of the person who wrote it or changed the ticket; blank if they have none, `None` if the host no longer knows
    /// them.
    pub author: Option<&'a str>,
    /// The sender that a letter for the ticket names and that could not be confirmed (M-03). `None` if it names none, and in all other
    /// letters.
    pub sender: Option<&'a str>,
    /// The recipient of the letter.
    pub recipient: &'a User,
    /// The ticket's category; `None` if it has none.
    pub category: Option<&'a Category>,
    /// The URL of the message, the note, the ticket, the list of tickets or the form for a new one.
    pub link: &'a str,
    /// The name of the site.
    pub site: &'a str,
    /// Whether the recipient can reply to the letter (M-10).
    pub can_reply: bool,
}

/// A letter that came in, as the letter that answers it names it.
#[derive(Debug, Clone, Copy)]
pub struct Answered<'a> {
    /// Its subject; may be empty.
    pub subject: &'a str,
    /// Why it became no message.
    pub why: Why,
}

/// What a receipt says beside the ticket and its text (D-15).
#[derive(Debug, Clone, Copy)]
pub struct Received<'a> {
    /// The names of the files, in the order of the page.
    pub files: &'a [String],
    /// Whether the customer gets a letter when the ticket is closed.
    pub tells_of_closing: bool,
}

/// What a customer can do on their closed ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    /// Open a ticket that continues it (D-02), now or when a supporter is present.
    pub may_follow: bool,
    /// Rate answers on the page (D-06).
    pub may_rate: bool,
}

/// Why a letter became no message. The words are those of the templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
#[non_exhaustive]
pub enum Why {
    /// The sender may not reply to the ticket.
    NoReply,
    /// The sender may not open tickets.
    NoTicket,
    /// Tickets are opened on the page here, or the ticket no longer exists.
    OnPage,
    /// A ticket needs a category, and a letter names none (D-08).
    Category,
    /// There is no text and no file in it.
    Empty,
    /// Supporters may answer by mail here, but this letter could not become an answer (M-01).
    NoAnswer,
    /// The letter is not refused: it waits, or a supporter wrote it.
    Other,
}

impl Why {
    /// All reasons.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The word in templates and sentences.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether the sender is asked to open the ticket on the page. The templates know these reasons, too.
    pub(crate) fn asks_to_open(self) -> bool {
        matches!(self, Self::OnPage | Self::Category)
    }

    /// The reason for a verdict. `may_open` says whether the sender may open tickets now.
    pub(crate) fn of(verdict: Verdict, has_ticket: bool, may_open: bool) -> Self {
        match verdict {
            Verdict::NotAllowed if has_ticket => Self::NoReply,
            Verdict::NotAllowed if may_open => Self::OnPage,
            Verdict::NotAllowed => Self::NoTicket,
            Verdict::NeedsCategory => Self::Category,
            Verdict::Empty => Self::Empty,
            _ => Self::Other,
        }
    }
}
