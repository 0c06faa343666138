//! The mailroom: takes letters in (M-01 to M-08).
//!
//! A letter is stored as it came before anything else is done with it. Then it is parsed, and named steps decide in a visible
//! order (`mailroom/steps.rs`) what becomes of it. A reply and a new ticket go through the same doors as the forms, so they have
//! the same rights, limits, history and notices. A letter that fails three times is parked with its reason.
//!
//! It has no loop and no timer: [`Helpdesk::receive`](crate::Helpdesk::receive) works on a letter at once, and
//! [`Helpdesk::work_on_letters`](crate::Helpdesk::work_on_letters) on those that wait.
//!
//! [`read`] shows what a letter says, without a site.
//!
//! ```
//! # use muticket_core::Helpdesk;
//! use muticket_core::incoming::{Envelope, Verdict};
//!
//! # async fn take(helpdesk: Helpdesk, raw: Vec<u8>) -> Result<(), muticket_core::mailroom::ReceiveError> {
//! let envelope = Envelope { from: Some("anna@example.org".to_owned()), to: "support@example.com".to_owned() };
//! let receipt = helpdesk.receive(raw, &envelope).await?;
//! if receipt.verdict == Verdict::Replied {
//!     println!("the ticket has a new reply");
//! }
//! # Ok(())
//! # }
//! ```

mod automatic;
mod blocking;
mod budget;
mod came_back;
mod charset;
mod check_error;
mod compose;
mod confirm;
mod content;
mod flowed;
mod follow_up;
mod guard;
mod head;
mod html;
mod identity;
mod mailboxes;
pub(crate) mod open;
pub(crate) mod parsed;
mod phrases;
mod pieces;
mod quote;
mod readable;
mod reading;
mod receive;
mod report;
mod respond;
pub(crate) mod rules;
mod sameness;
pub(crate) mod sender;
mod sender_check;
mod steps;
mod tell;
mod transfer;
mod trust;
mod unconfirmed;
pub(crate) mod work;

pub use crate::mailroom::check_error::CheckError;
pub use crate::mailroom::reading::{LetterPart, NotRead, Reading, Writer, read};
pub use crate::mailroom::receive::{Receipt, ReceiveError};
pub use crate::mailroom::rules::MailIn;
pub use crate::mailroom::sender_check::{LetterToCheck, SenderCheck};
pub use crate::mailroom::trust::Check;

#[cfg(test)]
mod tests;
