//! The only module that knows how the databases differ: the type of a UUID column, and one file per database with the same items.

#[cfg(feature = "mysql")]
pub(crate) mod mysql;
#[cfg(feature = "postgres")]
pub(crate) mod postgres;
#[cfg(feature = "_server")]
mod server;
#[cfg(feature = "sqlite")]
pub(crate) mod sqlite;
#[cfg(all(test, feature = "postgres", feature = "mysql"))]
mod tests;

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::query_builder::QueryId;
use diesel::sql_types::SqlType;
use uuid::Uuid;

/// The type of a UUID column. Each database uses its own best form.
#[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
#[cfg_attr(feature = "sqlite", diesel(sqlite_type(name = "Binary")))]
#[cfg_attr(feature = "postgres", diesel(postgres_type(oid = 2950, array_oid = 2951)))]
#[cfg_attr(feature = "mysql", diesel(mysql_type(name = "Blob")))]
pub struct UuidColumn;

/// A UUID as stored in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = UuidColumn)]
pub(crate) struct Key(pub(crate) Uuid);
