//! Replying: the customer writes on their own ticket.

use crate::access::Action;
use crate::draft::{CheckedMessage, NewMessage, tell};
use crate::error::Error;
use crate::history::Change;
use crate::id::TicketNumber;
use crate::lookup::ticket_for;
use crate::notification::Notification;
use crate::portal::Portal;
use crate::record::record;
use crate::refusal::Refusal;
use crate::routing;
use crate::settings::Settings;
use crate::storage::Unit;
use crate::supporter::Staff;
use crate::ticket::{Message, Role, Ticket};
use crate::viewer::Viewer;

impl Portal {
    /// Adds a reply. The supporters that the routing selects are mailed. A reply never conflicts with messages of others
    /// (P-26).
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] below level *Comment*; [`Refusal::TicketClosed`]; [`Refusal::SupportOff`];
    /// [`Error::Invalid`]; [`Refusal::FormUsed`]; [`Refusal::SameAgain`]; [`Error::Unavailable`].
    pub async fn reply(&self, number: TicketNumber, new: NewMessage) -> Result<Message, Error> {
        let user = self.user.clone();
        let may = move |unit: &mut dyn Unit| ticket_for(unit, Viewer::customer(&user), number, Action::Reply);
        let reply = CheckedMessage::check_for(new, &self.user.id, &self.parts, may.clone()).await?;
        let recheck = self.situation().await?.recheck();
        let work = move |unit: &mut dyn Unit| {
            let (ticket, _) = may(unit)?;
            let (settings, staff) = recheck.settings_and_staff(unit)?;
            add_reply(unit, &reply, ticket, &settings, &staff)
        };
        let message = self.parts.storage.run_write(work).await?;
        self.parts.ring();
        Ok(message)
    }
}

/// Adds a reply to a ticket on which its author may reply.
pub(crate) fn add_reply(
    unit: &mut dyn Unit,
    reply: &CheckedMessage,
    mut ticket: Ticket,
    settings: &Settings,
    staff: &Staff,
) -> Result<Message, Error> {
    if let Some(sent) = reply.sent_before(unit, Some(ticket.number))? {
        return Ok(sent);
    }
    if !staff.support_is_active() {
        return Err(Refusal::SupportOff.into());
    }
    reply.says_something_new(unit, &ticket, Role::Customer)?;
    let number = ticket.write(Role::Customer, &reply.author, reply.now)?;
    record(unit, &ticket, &reply.author, reply.now, Change::Replied(number))?;
    let message = reply.store(unit, ticket.number, number, Role::Customer)?;
    let recipients = routing::supporters_for(staff, settings, &ticket, &reply.author);
    tell(unit, &*reply.ids, Notification::CustomerReplied, &message, recipients)?;
    Ok(message)
}
