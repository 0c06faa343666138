//! Deleting tickets permanently.

use std::collections::BTreeSet;

use crate::backend::Backend;
use crate::error::Error;
use crate::found;
use crate::id::TicketNumber;
use crate::overview::{Filter, Overview, Rows};
use crate::storage::{Scope, StorageError, Unit};
use crate::ticket::Ticket;

impl Backend {
    /// Lists one page of all tickets, to find the one to delete. Shows only subjects and people: tickets are not read or
    /// answered here.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn tickets(&self, filter: &Filter) -> Result<Overview, Error> {
        let situation = self.helpdesk.situation(&self.user).await?;
        let scope = filter.customer.clone().map_or(Scope::All, Scope::Customer);
        let query = filter.query(scope, self.helpdesk.limits().page);
        let user = self.user.id.clone();
        let now = self.helpdesk.now();
        let rows = self
            .helpdesk
            .storage()
            .run_glance(move |unit: &mut dyn Unit| Rows::read(unit, &query, &user, &Scope::All, now))
            .await;
        let overview = rows.map_err(Error::from)?.shown(&self.helpdesk, &self.user, &situation).await?;
        // Tickets are not read here, so none is marked as unread.
        Ok(Overview { may_open: false, unread: BTreeSet::new(), ..overview })
    }

    /// The ticket for the confirmation page.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Refusal::TicketDamaged`](crate::Refusal::TicketDamaged) if it exists but cannot be read: it
    /// can still be [deleted](Self::delete); [`Error::Unavailable`].
    pub async fn ticket(&self, number: TicketNumber) -> Result<Ticket, Error> {
        let user = self.user.id.clone();
        let work = move |unit: &mut dyn Unit| found::ticket(unit, number, &user, |_| Ok(()));
        self.helpdesk.parts.storage.run_read(work).await
    }

    /// Deletes a ticket with its messages, ratings, history, letters and files: rows and bytes. This cannot be undone.
    ///
    /// When this returns, the rows are deleted. The bytes are deleted too, unless the blob store fails: then the next
    /// [`sweep`](crate::Helpdesk::sweep) deletes them, and this still returns `Ok`.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Unavailable`].
    pub async fn delete(&self, number: TicketNumber) -> Result<(), Error> {
        let now = self.helpdesk.now();
        let work = move |unit: &mut dyn Unit| {
            // Finding the ticket first waits for units that are writing on it, so that their files are included.
            match unit.tickets().find(number) {
                Ok(None) => return Err(Error::NotFound),
                // A damaged ticket can be deleted.
                Ok(Some(_)) | Err(StorageError::Corrupt { .. }) => {}
                Err(error) => return Err(error.into()),
            }
            let keys = unit.attachments().keys(number)?;
            if !unit.tickets().delete(number)? {
                return Err(Error::NotFound);
            }
            if !keys.is_empty() {
                unit.orphans().insert(&keys, now)?;
            }
            Ok(keys)
        };
        let keys = self.helpdesk.parts.storage.run_write(work).await?;
        if !keys.is_empty() {
            // Ignored on purpose: the administrator cannot act on an error here, and the sweep tries again.
            let _ = self.helpdesk.delete_blobs(keys).await;
        }
        Ok(())
    }
}
