//! What is known about the sender of a letter: the verdict of the relay, or else the check of the site (M-03). The check is made once, and
//! what it found is stored with the letter: a letter may wait for days, and signatures expire.

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

/// What is known about the sender of a letter. The verdict of the relay counts first. What a check of the site finds is noted in `stored`,
/// and the check is not made again.
///
/// # Errors
/// The check cannot be made now.
pub(crate) async fn confirm(
    rules: &MailIn,
    letter: &Parsed,
    raw: &[u8],
    stored: &mut Incoming,
    now: DateTime<Utc>,
) -> Result<Check, Unavailable> {
    // Nothing is decided by the sender of the others.
    let matters = letter.check == Check::Unknown && letter.origin == Origin::Person && !letter.is_own;
    let Some(sender) = letter.sender.as_ref().filter(|_| matters) else { return Ok(letter.check) };
    if let Some(found) = stored.checked {
        return Ok(found);
    }
    let Some(own) = &rules.sender_check else { return Ok(letter.check) };
    let found = match own.check(LetterToCheck::new(raw, sender, &stored.envelope)).await {
        Ok(found) => found,
        Err(_) if now - stored.received_at >= PATIENCE => Check::Unknown,
        Err(error) => return Err(Unavailable::SenderCheck(error)),
    };
    stored.checked = Some(found);
    Ok(found)
}

#[cfg(test)]
mod tests;
