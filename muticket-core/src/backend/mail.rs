//! Letters that go out: those that wait, and those that were not sent (P-22, P-23).

use crate::backend::{Backend, Freshness};
use crate::error::Error;
use crate::id::{LetterId, UserId};
use crate::incoming::{Verdict, VerdictGroup};
use crate::notification::{DropReason, LetterState, OutboxEntry};
use crate::settings::Settings;
use crate::storage::{Counts, OutboxCounts, Unit};
use crate::undeliverable::Undeliverable;
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
    /// The users who get no letters because their letters came back, the last report first; at most [`Undeliverable::MOST`] (M-05).
    pub undeliverable: Vec<UndeliverableUser>,
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

/// A user who gets no letters, because three came back.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct UndeliverableUser {
    /// The user, as the host knows them now.
    pub user: User,
    /// What the reports said.
    pub reports: Undeliverable,
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
        let now = self.parts.now();
        let work = move |unit: &mut dyn Unit, _: &Settings| {
            let received = VerdictGroup::ALL.iter().copied().zip(unit.incoming().count()?);
            let reports = (Undeliverable::REPORTS, now - Undeliverable::COUNTS_FOR);
            let came_back = unit.undeliverable().list(reports.0, reports.1, Undeliverable::MOST)?;
            Ok((unit.outbox().count()?, unit.outbox().list_unsent(MailReport::MOST)?, undecided(received), came_back))
        };
        let named = |(_, entries, _, came_back): &(_, Vec<OutboxEntry>, _, Vec<Undeliverable>)| {
            let recipients = entries.iter().map(|entry| &entry.recipient);
            recipients.chain(came_back.iter().map(|one| &one.user)).cloned().collect()
        };
        let ((counts, entries, undecided, came_back), situation) = self.read(Freshness::Current, work, named).await?;
        let recipients = entries.iter().map(|entry| &entry.recipient).chain(came_back.iter().map(|one| &one.user));
        let people = situation.people(&self.parts, recipients).await?;
        let undeliverable = came_back.into_iter().filter_map(|reports| {
            let user = people.get(&reports.user).filter(|user| reports.stops(user, now))?;
            Some(UndeliverableUser { user: user.clone(), reports })
        });
        let undeliverable = undeliverable.collect();
        let undelivered =
            entries.into_iter().map(|entry| Undelivered { recipient: people.get(&entry.recipient).cloned(), entry }).collect();
        Ok(MailReport { counts, undecided, undelivered, undeliverable })
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

    /// Sends letters to a user again whose letters came back (M-05). Letters that were not sent meanwhile stay unsent.
    ///
    /// # Errors
    /// [`Error::NotFound`] if nothing is stored about their letters; [`Error::Unavailable`].
    pub async fn send_again_to(&self, user: &UserId) -> Result<(), Error> {
        user.check().map_err(|_| Error::NotFound)?;
        let user = user.clone();
        let work = move |unit: &mut dyn Unit| {
            if unit.undeliverable().delete(&user)? { Ok(()) } else { Err(Error::NotFound) }
        };
        self.parts.storage.run_write(work).await
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
