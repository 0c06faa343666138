//! What supporters do; one file for each verb. Answering shares its address with replying: `frontend/write.rs`.

pub(crate) mod close;
pub(crate) mod insert;
pub(crate) mod news;
pub(crate) mod next;
pub(crate) mod note;
pub(crate) mod presence;
pub(crate) mod reopen;
pub(crate) mod saved;
pub(crate) mod set;
pub(crate) mod several;
pub(crate) mod views;
