//! Helpers for the tests of several crates.

pub mod database;
mod dovecot;
mod imap_server;
mod require;
mod skipped;
mod smtp_server;
mod tcp_proxy;
pub mod words;

pub use crate::dovecot::Dovecot;
pub use crate::imap_server::{ImapServer, ImapTrouble};
pub use crate::require::missing;
pub use crate::skipped::skipped;
pub use crate::smtp_server::{Farewell, Point, Received, Secrecy, SmtpServer, Trouble};
pub use crate::tcp_proxy::{Fault, TcpProxy, Toward};
