//! Sending mail: letters, and the port through which they are sent.
//!
//! A letter has exactly one recipient, so that a refused address does not affect other recipients (P-14). Its addresses and
//! ids are types that cannot contain a line break, so user input cannot add a header or a recipient.

mod access_tokens;
mod address;
mod memory;
mod message_id;
mod messages;
#[cfg(feature = "smtp")]
mod mime;
mod quote;
mod render;
mod render_error;
mod reply_address;
mod sample;
#[doc(hidden)]
pub mod server_url;
#[cfg(feature = "smtp")]
pub mod smtp;
mod topic;
mod translator;
pub(crate) mod trouble;
pub(crate) mod words;
mod wrap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

pub use crate::mail::access_tokens::{AccessToken, AccessTokens, NotAnAccessToken};
pub use crate::mail::address::{EmailAddress, Mailbox, NotAnAddress};
pub use crate::mail::memory::MemoryMailer;
pub use crate::mail::message_id::{MessageId, MessageIdKey};
pub use crate::mail::messages::Messages;
pub use crate::mail::render::{LetterText, Letters, LettersBuilder};
pub use crate::mail::render_error::RenderError;
pub use crate::mail::reply_address::{NotAPattern, NotAToken, ReplyKey, ReplyPattern, ReplyToken};
#[cfg(feature = "smtp")]
pub use crate::mail::smtp::{SmtpMailer, SmtpSetupError};
pub use crate::mail::topic::{Answered, Closed, Received, Topic, Why};
pub use crate::mail::translator::{Numbers, Translator};
pub use crate::mail::trouble::{Diagnosis, Trouble};

/// A letter, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Letter {
    /// The same id at every try, so that mail programs recognise a second copy (P-22).
    pub message_id: MessageId,
    /// The id of the thread, the same for all letters about a ticket. Mail programs group letters by it. In a letter that answers a
    /// letter, it is the id of that letter.
    pub thread: MessageId,
    /// Whether a program wrote it: `true` for a notification to supporters and a receipt, `false` for a supporter's answer to a customer.
    /// Other mail programs and help desks hide or skip automatic letters (M-10).
    pub automatic: bool,
    /// Whether an automatic letter answers a letter that came in (RFC 3834): `auto-replied` instead of `auto-generated`.
    pub is_answer: bool,
    /// The sender.
    pub from: Mailbox,
    /// The recipient.
    pub to: Mailbox,
    /// Where replies go (M-03); `None` if nobody reads them.
    pub reply_to: Option<EmailAddress>,
    /// The subject, one line.
    pub subject: String,
    /// The text in plain form.
    pub text: String,
    /// The same text as HTML.
    pub html: String,
    /// The time of sending.
    pub sent_at: DateTime<Utc>,
}

impl Letter {
    /// Creates a letter written by a person, in a thread of its own. For the tests of a mailer: the
    /// [courier](crate::courier) creates the letters of a site.
    pub fn new(message_id: MessageId, from: Mailbox, to: Mailbox, text: LetterText, sent_at: DateTime<Utc>) -> Self {
        let LetterText { subject, text, html } = text;
        let thread = message_id.clone();
        let (automatic, is_answer, reply_to) = (false, false, None);
        Self { thread, message_id, automatic, is_answer, from, to, reply_to, subject, text, html, sent_at }
    }

    /// The sender in the envelope: where reports about the delivery go. `None` for a letter that answers a letter by itself: its
    /// envelope has the empty sender, `MAIL FROM:<>`, so that no program answers it and no report about it is written (RFC 3834, 3.3).
    ///
    /// A mailer that cannot send without a sender may use the address in [`from`](Self::from). The header then still says that the
    /// letter is automatic.
    pub fn envelope_sender(&self) -> Option<&EmailAddress> {
        (!self.is_answer).then(|| self.from.address())
    }
}

/// Sends letters: by SMTP or by the host's own means.
///
/// A mailer limits its own waiting. A call ends within two minutes in any case, because the courier's claim on the letter
/// expires after five. The sender and the recipient in the envelope are [`Letter::envelope_sender`] and [`Letter::to`].
#[async_trait]
pub trait Mailer: Send + Sync + 'static {
    /// Sends one letter. `Ok` means that another system has accepted responsibility for it.
    ///
    /// # Errors
    /// The error says how to proceed: see [`SendError`].
    async fn send(&self, letter: &Letter) -> Result<(), SendError>;

    /// The name of the mail server in logs: `the mail server smtp://127.0.0.1:25`. Without a password. Default: `the mail
    /// server`.
    fn server(&self) -> String {
        "the mail server".to_owned()
    }
}

/// A letter was not accepted, or it is unknown whether it was. The reasons are for operators. They are cleaned and cut
/// before they are stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// Not accepted. A later try may succeed.
    #[error("not sent yet: {reason}")]
    Passing {
        /// The reason.
        reason: String,
        /// Whether the problem does not depend on this letter: the server cannot be reached, refuses the login or accepts no
        /// letters at all. The courier then pauses all letters, and this try does not count.
        server_down: bool,
    },
    /// Refused permanently. Another try would be refused too.
    #[error("refused: {reason}")]
    Permanent {
        /// The server's answer.
        reason: String,
    },
    /// Sent, but without an answer from the server: it may have been accepted (P-22).
    #[error("may have been sent: {reason}")]
    Unknown {
        /// The reason.
        reason: String,
    },
}
