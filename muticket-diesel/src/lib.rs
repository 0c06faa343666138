#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    any(all(feature = "sqlite", feature = "_server"), all(feature = "postgres", feature = "mysql")),
    expect(clippy::duplicate_mod, reason = "the statements are compiled once for each database: see database.rs")
)]

#[cfg(not(any(feature = "sqlite", feature = "postgres", feature = "mysql")))]
compile_error!("muticket-diesel needs a database: enable its feature `sqlite`, `postgres` or `mysql`");

mod connection;
mod database;
mod dialect;
mod error;
mod fragment;
#[cfg(feature = "host-connections")]
mod host;
mod retry;
mod schema;
mod storage;

pub use crate::error::ConnectError;
#[cfg(feature = "host-connections")]
pub use crate::host::connections::{HostConnection, HostConnections};
pub use crate::storage::DieselStorage;
/// The crates whose types are part of this crate's signatures, in the matching versions.
#[cfg(feature = "host-connections")]
pub use diesel;
#[cfg(all(feature = "host-connections", feature = "_server"))]
pub use diesel_async;
