//! One connection to each database, on which Diesel's statements run and wait for their answers.

#[cfg(feature = "_server")]
mod blocking;
#[cfg(feature = "mysql")]
pub(crate) mod mysql;
#[cfg(feature = "postgres")]
pub(crate) mod postgres;
#[cfg(feature = "sqlite")]
pub(crate) mod sqlite;

#[cfg(feature = "_server")]
pub(crate) use self::blocking::BlockingExecutor;
