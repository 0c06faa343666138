//! The pages that customers and supporters share. Both use the same addresses; the visitor's door decides what they see.

pub(crate) mod asset;
pub(crate) mod conversation;
mod customer_card;
pub(crate) mod desk_list;
pub(crate) mod desk_panel;
pub(crate) mod download;
pub(crate) mod event;
mod file_model;
pub(crate) mod home;
pub(crate) mod letter;
pub(crate) mod mark;
pub(crate) mod message;
pub(crate) mod overview;
pub(crate) mod picture;
pub(crate) mod refused;
pub(crate) mod saved_tabs;
pub(crate) mod show;
mod thread;
pub(crate) mod write;
