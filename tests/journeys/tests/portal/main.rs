//! Journeys of customers.

mod download;
mod list;
mod open;
mod rate;
mod reply;
mod show;
