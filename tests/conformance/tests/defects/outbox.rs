//! What can be wrong with letters and orphans.

use chrono::{DateTime, TimeDelta, Utc};
use muticket_core::blob::BlobKey;
use muticket_core::id::LetterId;
use muticket_core::notice::{LetterState, OutboxEntry};
use muticket_core::storage::{Orphans, Outbox, OutboxCounts, StorageError};

use crate::Defect;
use crate::store::{Twisted, taken};

impl Outbox for Twisted<'_> {
    fn insert(&mut self, entries: &[OutboxEntry]) -> Result<(), StorageError> {
        if self.has(Defect::LosesLetters) {
            return Ok(());
        }
        let result = self.unit.outbox().insert(entries);
        if self.has(Defect::TakesLettersTwice) { taken(result) } else { result }
    }

    fn claim(&mut self, now: DateTime<Utc>, until: DateTime<Utc>, limit: u32) -> Result<Vec<OutboxEntry>, StorageError> {
        let mut claimed = self.unit.outbox().claim(now, until, limit)?;
        match self.store.defect {
            Defect::ClaimsTheNewestFirst => claimed.reverse(),
            Defect::NeverLapses => claimed.retain(|letter| letter.attempts == 1),
            Defect::ClaimsForTwo => {
                let waiting = LetterState::Waiting { not_before: now, problem: None };
                for letter in &claimed {
                    self.unit.outbox().settle(letter.id, letter.attempts, &waiting)?;
                }
            }
            _ => {}
        }
        Ok(claimed)
    }

    fn settle(&mut self, id: LetterId, attempts: u32, state: &LetterState) -> Result<bool, StorageError> {
        if self.has(Defect::IgnoresAttempts) {
            for attempts in 0..10 {
                if self.unit.outbox().settle(id, attempts, state)? {
                    return Ok(true);
                }
            }
        }
        self.unit.outbox().settle(id, attempts, state)
    }

    fn retry(&mut self, id: LetterId, now: DateTime<Utc>) -> Result<bool, StorageError> {
        Ok(self.unit.outbox().retry(id, now)? || self.has(Defect::RetriesEverything))
    }

    fn next_due(&mut self) -> Result<Option<DateTime<Utc>>, StorageError> {
        self.unit.outbox().next_due()
    }

    fn list_unsent(&mut self, limit: u32) -> Result<Vec<OutboxEntry>, StorageError> {
        let mut unsent = self.unit.outbox().list_unsent(limit)?;
        if self.has(Defect::ListsUnsentTheWrongWayRound) {
            unsent.reverse();
        }
        Ok(unsent)
    }

    fn count(&mut self) -> Result<OutboxCounts, StorageError> {
        let counts = self.unit.outbox().count()?;
        let remains = if self.has(Defect::LeavesLettersBehind) { self.store.remains().letters } else { 0 };
        Ok(OutboxCounts { waiting: counts.waiting + remains, ..counts })
    }

    fn delete_ended(&mut self, before: DateTime<Utc>) -> Result<u64, StorageError> {
        let before = if self.has(Defect::DeletesTooMuch) { before + TimeDelta::seconds(1) } else { before };
        self.unit.outbox().delete_ended(before)
    }
}

impl Orphans for Twisted<'_> {
    fn insert(&mut self, keys: &[BlobKey], due: DateTime<Utc>) -> Result<(), StorageError> {
        self.unit.orphans().insert(keys, due)
    }

    fn adopt(&mut self, key: &BlobKey, now: DateTime<Utc>) -> Result<bool, StorageError> {
        let now = if self.has(Defect::AdoptsTooLate) { now - TimeDelta::days(1) } else { now };
        self.unit.orphans().adopt(key, now)
    }

    fn due(&mut self, now: DateTime<Utc>, limit: u32) -> Result<Vec<BlobKey>, StorageError> {
        let mut due = self.unit.orphans().due(now, limit)?;
        if self.has(Defect::TurnsOrphansRound) {
            due.reverse();
        }
        Ok(due)
    }

    fn delete(&mut self, keys: &[BlobKey]) -> Result<(), StorageError> {
        self.unit.orphans().delete(keys)
    }
}
