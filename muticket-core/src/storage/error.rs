//! What can go wrong in a storage, by what the caller can do about it.

use crate::error::debug_says_the_sentence;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A storage did not do what it was asked.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// Somebody else changed the ticket since it was read; running the unit again will do.
    #[error("the row was changed by someone else")]
    Stale,
    /// A value that may be there once is there already. The unit can be used further.
    #[error("the value already exists")]
    Duplicate,
    /// The database is busy, or this unit lost a race; running it again will do.
    #[error("the database is busy")]
    Busy(#[source] Cause),
    /// A row holds what no version of MuTicket wrote there.
    #[error("invalid value in column {column} of table {table}: {value}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The value, or its row's key.
        value: String,
    },
    /// The database does not work just now, or refuses.
    #[error("the database failed ({kind:?})")]
    Failed {
        /// What sort of failure, as far as an operator can act on it.
        kind: StorageFault,
        /// What the database said.
        #[source]
        cause: Cause,
    },
}

debug_says_the_sentence!(StorageError);

/// Sorts of failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StorageFault {
    /// No connection could be had.
    Connection,
    /// The database may not be written: permissions, a read-only or full disk.
    NotWritable,
    /// The tables were made by a newer version of MuTicket.
    SchemaTooNew,
    /// Anything else.
    Other,
}

impl StorageError {
    /// A failure, with its cause.
    pub fn fault(kind: StorageFault, cause: impl Into<Cause>) -> Self {
        Self::Failed { kind, cause: cause.into() }
    }

    /// Whether running the same unit again may succeed by itself.
    pub fn may_repeat(&self) -> bool {
        matches!(self, Self::Stale | Self::Busy(_))
    }
}
