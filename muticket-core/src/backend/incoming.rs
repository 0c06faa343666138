//! Letters that came in and are held or parked (M-04, M-09).

use chrono::{DateTime, Utc};

use crate::backend::Backend;
use crate::error::Error;
use crate::id::{IncomingId, TicketNumber, UserId};
use crate::incoming::{Check, Incoming, Verdict};
use crate::letter_file::LetterFile;
use crate::mail::EmailAddress;
use crate::mailroom::open::open_for;
use crate::mailroom::work::{CLAIM, raw_of};
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
            let discarded = Incoming { verdict: Verdict::Discarded, due_at: None, ..letter };
            if unit.incoming().settle(&discarded)? { Ok(()) } else { Err(Error::NotFound) }
        };
        self.parts.storage.run_write(work).await
    }

    /// Lets a held or parked letter be worked on again, as if it had just come: after rights, limits or categories have changed. Its sender
    /// is checked again. One of too many letters is taken (M-05).
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is not held, or no longer, or if only its header was kept; [`Error::Unavailable`].
    pub async fn work_on_incoming_again(&self, id: IncomingId) -> Result<(), Error> {
        let now = self.parts.now();
        let work = move |unit: &mut dyn Unit| {
            let letter = whole(unit, id)?;
            work_again(unit, letter, now)
        };
        self.parts.storage.run_write(work).await?;
        self.parts.ring();
        Ok(())
    }

    /// Opens a ticket of this user with a held letter. `user` is an id or an email address. The user needs the rights that they need in
    /// the form, and a supporter has to be present. Opening twice opens one ticket, also if two administrators choose different users at
    /// the same moment: the letter is claimed first, for five minutes at most.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the letter is not held, or no longer, if only its header was kept, or if somebody else is opening it;
    /// [`Error::Unavailable`]; those of the form.
    pub async fn open_ticket_with(&self, id: IncomingId, user: &str) -> Result<Taken, Error> {
        let Some(user) = self.user_called(user.trim()).await? else { return Ok(Taken::NobodyFound) };
        let until = self.parts.now() + CLAIM;
        let claim = move |unit: &mut dyn Unit| {
            let letter = whole(unit, id)?;
            if unit.incoming().claim_one(id, letter.claims, until)? { Ok(letter) } else { Err(Error::NotFound) }
        };
        let mut letter = self.parts.storage.run_write(claim).await?;
        letter.claims = letter.claims.saturating_add(1);
        let taken = match self.open_claimed(letter.clone(), &user).await {
            Ok(opened) => match opened.ticket.filter(|_| opened.verdict.is_message()) {
                Some(ticket) => return Ok(Taken::Opened(ticket)),
                None => Ok(Taken::Held(opened.verdict)),
            },
            Err(error) => Err(error),
        };
        // Without a ticket it is held as before.
        self.parts.storage.run_write(move |unit| unit.incoming().settle(&letter)).await.map_err(Error::from)?;
        taken
    }

    async fn open_claimed(&self, letter: Incoming, user: &User) -> Result<Incoming, Error> {
        let raw = raw_of(&self.parts, &letter).await?;
        open_for(&self.parts, letter, &raw, user).await
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

/// A letter that is held and that nobody is working on.
fn held(unit: &mut dyn Unit, id: IncomingId) -> Result<Incoming, Error> {
    unit.incoming().find(id)?.filter(|letter| letter.verdict.is_held() && letter.due_at.is_none()).ok_or(Error::NotFound)
}

/// A held letter that was stored as a whole.
fn whole(unit: &mut dyn Unit, id: IncomingId) -> Result<Incoming, Error> {
    Some(held(unit, id)?).filter(|letter| letter.verdict != Verdict::TooLarge).ok_or(Error::NotFound)
}

/// Lets a held letter be worked on again.
///
/// # Errors
/// [`Error::NotFound`] if somebody else has claimed it.
pub(super) fn work_again(unit: &mut dyn Unit, letter: Incoming, now: DateTime<Utc>) -> Result<(), Error> {
    let again = Incoming {
        verdict: Verdict::Waiting,
        due_at: Some(now),
        attempts: 0,
        problem: None,
        // What confirmed it stays true, although its signature may have expired.
        checked: letter.checked.filter(|found| *found == Check::Passed),
        // The letter is taken, also if it has to wait for a supporter first.
        is_exempt: letter.is_exempt || letter.verdict == Verdict::TooMany,
        ..letter
    };
    if unit.incoming().settle(&again)? { Ok(()) } else { Err(Error::NotFound) }
}
