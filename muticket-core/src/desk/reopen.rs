//! Reopening a closed ticket (R-44, D-02).

use crate::access::Action;
use crate::desk::Desk;
use crate::draft::remember;
use crate::error::Error;
use crate::history::Change;
use crate::id::TicketNumber;
use crate::storage::Unit;
use crate::ticket::Ticket;

impl Desk {
    /// Reopens a ticket. Has no effect on an open one.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] on the supporter's own ticket; [`Error::Unavailable`].
    pub async fn reopen(&self, number: TicketNumber) -> Result<Ticket, Error> {
        let key = self.key();
        let now = self.helpdesk.now();
        let work = move |unit: &mut dyn Unit| {
            let mut ticket = key.ticket(unit, number, Action::Reopen)?;
            if ticket.reopen(now) {
                unit.tickets().update(&ticket)?;
                remember(unit, &ticket, &key.user.id, now, Change::Reopened)?;
            }
            Ok(ticket)
        };
        self.helpdesk.parts.storage.run_write(work).await
    }
}
