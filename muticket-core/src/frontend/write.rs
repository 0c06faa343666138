//! Writing on a ticket, from the side from which the visitor sees it.

use crate::access::{Action, allows};
use crate::desk::answer::add_answer;
use crate::draft::{CheckedMessage, NewMessage};
use crate::error::Error;
use crate::frontend::Frontend;
use crate::id::TicketNumber;
use crate::lookup::ticket_for;
use crate::portal::reply::add_reply;
use crate::storage::Unit;
use crate::ticket::Message;
use crate::viewer::Side;

impl Frontend {
    /// Adds a message to a ticket: an [answer](crate::desk::Desk::answer) if the visitor sees it from the side of the desk,
    /// a [reply](crate::portal::Portal::reply) if they are its customer. [`Message::role`] says which it was.
    ///
    /// # Errors
    /// As the two.
    pub async fn write(&self, number: TicketNumber, new: NewMessage) -> Result<Message, Error> {
        let situation = self.situation.clone();
        let actor = situation.actor(self.portal.user());
        let may = move |unit: &mut dyn Unit| {
            let site = actor.site(unit, &situation)?;
            let viewer = site.staff.viewer(&actor.user);
            let (ticket, side) = ticket_for(unit, viewer, number, Action::Read)?;
            let action = match side {
                Side::Customer => Action::Reply,
                Side::Desk => Action::Answer,
            };
            allows(viewer, action, &ticket).obey()?;
            Ok((ticket, side, site))
        };
        let message = CheckedMessage::check_for(new, &self.portal.user().id, &self.parts, may.clone()).await?;
        let work = move |unit: &mut dyn Unit| match may(unit)? {
            (ticket, Side::Customer, site) => add_reply(unit, &message, ticket, site.settings(), &site.staff),
            (ticket, Side::Desk, site) => add_answer(unit, &message, ticket, &site),
        };
        let message = self.parts.storage.run_write(work).await?;
        self.parts.ring();
        Ok(message)
    }
}
