//! Closing a ticket (R-43, D-02).

use crate::access::Action;
use crate::desk::{Desk, nothing_unseen};
use crate::error::Error;
use crate::history::Change;
use crate::id::{MessageNumber, TicketNumber};
use crate::record::record;
use crate::storage::Unit;
use crate::ticket::Ticket;

impl Desk {
    /// Closes a ticket. Has no effect on a closed one. `seen` is the newest message the supporter has seen.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] on the supporter's own ticket; [`Error::Conflict`] if someone wrote since
    /// `seen`, so that no reply is overlooked (P-26); [`Error::Unavailable`].
    pub async fn close(&self, number: TicketNumber, seen: Option<MessageNumber>) -> Result<Ticket, Error> {
        let actor = self.actor();
        let now = self.parts.now();
        let work = move |unit: &mut dyn Unit| {
            let (mut ticket, _) = actor.ticket_for(unit, number, Action::Close)?;
            if ticket.close(&actor.user.id, now) {
                nothing_unseen(unit, &ticket, seen, &actor.user.id)?;
                record(unit, &ticket, &actor.user.id, now, Change::Closed)?;
                unit.marks().mark(&actor.user.id, number, ticket.last_message)?;
            }
            Ok(ticket)
        };
        self.parts.storage.run_write(work).await
    }
}
