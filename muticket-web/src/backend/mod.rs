//! The pages for administrators; one file for each verb.

pub(crate) mod admin;
pub(crate) mod answers;
pub(crate) mod came_back;
pub(crate) mod categories;
pub(crate) mod csv;
pub(crate) mod delete;
mod drawing;
pub(crate) mod home;
pub(crate) mod incoming;
pub(crate) mod labels;
mod letter_problem;
pub(crate) mod mail;
mod mailboxes;
pub(crate) mod open_tickets;
pub(crate) mod received;
mod received_letter;
pub(crate) mod saved;
mod section;
pub(crate) mod senders;
pub(crate) mod settings;
mod span;
pub(crate) mod statistics;
pub(crate) mod supporter;
pub(crate) mod supporters;
#[cfg(test)]
mod testing;
