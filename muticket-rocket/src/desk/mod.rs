//! What supporters do; one file for each verb.

pub(crate) mod answer;
pub(crate) mod close;
pub(crate) mod next;
pub(crate) mod reopen;
