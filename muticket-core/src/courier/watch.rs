//! Detects whether the database was replaced by an older one from a backup (P-34).
//!
//! There are two signs. The *beat* is a number in the database that grows every minute, with a copy beside the database,
//! with the attachments: if the number is smaller than the copy, or than a running courier remembers, the database was
//! restored. The *age* is the time since the last beat: a stopped site records that, and may be down for days; a site that
//! stopped abruptly and comes back hours later is probably the backup of a running site. See
//! `docs/decisions/0021-held-letters.md`.

use chrono::{DateTime, TimeDelta, Utc};

use crate::courier::batch::{Claimed, Stored};
use crate::courier::copy::BeatCopy;
use crate::courier::{Courier, Delivery, plan};
use crate::error::Unavailable;
use crate::id::{Ids as _, SystemIds};
use crate::notification::LetterState;
use crate::secret::shared_secret;
use crate::storage::{Pulse, StorageError, Unit};

/// How long a stopped site may be down: as long as a letter is retried.
const OFF: TimeDelta = TimeDelta::days(5);
/// The number of unsent letters that are checked if there never was a beat.
const SAMPLE: u32 = 100;

/// The beat as known outside the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outside {
    /// At launch: the copy of the beat, if there is one.
    Copy(Option<u64>),
    /// Later: the last beat that this courier stored.
    Memory(u64),
}

impl Outside {
    fn beat(self) -> u64 {
        match self {
            Self::Copy(beat) => beat.unwrap_or(0),
            Self::Memory(beat) => beat,
        }
    }
}

/// Stores the next beat, and holds the letters if the database seems to be an older one. Returns the number of newly held
/// letters.
fn look(
    unit: &mut dyn Unit,
    outside: Outside,
    now: DateTime<Utc>,
    hold_after: TimeDelta,
    claim: TimeDelta,
    stopped: bool,
) -> Result<(Pulse, u64), StorageError> {
    let last = unit.outbox().pulse()?;
    let seen_at = match (outside, last) {
        (Outside::Memory(_), _) => None,
        (Outside::Copy(_), Some(last)) => Some(last.at),
        (Outside::Copy(_), None) => newest_waiting(unit)?,
    };
    let off = seen_at.map_or(TimeDelta::zero(), |at| now - at);
    let patience = if last.is_some_and(|last| last.stopped) { hold_after.max(OFF) } else { hold_after };
    let is_older = last.map_or(0, |last| last.beat) < outside.beat();
    let held = if is_older || off > patience { unit.outbox().hold()? } else { 0 };
    // A clock in the future dates letters years ahead. A claim with such a date may belong to a node that is still sending.
    unit.outbox().bring_forward(now + plan::FARTHEST.max(claim * 2), now + claim)?;
    let beat = last.map_or(0, |last| last.beat).max(outside.beat()).saturating_add(1);
    let pulse = Pulse { beat, at: now, stopped };
    unit.outbox().set_pulse(&pulse)?;
    Ok((pulse, held))
}

/// When the newest waiting letter was created, for a database of a version without beats.
fn newest_waiting(unit: &mut dyn Unit) -> Result<Option<DateTime<Utc>>, StorageError> {
    let unsent = unit.outbox().list_unsent(SAMPLE)?;
    let open = |state: &LetterState| matches!(state, LetterState::Waiting { .. } | LetterState::Claimed { .. });
    Ok(unsent.iter().filter(|letter| open(&letter.state)).map(|letter| letter.created_at).max())
}

impl Courier {
    /// Records that the site was stopped, so that it may be down for some days. Call it when no more letters are to be sent.
    ///
    /// # Errors
    /// The storage failed. The next launch then treats the site as one that stopped abruptly.
    pub async fn stop(&self) -> Result<(), Unavailable> {
        self.settle().await?;
        let Some(last) = self.memory().pulse else { return Ok(()) };
        self.note(Outside::Memory(last.beat), true).await.map(drop)
    }

    /// Stores the beat if it is due. The first call checks the database at launch.
    pub(super) async fn beat(&self, delivery: &mut Delivery) -> Result<(), Unavailable> {
        let last = self.memory().pulse;
        let outside = match last {
            Some(last) if (self.clock.now() - last.at).abs() < Self::BEAT => return Ok(()),
            Some(last) => Outside::Memory(last.beat),
            None => Outside::Copy(self.copied_beat().await?),
        };
        delivery.held += self.note(outside, false).await?;
        Ok(())
    }

    /// The end of the mail server's pause. A pause longer than the longest one was started by a wrong clock and is ignored.
    pub(super) fn rests_until(&self) -> Option<DateTime<Utc>> {
        let now = self.clock.now();
        self.memory().rests_until.filter(|until| *until > now && *until <= now + plan::rest(usize::MAX))
    }

    async fn copied_beat(&self) -> Result<Option<u64>, Unavailable> {
        let Some(blobs) = &self.blobs else { return Ok(None) };
        let secret = shared_secret(self.storage(), "pulse", SystemIds.secret()).await.map_err(Unavailable::Storage)?;
        let Some(copy) = BeatCopy::new(secret) else { return Ok(None) };
        let beat = copy.read(&**blobs).await.map_err(Unavailable::Blobs)?;
        self.memory().copy = Some(copy);
        Ok(beat)
    }

    async fn note(&self, outside: Outside, stopped: bool) -> Result<u64, Unavailable> {
        let (now, hold_after, claim) = (self.clock.now(), self.hold_after, self.claim);
        let work = move |unit: &mut dyn Unit| look(unit, outside, now, hold_after, claim, stopped);
        let (pulse, held) = self.storage().run_write(work).await.map_err(Unavailable::Storage)?;
        self.memory().pulse = Some(pulse);
        let copy = self.memory().copy.clone();
        if let (Some(blobs), Some(copy)) = (&self.blobs, copy) {
            // An outdated copy only detects less. The next beat writes it again.
            let _ = copy.write(&**blobs, pulse.beat).await;
        }
        Ok(held)
    }

    /// Claims letters and reads their data. `None` if none are due.
    pub(super) async fn claim(&self, delivery: &mut Delivery) -> Result<Option<Claimed>, Unavailable> {
        let (now, hold_after) = (self.clock.now(), self.hold_after);
        let claim = self.claim;
        let until = now + claim;
        let (pulse, failures) = {
            let memory = self.memory();
            (memory.pulse, memory.failures)
        };
        // A single letter tests whether the server is back.
        let limit = if failures > 0 { 1 } else { Self::BATCH };
        let work = move |unit: &mut dyn Unit| -> Result<_, StorageError> {
            let stored = unit.outbox().pulse()?.map_or(0, |stored| stored.beat);
            let (entries, noted) = match pulse {
                // The database was restored while the site was running.
                Some(last) if stored < last.beat => {
                    (Vec::new(), Some(look(unit, Outside::Memory(last.beat), now, hold_after, claim, false)?))
                }
                _ => (unit.outbox().claim(now, until, limit)?, None),
            };
            let stored = if entries.is_empty() { Stored::default() } else { Stored::read(unit, &entries)? };
            Ok((Claimed { entries, until, stored }, noted, unit.outbox().next_due()?))
        };
        let (claimed, noted, next_due) = self.storage().run_write(work).await.map_err(Unavailable::Storage)?;
        let mut memory = self.memory();
        memory.next_due = next_due;
        if let Some((pulse, held)) = noted {
            memory.pulse = Some(pulse);
            delivery.held += held;
        }
        Ok(Some(claimed).filter(|claimed| !claimed.entries.is_empty()))
    }
}
