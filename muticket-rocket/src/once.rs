//! What is said in the log once, however often it is met.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// The things that were met already.
pub(crate) struct Once<T>(Mutex<BTreeSet<T>>);

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Ord> Once<T> {
    /// So many are remembered; when there are more, all are said anew.
    const MOST: usize = 10_000;

    /// Whether the thing is met for the first time.
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
