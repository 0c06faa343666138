//! Journeys of supporters.

mod answer;
mod close;
mod customer;
mod labels;
mod mark;
mod news;
mod next;
mod note;
mod note_files;
mod overview;
mod presence;
mod race;
mod reopen;
mod saved;
mod saved_views;
mod set;
mod several;
mod thread;
mod views;
