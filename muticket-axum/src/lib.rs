#![doc = include_str!("../README.md")]

mod host;
mod module;
mod origin;
mod router;
mod under_way;
mod worker;

pub use crate::host::Host;
pub use crate::module::MuTicket;
pub use crate::origin::is_same_origin;
pub use crate::worker::RunningWorker;
pub use async_trait::async_trait;
/// axum, in the version whose types appear in the signatures of this crate.
pub use axum;
pub use muticket_core as core;
pub use muticket_web::{Configure, Links, Module, Page, SetupError, percent_encoded};
