#![doc = include_str!("../README.md")]

mod address;
mod host;
mod instance;
mod module;
mod origin;
mod request;
mod respond;
mod response;
mod setup;
mod worker;

pub use crate::address::{Endpoint, Links, Segment, percent_encoded};
pub use crate::host::{Page, RequestHost};
pub use crate::instance::Instance;
pub use crate::module::{Configure, Module};
pub use crate::origin::is_same_origin;
pub use crate::request::{Head, Request, RequestBody};
pub use crate::response::{Body, Response};
pub use crate::setup::SetupError;
pub use crate::worker::Worker;
pub use muticket_core as core;
/// Requests and responses, in the version whose types appear in the signatures of this crate.
pub use http;
