//! A host lends its own connections.
//!
//! `site` is a host with its own tables, on each of the databases.

mod contract;
mod deadlocks;
mod ends;
mod erased;
mod files;
mod migrating;
mod reading;
mod refusals;
mod settings;
mod site;
mod together;
mod waiting;
