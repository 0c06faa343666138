//! Limits how many forms are read at the same time (P-19). Each holds a connection and some memory while it arrives, however slowly.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use muticket_core::UserId;

/// The places for forms that are being read. Each node of a site counts separately.
pub(crate) struct Places {
    per_visitor: usize,
    in_all: usize,
    taken: Mutex<Taken>,
    /// The minute in which the log last said that all places were taken.
    said: AtomicI64,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by: HashMap<UserId, usize>,
    refused: usize,
}

/// The reason why no place is free.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Full {
    /// The visitor already has as many places as one visitor may have.
    Visitor,
    /// All places are taken.
    All,
}

/// A place for one form. Dropping it frees the place.
pub(crate) struct Place<'a> {
    places: &'a Places,
    /// The visitor who holds it; `None` for a refused form, which is read only so that its text can be shown.
    user: Option<UserId>,
}

impl Places {
    pub(crate) fn new(per_visitor: usize, in_all: usize) -> Self {
        Self { per_visitor, in_all, taken: Mutex::default(), said: AtomicI64::new(i64::MIN) }
    }

    /// Takes a place for a form of the visitor.
    ///
    /// # Errors
    /// No place is free.
    pub(crate) fn take(&self, user: &UserId) -> Result<Place<'_>, Full> {
        let mut taken = self.lock();
        if taken.by.get(user).is_some_and(|own| *own >= self.per_visitor) || self.per_visitor == 0 {
            return Err(Full::Visitor);
        }
        if taken.all >= self.in_all {
            return Err(Full::All);
        }
        taken.all += 1;
        *taken.by.entry(user.clone()).or_default() += 1;
        Ok(Place { places: self, user: Some(user.clone()) })
    }

    /// Takes a place for a form that is refused. There are as many of these as of the others. Without a place, the form is answered at
    /// once.
    pub(crate) fn take_refused(&self) -> Option<Place<'_>> {
        let mut taken = self.lock();
        if taken.refused >= self.in_all {
            return None;
        }
        taken.refused += 1;
        Some(Place { places: self, user: None })
    }

    /// Logs that all places are taken, at most once a minute.
    pub(crate) fn log_full(&self, now: DateTime<Utc>) {
        let minute = now.timestamp().div_euclid(60);
        if self.said.swap(minute, Ordering::Relaxed) != minute {
            tracing::warn!(forms = self.in_all, "MuTicket is reading as many forms as it may at once; further ones are refused");
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        let Some(user) = &self.user else {
            taken.refused -= 1;
            return;
        };
        taken.all -= 1;
        if let Some(own) = taken.by.get_mut(user) {
            *own -= 1;
            if *own == 0 {
                taken.by.remove(user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_free_again_when_its_form_was_read() {
        let places = Places::new(2, 3);
        let (anna, ben) = (UserId::new("anna"), UserId::new("ben"));
        let first = places.take(&anna).ok();
        let second = places.take(&anna).ok();
        assert_eq!(places.take(&anna).err(), Some(Full::Visitor));
        let third = places.take(&ben).ok();
        assert_eq!(places.take(&ben).err(), Some(Full::All));
        drop(first);
        assert!(places.take(&anna).is_ok());
        drop((second, third));
        let taken = places.lock();
        assert_eq!((taken.all, taken.by.len()), (0, 0), "nobody is remembered");
    }

    #[test]
    fn forms_that_are_refused_have_places_of_their_own() {
        let places = Places::new(1, 1);
        let refused = places.take_refused();
        assert!(refused.is_some() && places.take_refused().is_none());
        assert!(places.take(&UserId::new("anna")).is_ok());
        drop(refused);
        assert!(places.take_refused().is_some());
    }
}
