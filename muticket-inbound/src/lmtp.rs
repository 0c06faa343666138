//! Letters that a mail server on this machine hands over, by LMTP (RFC 2033) or SMTP (RFC 5321) (M-08).
//!
//! The mail server of the operator takes letters from the Internet, refuses spam, and hands over what is for the site. This listener
//! is not for the Internet: it has no TLS and no login, takes letters for all recipients, and listens only on this machine.
//!
//! ```
//! use muticket_core::Helpdesk;
//! use muticket_inbound::lmtp::{BindError, Listener};
//!
//! async fn take_in(helpdesk: Helpdesk, stop: impl Future<Output = ()> + Send) -> Result<(), BindError> {
//!     let listener = Listener::bind("127.0.0.1:2424").await?;
//!     listener.run(helpdesk, stop).await;
//!     Ok(())
//! }
//! ```
//!
//! # What the mail server is told
//! | answer | when |
//! | --- | --- |
//! | `250` | the letter is stored, or was stored before. Nothing can lose it any more (M-02). |
//! | `451` | a part of the site is unavailable, or four letters are being taken in. The mail server tries again. |
//! | `552` | the letter is larger than [`MailIn::max_bytes`](muticket_core::MailIn::max_bytes). The mail server sends it back. |
//! | `550` | the helpdesk takes no letters, because it has no [`MailIn`](muticket_core::MailIn) or no store for files |
//! | `421` | the site stops, eight connections are open, or the client is too slow or makes too many mistakes |
//!
//! A letter with several recipients is taken in once. In LMTP the same answer is given for each of them.
//!
//! # Limits
//! Eight connections, four letters in memory, 100 recipients for a letter, 4,096 octets for a command. A command may take five
//! minutes, the next piece of a letter three minutes, and a letter 15 minutes.
//!
//! A letter ends with CR LF, a dot, CR LF, and with nothing else. Other ends, which some mail servers understand, are part of the
//! letter. So no letter can smuggle a second one into the conversation.

mod command;
mod conversation;
mod limits;
mod listener;
mod place;
mod text;

pub use crate::lmtp::listener::Listener;
pub use crate::lmtp::place::BindError;

#[cfg(test)]
mod tests;
