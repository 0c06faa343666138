//! Storage errors, grouped by what the caller can do about them.

use crate::causes::debug_says_the_sentence;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A storage operation failed.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// Someone else changed the ticket after it was read. Run the unit again.
    #[error("the row was changed by someone else")]
    Stale,
    /// The value exists already and must be unique. The unit remains usable.
    #[error("the value already exists")]
    Duplicate,
    /// The database is busy, or this unit lost a race. Run it again.
    #[error("the database is busy")]
    Busy(#[source] Cause),
    /// A row contains a value that no version of MuTicket writes.
    #[error("invalid value in column {column} of table {table}: {value}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The value, or its row's key.
        value: String,
    },
    /// The database is unavailable or refuses the operation.
    #[error("the database failed ({kind:?})")]
    Failed {
        /// The kind of failure, for the operator.
        kind: StorageFault,
        /// The database's error.
        #[source]
        cause: Cause,
    },
}

debug_says_the_sentence!(StorageError);

/// Kinds of failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StorageFault {
    /// No connection was available.
    Connection,
    /// The database cannot be written: missing permissions, or a read-only or full disk.
    NotWritable,
    /// A newer version of MuTicket created the tables.
    SchemaTooNew,
    /// Anything else.
    Other,
}

impl StorageError {
    /// Creates a failure with its cause.
    pub fn fault(kind: StorageFault, cause: impl Into<Cause>) -> Self {
        Self::Failed { kind, cause: cause.into() }
    }

    /// Whether running the same unit again may succeed.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Stale | Self::Busy(_))
    }
}

/// Why a unit is rolled back.
#[derive(Debug)]
pub enum Rollback {
    /// The use case decided to. It keeps its own error.
    Decided,
    /// The storage failed inside the unit and may repeat it.
    Failed(StorageError),
}
