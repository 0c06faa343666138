//! MuTicket in a real Chromium. The tests are beside this folder: `story` plays the main job, `pages` checks every page, `comfort` uses
//! what the script adds, and `shield` checks the border between the styles of host and module. `story` and `shield` run in Rocket and in
//! axum. The others run in Rocket alone, because the pages and the script are the same in both.
//!
//! Chromium is driven through chromedriver with a small client (`wire.rs`, `session.rs`). The protocol is JSON over HTTP, and the crates
//! for it are larger than this one.

mod axum_site;
mod chromium;
mod past;
mod session;
mod site;
mod tools;
mod wire;
mod words;

pub use crate::chromium::{Chromium, Script, Wishes};
pub use crate::session::{Element, Session};
pub use crate::site::{Framework, Site, visitor};
pub use crate::tools::{axe, problems_of_html};
pub use crate::words::Words;
