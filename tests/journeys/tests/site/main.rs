//! Journeys through the whole site, in one program, which is linked once.
//!
//! `memory` and `heavy` are programs of their own because they measure the memory of their process, `slow` because it measures time,
//! and `logged` because a process has one log.

#![expect(clippy::unwrap_used, reason = "a journey that stumbles has failed")]

mod backend;
mod bad_input;
mod behind_a_proxy;
mod broken_host;
mod customer_letters;
mod damaged;
mod desk;
mod files;
mod launch;
mod mailroom;
mod main_job;
mod names;
mod on_the_wire;
mod portal;
mod stop;
mod too_many;
mod who_may;
mod wiring;
