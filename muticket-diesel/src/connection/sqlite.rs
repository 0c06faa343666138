//! SQLite.

/// Diesel's own connection.
pub(crate) type Conn = diesel::SqliteConnection;
/// The type of connection that a host lends.
#[cfg(feature = "host-connections")]
pub(crate) type Raw = Conn;
pub(crate) type Db = diesel::sqlite::Sqlite;
