//! Letters that came in and are held or parked (M-04, M-09).

use crate::backend::Backend;
use crate::error::Error;
use crate::id::{IncomingId, TicketNumber, UserId};
use crate::incoming::{Incoming, Verdict};
use crate::letter_file::LetterFile;
use crate::mail::EmailAddress;
use crate::mailroom::work::{open_for, raw_of};
use crate::situation::people;
use crate::storage::Unit;
use crate::user::User;

/// What became of the attempt to open a ticket with a held letter.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Taken {
    /// The ticket is open.
    Opened(TicketNumber),
    /// No user has this id or address, or several have the address.
    NobodyFound,
    /// It is still held, for this reason.
    Held(Verdict),
}

impl Backend {
    /// Opens the bytes of a letter that came in.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Refusal::FileMissing`](crate::Refusal::FileMissing) if its bytes are gone; [`Error::Unavailable`].
    pub async fn incoming_letter(&self, id: IncomingId) -> Result<LetterFile, Error> {
        let find = move |unit: &mut dyn Unit| unit.incoming().find(id)?.ok_or(Error::NotFound);
        LetterFile::open(&self.parts, self.parts.storage.run_read(find).await?).await
    }

    /// Discards a held or parked letter. It is deleted after 30 days.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is not held, or no longer; [`Error::Unavailable`].
    pub async fn discard_incoming(&self, id: IncomingId) -> Result<(), Error> {
        let work = move |unit: &mut dyn Unit| {
            let letter = held(unit, id)?;
            unit.incoming().settle(&Incoming { verdict: Verdict::Discarded, due_at: None, ..letter })?;
            Ok(())
        };
        self.parts.storage.run_write(work).await
    }

    /// Lets a held or parked letter be worked on again, as if it had just come: after rights, limits or categories have changed.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is not held, or no longer; [`Error::Unavailable`].
    pub async fn work_on_incoming_again(&self, id: IncomingId) -> Result<(), Error> {
        let now = self.parts.now();
        let work = move |unit: &mut dyn Unit| {
            let letter = held(unit, id)?;
            let again = Incoming { verdict: Verdict::Waiting, due_at: Some(now), attempts: 0, problem: None, ..letter };
            unit.incoming().settle(&again)?;
            Ok::<_, Error>(())
        };
        self.parts.storage.run_write(work).await?;
        self.parts.ring();
        Ok(())
    }

    /// Opens a ticket of this user with a held letter. `user` is an id or an email address. The user needs the rights that they need in
    /// the form, and a supporter has to be present. Opening twice opens one ticket.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the letter is not held, or no longer; [`Error::Unavailable`]; those of the form.
    pub async fn open_ticket_with(&self, id: IncomingId, user: &str) -> Result<Taken, Error> {
        let Some(user) = self.user_called(user.trim()).await? else { return Ok(Taken::NobodyFound) };
        let letter = self.parts.storage.run_read(move |unit| held(unit, id)).await?;
        let raw = raw_of(&self.parts, &letter).await?;
        let letter = open_for(&self.parts, letter, &raw, &user).await?;
        match letter.ticket.filter(|_| letter.verdict.is_message()) {
            Some(ticket) => {
                let settle = move |unit: &mut dyn Unit| unit.incoming().settle(&letter);
                self.parts.storage.run_write(settle).await.map_err(Error::from)?;
                Ok(Taken::Opened(ticket))
            }
            None => Ok(Taken::Held(letter.verdict)),
        }
    }

    /// The user with this id, or the only one with this address.
    pub(super) async fn user_called(&self, text: &str) -> Result<Option<User>, Error> {
        let id = UserId::new(text);
        if id.check().is_ok()
            && let Some(user) = people(&self.parts, std::iter::once(&id)).await?.remove(&id)
        {
            return Ok(Some(user));
        }
        let Ok(address) = EmailAddress::parse(text) else { return Ok(None) };
        let mut found = self.parts.directory.users_with_address(address.as_str()).await?;
        let only = found.pop().filter(|_| found.is_empty());
        Ok(only.filter(|user| user.id.check().is_ok()))
    }
}

fn held(unit: &mut dyn Unit, id: IncomingId) -> Result<Incoming, Error> {
    unit.incoming().find(id)?.filter(|letter| letter.verdict.is_held()).ok_or(Error::NotFound)
}
