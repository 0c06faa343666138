//! Marking a ticket as read.

use crate::access::Action;
use crate::error::Error;
use crate::frontend::Frontend;
use crate::id::{MessageNumber, TicketNumber};
use crate::storage::Unit;

impl Frontend {
    /// Marks a ticket as read by the visitor up to a message. Messages that were read never become unread again.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] below level *Read*; [`Error::Unavailable`].
    pub async fn mark(&self, number: TicketNumber, message: MessageNumber) -> Result<(), Error> {
        let actor = self.situation.actor(self.portal.user());
        let work = move |unit: &mut dyn Unit| {
            let (ticket, _) = actor.ticket_for(unit, number, Action::Read)?;
            Ok(unit.marks().mark(&actor.user.id, number, message.min(ticket.last_message))?)
        };
        self.parts.storage.run_write(work).await
    }
}
