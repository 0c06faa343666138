//! The error of a host that could not answer.

use std::error::Error;
use std::fmt;
use std::ops::Deref;

use crate::causes::with_causes;

/// The host could not answer. The error is logged once, with its cause. The visitor reads "not available just now".
///
/// `?` converts any error into it, so the host's own functions need no conversion. Use [`because`](Self::because) to add a
/// message; it also accepts a boxed error. Use [`new`](Self::new) for a message alone:
///
/// ```
/// use muticket_core::HostError;
///
/// fn age(text: &str) -> Result<u8, HostError> {
///     if text.is_empty() {
///         return Err(HostError::new("no age"));
///     }
///     Ok(text.parse()?)
/// }
///
/// fn age_of_anna() -> Result<u8, HostError> {
///     let text: Result<String, Box<dyn std::error::Error + Send + Sync>> = Err("the table is locked".into());
///     age(&text.map_err(|error| HostError::because("the age of Anna", error))?)
/// }
///
/// assert_eq!(format!("{:?}", age("x").unwrap_err()), "the host did not answer: invalid digit found in string");
/// assert_eq!(format!("{:?}", age_of_anna().unwrap_err()), "the host did not answer: the age of Anna: the table is locked");
/// ```
///
/// `Display` says what failed. `Debug` adds the causes in one line, as the log does.
///
/// It does not implement [`Error`], because then `?` could not convert every error. `&*error` implements it.
pub struct HostError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    what: Option<String>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl HostError {
    /// Creates an error from a message for the operator's log.
    pub fn new(what: impl Into<String>) -> Self {
        Self(Box::new(Inner { what: Some(what.into()), source: None }))
    }

    /// Creates an error from a message and its cause.
    pub fn because(what: impl Into<String>, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(Box::new(Inner { what: Some(what.into()), source: Some(source.into()) }))
    }
}

impl<E: Error + Send + Sync + 'static> From<E> for HostError {
    fn from(source: E) -> Self {
        Self(Box::new(Inner { what: None, source: Some(Box::new(source)) }))
    }
}

impl From<HostError> for Box<dyn Error + Send + Sync> {
    fn from(error: HostError) -> Self {
        error.0
    }
}

impl Deref for HostError {
    type Target = dyn Error + Send + Sync + 'static;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&with_causes(&**self))
    }
}

impl fmt::Display for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the host did not answer")?;
        self.what.as_ref().map_or(Ok(()), |what| write!(f, ": {what}"))
    }
}

impl Error for Inner {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| &**source as &(dyn Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Result<(), HostError> {
        Err(std::io::Error::other("connection refused"))?
    }

    #[test]
    fn every_error_becomes_one_and_keeps_its_cause() {
        let error = asked().unwrap_err();
        assert_eq!(format!("{error:?}"), "the host did not answer: connection refused");
        let boxed: Box<dyn Error + Send + Sync> = error.into();
        assert_eq!(boxed.source().unwrap().to_string(), "connection refused");
        let told = HostError::because("the user table", "locked");
        assert_eq!(
            format!("{told} / {told:?}"),
            "the host did not answer: the user table / the host did not answer: the user table: locked"
        );
    }
}
