//! Closing a ticket (R-43, D-02).

use crate::access::Action;
use crate::desk::{Desk, nothing_unseen};
use crate::draft::remember;
use crate::error::Error;
use crate::history::Change;
use crate::id::{MessageNumber, TicketNumber};
use crate::storage::Unit;
use crate::ticket::Ticket;

impl Desk {
    /// Closes a ticket. Has no effect on a closed one. `seen` is the newest message the supporter has seen.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] on the supporter's own ticket; [`Error::Conflict`] if someone wrote since
    /// `seen`, so that no reply is overlooked (P-26); [`Error::Unavailable`].
    pub async fn close(&self, number: TicketNumber, seen: Option<MessageNumber>) -> Result<Ticket, Error> {
        let key = self.key();
        let now = self.helpdesk.now();
        let work = move |unit: &mut dyn Unit| {
            let mut ticket = key.ticket(unit, number, Action::Close)?;
            if ticket.close(&key.user.id, now) {
                nothing_unseen(unit, &ticket, seen, &key.user.id)?;
                unit.tickets().update(&ticket)?;
                remember(unit, &ticket, &key.user.id, now, Change::Closed)?;
                unit.marks().mark(&key.user.id, number, ticket.last_message)?;
            }
            Ok(ticket)
        };
        self.helpdesk.parts.storage.run_write(work).await
    }
}
