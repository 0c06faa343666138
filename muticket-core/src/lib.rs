#![doc = include_str!("../README.md")]

pub mod access;
pub mod blob;
pub mod category;
pub mod clock;
#[cfg(feature = "mail")]
pub mod courier;
pub mod error;
pub mod history;
pub mod host;
pub mod id;
pub mod language;
#[cfg(feature = "mail")]
pub mod mail;
pub mod notice;
pub mod rating;
pub mod routing;
pub mod settings;
pub mod storage;
pub mod supporter;
pub mod ticket;

pub use crate::access::{AccessLevel, User, Visitor};
pub use crate::category::Category;
pub use crate::clock::{Clock, SystemClock};
#[cfg(feature = "mail")]
pub use crate::courier::{Courier, Delivery};
pub use crate::error::{Conflict, Denial, Error, Field, FieldError, Problem, Refusal, Unavailable};
pub use crate::host::{CategorySource, Directory, Group, HostError};
pub use crate::id::{
    AttachmentId, CategoryId, GroupId, Ids, LetterId, MessageNumber, Nonce, SupporterId, SystemIds, TicketNumber, UserId,
};
pub use crate::language::Language;
#[cfg(feature = "mail")]
pub use crate::mail::{Letters, Mailer};
pub use crate::settings::Settings;
pub use crate::storage::{MemoryStorage, Storage, StorageError};
