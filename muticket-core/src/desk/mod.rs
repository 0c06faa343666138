//! The supporters' door. A [`Desk`] is opened only for users with a supporter record who are still in the supporters' group
//! (D-04). Every verb checks that again in its unit. Supporters cannot work on their own tickets (D-05).

pub(crate) mod answer;
mod close;
mod colleagues;
mod labels;
mod letter;
mod news;
mod next;
mod note;
mod note_file;
mod reopen;
mod saved;
pub(crate) mod set;
mod several;
mod views;

use std::sync::Arc;

use crate::blob::ByteSource;
pub use crate::desk::next::NextWaiting;
pub use crate::desk::note::NewNote;
pub use crate::desk::saved::{Insertion, Surroundings};
pub use crate::desk::set::NewValue;
pub use crate::desk::several::{Outcomes, SelectedTicket, TicketAction};
pub use crate::desk::views::Views;
use crate::error::{Conflict, Error};
use crate::id::{MessageNumber, UserId};
use crate::parts::Parts;
use crate::situation::{Actor, Situation};
use crate::storage::Unit;
use crate::ticket::Ticket;
use crate::upload::{self, Upload, Uploads};
use crate::user::User;

/// The actions of a supporter. Opened for one request by [`Helpdesk::desk`](crate::Helpdesk::desk).
#[derive(Debug, Clone)]
pub struct Desk {
    parts: Arc<Parts>,
    user: User,
    situation: Arc<Situation>,
}

impl Desk {
    /// Opens the door; `None` for a user who is not a supporter.
    pub(crate) fn of(parts: &Arc<Parts>, user: &User, situation: &Arc<Situation>) -> Option<Self> {
        let door = || Self { parts: parts.clone(), user: user.clone(), situation: situation.clone() };
        situation.staff.contains(&user.id).then(door)
    }

    /// The supporter.
    pub fn user(&self) -> &User {
        &self.user
    }

    /// Stores a file for an answer or a note that will be sent next. For a form with several files, [`uploads`](Self::uploads) needs
    /// fewer units.
    ///
    /// # Errors
    /// As [`Uploads::attach`].
    pub async fn attach(&self, name: &str, source: &mut dyn ByteSource) -> Result<Upload, Error> {
        Uploads::new(&self.parts, &self.situation.settings, 1).attach(name, source).await
    }

    /// Begins to store the files of one form.
    pub fn uploads(&self) -> Uploads {
        Uploads::new(&self.parts, &self.situation.settings, self.parts.limits.attachments)
    }

    /// Deletes files whose form was refused. Files that belong to a message or a note are kept, so this is safe after any error.
    ///
    /// # Errors
    /// [`Error::Unavailable`]; the sweep then deletes the files later.
    pub async fn discard(&self, uploads: Vec<Upload>) -> Result<(), Error> {
        upload::discard(&self.parts, uploads).await
    }

    fn actor(&self) -> Actor {
        self.situation.actor(&self.user)
    }
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
