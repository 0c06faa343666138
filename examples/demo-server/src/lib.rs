//! A small but complete site with MuTicket: the fictional shop Kontor Nord and its support.
//!
//! The binary serves it; tests call [`site`] directly. `host.rs` shows what a host has to write, and `site.rs` what it mounts. Everything
//! else is the shop itself.

mod back;
mod host;
mod layout;
mod login;
mod mail_program;
mod mailbox;
mod options;
mod orders;
mod pages;
mod people;
mod reply;
mod seed;
mod session;
mod site;
mod store;
mod ways_in;

pub use crate::back::local_path;
pub use crate::host::KontorNord;
pub use crate::mailbox::{MailServerError, Mailbox};
pub use crate::options::{Options, Usage, UsageError, parse};
pub use crate::people::{PEOPLE, Person};
pub use crate::session::COOKIE;
pub use crate::site::{SetupError, settings, site, site_with};
pub use crate::ways_in::WayInError;
