//! Journeys of supporters.

mod answer;
mod close;
mod mark;
mod next;
mod overview;
mod race;
mod reopen;
