//! A host lends its own connections.
//!
//! `site` is a host with its own tables, on each of the databases.

#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall stop, in its helpers too")]

mod deadlocks;
mod ends;
mod erased;
mod files;
mod migrating;
mod reading;
mod settings;
mod site;
mod together;
mod waiting;
