//! Addresses that count as those of a user (M-04).

use crate::backend::{Backend, Freshness};
use crate::error::Error;
use crate::id::IncomingId;
use crate::incoming::Verdict;
use crate::mail::EmailAddress;
use crate::sender::AssignedSender;
use crate::settings::Settings;
use crate::storage::Unit;
use crate::user::User;

/// The addresses that are assigned to users.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Senders {
    /// The addresses, sorted, each with its user; `None` if the host no longer knows them. At most [`Senders::MOST`].
    pub assigned: Vec<(AssignedSender, Option<User>)>,
    /// Whether there are more.
    pub more: bool,
}

impl Senders {
    /// The largest number of addresses listed.
    pub const MOST: u32 = 500;
}

impl Backend {
    /// Lists the addresses that are assigned to users.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn senders(&self) -> Result<Senders, Error> {
        let work = |unit: &mut dyn Unit, _: &Settings| Ok(unit.senders().list(Senders::MOST.saturating_add(1))?);
        let users = |senders: &Vec<AssignedSender>| senders.iter().map(|sender| sender.user.clone()).collect();
        let (mut senders, situation) = self.read(Freshness::Current, work, users).await?;
        let most = usize::try_from(Senders::MOST).unwrap_or(usize::MAX);
        let more = senders.len() > most;
        senders.truncate(most);
        let people = situation.people(&self.parts, senders.iter().map(|sender| &sender.user)).await?;
        let assigned = senders.into_iter().map(|sender| (sender.clone(), people.get(&sender.user).cloned())).collect();
        Ok(Senders { assigned, more })
    }

    /// Assigns the address of a letter to a user: from now on, letters from it count as theirs if the sender is confirmed, because anybody
    /// can write any address into `From`. `user` is an id or an email address. Returns `false` if no user has it, or several have the
    /// address. An address that the directory knows counts as that of the user whom the directory names.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the letter is not held because nobody with its sender's address is known, or no longer;
    /// [`Error::Unavailable`].
    pub async fn assign_sender(&self, id: IncomingId, user: &str) -> Result<bool, Error> {
        let Some(user) = self.user_called(user.trim()).await? else { return Ok(false) };
        let (user, now) = (user.id, self.parts.now());
        let work = move |unit: &mut dyn Unit| {
            let letter = unit.incoming().find(id)?.filter(|letter| letter.verdict == Verdict::UnknownSender);
            let sender = letter.and_then(|letter| letter.sender).ok_or(Error::NotFound)?;
            let address = EmailAddress::parse(&sender).map_err(|_| Error::NotFound)?.as_str().to_ascii_lowercase();
            unit.senders().update(&AssignedSender { address, user: user.clone(), assigned_at: now })?;
            Ok::<_, Error>(true)
        };
        self.parts.storage.run_write(work).await
    }

    /// Takes the assignment of an address back. Tickets and replies that came from it stay.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is not assigned, or no longer; [`Error::Unavailable`].
    pub async fn forget_sender(&self, address: &str) -> Result<(), Error> {
        let address = address.to_owned();
        let work = move |unit: &mut dyn Unit| if unit.senders().delete(&address)? { Ok(()) } else { Err(Error::NotFound) };
        self.parts.storage.run_write(work).await
    }
}
