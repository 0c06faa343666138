#![doc = include_str!("../README.md")]

mod assets;
mod backend;
mod csrf;
mod desk;
mod error;
mod form;
mod frontend;
mod guards;
mod host;
mod limiter;
mod links;
mod list;
mod missing;
mod module;
mod mounted;
mod notice;
mod once;
mod origin;
mod overrides;
mod page;
mod pictures;
mod places;
mod portal;
mod post;
mod problem;
mod query;
mod rehearsal;
mod report;
mod setup;
mod site;
mod surroundings;
mod tabs;
mod view;

pub use crate::host::{Host, Page};
pub use crate::links::{Links, percent_encoded};
pub use crate::module::MuTicket;
pub use crate::origin::is_same_origin;
pub use muticket_core as core;
/// Rocket, in the version whose types appear in the signatures of this crate.
pub use rocket;
