//! What the tests of several crates need.

pub mod database;
mod smtp_server;
pub mod words;

pub use crate::smtp_server::{Point, Received, Secrecy, SmtpServer, Trouble};
