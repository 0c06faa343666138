//! The error of a check that cannot be made.

use std::error::Error;

/// The sender of a letter cannot be checked now: for example, no name server answers.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct CheckError {
    what: String,
    #[source]
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl CheckError {
    /// Creates an error from a message for the operator. It is shown on the page *Email* of the backend.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), source: None }
    }

    /// Creates an error from a message and its cause.
    pub fn because(what: impl Into<String>, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { what: what.into(), source: Some(source.into()) }
    }
}
