//! What both servers have in common: their drivers are asynchronous, and Diesel's statements wait for them.

use diesel::result::{DatabaseErrorKind, Error};
use muticket_core::storage::{StorageError, StorageFault};

#[cfg(feature = "host-connections")]
pub(crate) mod host;

pub(crate) const LOCKED: &str = " FOR UPDATE";
pub(crate) const SKIP_LOCKED: &str = " FOR UPDATE SKIP LOCKED";

/// Whether the server's message contains one of these words.
pub(super) fn says(error: &Error, words: &[&str]) -> bool {
    let Error::DatabaseError(_, said) = error else { return false };
    let said = said.message().to_lowercase();
    words.iter().any(|word| said.contains(word))
}

/// Classifies an error by the words of the server's message.
pub(super) fn classify(error: Error, lost: &[&str], refused: &[&str], gone: &[&str]) -> StorageError {
    let Error::DatabaseError(kind, _) = &error else {
        return StorageError::fault(StorageFault::Other, error);
    };
    let says = |words| says(&error, words);
    match kind {
        DatabaseErrorKind::UniqueViolation => StorageError::Duplicate,
        DatabaseErrorKind::SerializationFailure => StorageError::Busy(error.into()),
        DatabaseErrorKind::ReadOnlyTransaction => StorageError::fault(StorageFault::NotWritable, error),
        _ if says(lost) => StorageError::Busy(error.into()),
        _ if says(refused) => StorageError::fault(StorageFault::NotWritable, error),
        DatabaseErrorKind::UnableToSendCommand | DatabaseErrorKind::ClosedConnection => {
            StorageError::fault(StorageFault::Connection, error)
        }
        _ if says(gone) => StorageError::fault(StorageFault::Connection, error),
        _ => StorageError::fault(StorageFault::Other, error),
    }
}
