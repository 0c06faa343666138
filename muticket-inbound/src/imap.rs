//! Fetches letters from a mailbox (M-08).
//!
//! ```no_run
//! use muticket_core::Helpdesk;
//! use muticket_inbound::imap::{self, ImapMailbox};
//!
//! # async fn start(helpdesk: Helpdesk) -> Result<(), imap::ImapSetupError> {
//! let mailbox = ImapMailbox::new("imaps://support%40example.org:secret@mail.example.org/INBOX")?;
//! let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
//! let fetching = tokio::spawn(imap::run(helpdesk, mailbox, async { drop(stopped.await) }));
//! // When the site stops:
//! drop(stop);
//! drop(fetching.await);
//! # Ok(())
//! # }
//! ```
//!
//! How far a mailbox was read stands in the helpdesk's storage, never in flags: people read the mailbox, too. A letter is handed over
//! first, and then the place is noted. If the process ends in between, the letter is fetched again, and the helpdesk counts it once.
//!
//! The client is our own. It knows ten commands, puts a time limit on each step, reads no more than a letter may have, and writes nothing
//! that the server or we say into a log, except for the sentence of a refusal.

mod address;
mod envelope;
mod login;
mod look;
mod mailbox;
mod problem;
mod reply;
mod run;
mod session;
mod taken;
mod wire;

pub use crate::imap::address::ImapSetupError;
pub use crate::imap::mailbox::{ImapMailbox, Start};
pub use crate::imap::run::run;
