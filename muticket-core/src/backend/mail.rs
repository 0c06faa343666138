//! Letters that go out: those that wait, and those that were not sent (P-22, P-23).

use crate::backend::{Backend, Freshness};
use crate::error::Error;
use crate::id::LetterId;
use crate::incoming::{Verdict, VerdictGroup};
use crate::notification::{DropReason, LetterState, OutboxEntry};
use crate::settings::Settings;
use crate::storage::{Counts, OutboxCounts, Unit};
use crate::user::User;

/// The state of the outbox.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct MailReport {
    /// How many letters are in each state.
    pub counts: OutboxCounts,
    /// How many letters came in and wait for an administrator (M-09), counted up to [`Counts::MANY`](crate::storage::Counts::MANY).
    pub undecided: u32,
    /// The letters that are not sent, failed ones first; at most [`MailReport::MOST`].
    pub undelivered: Vec<Undelivered>,
}

impl MailReport {
    /// The largest number of letters listed.
    pub const MOST: u32 = 200;
}

/// A letter that is not sent.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Undelivered {
    /// The letter.
    pub entry: OutboxEntry,
    /// Its recipient; `None` if the host no longer knows them.
    pub recipient: Option<User>,
}

/// How many of the counted letters wait for an administrator.
pub(super) fn undecided(counts: impl IntoIterator<Item = (VerdictGroup, u32)>) -> u32 {
    let waits = |group: VerdictGroup| group.verdicts().any(Verdict::is_held);
    let sum = counts.into_iter().filter(|(group, _)| waits(*group)).fold(0_u32, |sum, (_, count)| sum.saturating_add(count));
    sum.min(Counts::MANY)
}

impl Backend {
    /// Reports the letters that wait or failed, with the reason.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn mail(&self) -> Result<MailReport, Error> {
        let work = |unit: &mut dyn Unit, _: &Settings| {
            let received = VerdictGroup::ALL.iter().copied().zip(unit.incoming().count()?);
            Ok((unit.outbox().count()?, undecided(received), unit.outbox().list_unsent(MailReport::MOST)?))
        };
        let recipients =
            |(_, _, entries): &(_, _, Vec<OutboxEntry>)| entries.iter().map(|entry| entry.recipient.clone()).collect();
        let ((counts, undecided, entries), situation) = self.read(Freshness::Current, work, recipients).await?;
        let people = situation.people(&self.parts, entries.iter().map(|entry| &entry.recipient)).await?;
        let undelivered =
            entries.into_iter().map(|entry| Undelivered { recipient: people.get(&entry.recipient).cloned(), entry }).collect();
        Ok(MailReport { counts, undecided, undelivered })
    }

    /// Sends the held letters and returns their number. A recipient who got a letter before the backup was restored gets it
    /// again, with the same `Message-ID`.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn release_held_letters(&self) -> Result<u64, Error> {
        let state = LetterState::Waiting { not_before: self.parts.now(), problem: None };
        let released = self.end_hold(state).await?;
        self.parts.ring();
        Ok(released)
    }

    /// Discards the held letters and returns their number.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn discard_held_letters(&self) -> Result<u64, Error> {
        self.end_hold(LetterState::Dropped { at: self.parts.now(), reason: DropReason::Discarded }).await
    }

    async fn end_hold(&self, state: LetterState) -> Result<u64, Error> {
        let work = move |unit: &mut dyn Unit| unit.outbox().end_hold(&state);
        self.parts.storage.run_write(work).await.map_err(Error::from)
    }

    /// Retries a failed letter, with the same `Message-ID`.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the letter is not failed, or no longer; [`Error::Unavailable`].
    pub async fn retry_letter(&self, id: LetterId) -> Result<(), Error> {
        let now = self.parts.now();
        let work = move |unit: &mut dyn Unit| {
            if unit.outbox().retry(id, now)? { Ok(()) } else { Err(Error::NotFound) }
        };
        self.parts.storage.run_write(work).await?;
        self.parts.ring();
        Ok(())
    }
}
