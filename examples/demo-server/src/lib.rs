//! A complete little site with MuTicket in it: the shop Kontor Nord, which does not exist, and its support.
//!
//! The binary serves it; tests drive [`site`] directly. What a host has to write itself is in `host.rs`, and what it mounts in `site.rs`;
//! everything else here is the shop.

mod back;
mod host;
mod layout;
mod login;
mod mailbox;
mod options;
mod pages;
mod people;
mod seed;
mod site;
mod store;

pub use crate::back::local_path;
pub use crate::host::KontorNord;
pub use crate::login::COOKIE;
pub use crate::mailbox::Mailbox;
pub use crate::options::{Options, Usage, UsageError, parse};
pub use crate::people::{PEOPLE, Person};
pub use crate::site::{SetupError, settings, site, site_with};
