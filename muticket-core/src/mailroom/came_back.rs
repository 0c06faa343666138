//! What a letter changes beside tickets: a report about delivery marks the letter that came back and its recipient, and a letter of
//! a recipient takes that back (M-05). It is stored in the unit that records what became of the letter, so it counts once.
//!
//! Anybody can send a report. Only one that returns the id of a letter which the outbox still has marks something, and each letter counts
//! once. So somebody to whom a customer has passed on a letter can make that one letter count, and no more. An address for replies
//! proves nothing here: one address counts for all letters about a ticket.

use chrono::{DateTime, Utc};

use crate::error::Error;
use crate::id::{LetterId, UserId};
use crate::incoming::Verdict;
use crate::mail::{EmailAddress, MessageId, MessageIdKey, ReplyKey};
use crate::mailroom::automatic::Origin;
use crate::mailroom::report::{Outcome, Report};
use crate::mailroom::rules::MailIn;
use crate::mailroom::steps::{Facts, Sender};
use crate::notification::OutboxEntry;
use crate::parts::Parts;
use crate::secret::shared_secret;
use crate::storage::{StorageError, Unit};
use crate::undeliverable::Undeliverable;

/// What is stored when it is recorded what became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Aside {
    /// It is a report about delivery.
    Report {
        /// What it says.
        words: String,
        /// The letter that came back. `None` if the report proves none.
        returned: Option<Returned>,
    },
    /// The user wrote it, as far as its header says.
    WrittenBy(UserId),
}

/// A letter of the site that was not delivered and will not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Returned {
    letter: LetterId,
    at: DateTime<Utc>,
    /// The recipient and their address. `None` unless their mail server refused it for good, for this address.
    refused: Option<(UserId, String)>,
}

impl Aside {
    /// What is stored for this letter.
    ///
    /// # Errors
    /// The storage or the host failed.
    pub(crate) async fn of(parts: &Parts, rules: &MailIn, facts: &Facts<'_>) -> Result<Option<Self>, Error> {
        match (&facts.letter.report, &facts.sender) {
            (Some(report), _) if !facts.letter.is_own => {
                Ok(Some(Self::Report { words: report.words.clone(), returned: find(parts, rules, report).await? }))
            }
            (None, Sender::One(user, _)) if facts.letter.origin == Origin::Person => Ok(Some(Self::WrittenBy(user.id.clone()))),
            _ => Ok(None),
        }
    }

    /// The note about it that is kept with the letter.
    pub(crate) fn note(&self) -> Option<String> {
        match self {
            Self::Report { words, .. } => Some(words.clone()).filter(|words| !words.is_empty()),
            Self::WrittenBy(_) => None,
        }
    }

    /// Stores it, if the letter had this end.
    ///
    /// # Errors
    /// The storage failed.
    pub(crate) fn store(&self, unit: &mut dyn Unit, verdict: Verdict) -> Result<(), StorageError> {
        match self {
            Self::Report { words, returned: Some(returned) } if verdict == Verdict::Bounce => returned.store(unit, words),
            Self::WrittenBy(user) if is_certain(verdict) => {
                unit.undeliverable().delete(user)?;
                Ok(())
            }
            Self::Report { .. } | Self::WrittenBy(_) => Ok(()),
        }
    }
}

/// Whether it is certain who wrote a letter with this end.
fn is_certain(verdict: Verdict) -> bool {
    use Verdict::{Empty, FromSupporter, NeedsCategory, NotAllowed, SupportOff};
    verdict.is_message() || matches!(verdict, SupportOff | FromSupporter | NotAllowed | NeedsCategory | Empty)
}

impl Returned {
    fn store(&self, unit: &mut dyn Unit, words: &str) -> Result<(), StorageError> {
        let words = if words.is_empty() { "a mail server returned it" } else { words };
        // A second report about the same letter says nothing new.
        if !unit.outbox().came_back(self.letter, self.at, words)? {
            return Ok(());
        }
        let Some((user, address)) = &self.refused else { return Ok(()) };
        let before = unit.undeliverable().find(user)?;
        unit.undeliverable().update(&Undeliverable::after(before, user, address, words, self.at))
    }
}

/// Finds the letter that came back. `None` if it may still arrive, or if the report returns no id that this site gave to a letter in its
/// outbox.
async fn find(parts: &Parts, rules: &MailIn, report: &Report) -> Result<Option<Returned>, Error> {
    let ids: Vec<_> = report.ids.iter().filter_map(|id| Some((MessageId::letter_in(id)?, id.clone()))).collect();
    if report.outcome < Outcome::GivenUp || ids.is_empty() {
        return Ok(None);
    }
    let storage = &*parts.storage;
    let signer = MessageIdKey::new(shared_secret(storage, MessageIdKey::SECRET, parts.ids.secret()).await?);
    let key = ReplyKey::new(shared_secret(storage, ReplyKey::SECRET, parts.ids.secret()).await?);
    let (keep, now) = (rules.keep_tokens, parts.now());
    let work = move |unit: &mut dyn Unit| {
        for (letter, id) in &ids {
            let Some(entry) = entry(unit, *letter)? else { continue };
            // An id has a token of the recipient or a signature. Only this site can make them.
            let is_genuine = match MessageId::token_in(id) {
                Some(token) => key.is_of(&token, &entry.recipient, keep, now),
                None => MessageId::is_signed(id, &signer),
            };
            if is_genuine {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    };
    let Some(entry) = storage.run_read::<_, StorageError, _>(work).await? else { return Ok(None) };
    // A server that gave up says nothing about the address.
    let refused = if report.outcome == Outcome::Permanent { refused(parts, report, entry.recipient).await? } else { None };
    Ok(Some(Returned { letter: entry.id, at: now, refused }))
}

/// The recipient and their address, if the report names it. The letter may have gone to an earlier address of theirs.
async fn refused(parts: &Parts, report: &Report, user: UserId) -> Result<Option<(UserId, String)>, Error> {
    let known = parts.directory.users(std::slice::from_ref(&user)).await?;
    let address = known.into_iter().find(|known| known.id == user).and_then(|known| known.address);
    let named: Vec<_> = report.recipients.iter().filter_map(|named| EmailAddress::parse(named).ok()).collect();
    let is_named =
        |own: &String| EmailAddress::parse(own).is_ok_and(|own| named.iter().any(|named| named.reaches_the_same(&own)));
    Ok(address.filter(is_named).map(|address| (user, address)))
}

/// The row of a letter. One that is damaged counts as missing.
fn entry(unit: &mut dyn Unit, letter: LetterId) -> Result<Option<OutboxEntry>, StorageError> {
    match unit.outbox().find(letter) {
        Err(StorageError::Corrupt { .. }) => Ok(None),
        found => found,
    }
}
