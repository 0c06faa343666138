//! The behaviour of the core, tested through its public API with the storage and the blobs in memory.
//!
//! One file for each door or topic. The site and its people are [`muticket_world::World`]. `outbox` puts letters directly into
//! the outbox, and `storages` holds storages that run units in unusual ways.
//! A test that proves a requirement names it in its doc comment.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall stop, in its helpers too")]

#[cfg(feature = "smtp")]
mod access_tokens;
mod asked;
mod backend;
mod categories;
#[cfg(feature = "mail")]
mod courier;
#[cfg(feature = "mail")]
mod customer_letters;
mod desk;
#[cfg(feature = "smtp")]
mod empty_sender;
mod faults;
mod figures;
mod forms;
mod frontend;
#[cfg(feature = "mail")]
mod held;
#[cfg(feature = "mail")]
mod letter;
#[cfg(feature = "mail")]
mod letters;
#[cfg(feature = "mail")]
mod note_files;
#[cfg(feature = "mail")]
mod notes;
mod open_tickets;
#[cfg(feature = "mail")]
mod outbox;
mod portal;
mod races;
mod ratings;
mod replica;
mod routing;
mod saved;
mod several;
mod several_files;
#[cfg(feature = "smtp")]
mod smtp;
mod storages;
mod supporters;
mod texts;
#[cfg(feature = "host-connections")]
mod transactions;
mod uploads;
mod views;
