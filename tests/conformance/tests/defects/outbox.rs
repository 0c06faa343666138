//! Defects of letters and orphans.

use chrono::{DateTime, TimeDelta, Utc};
use muticket_core::blob::BlobKey;
use muticket_core::id::LetterId;
use muticket_core::notification::{LetterState, OutboxEntry};
use muticket_core::storage::{OrphanStore, OutboxCounts, OutboxStore, Pulse, StorageError};

use crate::defect::Defect;
use crate::store::{Twisted, cut, normalized, taken};

impl OutboxStore for Twisted<'_> {
    fn insert(&mut self, entries: &[OutboxEntry]) -> Result<(), StorageError> {
        if self.has(Defect::LosesLetters) {
            return Ok(());
        }
        let mut new = entries.to_vec();
        for letter in &mut new {
            match (self.store.defect, &mut letter.state) {
                (Defect::KeepsFewClaimsOnly, _) => letter.claims = letter.claims.min(i32::MAX.unsigned_abs()),
                (Defect::DropsMicrosecondsOfLetters, LetterState::Dropped { at, .. }) => *at = cut(*at),
                (Defect::NormalizesProblems, LetterState::Failed { problem, .. }) => *problem = normalized(problem),
                (Defect::TakesEmptyProblemsForMissing, LetterState::Waiting { problem, .. }) => {
                    problem.take_if(|problem| problem.is_empty());
                }
                _ => {}
            }
        }
        if self.has(Defect::ForgetsTicketsOfAnswers) {
            new.iter_mut().filter(|letter| letter.message.is_none()).for_each(|letter| letter.ticket = None);
        }
        let again = new.clone();
        self.outlives(Defect::LettersOutliveTheirUnit, move |unit| unit.outbox().insert(&again));
        let result = self.unit.outbox().insert(&new);
        if self.has(Defect::TakesLettersTwice) { taken(result) } else { result }
    }

    fn claim(&mut self, now: DateTime<Utc>, until: DateTime<Utc>, limit: u32) -> Result<Vec<OutboxEntry>, StorageError> {
        self.outlives(Defect::ClaimsOutliveTheirUnit, move |unit| unit.outbox().claim(now, until, limit).map(drop));
        let mut claimed = self.unit.outbox().claim(now, until, limit)?;
        match self.store.defect {
            Defect::ClaimsTheNewestFirst => claimed.reverse(),
            Defect::LosesOneOfManyLetters => claimed.truncate(4),
            Defect::NeverLapses => claimed.retain(|letter| letter.attempts == 1),
            Defect::ClaimsForTwo => {
                let waiting = LetterState::Waiting { not_before: now, problem: None };
                for letter in &claimed {
                    self.unit.outbox().settle(letter.id, letter.claims, &waiting)?;
                }
            }
            _ => {}
        }
        Ok(claimed)
    }

    fn settle(&mut self, id: LetterId, claims: u32, state: &LetterState) -> Result<bool, StorageError> {
        if self.has(Defect::IgnoresClaims) {
            for claims in 0..10 {
                if self.unit.outbox().settle(id, claims, state)? {
                    return Ok(true);
                }
            }
        }
        if self.has(Defect::CountsClaimsAnewAfterARetry) {
            let stored = self.unit.outbox().list_unsent(u32::MAX)?.into_iter().find(|letter| letter.id == id);
            let Some(letter) = stored.filter(|letter| letter.attempts == claims) else { return Ok(false) };
            return self.unit.outbox().settle(id, letter.claims, state);
        }
        self.unit.outbox().settle(id, claims, state)
    }

    fn put_back(&mut self, id: LetterId, claims: u32, state: &LetterState) -> Result<bool, StorageError> {
        if self.has(Defect::CountsWhatWasNotTried) {
            return self.unit.outbox().settle(id, claims, state);
        }
        self.unit.outbox().put_back(id, claims, state)
    }

    fn find(&mut self, id: LetterId) -> Result<Option<OutboxEntry>, StorageError> {
        let found = self.unit.outbox().find(id)?;
        let is_left_out = |letter: &OutboxEntry| matches!(letter.state, LetterState::Sent { .. } | LetterState::Failed { .. });
        Ok(found.filter(|letter| !self.has(Defect::FindsUnsentLettersOnly) || !is_left_out(letter)))
    }

    fn came_back(&mut self, id: LetterId, at: DateTime<Utc>, problem: &str) -> Result<bool, StorageError> {
        let is_claimed = |letter: &OutboxEntry| matches!(letter.state, LetterState::Claimed { .. });
        if self.has(Defect::TakesBackSettledLettersOnly) && self.unit.outbox().find(id)?.as_ref().is_some_and(is_claimed) {
            return Ok(false);
        }
        Ok(self.unit.outbox().came_back(id, at, problem)? || self.has(Defect::TakesBackWhatWaits))
    }

    fn bring_forward(&mut self, latest: DateTime<Utc>, due: DateTime<Utc>) -> Result<u64, StorageError> {
        if self.has(Defect::BringsClaimsForwardAsNew) {
            let held = self.unit.outbox().hold()?;
            self.unit.outbox().end_hold(&LetterState::Waiting { not_before: due, problem: None })?;
            return Ok(held);
        }
        if self.has(Defect::LeavesLettersInTheFuture) {
            return Ok(0);
        }
        self.unit.outbox().bring_forward(latest, due)
    }

    fn hold(&mut self) -> Result<u64, StorageError> {
        self.unit.outbox().hold()
    }

    fn end_hold(&mut self, state: &LetterState) -> Result<u64, StorageError> {
        if self.has(Defect::LetsNothingGo) && matches!(state, LetterState::Waiting { .. }) {
            return Ok(self.unit.outbox().count()?.held);
        }
        self.unit.outbox().end_hold(state)
    }

    fn held(&mut self) -> Result<u64, StorageError> {
        self.unit.outbox().held()
    }

    fn pulse(&mut self) -> Result<Option<Pulse>, StorageError> {
        self.unit.outbox().pulse()
    }

    fn set_pulse(&mut self, pulse: &Pulse) -> Result<(), StorageError> {
        let last = self.unit.outbox().pulse()?.map_or(0, |last| last.beat);
        if self.has(Defect::KeepsTheFastestPulse) && last > pulse.beat {
            return Ok(());
        }
        self.unit.outbox().set_pulse(pulse)
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

impl OrphanStore for Twisted<'_> {
    fn insert(&mut self, keys: &[BlobKey], due: DateTime<Utc>) -> Result<(), StorageError> {
        let due = if self.has(Defect::DropsMicrosecondsOfOrphans) { cut(due) } else { due };
        let again = keys.to_vec();
        self.outlives(Defect::OrphansOutliveTheirUnit, move |unit| unit.orphans().insert(&again, due));
        let noted = self.unit.orphans().due(DateTime::<Utc>::MAX_UTC, u32::MAX)?;
        if self.has(Defect::ForgetsOtherOrphansWhenOneIsNotedAgain) && keys.iter().any(|key| noted.contains(key)) {
            return Ok(());
        }
        self.unit.orphans().insert(keys, due)
    }

    fn adopt(&mut self, key: &BlobKey, now: DateTime<Utc>) -> Result<bool, StorageError> {
        let now = if self.has(Defect::AdoptsTooLate) { now - TimeDelta::days(1) } else { now };
        let adopted = self.unit.orphans().adopt(key, now)?;
        if adopted {
            self.store.remains().adopted.push(key.clone());
        }
        Ok(adopted || self.has(Defect::AdoptsWhatIsSwept) && self.store.remains().swept.contains(key))
    }

    fn due(&mut self, now: DateTime<Utc>, limit: u32) -> Result<Vec<BlobKey>, StorageError> {
        let mut due = self.unit.orphans().due(now, limit)?;
        if self.has(Defect::TurnsOrphansRound) {
            due.reverse();
        }
        if self.writing {
            let mut remains = self.store.remains();
            match self.store.defect {
                Defect::SweepsWhatIsAdopted => due.append(&mut remains.adopted),
                Defect::SweepsForTwo if !remains.swept.is_empty() => return Ok(std::mem::take(&mut remains.swept)),
                _ => {}
            }
            remains.swept.clone_from(&due);
        }
        Ok(due)
    }

    fn delete(&mut self, keys: &[BlobKey]) -> Result<(), StorageError> {
        self.unit.orphans().delete(keys)
    }
}
