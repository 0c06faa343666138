//! Deleting tickets for good.

use std::collections::BTreeSet;

use crate::backend::Backend;
use crate::error::Error;
use crate::found;
use crate::id::TicketNumber;
use crate::overview::{Filter, Overview, Rows};
use crate::storage::{Scope, StorageError, Unit};
use crate::ticket::Ticket;

impl Backend {
    /// One page of all tickets, to find the one to delete. Subjects and people only: nobody reads or answers here.
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
        // Nobody reads here, so nothing is unread.
        Ok(Overview { may_open: false, unread: BTreeSet::new(), ..overview })
    }

    /// The ticket about which the page asks "really?".
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Refusal::TicketDamaged`](crate::Refusal::TicketDamaged) if it is there and cannot be read: it can be [deleted](Self::delete) all the same;
    /// [`Error::Unavailable`].
    pub async fn ticket(&self, number: TicketNumber) -> Result<Ticket, Error> {
        let user = self.user.id.clone();
        let work = move |unit: &mut dyn Unit| found::ticket(unit, number, &user, |_| Ok(()));
        self.helpdesk.parts.storage.run_read(work).await
    }

    /// Deletes a ticket with its messages, ratings, history, letters and files: rows and bytes. There is no way back.
    ///
    /// The rows are gone when this returns; so are the bytes, unless the blob store fails: then they are deleted
    /// by the next [`sweep`](crate::Helpdesk::sweep), and this still returns `Ok`.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Unavailable`].
    pub async fn delete(&self, number: TicketNumber) -> Result<(), Error> {
        let now = self.helpdesk.now();
        let work = move |unit: &mut dyn Unit| {
            // Found first: whoever writes on it just now is waited for, and his files are seen.
            match unit.tickets().find(number) {
                Ok(None) => return Err(Error::NotFound),
                // What cannot be read can be deleted.
                Ok(Some(_)) | Err(StorageError::Corrupt { .. }) => {}
                Err(error) => return Err(error.into()),
            }
            let keys: Vec<_> = unit.attachments().list(number)?.into_iter().map(|file| file.key).collect();
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
            // Missing on purpose: an error here changes nothing for the administrator, the sweep comes back to it.
            let _ = self.helpdesk.delete_blobs(keys).await;
        }
        Ok(())
    }
}
