//! Journeys of customers.

mod download;
mod list;
mod mark;
mod message;
mod open;
mod rate;
mod reply;
mod show;
