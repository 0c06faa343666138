//! What a door answered, when a test expects a certain error.

use std::fmt;

use muticket_core::{Denial, Error, Field, Problem, Refusal, Unavailable};

/// Takes an expected error out of the answer of a door.
pub trait Outcome: Sized {
    /// The error.
    ///
    /// # Panics
    /// If it is a success.
    fn error(self) -> Error;

    /// Whether it is [`Error::NotFound`].
    fn is_missing(&self) -> bool;

    /// The reason of [`Error::Refused`].
    ///
    /// # Panics
    /// If it is anything else.
    #[track_caller]
    fn refusal(self) -> Refusal {
        match self.error() {
            Error::Refused(refusal) => refusal,
            other => panic!("not refused but {other:?}"),
        }
    }

    /// The reason of [`Error::Denied`].
    ///
    /// # Panics
    /// If it is anything else.
    #[track_caller]
    fn denial(self) -> Denial {
        match self.error() {
            Error::Denied(denial) => denial,
            other => panic!("not denied but {other:?}"),
        }
    }

    /// The fields of [`Error::Invalid`], and what is wrong with each.
    ///
    /// # Panics
    /// If it is anything else.
    #[track_caller]
    fn problems(self) -> Vec<(Field, Problem)> {
        match self.error() {
            Error::Invalid(fields) => fields.into_iter().map(|wrong| (wrong.field, wrong.problem)).collect(),
            other => panic!("not invalid but {other:?}"),
        }
    }

    /// What failed, of [`Error::Unavailable`].
    ///
    /// # Panics
    /// If it is anything else.
    #[track_caller]
    fn unavailable(self) -> Unavailable {
        match self.error() {
            Error::Unavailable(part) => part,
            other => panic!("not unavailable but {other:?}"),
        }
    }
}

impl<T: fmt::Debug> Outcome for Result<T, Error> {
    #[track_caller]
    fn error(self) -> Error {
        match self {
            Ok(value) => panic!("it succeeded: {value:?}"),
            Err(error) => error,
        }
    }

    fn is_missing(&self) -> bool {
        matches!(self, Err(Error::NotFound))
    }
}
