//! Journeys of customers.

#![expect(clippy::unwrap_used, reason = "a journey that stumbles has failed")]

mod download;
mod list;
mod mark;
mod message;
mod open;
mod rate;
mod reply;
mod show;
