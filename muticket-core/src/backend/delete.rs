//! Deleting tickets permanently.

use std::collections::BTreeSet;

use crate::backend::{Backend, Freshness};
use crate::error::Error;
use crate::id::TicketNumber;
use crate::lookup::readable;
use crate::overview::{Filter, Listing, Overview, TicketRows};
use crate::refusal::Refusal;
use crate::settings::Settings;
use crate::storage::{Reach, Unit};
use crate::sweep::delete_blobs;
use crate::ticket::Ticket;
use crate::viewer::Viewer;

impl Backend {
    /// Lists one page of all tickets, to find the one to delete. Shows only subjects and people: tickets are not read or
    /// answered here.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn tickets(&self, filter: &Filter) -> Result<Overview, Error> {
        let page = self.parts.limits.page;
        let listing = Listing { filter: filter.clone(), reach: Reach::All, page, desk: None, has_labels: false };
        let user = self.user.clone();
        let now = self.parts.now();
        let work = move |unit: &mut dyn Unit, _: &Settings| Ok(TicketRows::read(unit, &listing, Viewer::customer(&user), now)?);
        let (rows, situation) = self.read(Freshness::Stale, work, |rows: &TicketRows| rows.people().collect()).await?;
        let overview = rows.shown(&self.parts, &self.user, &situation).await?;
        // Tickets are not read here, so none is marked as unread.
        Ok(Overview { may_open: false, unread: BTreeSet::new(), ..overview })
    }

    /// The ticket for the confirmation page.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Refusal::TicketDamaged`] if it exists but cannot be read: it
    /// can still be [deleted](Self::delete); [`Error::Unavailable`].
    pub async fn ticket(&self, number: TicketNumber) -> Result<Ticket, Error> {
        let work = move |unit: &mut dyn Unit, _: &Settings| readable(unit, number);
        let (ticket, _) = self.read(Freshness::Current, work, |_| Vec::new()).await?;
        ticket.ok_or_else(|| Refusal::TicketDamaged.into())
    }

    /// Deletes a ticket with its messages, notes, ratings, history, letters of both directions and files: rows and bytes. This
    /// cannot be undone.
    ///
    /// When this returns, the rows are deleted. The bytes are deleted too, unless the blob store fails: then the next
    /// [`sweep`](crate::Helpdesk::sweep) deletes them, and this still returns `Ok`.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Unavailable`].
    pub async fn delete(&self, number: TicketNumber) -> Result<(), Error> {
        let now = self.parts.now();
        let work = move |unit: &mut dyn Unit| {
            // Finding the ticket first waits for units that are writing on it, so that their files are included.
            // A damaged ticket can be deleted.
            readable(unit, number)?;
            let mut keys = unit.attachments().keys(number)?;
            keys.extend(unit.notes().file_keys(number, None)?);
            keys.extend(unit.incoming().keys(number)?);
            if !unit.tickets().delete(number)? {
                return Err(Error::NotFound);
            }
            if !keys.is_empty() {
                unit.orphans().insert(&keys, now)?;
            }
            Ok(keys)
        };
        let keys = self.parts.storage.run_write(work).await?;
        if !keys.is_empty() {
            // Ignored on purpose: the administrator cannot act on an error here, and the sweep tries again.
            let _ = delete_blobs(&self.parts, keys).await;
        }
        Ok(())
    }
}
