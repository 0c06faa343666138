//! The outbox and the orphans.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::blob::BlobKey;
use crate::id::LetterId;
use crate::notification::{LetterState, OutboxEntry};
use crate::storage::memory::{MemoryUnit, at_most};
use crate::storage::{OrphanStore, OutboxCounts, OutboxStore, Pulse, StorageError};

impl OutboxStore for MemoryUnit {
    fn insert(&mut self, entries: &[OutboxEntry]) -> Result<(), StorageError> {
        let tables = self.change()?;
        let mut ids: BTreeSet<_> = tables.letters.keys().copied().collect();
        for entry in entries {
            entry.ticket.map_or(Ok(()), |ticket| tables.must_have_ticket(ticket))?;
            if !ids.insert(entry.id) {
                return Err(StorageError::Duplicate);
            }
        }
        tables.letters.extend(entries.iter().map(|entry| (entry.id, entry.clone())));
        Ok(())
    }

    fn claim(&mut self, now: DateTime<Utc>, until: DateTime<Utc>, limit: u32) -> Result<Vec<OutboxEntry>, StorageError> {
        let letters = &mut self.change()?.letters;
        let mut due: Vec<(DateTime<Utc>, LetterId)> =
            letters.values().filter_map(|letter| Some((due_at(letter)?, letter.id))).filter(|(due, _)| *due <= now).collect();
        due.sort_unstable();
        due.truncate(at_most(limit));
        let claim = |(_, id): (DateTime<Utc>, LetterId)| {
            let letter = letters.get_mut(&id)?;
            letter.attempts = letter.attempts.saturating_add(1);
            letter.claims = letter.claims.saturating_add(1);
            let before = std::mem::replace(&mut letter.state, LetterState::Claimed { until });
            Some(OutboxEntry { state: before, ..letter.clone() })
        };
        Ok(due.into_iter().filter_map(claim).collect())
    }

    fn settle(&mut self, id: LetterId, claims: u32, state: &LetterState) -> Result<bool, StorageError> {
        let Some(letter) = self.change()?.letters.get_mut(&id) else { return Ok(false) };
        let is_claimed = matches!(letter.state, LetterState::Claimed { .. });
        if !is_claimed || letter.claims != claims {
            return Ok(false);
        }
        letter.state = state.clone();
        Ok(true)
    }

    fn put_back(&mut self, id: LetterId, claims: u32, state: &LetterState) -> Result<bool, StorageError> {
        let is_ours = self.settle(id, claims, state)?;
        if is_ours && let Some(letter) = self.change()?.letters.get_mut(&id) {
            letter.attempts = letter.attempts.saturating_sub(1);
        }
        Ok(is_ours)
    }

    fn find(&mut self, id: LetterId) -> Result<Option<OutboxEntry>, StorageError> {
        Ok(self.tables.letters.get(&id).cloned())
    }

    fn came_back(&mut self, id: LetterId, at: DateTime<Utc>, problem: &str) -> Result<bool, StorageError> {
        let Some(letter) = self.change()?.letters.get_mut(&id) else { return Ok(false) };
        let has_left = matches!(letter.state, LetterState::Sent { .. } | LetterState::Claimed { .. });
        if has_left {
            letter.state = LetterState::Failed { at, problem: problem.to_owned() };
        }
        Ok(has_left)
    }

    fn bring_forward(&mut self, latest: DateTime<Utc>, due: DateTime<Utc>) -> Result<u64, StorageError> {
        let mut brought = 0;
        for letter in self.change()?.letters.values_mut() {
            match &mut letter.state {
                LetterState::Waiting { not_before: at, .. } | LetterState::Claimed { until: at } if *at > latest => {
                    *at = due;
                    brought += 1;
                }
                _ => {}
            }
        }
        Ok(brought)
    }

    fn hold(&mut self) -> Result<u64, StorageError> {
        let mut held = 0;
        for letter in self.change()?.letters.values_mut().filter(|letter| due_at(letter).is_some()) {
            letter.state = LetterState::Held;
            held += 1;
        }
        Ok(held)
    }

    fn end_hold(&mut self, state: &LetterState) -> Result<u64, StorageError> {
        let mut ended = 0;
        for letter in self.change()?.letters.values_mut().filter(|letter| letter.state == LetterState::Held) {
            letter.state = state.clone();
            ended += 1;
        }
        Ok(ended)
    }

    fn held(&mut self) -> Result<u64, StorageError> {
        Ok(self.count()?.held)
    }

    fn pulse(&mut self) -> Result<Option<Pulse>, StorageError> {
        Ok(self.tables.pulse)
    }

    fn set_pulse(&mut self, pulse: &Pulse) -> Result<(), StorageError> {
        self.change()?.pulse = Some(*pulse);
        Ok(())
    }

    fn retry(&mut self, id: LetterId, now: DateTime<Utc>) -> Result<bool, StorageError> {
        let Some(letter) = self.change()?.letters.get_mut(&id) else { return Ok(false) };
        let LetterState::Failed { problem, .. } = &letter.state else { return Ok(false) };
        letter.state = LetterState::Waiting { not_before: now, problem: Some(problem.clone()) };
        letter.attempts = 0;
        Ok(true)
    }

    fn next_due(&mut self) -> Result<Option<DateTime<Utc>>, StorageError> {
        Ok(self.tables.letters.values().filter_map(due_at).min())
    }

    fn list_unsent(&mut self, limit: u32) -> Result<Vec<OutboxEntry>, StorageError> {
        let ranked = |letter: &OutboxEntry| Some((rank(letter)?, Reverse((letter.created_at, letter.id))));
        let mut unsent: Vec<&OutboxEntry> = self.tables.letters.values().filter(|letter| rank(letter).is_some()).collect();
        unsent.sort_by_key(|letter| ranked(letter));
        Ok(unsent.into_iter().take(at_most(limit)).cloned().collect())
    }

    fn count(&mut self) -> Result<OutboxCounts, StorageError> {
        let mut counts = OutboxCounts::default();
        for letter in self.tables.letters.values() {
            let count = match letter.state {
                LetterState::Waiting { .. } | LetterState::Claimed { .. } => &mut counts.waiting,
                LetterState::Sent { .. } => &mut counts.sent,
                LetterState::Dropped { .. } => &mut counts.dropped,
                LetterState::Failed { .. } => &mut counts.failed,
                LetterState::Held => &mut counts.held,
            };
            *count = count.saturating_add(1);
        }
        Ok(counts)
    }

    fn delete_ended(&mut self, before: DateTime<Utc>) -> Result<u64, StorageError> {
        let letters = &mut self.change()?.letters;
        let length = letters.len();
        letters.retain(|_, letter| match letter.state {
            LetterState::Sent { at } | LetterState::Dropped { at, .. } => at >= before,
            LetterState::Waiting { .. } | LetterState::Claimed { .. } | LetterState::Held | LetterState::Failed { .. } => true,
        });
        Ok(u64::try_from(length.saturating_sub(letters.len())).unwrap_or(u64::MAX))
    }
}

/// When a courier may claim the letter; `None` if never.
fn due_at(letter: &OutboxEntry) -> Option<DateTime<Utc>> {
    match letter.state {
        LetterState::Waiting { not_before, .. } => Some(not_before),
        LetterState::Claimed { until } => Some(until),
        LetterState::Held | LetterState::Sent { .. } | LetterState::Dropped { .. } | LetterState::Failed { .. } => None,
    }
}

/// The position of the letter's state in the list of unsent letters; `None` for a sent one.
fn rank(letter: &OutboxEntry) -> Option<u8> {
    match letter.state {
        LetterState::Failed { .. } => Some(0),
        LetterState::Held => Some(1),
        LetterState::Waiting { .. } => Some(2),
        LetterState::Claimed { .. } => Some(3),
        LetterState::Dropped { .. } => Some(4),
        LetterState::Sent { .. } => None,
    }
}

impl OrphanStore for MemoryUnit {
    fn insert(&mut self, keys: &[BlobKey], due: DateTime<Utc>) -> Result<(), StorageError> {
        self.change()?.orphans.extend(keys.iter().map(|key| (key.clone(), due)));
        Ok(())
    }

    fn adopt(&mut self, key: &BlobKey, now: DateTime<Utc>) -> Result<bool, StorageError> {
        let orphans = &mut self.change()?.orphans;
        let is_safe = orphans.get(key).is_some_and(|due| *due > now);
        if is_safe {
            orphans.remove(key);
        }
        Ok(is_safe)
    }

    fn due(&mut self, now: DateTime<Utc>, limit: u32) -> Result<Vec<BlobKey>, StorageError> {
        let mut due: Vec<_> = self.tables.orphans.iter().filter(|(_, due)| **due <= now).map(|(key, due)| (*due, key)).collect();
        due.sort_unstable();
        Ok(due.into_iter().take(at_most(limit)).map(|(_, key)| key.clone()).collect())
    }

    fn delete(&mut self, keys: &[BlobKey]) -> Result<(), StorageError> {
        let orphans = &mut self.change()?.orphans;
        for key in keys {
            orphans.remove(key);
        }
        Ok(())
    }
}
