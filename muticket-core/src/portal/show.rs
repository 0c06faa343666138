//! Showing a customer his ticket.

use crate::access::{Action, Subject};
use crate::conversation::{Abilities, Conversation, Rows};
use crate::error::Error;
use crate::id::{MessageNumber, TicketNumber};
use crate::portal::{Portal, may_open, own_ticket};
use crate::ticket::State;

impl Portal {
    /// A ticket of the visitor's with one page of its messages: those from `from` on, or else the newest.
    /// [`Conversation::earlier`] and [`Conversation::later`] say from where on the neighbouring pages are.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] below level *Read*; [`Error::Unavailable`].
    pub async fn show(&self, number: TicketNumber, from: Option<MessageNumber>) -> Result<Conversation, Error> {
        let situation = self.situation().await?;
        let user = self.user.clone();
        let parts = &self.helpdesk.parts;
        let page = parts.limits.messages;
        let rows = parts.storage.run_glance(move |unit| {
            let ticket = own_ticket(unit, &user, number, Action::Read)?;
            let state = ticket.state;
            Ok::<_, Error>((Rows::load(unit, ticket, from, page)?, state))
        });
        let (rows, state) = rows.await?;

        let active = situation.staff.support_is_active();
        let writes = self.may(Action::Reply, Subject::OwnTicket).is_ok();
        let opens = may_open(&self.user, &situation.settings, &situation.staff).is_ok();
        let can = Abilities {
            reply: state == State::Open && active && writes,
            follow_up: state == State::Closed && opens,
            ..Abilities::default()
        };
        let rates = self.may(Action::Rate, Subject::OwnTicket).is_ok();
        rows.shown(&self.helpdesk, &situation, rates, can).await
    }
}
