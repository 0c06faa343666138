//! The site's own check of who wrote a letter (M-03).

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use crate::error::Unavailable;
use crate::incoming::{Envelope, Incoming};
use crate::mail::EmailAddress;
use crate::mailroom::automatic::Origin;
use crate::mailroom::parsed::Parsed;
use crate::mailroom::rules::MailIn;
use crate::mailroom::trust::Check;

/// How long a letter waits for a check that cannot be made. Later it is worked on without one.
const PATIENCE: TimeDelta = TimeDelta::hours(4);

/// Finds out whether the sender of a letter is genuine (M-03), such as by its signatures (DKIM, RFC 6376) and by what the domain says
/// about its letters (DMARC, RFC 9989). Give it to [`MailIn::with_sender_check`].
///
/// It is asked once for each letter that comes from the address of one user and was written by a person, and for which the relay
/// gave no verdict. It is asked again after it failed.
#[async_trait]
pub trait SenderCheck: Send + Sync + 'static {
    /// Returns what the domain of the sender says about the letter. The letter may be hostile: the work has limits, and takes some
    /// seconds at most. [`Check::Passed`] means that nobody but the owner of the domain can have written it.
    ///
    /// # Errors
    /// [`CheckError`]: it cannot be checked now. The letter waits and is tried again. After four hours it counts as
    /// [`Check::Unknown`].
    async fn check(&self, letter: LetterToCheck<'_>) -> Result<Check, CheckError>;
}

/// A letter whose sender is checked.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct LetterToCheck<'l> {
    /// The letter as it came.
    pub raw: &'l [u8],
    /// The one address in its one field `From`, as MuTicket reads it.
    pub sender: &'l EmailAddress,
    /// The envelope.
    pub envelope: &'l Envelope,
}

impl<'l> LetterToCheck<'l> {
    /// A letter with its sender and its envelope.
    pub fn new(raw: &'l [u8], sender: &'l EmailAddress, envelope: &'l Envelope) -> Self {
        Self { raw, sender, envelope }
    }
}

/// The sender of a letter cannot be checked now: for example, no name server answers.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct CheckError {
    what: String,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl CheckError {
    /// Creates an error from a message for the operator. It is shown on the page *Email* of the backend.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), source: None }
    }

    /// Creates an error from a message and its cause.
    pub fn because(what: impl Into<String>, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { what: what.into(), source: Some(source.into()) }
    }
}

/// What is known about the sender of a letter, after the check of the site if there is one. The verdict of the relay counts first.
///
/// # Errors
/// The check cannot be made now.
pub(crate) async fn of(
    rules: &MailIn,
    letter: &Parsed,
    raw: &[u8],
    stored: &Incoming,
    now: DateTime<Utc>,
) -> Result<Check, Unavailable> {
    let (Some(own), Some(sender)) = (&rules.sender_check, &letter.sender) else { return Ok(letter.check) };
    // Nothing is decided by the sender of the others.
    let matters = letter.check == Check::Unknown && letter.origin == Origin::Person && !letter.is_own;
    if !matters {
        return Ok(letter.check);
    }
    match own.check(LetterToCheck::new(raw, sender, &stored.envelope)).await {
        Ok(found) => Ok(found),
        Err(_) if now - stored.received_at >= PATIENCE => Ok(Check::Unknown),
        Err(error) => Err(Unavailable::SenderCheck(error)),
    }
}
