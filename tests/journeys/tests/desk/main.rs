//! Journeys of supporters.

#![expect(clippy::unwrap_used, reason = "a journey that stumbles has failed")]

mod answer;
mod close;
mod mark;
mod next;
mod overview;
mod race;
mod reopen;
