//! What both servers have in common on a host's connections.

use diesel::QueryResult;
use muticket_core::storage::StorageError;

use crate::error::ConnectError;

/// Converts an error on a host's connection into what it means for starting a site.
pub(crate) fn explain(error: StorageError) -> ConnectError {
    ConnectError::of_server("the host's connections", error)
}

// The requirements on a host's connection are checked by `cuts_values`.
pub(crate) fn missing_settings<C>(_: &mut C) -> QueryResult<Vec<&'static str>> {
    Ok(Vec::new())
}

// The server itself cleans up deleted rows.
pub(crate) fn overwrite_deleted<C>(_: &mut C) -> QueryResult<Option<i64>> {
    Ok(None)
}

pub(crate) fn overwrite_as_before<C>(_: &mut C, _: Option<i64>) -> QueryResult<()> {
    Ok(())
}
