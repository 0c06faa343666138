//! Showing a supporter a ticket.

use crate::access::Action;
use crate::conversation::{Abilities, Conversation, Rows};
use crate::desk::Desk;
use crate::error::Error;
use crate::id::{MessageNumber, TicketNumber};
use crate::ticket::State;

impl Desk {
    /// A ticket with one page of its messages: those from `from` on, or else the newest.
    /// [`Conversation::earlier`] and [`Conversation::later`] say from where on the neighbouring pages are.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] with [`Denial::OwnTicket`](crate::Denial::OwnTicket) for the supporter's own ticket, which
    /// the [portal](crate::portal::Portal::show) shows him (D-05); [`Error::Unavailable`].
    pub async fn show(&self, number: TicketNumber, from: Option<MessageNumber>) -> Result<Conversation, Error> {
        let parts = &self.helpdesk.parts;
        let page = parts.limits.messages;
        let key = self.key();
        let (rows, state) = parts
            .storage
            .run_glance(move |unit| {
                // To read is allowed on every ticket; to answer says whether it is shown from this side of the desk.
                let ticket = key.ticket(unit, number, Action::Answer)?;
                let state = ticket.state;
                Ok::<_, Error>((Rows::load(unit, ticket, from, page)?, state))
            })
            .await?;
        let open = state == State::Open;
        let can = Abilities { answer: open, close: open, reopen: !open, ..Abilities::default() };
        rows.shown(&self.helpdesk, &self.situation, false, can).await
    }
}
