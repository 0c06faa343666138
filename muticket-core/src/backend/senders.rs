//! Addresses that count as those of a user (M-04).

use crate::backend::incoming::work_again;
use crate::backend::{Backend, Freshness};
use crate::error::Error;
use crate::id::IncomingId;
use crate::incoming::{Incoming, Verdict};
use crate::mail::EmailAddress;
use crate::mailroom::sender::known_under;
use crate::sender::AssignedSender;
use crate::settings::Settings;
use crate::situation::{Situation, people};
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

/// What became of the attempt to assign the address of a held letter to a user (M-04).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Assignment {
    /// It is assigned, and the letter is worked on again.
    Assigned,
    /// No user has this id or address, or several have the address.
    NobodyFound,
    /// The user is a supporter. Addresses are not assigned to supporters.
    IsSupporter(User),
    /// The directory knows the address already. It belongs to this user.
    KnownAddress(User),
    /// It is assigned to somebody else already; `None` if the host no longer knows them. An administrator can
    /// [take that back](Backend::forget_sender).
    AlreadyAssigned(Option<User>),
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

    /// Assigns the address of a held letter to a user, and lets the letter be worked on again. From now on, letters from the address count
    /// as those of the user, this one included, but only if the sender is confirmed, because anybody can write any address into `From`.
    /// `user` is an id or an email address. [`Received::assignable`](crate::backend::Received::assignable) says of which letters.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the letter is not such a letter, or no longer; [`Error::Unavailable`].
    pub async fn assign_sender(&self, id: IncomingId, user: &str) -> Result<Assignment, Error> {
        let find = move |unit: &mut dyn Unit| assignable(unit, id);
        let (_, address) = self.parts.storage.run_read(find).await?;
        let Some(user) = self.user_called(user.trim()).await? else { return Ok(Assignment::NobodyFound) };
        if Situation::load(&self.parts, &user).await?.staff.contains(&user.id) {
            return Ok(Assignment::IsSupporter(user));
        }
        // The directory comes first, so the assignment would say nothing.
        if let Some(owner) = known_under(&self.parts, &address).await?.pop() {
            return Ok(Assignment::KnownAddress(owner));
        }
        let now = self.parts.now();
        let new = AssignedSender { address: address.as_str().to_ascii_lowercase(), user: user.id, assigned_at: now };
        let work = move |unit: &mut dyn Unit| {
            let (letter, _) = assignable(unit, id)?;
            match unit.senders().find(&new.address)? {
                Some(stored) if stored.user != new.user => return Ok(Some(stored.user)),
                Some(_) => {}
                None => unit.senders().update(&new)?,
            }
            work_again(unit, letter, now)?;
            Ok::<_, Error>(None)
        };
        let Some(other) = self.parts.storage.run_write(work).await? else {
            self.parts.ring();
            return Ok(Assignment::Assigned);
        };
        Ok(Assignment::AlreadyAssigned(people(&self.parts, std::iter::once(&other)).await?.remove(&other)))
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

/// Whether the sender's address may be that of a user whom the directory does not know under it: nobody with the address is known, or the
/// letter answers a letter to somebody else.
pub(super) fn is_assignable(letter: &Incoming) -> bool {
    let may_be = match letter.verdict {
        Verdict::UnknownSender => true,
        Verdict::NotConfirmed => letter.ticket.is_some(),
        _ => false,
    };
    may_be && letter.sender.is_some() && letter.due_at.is_none()
}

/// The letter whose sender can be assigned, and its sender's address.
fn assignable(unit: &mut dyn Unit, id: IncomingId) -> Result<(Incoming, EmailAddress), Error> {
    let letter = unit.incoming().find(id)?.filter(is_assignable).ok_or(Error::NotFound)?;
    let address = letter.sender.as_deref().and_then(|sender| EmailAddress::parse(sender).ok()).ok_or(Error::NotFound)?;
    Ok((letter, address))
}
