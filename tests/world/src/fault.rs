//! Ways in which a storage fails, for [`FaultyStorage`](crate::FaultyStorage).

use muticket_core::storage::{StorageError, StorageFault};

/// A way to fail. It may also panic.
pub type Fault = fn() -> StorageError;

/// The call fails for good.
pub fn broken() -> StorageError {
    StorageError::fault(StorageFault::Other, "the cable was pulled")
}

/// The database cannot be reached.
pub fn away() -> StorageError {
    StorageError::fault(StorageFault::Connection, "the database went away")
}

/// The database cannot be written.
pub fn full() -> StorageError {
    StorageError::fault(StorageFault::NotWritable, "the disk is full")
}

/// The unit lost a race, and has to run again.
pub fn busy() -> StorageError {
    StorageError::Busy("somebody else was faster".into())
}

/// The value was stored by somebody else after this unit had looked for it.
pub fn duplicate() -> StorageError {
    StorageError::Duplicate
}

/// The row holds a value that cannot be read.
pub fn corrupt() -> StorageError {
    StorageError::Corrupt { table: "message", column: "body", value: "\0".to_owned() }
}

/// The code of the storage panics.
///
/// # Panics
/// Always.
pub fn panic() -> StorageError {
    panic!("the storage panicked, as planned")
}
