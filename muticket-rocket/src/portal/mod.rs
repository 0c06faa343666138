//! What customers do; one file for each verb.

pub(crate) mod open;
pub(crate) mod rate;
pub(crate) mod reply;
