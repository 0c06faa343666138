//! The site's own check of who wrote a letter (M-03).

use async_trait::async_trait;

use crate::incoming::Envelope;
use crate::mail::EmailAddress;
use crate::mailroom::check_error::CheckError;
use crate::mailroom::trust::Check;

/// Finds out whether the sender of a letter is genuine (M-03), such as by its signatures (DKIM, RFC 6376) and by what the domain says
/// about its letters (DMARC, RFC 9989). Give it to [`MailIn::with_sender_check`](crate::MailIn::with_sender_check).
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
