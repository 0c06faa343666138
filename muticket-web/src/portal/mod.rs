//! What customers do; one file for each verb. Replying shares its address with answering: `frontend/write.rs`.

pub(crate) mod open;
pub(crate) mod rate;
