//! A small site with the module in it, and the verbs in which journeys through it are written.
//!
//! A journey is written once and runs on every storage: in memory, on SQLite, and on the database servers that are available. It knows no
//! more than a browser does: it gets pages, reads their forms, and sends them back. Every answer is checked against the promises of all
//! answers, whatever the journey is about: see [`promises`].

#![expect(clippy::unwrap_used, reason = "all of this is for tests")]

mod answer;
mod browser;
pub mod bytes;
mod form;
mod kept;
mod log;
mod people;
pub mod promises;
pub mod requirements;
mod story;
mod wire;
mod world;

pub use crate::answer::Answer;
pub use crate::browser::{Browser, Sending};
pub use crate::form::{Form, Part};
pub use crate::kept::{Kept, dump};
pub use crate::log::Log;
pub use crate::people::Reception;
pub use crate::story::{at, message, number_in};
pub use crate::wire::{Line, Wire, head};
pub use crate::world::{Plan, World, rocket};
pub use muticket_test_support::database;
pub use muticket_world::{People, user};

/// Makes a test of a journey for each storage: `name::memory`, `name::sqlite`, `name::postgres`, `name::mysql`. At its end no letter may
/// be left that the journey did not take out.
#[macro_export]
macro_rules! journey {
    ($($(#[$attribute:meta])* async fn $name:ident($world:ident: $World:ty) $body:block)+) => {$(
        $(#[$attribute])*
        mod $name {
            #[allow(unused_imports, clippy::allow_attributes, reason = "some journeys need nothing else")]
            use super::*;

            async fn journey($world: $World) $body

            #[tokio::test]
            async fn memory() {
                let world = $crate::World::new($crate::Plan::memory()).await;
                journey(world.clone()).await;
                world.ends().await;
            }

            #[tokio::test]
            async fn sqlite() {
                let world = $crate::World::new($crate::Plan::sqlite()).await;
                journey(world.clone()).await;
                world.ends().await;
            }

            #[tokio::test]
            async fn postgres() {
                let Some(database) = $crate::database::postgres() else { return };
                let world = $crate::World::new($crate::Plan::server(database)).await;
                journey(world.clone()).await;
                world.ends().await;
            }

            #[tokio::test]
            async fn mysql() {
                let Some(database) = $crate::database::mysql() else { return };
                let world = $crate::World::new($crate::Plan::server(database)).await;
                journey(world.clone()).await;
                world.ends().await;
            }
        }
    )+};
}

/// The example of the project's README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
