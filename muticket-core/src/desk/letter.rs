//! Letters that came in for a ticket, as they came (M-06).

use crate::access::Action;
#[cfg(feature = "mailroom")]
use crate::characters::many_lines;
use crate::desk::Desk;
use crate::error::Error;
use crate::id::{IncomingId, TicketNumber};
use crate::incoming::Incoming;
use crate::letter_file::LetterFile;
#[cfg(feature = "mailroom")]
use crate::mailroom::{parsed::parse_on_thread, rules::MailIn, work::raw_of};
#[cfg(feature = "mailroom")]
use crate::refusal::Refusal;
use crate::storage::{StorageError, Unit};
#[cfg(feature = "mailroom")]
use crate::ticket::Body;

impl Desk {
    /// Opens a letter that came in for a ticket. It is not found if it belongs to another ticket, and on the supporter's own ticket.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Refusal::FileMissing`] if its bytes are gone,
    /// [`FileDamaged`](crate::Refusal::FileDamaged) if their length is wrong; [`Error::Unavailable`].
    pub async fn letter(&self, number: TicketNumber, id: IncomingId) -> Result<LetterFile, Error> {
        let letter = self.letter_row(number, id).await?;
        LetterFile::open(&self.parts, letter).await
    }

    /// Reads the text of a letter that came in for a ticket, such as one whose sender is not confirmed (M-03). Quoted parts and all
    /// else that can be read are in it, but no files. It has at most [`Body::MAX_CHARS`](crate::ticket::Body::MAX_CHARS) characters, no
    /// control characters but line ends and tabs, and may be empty. It may say anything, whoever wrote it.
    ///
    /// # Errors
    /// As [`letter`](Self::letter). [`FileDamaged`](crate::Refusal::FileDamaged) if it has too many parts to be read, too.
    #[cfg(feature = "mailroom")]
    pub async fn letter_text(&self, number: TicketNumber, id: IncomingId) -> Result<String, Error> {
        let letter = self.letter_row(number, id).await?;
        let raw = raw_of(&self.parts, &letter).await?;
        let rules = self.parts.mail_in.clone().unwrap_or_else(MailIn::for_reading);
        let parsed = parse_on_thread(&raw, &letter.envelope, &rules).await?.map_err(|_| Refusal::FileDamaged)?;
        Ok(many_lines(&parsed.text.words).chars().take(Body::MAX_CHARS).collect())
    }

    async fn letter_row(&self, number: TicketNumber, id: IncomingId) -> Result<Incoming, Error> {
        let actor = self.actor();
        let work = move |unit: &mut dyn Unit| {
            match actor.ticket_for(unit, number, Action::Organize) {
                // On their own ticket a supporter is the customer (D-05).
                Err(Error::Denied(_)) => return Err(Error::NotFound),
                found => found?,
            };
            let letter = match unit.incoming().find(id) {
                // Nobody knows to which ticket it belongs. The storage logs the damage.
                Err(StorageError::Corrupt { .. }) => None,
                found => found?,
            };
            letter.filter(|letter| letter.ticket == Some(number)).ok_or(Error::NotFound)
        };
        self.parts.storage.run_read_stale(work).await
    }
}
