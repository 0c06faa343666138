//! The supporters' door. A [`Desk`] is opened only for users with a supporter record who are still in the supporters' group
//! (D-04). Every verb checks that again in its unit. Supporters cannot work on their own tickets (D-05).

mod answer;
mod close;
mod download;
mod mark;
mod next;
mod overview;
mod reopen;
mod show;

use std::sync::Arc;

use crate::access::{self, Action, Standing, User};
use crate::blob::ByteSource;
pub use crate::desk::next::NextWaiting;
pub(crate) use crate::desk::show::rows;
use crate::error::{Conflict, Error};
use crate::found;
use crate::helpdesk::Helpdesk;
use crate::id::{MessageNumber, TicketNumber, UserId};
use crate::situation::{Recheck, Situation};
use crate::storage::Unit;
use crate::ticket::Ticket;
use crate::upload::{self, Upload};

/// The actions of a supporter. Opened for one request by [`Helpdesk::desk`].
#[derive(Debug, Clone)]
pub struct Desk {
    helpdesk: Helpdesk,
    user: User,
    situation: Arc<Situation>,
}

impl Desk {
    pub(crate) fn new(helpdesk: Helpdesk, user: User, situation: Arc<Situation>) -> Self {
        Self { helpdesk, user, situation }
    }

    /// The supporter.
    pub fn user(&self) -> &User {
        &self.user
    }

    /// Stores a file for an answer that will be sent next.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a file over its limit, [`Error::Unavailable`].
    pub async fn attach(&self, name: &str, source: &mut dyn ByteSource) -> Result<Upload, Error> {
        upload::attach(&self.helpdesk, &self.situation.settings, name, source).await
    }

    /// Deletes files whose form was refused. Files that belong to a message are kept, so this is safe after any error.
    ///
    /// # Errors
    /// [`Error::Unavailable`]; the sweep then deletes the files later.
    pub async fn discard(&self, uploads: Vec<Upload>) -> Result<(), Error> {
        upload::discard(&self.helpdesk, uploads).await
    }

    fn key(&self) -> Key {
        Key { user: self.user.clone(), recheck: self.situation.recheck() }
    }
}

/// What a verb needs in its unit to check again that its visitor is a supporter.
struct Key {
    user: User,
    recheck: Recheck,
}

impl Key {
    /// Fails if the visitor is no longer a supporter.
    fn check(&self, unit: &mut dyn Unit) -> Result<(), Error> {
        let (_, staff) = self.recheck.settings_and_staff(unit)?;
        if staff.contains(&self.user.id) { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Finds a ticket for a supporter's action.
    fn ticket(&self, unit: &mut dyn Unit, number: TicketNumber, action: Action) -> Result<Ticket, Error> {
        self.check(unit)?;
        ticket_for(unit, &self.user, number, action)
    }
}

/// Finds a ticket for the action of a user who is known to be a supporter.
fn ticket_for(unit: &mut dyn Unit, supporter: &User, number: TicketNumber, action: Action) -> Result<Ticket, Error> {
    let standing = Standing::Supporter(supporter.level);
    found::ticket(unit, number, &supporter.id, |subject| access::allows(standing, action, subject).obey())
}

/// Refuses an answer or a closing if others wrote messages that the supporter has not seen (P-26).
fn nothing_unseen(unit: &mut dyn Unit, ticket: &Ticket, seen: Option<MessageNumber>, user: &UserId) -> Result<(), Error> {
    /// The most messages shown in the conflict. The page shows the rest.
    const SHOWN: u32 = 100;
    let Some(seen) = seen.filter(|seen| *seen < ticket.last_message) else { return Ok(()) };
    let mut since = unit.messages().list(ticket.number, Some(seen), SHOWN)?;
    since.retain(|message| message.author != *user);
    if since.is_empty() { Ok(()) } else { Err(Error::Conflict(Conflict { seen, since })) }
}
