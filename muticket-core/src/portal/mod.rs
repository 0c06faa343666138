//! The customers' door. A [`Portal`] belongs to a user of the host and gives access to their own tickets only.

mod download;
mod list;
mod mark;
mod open;
mod rate;
mod reply;
mod show;

use std::sync::Arc;

use crate::access::{self, Action, Standing, Subject, User};
use crate::blob::ByteSource;
use crate::error::Error;
use crate::found;
use crate::helpdesk::Helpdesk;
use crate::id::TicketNumber;
use crate::situation::Situation;
use crate::storage::Unit;
use crate::ticket::Ticket;
use crate::upload::{self, Upload};

pub use crate::portal::open::Opening;
pub(crate) use crate::portal::open::may_open;
pub(crate) use crate::portal::show::rows;

/// The actions of a customer. Opened for one request by [`Helpdesk::portal`].
#[derive(Debug, Clone)]
pub struct Portal {
    helpdesk: Helpdesk,
    user: User,
    situation: Option<Arc<Situation>>,
}

impl Portal {
    pub(crate) fn new(helpdesk: Helpdesk, user: User, situation: Option<Arc<Situation>>) -> Self {
        Self { helpdesk, user, situation }
    }

    /// The customer.
    pub fn user(&self) -> &User {
        &self.user
    }

    /// Stores a file for a ticket or a reply that will be sent next. The bytes are streamed to the blob store.
    ///
    /// # Errors
    /// [`Error::Denied`] below the level for replying, [`Error::Invalid`] for a file over its limit, [`Error::Unavailable`].
    pub async fn attach(&self, name: &str, source: &mut dyn ByteSource) -> Result<Upload, Error> {
        self.may(Action::Reply, Subject::OwnTicket)?;
        upload::attach(&self.helpdesk, &self.situation().await?.settings, name, source).await
    }

    /// Deletes files whose form was refused. Files that belong to a message are kept, so this is safe after any error.
    ///
    /// # Errors
    /// [`Error::Unavailable`]; the sweep then deletes the files later.
    pub async fn discard(&self, uploads: Vec<Upload>) -> Result<(), Error> {
        upload::discard(&self.helpdesk, uploads).await
    }

    /// Whether support is active: a supporter is present.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn support_is_active(&self) -> Result<bool, Error> {
        Ok(self.situation().await?.staff.support_is_active())
    }

    async fn situation(&self) -> Result<Arc<Situation>, Error> {
        match &self.situation {
            Some(situation) => Ok(situation.clone()),
            None => Ok(Arc::new(self.helpdesk.situation(&self.user).await?)),
        }
    }

    fn may(&self, action: Action, subject: Subject) -> Result<(), Error> {
        permit(&self.user, action, subject)
    }
}

/// Checks the permission of a user as a customer.
pub(crate) fn permit(user: &User, action: Action, subject: Subject) -> Result<(), Error> {
    access::allows(Standing::User(user.level), action, subject).obey()
}

/// Finds a ticket for its customer's action. Tickets of others are not found (P-02).
fn own_ticket(unit: &mut dyn Unit, user: &User, number: TicketNumber, action: Action) -> Result<Ticket, Error> {
    found::ticket(unit, number, &user.id, |subject| permit(user, action, subject))
}
