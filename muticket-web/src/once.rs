//! Logs something only once, however often it happens.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// The things that happened before.
pub(crate) struct Once<T>(Mutex<BTreeSet<T>>);

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Ord> Once<T> {
    /// The most things that are remembered. When the set is full, it is cleared, and each thing is logged once more.
    const MOST: usize = 10_000;

    /// Records the thing. Returns whether it is new.
    pub(crate) fn is_new(&self, thing: T) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() == Self::MOST {
            known.clear();
        }
        known.insert(thing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_new_once_and_memory_is_bounded() {
        let once = Once::default();
        assert!(once.is_new(0) && !once.is_new(0) && once.is_new(1));
        (2..30_000).for_each(|thing| assert!(once.is_new(thing)));
        assert!(once.0.lock().unwrap().len() <= Once::<i32>::MOST);
    }
}
