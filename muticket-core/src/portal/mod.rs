//! The customers' door. A [`Portal`] belongs to a user of the host and gives access to their own tickets only.

mod open;
mod rate;
pub(crate) mod reply;

use std::sync::Arc;

use crate::access::{Action, SiteAction, allows_on_site};
use crate::blob::ByteSource;
use crate::error::Error;
use crate::id::TicketNumber;
use crate::lookup::ticket_for;
use crate::parts::Parts;
use crate::situation::Situation;
use crate::storage::Unit;
use crate::ticket::Ticket;
use crate::upload::{self, Upload, Uploads};
use crate::user::User;
use crate::viewer::Viewer;

pub use crate::portal::open::Opening;

/// The actions of a customer. Opened for one request by [`Helpdesk::portal`](crate::Helpdesk::portal).
#[derive(Debug, Clone)]
pub struct Portal {
    parts: Arc<Parts>,
    user: User,
    situation: Option<Arc<Situation>>,
}

impl Portal {
    pub(crate) fn new(parts: Arc<Parts>, user: User, situation: Option<Arc<Situation>>) -> Self {
        Self { parts, user, situation }
    }

    /// The customer.
    pub fn user(&self) -> &User {
        &self.user
    }

    /// Stores a file for a ticket or a reply that will be sent next. For a form with several files, [`uploads`](Self::uploads)
    /// needs fewer units.
    ///
    /// # Errors
    /// As [`uploads`](Self::uploads) and [`Uploads::attach`].
    pub async fn attach(&self, name: &str, source: &mut dyn ByteSource) -> Result<Upload, Error> {
        self.uploads_of(1).await?.attach(name, source).await
    }

    /// Begins to store the files of one form.
    ///
    /// # Errors
    /// [`Error::Denied`] below the level for replying, [`Error::Unavailable`].
    pub async fn uploads(&self) -> Result<Uploads, Error> {
        self.uploads_of(self.parts.limits.attachments).await
    }

    async fn uploads_of(&self, most: usize) -> Result<Uploads, Error> {
        allows_on_site(Viewer::customer(&self.user), SiteAction::Attach).obey()?;
        Ok(Uploads::new(&self.parts, &self.situation().await?.settings, most))
    }

    /// Deletes files whose form was refused. Files that belong to a message are kept, so this is safe after any error.
    ///
    /// # Errors
    /// [`Error::Unavailable`]; the sweep then deletes the files later.
    pub async fn discard(&self, uploads: Vec<Upload>) -> Result<(), Error> {
        upload::discard(&self.parts, uploads).await
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
            None => Ok(Arc::new(Situation::load(&self.parts, &self.user).await?)),
        }
    }
}

/// Finds a ticket for its customer's action. Tickets of others are not found (P-02).
fn own_ticket(unit: &mut dyn Unit, user: &User, number: TicketNumber, action: Action) -> Result<Ticket, Error> {
    Ok(ticket_for(unit, Viewer::customer(user), number, action)?.0)
}
