//! An axum site with MuTicket behind a real socket.

#![expect(clippy::unwrap_used, reason = "a test that stumbles has failed")]

mod client;
mod pages;
mod server;
mod setup;
mod worker;
