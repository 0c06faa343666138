//! Defects of letters that came in.

use chrono::{DateTime, TimeDelta, Utc};
use muticket_core::blob::{BlobKey, Digest};
use muticket_core::id::{IncomingId, MessageNumber, TicketNumber, UserId};
use muticket_core::incoming::{Incoming, Verdict, VerdictGroup};
use muticket_core::storage::{Counts, IncomingStore, StorageError};

use crate::defect::Defect;
use crate::store::{Twisted, taken};

impl IncomingStore for Twisted<'_> {
    fn insert(&mut self, letter: &Incoming) -> Result<(), StorageError> {
        let mut new = letter.clone();
        match self.store.defect {
            Defect::ForgetsEnvelopes => new.envelope.from = None,
            Defect::ForgetsNewParts => new.new_part = None,
            Defect::ForgetsWriters => new.writer = None,
            Defect::ForgetsWhatWasChecked => new.checked = None,
            _ => {}
        }
        let again = new.clone();
        self.outlives(Defect::IncomingOutlivesItsUnit, move |unit| unit.incoming().insert(&again));
        let result = self.poisoned(Defect::IsPoisonedByDuplicateIncoming, |unit| unit.incoming().insert(&new));
        if self.has(Defect::TakesIncomingTwice) { taken(result) } else { result }
    }

    fn find(&mut self, id: IncomingId) -> Result<Option<Incoming>, StorageError> {
        self.unit.incoming().find(id)
    }

    fn find_by_digest(&mut self, digest: &Digest) -> Result<Option<Incoming>, StorageError> {
        self.unit.incoming().find_by_digest(digest)
    }

    fn claim(&mut self, now: DateTime<Utc>, until: DateTime<Utc>, limit: u32) -> Result<Vec<Incoming>, StorageError> {
        let claimed = self.unit.incoming().claim(now, until, limit)?;
        if self.has(Defect::ClaimsIncomingForTwo) {
            for letter in &claimed {
                self.unit.incoming().settle(&Incoming { due_at: Some(now), ..letter.clone() })?;
            }
        }
        Ok(claimed)
    }

    fn claim_one(&mut self, id: IncomingId, claims: u32, until: DateTime<Utc>) -> Result<bool, StorageError> {
        let stored = self.unit.incoming().find(id)?.filter(|_| self.store.defect == Defect::ClaimsOneLetterForTwo);
        self.unit.incoming().claim_one(id, stored.map_or(claims, |letter| letter.claims), until)
    }

    fn settle(&mut self, letter: &Incoming) -> Result<bool, StorageError> {
        let stored = self.unit.incoming().find(letter.id)?;
        match (self.store.defect, stored) {
            (Defect::IgnoresClaimsOfIncoming, Some(stored)) => {
                self.unit.incoming().settle(&Incoming { claims: stored.claims, ..letter.clone() })
            }
            (Defect::ForgetsExemptions, _) => self.unit.incoming().settle(&Incoming { is_exempt: false, ..letter.clone() }),
            _ => self.unit.incoming().settle(letter),
        }
    }

    fn bring_forward(&mut self, verdict: Verdict, due: DateTime<Utc>) -> Result<(), StorageError> {
        match self.store.defect {
            Defect::BringsAllVerdictsForward => {
                Verdict::ALL.iter().try_for_each(|verdict| self.unit.incoming().bring_forward(*verdict, due))
            }
            Defect::LeavesLettersWaiting => Ok(()),
            _ => self.unit.incoming().bring_forward(verdict, due),
        }
    }

    fn next_due(&mut self) -> Result<Option<DateTime<Utc>>, StorageError> {
        self.unit.incoming().next_due()
    }

    fn list_recent(
        &mut self,
        group: VerdictGroup,
        before: Option<(DateTime<Utc>, IncomingId)>,
        limit: u32,
    ) -> Result<Vec<Incoming>, StorageError> {
        let before = match self.store.defect {
            Defect::BeginsPagesOfLettersByTimeAlone => before.map(|(at, _)| (at, IncomingId(uuid::Uuid::nil()))),
            _ => before,
        };
        let mut recent = self.unit.incoming().list_recent(group, before, limit)?;
        match self.store.defect {
            Defect::ListsLettersOldestFirst => recent.reverse(),
            Defect::ListsNoParkedLetters => recent.retain(|letter| letter.verdict != Verdict::Parked),
            _ => {}
        }
        Ok(recent)
    }

    fn count(&mut self) -> Result<Vec<u32>, StorageError> {
        let mut counts = self.unit.incoming().count()?;
        match self.store.defect {
            Defect::CountsLettersInTheirOwnOrder => counts.reverse(),
            Defect::CountsLettersBeyondMany => {
                counts.iter_mut().filter(|count| **count == Counts::MANY).for_each(|count| *count += 1);
            }
            _ => {}
        }
        Ok(counts)
    }

    fn taken(
        &mut self,
        writer: &UserId,
        ticket: Option<TicketNumber>,
        (since, until): (DateTime<Utc>, DateTime<Utc>),
        most: u32,
    ) -> Result<u32, StorageError> {
        let since = if self.has(Defect::CountsLettersOfAllTimes) { since - TimeDelta::days(9) } else { since };
        let ticket = ticket.filter(|_| !self.has(Defect::CountsLettersOfAllTickets));
        let most = if self.has(Defect::CountsFurtherThanAsked) { u32::MAX } else { most };
        self.unit.incoming().taken(writer, ticket, (since, until), most)
    }

    fn told(&mut self, writer: &UserId, since: DateTime<Utc>, most: u32) -> Result<u32, StorageError> {
        if self.has(Defect::ForgetsWhoWasTold) { Ok(0) } else { self.unit.incoming().told(writer, since, most) }
    }

    fn told_supporters(&mut self, ticket: TicketNumber, since: DateTime<Utc>) -> Result<bool, StorageError> {
        match self.store.defect {
            Defect::ForgetsThatSupportersWereTold => Ok(false),
            Defect::TakesToldWritersForSupporters => {
                let letters = self.unit.incoming().list_of_ticket(ticket, Verdict::NotConfirmed, u32::MAX)?;
                Ok(letters.iter().any(|letter| letter.told_at.is_some_and(|told| told > since)))
            }
            _ => self.unit.incoming().told_supporters(ticket, since),
        }
    }

    fn list_messages(
        &mut self,
        ticket: TicketNumber,
        first: MessageNumber,
        last: MessageNumber,
    ) -> Result<Vec<Incoming>, StorageError> {
        let first = if self.has(Defect::ListsLettersOfOtherMessages) { MessageNumber::FIRST } else { first };
        self.unit.incoming().list_messages(ticket, first, last)
    }

    fn list_of_ticket(&mut self, ticket: TicketNumber, verdict: Verdict, limit: u32) -> Result<Vec<Incoming>, StorageError> {
        match self.store.defect {
            Defect::ListsTheFirstLettersOfATicket => {
                let mut letters = self.unit.incoming().list_of_ticket(ticket, verdict, u32::MAX)?;
                letters.drain(..letters.len().saturating_sub(usize::try_from(limit).unwrap_or(usize::MAX)));
                Ok(letters)
            }
            Defect::ListsAllLettersOfATicket => self.unit.incoming().list_of_ticket(ticket, verdict, u32::MAX),
            _ => self.unit.incoming().list_of_ticket(ticket, verdict, limit),
        }
    }

    fn keys(&mut self, ticket: TicketNumber) -> Result<Vec<BlobKey>, StorageError> {
        let mut keys = self.unit.incoming().keys(ticket)?;
        if self.has(Defect::LosesKeysOfLettersWithoutMessage) {
            let unconfirmed = self.unit.incoming().list_of_ticket(ticket, Verdict::NotConfirmed, u32::MAX)?;
            keys.retain(|key| unconfirmed.iter().all(|letter| letter.key != *key));
        }
        let remains = self.store.remains();
        if self.has(Defect::LeavesIncomingBehind) && remains.deleted == Some(ticket) {
            keys.extend(remains.incoming.iter().cloned());
        }
        Ok(keys)
    }

    fn delete_useless(&mut self, before: DateTime<Utc>, limit: u32) -> Result<Vec<BlobKey>, StorageError> {
        if self.has(Defect::LosesKeysOfUselessLetters) {
            self.unit.incoming().delete_useless(before, limit)?;
            return Ok(Vec::new());
        }
        self.unit.incoming().delete_useless(before, limit)
    }

    fn delete_unknown(&mut self, before: DateTime<Utc>, limit: u32) -> Result<Vec<BlobKey>, StorageError> {
        if self.has(Defect::DeletesLettersThatSomebodyOpens) {
            for letter in self.unit.incoming().list_recent(VerdictGroup::Held, None, u32::MAX)? {
                self.unit.incoming().settle(&Incoming { due_at: None, ..letter })?;
            }
        }
        let keys = self.unit.incoming().delete_unknown(before, limit)?;
        Ok(if self.has(Defect::LosesKeysOfUnknownLetters) { Vec::new() } else { keys })
    }
}
