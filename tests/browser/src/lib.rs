//! MuTicket in a real Chromium. The tests are beside this folder: `story` plays the main job, `pages` looks at every page, `comfort` uses
//! what the script adds, and `shield` looks at the border between host and module.
//!
//! Chromium is driven through chromedriver with a client of our own (`wire.rs`, `session.rs`): the protocol is JSON over HTTP, and the crates
//! for it bring more than this crate is long.

mod chromium;
mod past;
mod session;
mod site;
mod tools;
mod wire;
mod words;

pub use crate::chromium::{Chromium, Script, Wishes};
pub use crate::session::{Element, Session};
pub use crate::site::{Site, visitor};
pub use crate::tools::{axe, problems_of_html};
pub use crate::words::Words;
