//! What customers do, one verb a file.

pub(crate) mod open;
pub(crate) mod rate;
pub(crate) mod reply;
