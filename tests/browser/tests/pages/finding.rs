//! What is wrong with a page.

use std::fmt;

/// The kinds of what can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Check {
    /// Somebody cannot use it.
    Barrier,
    /// The browser complains.
    Complaint,
    /// Too much is sent.
    Weight,
    /// Something moves while it loads.
    Shift,
    /// It is wider than its window.
    Sideways,
}

/// One thing that is wrong.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) check: Check,
    /// On which page, and how it was looked at.
    pub(crate) place: String,
    /// What it is.
    pub(crate) what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}
