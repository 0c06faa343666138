//! What supporters do, one verb a file.

pub(crate) mod answer;
pub(crate) mod close;
pub(crate) mod next;
pub(crate) mod reopen;
