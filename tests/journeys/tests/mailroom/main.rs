//! Letters that come in, proven over many steps: a node that dies at each of them, parts that fail at each of them, and a month in which
//! programs write to each other.

#![expect(clippy::unwrap_used, reason = "a journey that stumbles has failed")]

mod killed;
mod month;
mod mortal;
mod post;
mod room;
mod stumbles;
