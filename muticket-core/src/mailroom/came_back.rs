//! What a letter changes beside tickets: a report about delivery marks the letter that came back and its recipient, and a letter of
//! a recipient takes that back (M-05). It is stored in the unit that records what became of the letter, so it counts once.

use chrono::{DateTime, Utc};

use crate::error::Error;
use crate::id::{LetterId, UserId};
use crate::incoming::Verdict;
use crate::mail::{EmailAddress, MessageId, MessageIdKey, ReplyKey, ReplyToken};
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
    /// It is a report about this letter, which the site sent.
    Report(Returned),
    /// The user wrote it, as far as its header says.
    WrittenBy(UserId),
}

/// A letter of the site that a genuine report is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Returned {
    outcome: Outcome,
    words: String,
    at: DateTime<Utc>,
    /// The letter; `None` if the outbox no longer has it, or if its id was lost on the way.
    letter: Option<LetterId>,
    /// The recipient and their address; `None` if the letter went to another address of theirs.
    recipient: Option<(UserId, String)>,
}

impl Aside {
    /// What is stored for this letter.
    ///
    /// # Errors
    /// The storage or the host failed.
    pub(crate) async fn of(parts: &Parts, rules: &MailIn, facts: &Facts<'_>) -> Result<Option<Self>, Error> {
        match (&facts.letter.report, &facts.sender) {
            (Some(report), _) if !facts.letter.is_own => Ok(find(parts, rules, report).await?.map(Self::Report)),
            (None, Sender::One(user, _)) if facts.letter.origin == Origin::Person => Ok(Some(Self::WrittenBy(user.id.clone()))),
            _ => Ok(None),
        }
    }

    /// The note about it that is kept with the letter.
    pub(crate) fn note(&self) -> Option<String> {
        match self {
            Self::Report(returned) => Some(returned.words.clone()).filter(|words| !words.is_empty()),
            Self::WrittenBy(_) => None,
        }
    }

    /// Stores it, if the letter had this end.
    ///
    /// # Errors
    /// The storage failed.
    pub(crate) fn store(&self, unit: &mut dyn Unit, verdict: Verdict) -> Result<(), StorageError> {
        match self {
            Self::Report(returned) if verdict == Verdict::Bounce => returned.store(unit),
            Self::WrittenBy(user) if is_certain(verdict) => {
                unit.undeliverable().delete(user)?;
                Ok(())
            }
            Self::Report(_) | Self::WrittenBy(_) => Ok(()),
        }
    }
}

/// Whether it is certain who wrote a letter with this end.
fn is_certain(verdict: Verdict) -> bool {
    use Verdict::{Empty, FromSupporter, NeedsCategory, NotAllowed, SupportOff};
    verdict.is_message() || matches!(verdict, SupportOff | FromSupporter | NotAllowed | NeedsCategory | Empty)
}

impl Returned {
    fn store(&self, unit: &mut dyn Unit) -> Result<(), StorageError> {
        if self.outcome < Outcome::GivenUp {
            return Ok(());
        }
        let words = if self.words.is_empty() { "a mail server returned it" } else { self.words.as_str() };
        // A second report about the same letter says nothing new.
        if let Some(letter) = self.letter
            && !unit.outbox().came_back(letter, self.at, words)?
        {
            return Ok(());
        }
        match &self.recipient {
            Some((user, address)) if self.outcome == Outcome::Permanent => {
                let before = unit.undeliverable().find(user)?;
                unit.undeliverable().put(&Undeliverable::after(before, user, address, words, self.at))
            }
            _ => Ok(()),
        }
    }
}

/// The proof that a report is about a letter of the site.
enum Proof {
    /// An id that only this site can make, of a letter without a token.
    Id(LetterId),
    /// A token, and the letter, if an id carries both.
    Token(ReplyToken, Option<LetterId>),
}

/// Finds the letter that a report is about. `None` if the report names no letter that this site wrote.
async fn find(parts: &Parts, rules: &MailIn, report: &Report) -> Result<Option<Returned>, Error> {
    if report.outcome == Outcome::Delivered {
        return Ok(None);
    }
    let storage = &*parts.storage;
    let ids = MessageIdKey::new(shared_secret(storage, MessageIdKey::SECRET, parts.ids.secret()).await?);
    let of_id = |id: &String| match (MessageId::letter_in(id)?, MessageId::token_in(id)) {
        (letter, Some(token)) => Some(Proof::Token(token, Some(letter))),
        (letter, None) => MessageId::is_signed(id, &ids).then_some(Proof::Id(letter)),
    };
    let tokens = report.reply_to.iter().filter_map(|address| rules.pattern.token_in(address));
    let tokens = tokens.map(|token| Proof::Token(token, None));
    let proofs: Vec<Proof> = report.ids.iter().filter_map(of_id).chain(tokens).collect();
    if proofs.is_empty() {
        return Ok(None);
    }
    let key = ReplyKey::new(shared_secret(storage, ReplyKey::SECRET, parts.ids.secret()).await?);
    let (keep, now) = (rules.keep_tokens, parts.now());
    let work = move |unit: &mut dyn Unit| {
        for proof in &proofs {
            let found = match proof {
                // Without its row nobody knows to whom it went.
                Proof::Id(letter) => entry(unit, *letter)?.map(|entry| (Some(entry.id), entry.recipient)),
                Proof::Token(token, letter) => {
                    let entry = letter.map(|letter| entry(unit, letter)).transpose()?.flatten();
                    let of_letter = entry.map(|entry| (Some(entry.id), entry.recipient));
                    let recipient = match of_letter {
                        Some(found) => Some(found),
                        None => unit.tickets().find_customer(token.ticket)?.map(|customer| (None, customer)),
                    };
                    recipient.filter(|(_, user)| key.is_of(token, user, keep, now))
                }
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    };
    let Some((letter, user)) = parts.storage.run_read::<_, StorageError, _>(work).await? else { return Ok(None) };
    let known = parts.directory.users(std::slice::from_ref(&user)).await?;
    let address = known.into_iter().find(|known| known.id == user).and_then(|known| known.address);
    // The letter may have gone to an earlier address.
    let named: Vec<_> = report.recipients.iter().filter_map(|named| EmailAddress::parse(named).ok()).collect();
    let is_named =
        |own: &String| EmailAddress::parse(own).is_ok_and(|own| named.iter().any(|named| named.reaches_the_same(&own)));
    let recipient = address.filter(is_named).map(|address| (user, address));
    Ok(Some(Returned { outcome: report.outcome, words: report.words.clone(), at: now, letter, recipient }))
}

/// The row of a letter. One that is damaged counts as missing.
fn entry(unit: &mut dyn Unit, letter: LetterId) -> Result<Option<OutboxEntry>, StorageError> {
    match unit.outbox().find(letter) {
        Err(StorageError::Corrupt { .. }) => Ok(None),
        found => found,
    }
}
