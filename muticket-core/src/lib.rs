#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod access;
pub mod backend;
pub mod blob;
pub mod categories;
pub mod category;
pub mod causes;
pub mod characters;
pub mod clock;
mod configuration;
pub mod conversation;
#[cfg(feature = "mail")]
pub mod courier;
pub mod desk;
pub mod digests;
pub mod download;
pub mod draft;
pub mod error;
pub mod figures;
pub mod frontend;
pub mod helpdesk;
pub mod history;
pub mod host;
pub mod id;
pub mod incoming;
pub mod label;
pub mod language;
pub mod letter_file;
pub mod log_line;
mod lookup;
#[cfg(feature = "mail")]
pub mod mail;
pub mod mailbox;
#[cfg(feature = "mailroom")]
pub mod mailroom;
pub mod names;
mod newest;
pub mod note;
pub mod notification;
pub mod open_page;
mod opening;
pub mod overview;
pub mod ownership;
mod parts;
pub mod portal;
pub mod problem;
pub mod rating;
mod record;
pub mod refusal;
pub mod routing;
pub mod saved_answer;
mod saved_draft;
pub mod saved_view;
pub mod search;
mod secret;
pub mod sender;
#[cfg(feature = "serde")]
mod serialization;
pub mod settings;
pub mod site_address;
mod situation;
pub mod storage;
pub mod supporter;
mod sweep;
pub mod ticket;
pub mod time_zone;
pub mod undeliverable;
mod unread;
pub mod upload;
pub mod user;
pub mod viewer;

pub use crate::categories::Categories;
pub use crate::category::Category;
pub use crate::clock::{Clock, SystemClock};
#[cfg(feature = "mail")]
pub use crate::courier::{Courier, Delivery};
pub use crate::draft::{NewMessage, NewTicket};
pub use crate::error::{Conflict, Error, Unavailable};
pub use crate::helpdesk::{Helpdesk, Limits};
pub use crate::host::{CategorySource, CustomerFact, CustomerFacts, Directory, Group, HostError, HostTrouble};
pub use crate::id::{
    AttachmentId, CategoryId, GroupId, Ids, IncomingId, LabelId, LetterId, MessageNumber, Nonce, NoteFileId, NoteNumber,
    SavedAnswerId, SavedViewId, SupporterId, SystemIds, TicketNumber, UnfitId, UserId,
};
pub use crate::language::Language;
#[cfg(feature = "mail")]
pub use crate::mail::{Letters, Mailer};
#[cfg(feature = "mailroom")]
pub use crate::mailroom::MailIn;
pub use crate::problem::{Field, FieldError, Problem};
pub use crate::refusal::{Denial, Refusal};
pub use crate::saved_draft::{MAX_SAVED_ANSWERS, NewSavedAnswer, SavedChoices};
pub use crate::saved_view::{MAX_SAVED_VIEWS, SavedView};
pub use crate::settings::Settings;
pub use crate::site_address::SiteAddress;
pub use crate::storage::{MemoryStorage, Storage, StorageError};
pub use crate::time_zone::TimeZone;
pub use crate::user::{AccessLevel, User, Visitor};

/// The crates whose types appear in signatures here, in matching versions.
#[cfg(feature = "blobs")]
pub use object_store;
pub use {async_trait, bytes, chrono, uuid};
