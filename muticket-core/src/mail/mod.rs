//! The port to the post: what a letter is, and who takes it away.
//!
//! A letter has exactly one recipient, so one refused address never costs anybody else his letter (P-14). Its addresses and
//! its identifiers are types that cannot hold a line break, so nothing that a user typed can add a header or a recipient.

mod address;
mod memory;
mod message_id;
mod messages;
#[cfg(feature = "smtp")]
mod mime;
mod quote;
mod render;
mod sample;
#[cfg(feature = "smtp")]
pub mod smtp;
pub(crate) mod trouble;
pub(crate) mod words;
mod wrap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

pub(crate) use crate::mail::address::ascii_domain;
pub use crate::mail::address::{Address, Mailbox, NotAnAddress};
pub use crate::mail::memory::MemoryMailer;
pub use crate::mail::message_id::{Instance, MessageId};
pub use crate::mail::messages::Messages;
pub use crate::mail::render::{LetterText, Letters, LettersBuilder, RenderError, Topic};
#[cfg(feature = "smtp")]
pub use crate::mail::smtp::{SmtpMailer, SmtpSetupError};
pub use crate::mail::trouble::{Diagnosis, Trouble};

/// A letter, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Letter {
    /// The same at every try, so that a second copy is recognised as one (P-22).
    pub message_id: MessageId,
    /// The beginning of the thread, the same for all letters about one ticket: mail readers show them together.
    pub thread: MessageId,
    /// Whether a program wrote it: a notice to supporters. `false` for the answer of a person to a customer. Other mail programs and help
    /// desks hide or skip automatic letters (M-10).
    pub automatic: bool,
    /// Who it comes from.
    pub from: Mailbox,
    /// Whom it goes to.
    pub to: Mailbox,
    /// One line.
    pub subject: String,
    /// The letter as plain text.
    pub text: String,
    /// The same letter as HTML.
    pub html: String,
    /// When it is sent.
    pub sent_at: DateTime<Utc>,
}

impl Letter {
    /// A letter of a person that begins a thread of its own. For the tests of a mailer: the letters of a site are made by the
    /// [courier](crate::courier).
    pub fn new(message_id: MessageId, from: Mailbox, to: Mailbox, text: LetterText, sent_at: DateTime<Utc>) -> Self {
        let LetterText { subject, text, html } = text;
        Self { thread: message_id.clone(), message_id, automatic: false, from, to, subject, text, html, sent_at }
    }
}

/// Takes letters away: SMTP by default, or whatever the host sends its mail with.
///
/// A mailer limits its own waiting: a call ends within two minutes, whatever the other side does, because the courier's claim on the
/// letter lapses after five.
#[async_trait]
pub trait Mailer: Send + Sync + 'static {
    /// Hands one letter over. `Ok` means that somebody else is responsible for it now.
    ///
    /// # Errors
    /// What to do next is in the error: see [`SendError`].
    async fn send(&self, letter: &Letter) -> Result<(), SendError>;

    /// What takes the letters, as the log calls it: `the mail server smtp://127.0.0.1:25`. Without a password. Default: `the mail server`.
    fn server(&self) -> String {
        "the mail server".to_owned()
    }
}

/// A letter was not taken, or perhaps it was. The reasons are for operators; they are cleaned and cut before they are kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// It was not taken, and a later try may succeed.
    #[error("not sent yet: {reason}")]
    Passing {
        /// What happened.
        reason: String,
        /// Whether the trouble has nothing to do with this letter: the server cannot be reached, refuses the login or takes no letters at
        /// all. The courier then tries no other letter for a while, and this one does not count as tried.
        server_down: bool,
    },
    /// It was refused; a second try would be refused too.
    #[error("refused: {reason}")]
    Permanent {
        /// What the server said.
        reason: String,
    },
    /// It was handed over and the answer never came: it may have been taken (P-22).
    #[error("may have been sent: {reason}")]
    Unknown {
        /// What happened.
        reason: String,
    },
}
