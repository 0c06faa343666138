//! One module for each database: its connections, and its own compilation of the statements.
//!
//! The statements are written once, over the alias `Conn`. Diesel checks them against one database at a time, so they are compiled
//! once for each; a type that stands for several databases (`MultiConnection`) cannot insert many rows at once or read back a number.

#[cfg(feature = "sqlite")]
pub(crate) mod sqlite;
