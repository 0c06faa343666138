//! The supporter's door. Who holds a [`Desk`] has a supporter record and is still in the supporters' group (D-04).
//! Every verb looks again, inside its own unit. A supporter's own ticket is not his to work on (D-05).

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

/// What a supporter can do. Opened for one request by [`Helpdesk::desk`].
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

    /// Who holds the door.
    pub fn user(&self) -> &User {
        &self.user
    }

    /// Stores a file for an answer that is about to be sent.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a file over its limit, [`Error::Unavailable`].
    pub async fn attach(&self, name: &str, source: &mut dyn ByteSource) -> Result<Upload, Error> {
        upload::attach(&self.helpdesk, &self.situation.settings, name, source).await
    }

    /// Deletes files whose form was refused. What a message has is left alone, so this is safe after any error.
    ///
    /// # Errors
    /// [`Error::Unavailable`]; they are then deleted later by themselves.
    pub async fn discard(&self, uploads: Vec<Upload>) -> Result<(), Error> {
        upload::discard(&self.helpdesk, uploads).await
    }

    fn key(&self) -> Key {
        Key { user: self.user.clone(), recheck: self.situation.recheck() }
    }
}

/// What a verb takes into its unit to look again whether its visitor is still a supporter.
struct Key {
    user: User,
    recheck: Recheck,
}

impl Key {
    /// Fails if he is none any more.
    fn check(&self, unit: &mut dyn Unit) -> Result<(), Error> {
        let (_, staff) = self.recheck.settings_and_staff(unit)?;
        if staff.contains(&self.user.id) { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Finds a ticket for an action of a supporter.
    fn ticket(&self, unit: &mut dyn Unit, number: TicketNumber, action: Action) -> Result<Ticket, Error> {
        self.check(unit)?;
        ticket_for(unit, &self.user, number, action)
    }
}

/// Finds a ticket for an action of one who is a supporter.
fn ticket_for(unit: &mut dyn Unit, supporter: &User, number: TicketNumber, action: Action) -> Result<Ticket, Error> {
    let standing = Standing::Supporter(supporter.level);
    found::ticket(unit, number, &supporter.id, |subject| access::allows(standing, action, subject).obey())
}

/// What an answer or a closing may not overlook: messages that others wrote since the supporter looked (P-26).
fn nothing_unseen(unit: &mut dyn Unit, ticket: &Ticket, seen: Option<MessageNumber>, user: &UserId) -> Result<(), Error> {
    /// The conflict shows this many; the page shows the rest.
    const SHOWN: u32 = 100;
    let Some(seen) = seen.filter(|seen| *seen < ticket.last_message) else { return Ok(()) };
    let mut since = unit.messages().list(ticket.number, Some(seen), SHOWN)?;
    since.retain(|message| message.author != *user);
    if since.is_empty() { Ok(()) } else { Err(Error::Conflict(Conflict { seen, since })) }
}
