//! Journeys of supporters.

mod answer;
mod close;
mod overview;
mod race;
mod reopen;
