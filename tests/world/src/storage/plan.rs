//! Which calls of a storage fail.

use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

#[cfg(doc)]
use muticket_core::storage::Storage;
use muticket_core::storage::StorageError;

use crate::fault::Fault;
use crate::lock;

/// A call of the storage that is about to be made.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The method, such as `messages.insert`. The calls of [`Storage`] are `write`, `read` and `read_stale`; the end of each
    /// unit is the call `commit`.
    pub name: &'static str,
    /// The arguments in their debug form.
    pub arguments: fmt::Arguments<'a>,
}

impl Call<'_> {
    /// Whether it begins a unit.
    pub fn is_unit(&self) -> bool {
        matches!(self.name, "write" | "read" | "read_stale")
    }
}

type Decide = Box<dyn FnMut(&Call<'_>) -> Option<Fault> + Send>;

/// Which calls fail, how many have failed, and how many units were begun.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) decide: Mutex<Option<Decide>>,
    pub(super) failures: AtomicU32,
    pub(super) units: AtomicU32,
}

impl Plan {
    pub(super) fn check(&self, name: &'static str, arguments: fmt::Arguments<'_>) -> Result<(), StorageError> {
        let call = Call { name, arguments };
        if call.is_unit() {
            self.units.fetch_add(1, Ordering::SeqCst);
        }
        let fault = lock(&self.decide).as_mut().and_then(|decide| decide(&call));
        let Some(fault) = fault else { return Ok(()) };
        self.failures.fetch_add(1, Ordering::SeqCst);
        Err(fault())
    }
}
