//! The outbox: letters to be sent.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use muticket_core::id::{LetterId, MessageNumber, TicketNumber, UserId};
use muticket_core::notice::{DropReason, LetterState, Notice, OutboxEntry};
use muticket_core::storage::{Outbox, OutboxCounts, Pulse, StorageError};
use serde::{Deserialize, Serialize};

use crate::json::{Json, rows};
use crate::unit::{JsonUnit, Tables, insert};

#[derive(Serialize, Deserialize)]
#[serde(remote = "OutboxEntry")]
struct LetterRow {
    #[serde(with = "Json")]
    id: LetterId,
    #[serde(with = "Json")]
    notice: Notice,
    #[serde(with = "Json")]
    ticket: TicketNumber,
    #[serde(with = "Json")]
    message: MessageNumber,
    #[serde(with = "Json")]
    recipient: UserId,
    created_at: DateTime<Utc>,
    attempts: u32,
    claims: u32,
    #[serde(with = "LetterStateRow")]
    state: LetterState,
}

rows!(OutboxEntry as LetterRow);

#[derive(Serialize, Deserialize)]
#[serde(remote = "LetterState")]
enum LetterStateRow {
    Waiting {
        not_before: DateTime<Utc>,
        problem: Option<String>,
    },
    Claimed {
        until: DateTime<Utc>,
    },
    Held,
    Sent {
        at: DateTime<Utc>,
    },
    Dropped {
        at: DateTime<Utc>,
        #[serde(with = "Json")]
        reason: DropReason,
    },
    Failed {
        at: DateTime<Utc>,
        problem: String,
    },
}

impl Outbox for JsonUnit {
    fn insert(&mut self, entries: &[OutboxEntry]) -> Result<(), StorageError> {
        let tables = self.change()?;
        for entry in entries {
            tables.must_have_ticket(entry.ticket)?;
        }
        insert(&mut tables.letters, entries, |stored, new| stored.id == new.id)
    }

    fn claim(&mut self, now: DateTime<Utc>, until: DateTime<Utc>, limit: u32) -> Result<Vec<OutboxEntry>, StorageError> {
        let is_due = |letter: &&mut OutboxEntry| due_at(letter).is_some_and(|due| due <= now);
        let mut due: Vec<_> = self.change()?.letters.iter_mut().filter(is_due).collect();
        due.sort_by_key(|letter| due_at(letter));
        due.truncate(limit as usize);
        let claim = |letter: &mut OutboxEntry| {
            letter.attempts = letter.attempts.saturating_add(1);
            letter.claims = letter.claims.saturating_add(1);
            let before = std::mem::replace(&mut letter.state, LetterState::Claimed { until });
            OutboxEntry { state: before, ..letter.clone() }
        };
        Ok(due.into_iter().map(claim).collect())
    }

    fn settle(&mut self, id: LetterId, claims: u32, state: &LetterState) -> Result<bool, StorageError> {
        let Some(letter) = self.change()?.letter(id) else { return Ok(false) };
        let is_claimed = matches!(letter.state, LetterState::Claimed { .. });
        if !is_claimed || letter.claims != claims {
            return Ok(false);
        }
        letter.state = state.clone();
        Ok(true)
    }

    fn put_back(&mut self, id: LetterId, claims: u32, state: &LetterState) -> Result<bool, StorageError> {
        let is_ours = self.settle(id, claims, state)?;
        if is_ours && let Some(letter) = self.change()?.letter(id) {
            letter.attempts = letter.attempts.saturating_sub(1);
        }
        Ok(is_ours)
    }

    fn bring_forward(&mut self, latest: DateTime<Utc>, due: DateTime<Utc>) -> Result<u64, StorageError> {
        let mut brought = 0;
        for letter in &mut self.change()?.letters {
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
        let open = self.change()?.letters.iter_mut().filter(|letter| due_at(letter).is_some());
        Ok(open.map(|letter| letter.state = LetterState::Held).count() as u64)
    }

    fn end_hold(&mut self, state: &LetterState) -> Result<u64, StorageError> {
        let held = self.change()?.letters.iter_mut().filter(|letter| letter.state == LetterState::Held);
        Ok(held.map(|letter| letter.state = state.clone()).count() as u64)
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
        let Some(letter) = self.change()?.letter(id) else { return Ok(false) };
        let LetterState::Failed { problem, .. } = &letter.state else { return Ok(false) };
        letter.state = LetterState::Waiting { not_before: now, problem: Some(problem.clone()) };
        letter.attempts = 0;
        Ok(true)
    }

    fn next_due(&mut self) -> Result<Option<DateTime<Utc>>, StorageError> {
        Ok(self.tables.letters.iter().filter_map(due_at).min())
    }

    fn list_unsent(&mut self, limit: u32) -> Result<Vec<OutboxEntry>, StorageError> {
        let mut unsent: Vec<_> = self.tables.letters.iter().filter(|letter| rank(letter).is_some()).cloned().collect();
        unsent.sort_by_key(|letter| (rank(letter), Reverse((letter.created_at, letter.id))));
        unsent.truncate(limit as usize);
        Ok(unsent)
    }

    fn count(&mut self) -> Result<OutboxCounts, StorageError> {
        let mut counts = OutboxCounts::default();
        for letter in &self.tables.letters {
            match letter.state {
                LetterState::Waiting { .. } | LetterState::Claimed { .. } => counts.waiting += 1,
                LetterState::Sent { .. } => counts.sent += 1,
                LetterState::Dropped { .. } => counts.dropped += 1,
                LetterState::Failed { .. } => counts.failed += 1,
                LetterState::Held => counts.held += 1,
            }
        }
        Ok(counts)
    }

    fn delete_ended(&mut self, before: DateTime<Utc>) -> Result<u64, StorageError> {
        let letters = &mut self.change()?.letters;
        let is_old = |letter: &mut OutboxEntry| match letter.state {
            LetterState::Sent { at } | LetterState::Dropped { at, .. } => at < before,
            LetterState::Waiting { .. } | LetterState::Claimed { .. } | LetterState::Held | LetterState::Failed { .. } => false,
        };
        Ok(letters.extract_if(.., is_old).count() as u64)
    }
}

impl Tables {
    fn letter(&mut self, id: LetterId) -> Option<&mut OutboxEntry> {
        self.letters.iter_mut().find(|letter| letter.id == id)
    }
}

/// When a courier may take the letter; `None` if no courier ever will.
fn due_at(letter: &OutboxEntry) -> Option<DateTime<Utc>> {
    match letter.state {
        LetterState::Waiting { not_before, .. } => Some(not_before),
        LetterState::Claimed { until } => Some(until),
        LetterState::Held | LetterState::Sent { .. } | LetterState::Dropped { .. } | LetterState::Failed { .. } => None,
    }
}

/// The rank of the letter's state in the list of unsent letters; `None` if it is sent.
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
