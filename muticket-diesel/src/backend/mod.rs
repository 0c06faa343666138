//! One module per database, with its connections and its own compilation of the statements.
//!
//! The statements are written once, over the alias `Conn`. Diesel checks them against one database at a time, so they are compiled once
//! per database. A type that covers several databases (`MultiConnection`) can neither insert several rows in one statement nor read back a
//! generated number.

#[cfg(feature = "_server")]
pub(crate) mod address;
#[cfg(feature = "mysql")]
pub(crate) mod mysql;
#[cfg(feature = "postgres")]
pub(crate) mod postgres;
#[cfg(feature = "sqlite")]
pub(crate) mod sqlite;
#[cfg(feature = "_server")]
pub(crate) mod waiter;

/// The migrations in a folder, by name and in order. Some have a step in Rust that runs after their statements.
macro_rules! migrations {
    (@then) => { None };
    (@then $then:path) => { Some($then) };
    ($folder:literal: $($version:literal $(then $then:path)?),+) => {
        &[$(Migration {
            version: $version,
            up: include_str!(concat!("../../migrations/", $folder, "/", $version, "/up.sql")),
            then: migrations!(@then $($then)?),
            down: include_str!(concat!("../../migrations/", $folder, "/", $version, "/down.sql")),
        }),+]
    };
}
use migrations;
