//! Letters that came in for a ticket, as they came (M-06).

use crate::access::Action;
use crate::desk::Desk;
use crate::error::Error;
use crate::id::{IncomingId, TicketNumber};
use crate::letter_file::LetterFile;
use crate::storage::{StorageError, Unit};

impl Desk {
    /// Opens a letter that came in for a ticket. It is not found if it belongs to another ticket, and on the supporter's own ticket.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Refusal::FileMissing`](crate::Refusal::FileMissing) if its bytes are gone,
    /// [`FileDamaged`](crate::Refusal::FileDamaged) if their length is wrong; [`Error::Unavailable`].
    pub async fn letter(&self, number: TicketNumber, id: IncomingId) -> Result<LetterFile, Error> {
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
        let letter = self.parts.storage.run_read_stale(work).await?;
        LetterFile::open(&self.parts, letter).await
    }
}
