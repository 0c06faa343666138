//! Defects found on a page.

use std::fmt;

/// The kind of defect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Check {
    /// A barrier for somebody who uses the page.
    Barrier,
    /// A complaint of the browser.
    Complaint,
    /// More requests or bytes than allowed.
    Weight,
    /// Something moves while the page loads.
    Shift,
    /// The page is wider than its window.
    Sideways,
}

/// One defect.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) check: Check,
    /// The page, and how it was shown.
    pub(crate) place: String,
    /// What is wrong.
    pub(crate) what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}
