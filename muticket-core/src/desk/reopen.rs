//! Reopening a closed ticket (R-44, D-02).

use crate::access::Action;
use crate::desk::Desk;
use crate::error::Error;
use crate::history::Change;
use crate::id::TicketNumber;
use crate::record::record;
use crate::storage::Unit;
use crate::ticket::Ticket;

impl Desk {
    /// Reopens a ticket. Has no effect on an open one.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] on the supporter's own ticket; [`Error::Unavailable`].
    pub async fn reopen(&self, number: TicketNumber) -> Result<Ticket, Error> {
        let actor = self.actor();
        let now = self.parts.now();
        let work = move |unit: &mut dyn Unit| {
            let (mut ticket, _) = actor.ticket_for(unit, number, Action::Reopen)?;
            if ticket.reopen(now) {
                record(unit, &ticket, &actor.user.id, now, Change::Reopened)?;
            }
            Ok(ticket)
        };
        self.parts.storage.run_write(work).await
    }
}
