//! Letters that are waiting or were not sent (P-22, P-23).

use crate::backend::{Backend, Freshness};
use crate::error::Error;
use crate::id::LetterId;
use crate::incoming::Incoming;
use crate::mailbox::MailboxState;
use crate::notification::{DropReason, LetterState, OutboxEntry};
use crate::settings::Settings;
use crate::storage::{OutboxCounts, Unit};
use crate::user::User;

/// The state of the outbox.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct MailReport {
    /// How many letters are in each state.
    pub counts: OutboxCounts,
    /// The letters that are not sent, failed ones first; at most [`MailReport::MOST`].
    pub undelivered: Vec<Undelivered>,
    /// The letters that came in and are held or parked, newest first; at most [`MailReport::MOST`] (M-04).
    pub incoming: Vec<Incoming>,
    /// The mailboxes from which letters are fetched, by name (M-08).
    pub mailboxes: Vec<MailboxState>,
}

impl MailReport {
    /// The largest number of letters listed, and of those that came in.
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

impl Backend {
    /// Reports the letters that wait, failed or came in and are held, with the reason.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn mail(&self) -> Result<MailReport, Error> {
        let work = |unit: &mut dyn Unit, _: &Settings| {
            let incoming = (unit.incoming().list_held(MailReport::MOST)?, unit.mailboxes().list()?);
            Ok((unit.outbox().count()?, unit.outbox().list_unsent(MailReport::MOST)?, incoming))
        };
        let recipients =
            |(_, entries, _): &(_, Vec<OutboxEntry>, _)| entries.iter().map(|entry| entry.recipient.clone()).collect();
        let ((counts, entries, (incoming, mailboxes)), situation) = self.read(Freshness::Current, work, recipients).await?;
        let people = situation.people(&self.parts, entries.iter().map(|entry| &entry.recipient)).await?;
        let undelivered =
            entries.into_iter().map(|entry| Undelivered { recipient: people.get(&entry.recipient).cloned(), entry }).collect();
        Ok(MailReport { counts, undelivered, incoming, mailboxes })
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
