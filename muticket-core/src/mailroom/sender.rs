//! Finds out who has the sender's address: a user of the directory, or the one to whom an administrator has assigned it (M-04).

use crate::error::Error;
use crate::mail::EmailAddress;
use crate::mailroom::parsed::Parsed;
use crate::mailroom::steps::Sender;
use crate::mailroom::trust::Check;
use crate::parts::Parts;
use crate::situation::{Situation, people};
use crate::storage::{StorageError, Unit};
use crate::user::User;

/// Who has the address in `From`. Whether they wrote the letter is decided by the steps.
#[derive(Debug)]
pub(crate) struct Found {
    sender: Sender,
    /// Whether an administrator has assigned the address. The directory does not know it then.
    is_assigned: bool,
}

impl Found {
    /// Whether one user has the address, so that it matters whether they wrote.
    pub(crate) fn is_one(&self) -> bool {
        matches!(self.sender, Sender::One(..))
    }

    /// The sender, with what is known about whether `From` is genuine. Anybody can write any address, so an assigned one says
    /// something only if the sender is confirmed, also for a letter with a token.
    pub(crate) fn under(self, check: Check) -> Sender {
        if self.is_assigned && check != Check::Passed { Sender::Nobody } else { self.sender }
    }
}

/// Finds who has the address in `From`.
///
/// # Errors
/// The host or the storage does not answer.
pub(crate) async fn sender_of(parts: &Parts, letter: &Parsed) -> Result<Found, Error> {
    let Some(address) = &letter.sender else { return Ok(Found { sender: Sender::Nobody, is_assigned: false }) };
    let mut known = known_under(parts, address).await?;
    let is_assigned = known.is_empty();
    let sender = match (known.pop(), known.is_empty()) {
        (None, _) => assigned(parts, address).await?,
        (Some(user), true) => one(parts, user).await?,
        (Some(_), false) => Sender::Several,
    };
    Ok(Found { sender, is_assigned })
}

/// The users whom the directory knows under the address.
///
/// # Errors
/// The host does not answer.
pub(crate) async fn known_under(parts: &Parts, address: &EmailAddress) -> Result<Vec<User>, Error> {
    let mut known = parts.directory.users_with_address(address.as_str()).await?;
    // What the host compares more loosely does not count.
    known.retain(|user| user.id.check().is_ok() && has_address(user, address));
    Ok(known)
}

/// The user to whom an administrator has assigned the address.
async fn assigned(parts: &Parts, address: &EmailAddress) -> Result<Sender, Error> {
    let address = address.as_str().to_ascii_lowercase();
    let find = move |unit: &mut dyn Unit| unit.senders().find(&address);
    let found = parts.storage.run_read::<_, StorageError, _>(find).await?;
    let Some(user) = found.map(|assigned| assigned.user) else { return Ok(Sender::Nobody) };
    match people(parts, std::iter::once(&user)).await?.remove(&user) {
        Some(user) => one(parts, user).await,
        None => Ok(Sender::Nobody),
    }
}

async fn one(parts: &Parts, user: User) -> Result<Sender, Error> {
    let is_supporter = Situation::load(parts, &user).await?.staff.contains(&user.id);
    Ok(Sender::One(Box::new(user), is_supporter))
}

/// Whether letters to the address reach the user.
pub(crate) fn has_address(user: &User, address: &EmailAddress) -> bool {
    user.address.as_deref().and_then(|own| EmailAddress::parse(own).ok()).is_some_and(|own| own.reaches_the_same(address))
}
