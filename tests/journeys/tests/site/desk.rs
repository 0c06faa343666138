//! Journeys of supporters.

mod answer;
mod close;
mod mark;
mod next;
mod note;
mod overview;
mod race;
mod reopen;
mod set;
