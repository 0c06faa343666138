//! The behaviour of the three doors, tested through the public API with the storage and the blobs in memory.
//!
//! One file for each door or topic. `world` builds the site and its people, `ports` the storages and blobs that fail on
//! demand.
//! A test that proves a requirement names it in its doc comment.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall stop, in its helpers too")]

mod asked;
mod backend;
mod categories;
mod desk;
mod faults;
mod figures;
mod forms;
mod frontend;
mod host;
#[path = "../support/lagging.rs"]
mod lagging;
mod portal;
mod ports;
mod races;
mod ratings;
mod replica;
mod routing;
mod supporters;
mod texts;
mod transactions;
mod uploads;
mod world;
