//! Journeys of supporters.

mod answer;
mod close;
mod customer;
mod labels;
mod mark;
mod next;
mod note;
mod overview;
mod presence;
mod race;
mod reopen;
mod set;
mod thread;
