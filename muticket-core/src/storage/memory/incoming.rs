//! Letters that came in.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};

use crate::blob::{BlobKey, Digest};
use crate::id::{IncomingId, MessageNumber, TicketNumber, UserId};
use crate::incoming::{Incoming, Verdict, VerdictGroup};
use crate::storage::memory::{MemoryUnit, at_most};
use crate::storage::{Counts, IncomingStore, StorageError};

impl IncomingStore for MemoryUnit {
    fn insert(&mut self, letter: &Incoming) -> Result<(), StorageError> {
        let tables = self.change()?;
        if tables.incoming.values().any(|stored| stored.id == letter.id || stored.digest == letter.digest) {
            return Err(StorageError::Duplicate);
        }
        if let Some(ticket) = letter.ticket {
            tables.must_have_ticket(ticket)?;
        }
        tables.incoming.insert(letter.id, letter.clone());
        Ok(())
    }

    fn find(&mut self, id: IncomingId) -> Result<Option<Incoming>, StorageError> {
        Ok(self.tables.incoming.get(&id).cloned())
    }

    fn find_by_digest(&mut self, digest: &Digest) -> Result<Option<Incoming>, StorageError> {
        Ok(self.tables.incoming.values().find(|letter| letter.digest == *digest).cloned())
    }

    fn claim(&mut self, now: DateTime<Utc>, until: DateTime<Utc>, limit: u32) -> Result<Vec<Incoming>, StorageError> {
        let letters = &mut self.change()?.incoming;
        let due = |letter: &Incoming| letter.due_at.filter(|due| *due <= now).map(|due| (due, letter.id));
        let mut claimed: Vec<_> = letters.values().filter_map(due).collect();
        claimed.sort_unstable();
        claimed.truncate(at_most(limit));
        let claim = |(_, id)| {
            let letter = letters.get_mut(&id)?;
            letter.attempts = letter.attempts.saturating_add(1);
            letter.claims = letter.claims.saturating_add(1);
            letter.due_at = Some(until);
            Some(letter.clone())
        };
        Ok(claimed.into_iter().filter_map(claim).collect())
    }

    fn claim_one(&mut self, id: IncomingId, claims: u32, until: DateTime<Utc>) -> Result<bool, StorageError> {
        let letter = self.change()?.incoming.get_mut(&id).filter(|letter| letter.claims == claims);
        let Some(letter) = letter else { return Ok(false) };
        letter.claims = letter.claims.saturating_add(1);
        letter.due_at = Some(until);
        Ok(true)
    }

    fn settle(&mut self, letter: &Incoming) -> Result<bool, StorageError> {
        let tables = self.change()?;
        let gone = letter.ticket.is_some_and(|ticket| !tables.tickets.contains_key(&ticket));
        let Some(stored) = tables.incoming.get_mut(&letter.id).filter(|stored| stored.claims == letter.claims) else {
            return Ok(false);
        };
        if gone {
            return Err(StorageError::Stale);
        }
        let Incoming { id, received_at, key, size, digest, envelope, .. } = stored.clone();
        *stored = Incoming { id, received_at, key, size, digest, envelope, ..letter.clone() };
        Ok(true)
    }

    fn bring_forward(&mut self, verdict: Verdict, due: DateTime<Utc>) -> Result<(), StorageError> {
        let letters = self.change()?.incoming.values_mut().filter(|letter| letter.verdict == verdict);
        letters.for_each(|letter| letter.due_at = letter.due_at.map(|later| later.min(due)));
        Ok(())
    }

    fn next_due(&mut self) -> Result<Option<DateTime<Utc>>, StorageError> {
        Ok(self.tables.incoming.values().filter_map(|letter| letter.due_at).min())
    }

    fn list_recent(
        &mut self,
        group: VerdictGroup,
        before: Option<(DateTime<Utc>, IncomingId)>,
        limit: u32,
    ) -> Result<Vec<Incoming>, StorageError> {
        let is_older = |letter: &Incoming| before.is_none_or(|before| (letter.received_at, letter.id) < before);
        let letters = self.tables.incoming.values();
        let mut recent: Vec<_> = letters.filter(|letter| letter.verdict.group() == group && is_older(letter)).collect();
        recent.sort_unstable_by_key(|letter| Reverse((letter.received_at, letter.id)));
        Ok(recent.into_iter().take(at_most(limit)).cloned().collect())
    }

    fn count(&mut self) -> Result<Vec<u32>, StorageError> {
        let count = |group: &VerdictGroup| {
            let letters = self.tables.incoming.values().filter(|letter| letter.verdict.group() == *group);
            u32::try_from(letters.take(at_most(Counts::MANY)).count()).unwrap_or(Counts::MANY)
        };
        Ok(VerdictGroup::ALL.iter().map(count).collect())
    }

    fn taken(
        &mut self,
        writer: &UserId,
        ticket: Option<TicketNumber>,
        (since, until): (DateTime<Utc>, DateTime<Utc>),
        most: u32,
    ) -> Result<u32, StorageError> {
        let counts = |letter: &&Incoming| {
            let is_there = match ticket {
                Some(_) => letter.ticket == ticket && letter.message.is_some(),
                None => letter.message == Some(MessageNumber::FIRST),
            };
            is_there && letter.writer.as_ref() == Some(writer) && letter.received_at > since && letter.received_at <= until
        };
        let taken = self.tables.incoming.values().filter(counts).take(at_most(most)).count();
        Ok(u32::try_from(taken).unwrap_or(most))
    }

    fn told(&mut self, writer: &UserId, since: DateTime<Utc>, most: u32) -> Result<u32, StorageError> {
        let counts =
            |letter: &&Incoming| letter.writer.as_ref() == Some(writer) && letter.told_at.is_some_and(|told_at| told_at > since);
        let told = self.tables.incoming.values().filter(counts).take(at_most(most)).count();
        Ok(u32::try_from(told).unwrap_or(most))
    }

    fn told_supporters(&mut self, ticket: TicketNumber, since: DateTime<Utc>) -> Result<bool, StorageError> {
        let is_told = |letter: &Incoming| letter.writer.is_none() && letter.told_at.is_some_and(|told_at| told_at > since);
        Ok(self.tables.incoming.values().any(|letter| letter.ticket == Some(ticket) && is_told(letter)))
    }

    fn list_messages(
        &mut self,
        ticket: TicketNumber,
        first: MessageNumber,
        last: MessageNumber,
    ) -> Result<Vec<Incoming>, StorageError> {
        let is_there = |letter: &&Incoming| letter.message.is_some_and(|message| (first..=last).contains(&message));
        let mut letters: Vec<_> = self.of_ticket(ticket).filter(is_there).cloned().collect();
        letters.sort_by_key(|letter| letter.message);
        Ok(letters)
    }

    fn list_of_ticket(&mut self, ticket: TicketNumber, verdict: Verdict, limit: u32) -> Result<Vec<Incoming>, StorageError> {
        let mut recent: Vec<_> = self.of_ticket(ticket).filter(|letter| letter.verdict == verdict).collect();
        recent.sort_unstable_by_key(|letter| Reverse((letter.received_at, letter.id)));
        Ok(recent.into_iter().take(at_most(limit)).cloned().collect())
    }

    fn keys(&mut self, ticket: TicketNumber) -> Result<Vec<BlobKey>, StorageError> {
        Ok(self.of_ticket(ticket).map(|letter| letter.key.clone()).collect())
    }

    fn delete_useless(&mut self, before: DateTime<Utc>, limit: u32) -> Result<Vec<BlobKey>, StorageError> {
        self.delete_letters(limit, |letter| letter.verdict.is_useless() && letter.received_at < before)
    }

    fn delete_unknown(&mut self, before: DateTime<Utc>, limit: u32) -> Result<Vec<BlobKey>, StorageError> {
        let is_unknown = |letter: &Incoming| letter.verdict == Verdict::UnknownSender && letter.due_at.is_none();
        self.delete_letters(limit, |letter| is_unknown(letter) && letter.received_at < before)
    }
}

impl MemoryUnit {
    fn of_ticket(&self, ticket: TicketNumber) -> impl Iterator<Item = &Incoming> {
        self.tables.incoming.values().filter(move |letter| letter.ticket == Some(ticket))
    }

    /// Deletes at most `limit` letters, and returns the keys of their blobs.
    fn delete_letters(&mut self, limit: u32, goes: impl Fn(&Incoming) -> bool) -> Result<Vec<BlobKey>, StorageError> {
        let letters = &mut self.change()?.incoming;
        let ids: Vec<_> = letters.values().filter(|letter| goes(letter)).take(at_most(limit)).map(|letter| letter.id).collect();
        Ok(ids.iter().filter_map(|id| letters.remove(id)).map(|letter| letter.key).collect())
    }
}
