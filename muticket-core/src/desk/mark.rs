//! Marking a ticket as read by a supporter.

use crate::access::Action;
use crate::desk::Desk;
use crate::error::Error;
use crate::id::{MessageNumber, TicketNumber};
use crate::storage::Unit;

impl Desk {
    /// Marks a ticket as read by the supporter up to a message. Messages that were read never become unread again.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] with [`Denial::OwnTicket`](crate::Denial::OwnTicket) on the supporter's own ticket;
    /// [`Error::Unavailable`].
    pub async fn mark(&self, number: TicketNumber, message: MessageNumber) -> Result<(), Error> {
        let key = self.key();
        let work = move |unit: &mut dyn Unit| {
            // Checks `Answer`, as showing the ticket does: the supporter's own ticket is not shown at the desk.
            let ticket = key.ticket(unit, number, Action::Answer)?;
            Ok(unit.marks().mark(&key.user.id, number, message.min(ticket.last_message))?)
        };
        self.helpdesk.parts.storage.run_write(work).await
    }
}
