#![doc = include_str!("../README.md")]

mod fairing;
mod host;
mod neighbours;
mod origin;
mod request;
mod response;
mod routes;

pub use crate::fairing::MuTicket;
pub use crate::host::Host;
pub use crate::origin::is_same_origin;
pub use muticket_core as core;
pub use muticket_web::{Configure, Links, Module, Page, percent_encoded};
/// Rocket, in the version whose types appear in the signatures of this crate.
pub use rocket;
