//! Marking a ticket as read by its customer.

use crate::access::Action;
use crate::error::Error;
use crate::id::{MessageNumber, TicketNumber};
use crate::portal::{Portal, own_ticket};
use crate::storage::Unit;

impl Portal {
    /// Marks a ticket of the visitor as read up to a message. Messages that were read never become unread again.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] below level *Read*; [`Error::Unavailable`].
    pub async fn mark(&self, number: TicketNumber, message: MessageNumber) -> Result<(), Error> {
        let user = self.user.clone();
        let work = move |unit: &mut dyn Unit| {
            let ticket = own_ticket(unit, &user, number, Action::Read)?;
            Ok(unit.marks().mark(&user.id, number, message.min(ticket.last_message))?)
        };
        self.helpdesk.parts.storage.run_write(work).await
    }
}
