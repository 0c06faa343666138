//! One module for each database: its connections, and its own compilation of the statements.
//!
//! The statements are written once, over the alias `Conn`. Diesel checks them against one database at a time, so they are compiled
//! once for each; a type that stands for several databases (`MultiConnection`) cannot insert many rows at once or read back a number.

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

/// The migrations in a folder, by their names, in order; behind some, what the program does when the statements have been run.
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
