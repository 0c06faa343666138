//! A small site with the module in it, and the verbs in which journeys through it are written.
//!
//! A journey is written once. It runs in Rocket on every storage: in memory, on SQLite, and on the database servers that are available. It
//! also runs in axum. It knows no more than a browser does: it gets pages, reads their forms, and sends them back. Every answer
//! is checked against the promises of all answers, whatever the journey is about: see [`promises`].

#![expect(clippy::unwrap_used, reason = "all of this is for tests")]

mod answer;
mod axum_site;
mod browser;
pub mod bytes;
mod form;
mod kept;
mod log;
mod mount;
mod page;
mod people;
mod plan;
pub mod promises;
mod request;
pub mod requirements;
mod rocket_site;
mod served;
mod site;
mod story;
mod wire;
mod world;

pub use crate::answer::Answer;
pub use crate::browser::{Browser, Sending};
pub use crate::form::{Form, Part};
pub use crate::kept::{Kept, dump};
pub use crate::log::Log;
pub use crate::mount::{Mount, Settings};
pub use crate::people::Reception;
pub use crate::plan::{Adapter, Plan};
pub use crate::rocket_site::rocket;
pub use crate::site::Site;
pub use crate::story::{at, message, number_in};
pub use crate::wire::{Line, Wire, head};
pub use crate::world::World;
pub use muticket_test_support::database;
pub use muticket_web::http::Method;
pub use muticket_world::{People, user};

/// Makes a test of a journey for each storage, in Rocket: `name::memory`, `name::sqlite`, `name::postgres`, `name::mysql`; and one in axum,
/// in memory: `name::axum`. At its end no letter may be left that the journey did not take out.
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
            async fn axum() {
                let world = $crate::World::new($crate::Plan::memory().over($crate::Adapter::Axum)).await;
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

/// Makes a test for each framework, `name::rocket` and `name::axum`, of a journey that plans its own world.
#[macro_export]
macro_rules! in_both {
    ($($(#[$attribute:meta])* async fn $name:ident($adapter:ident: $Adapter:ty) $body:block)+) => {$(
        $(#[$attribute])*
        mod $name {
            #[allow(unused_imports, clippy::allow_attributes, reason = "some journeys need nothing else")]
            use super::*;

            async fn journey($adapter: $Adapter) $body

            #[tokio::test]
            async fn rocket() {
                journey($crate::Adapter::Rocket).await;
            }

            #[tokio::test]
            async fn axum() {
                journey($crate::Adapter::Axum).await;
            }
        }
    )+};
}

/// The example of the project's README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
