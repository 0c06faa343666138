//! What is known about the sender of a letter: the verdict of the relay, or else the check of the site (M-03).

use chrono::{DateTime, TimeDelta, Utc};

use crate::error::Unavailable;
use crate::incoming::Incoming;
use crate::mailroom::automatic::Origin;
use crate::mailroom::parsed::Parsed;
use crate::mailroom::rules::MailIn;
use crate::mailroom::sender_check::LetterToCheck;
use crate::mailroom::trust::Check;

/// How long a letter waits for a check that cannot be made. Later it is worked on without one.
const PATIENCE: TimeDelta = TimeDelta::hours(4);

/// What is known about the sender of a letter. The verdict of the relay counts first.
///
/// # Errors
/// The check cannot be made now.
pub(crate) async fn confirm(
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

#[cfg(test)]
mod tests;
