//! What the tests of several crates need.

mod smtp_server;

pub use crate::smtp_server::{Point, Received, Secrecy, SmtpServer, Trouble};
