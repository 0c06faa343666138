#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod blobs;
mod clock;
pub mod fault;
mod ids;
#[cfg(feature = "mail")]
mod mail;
mod outcome;
mod people;
mod person;
mod storage;
mod world;

pub use crate::blobs::{BlobCall, FaultyBlobs};
pub use crate::clock::ManualClock;
pub use crate::ids::CountedIds;
#[cfg(feature = "mail")]
pub use crate::mail::{MailSink, courier_config};
pub use crate::outcome::Outcome;
pub use crate::people::{People, Question, user};
pub use crate::person::{Person, message_number, text};
pub use crate::storage::{Call, FaultyStorage};
pub use crate::world::{Builder, World};

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks, also after a test has panicked while it held the lock.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
