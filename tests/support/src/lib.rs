//! What the tests of several crates need.

pub mod database;
mod require;
mod smtp_server;

pub use crate::require::missing;
pub use crate::smtp_server::{Point, Received, Secrecy, SmtpServer, Trouble};
