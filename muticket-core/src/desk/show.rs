//! Showing a supporter a ticket.

use crate::access::{Action, User};
use crate::conversation::{Abilities, Conversation, Rows};
use crate::desk::{Desk, ticket_for};
use crate::error::Error;
use crate::id::{MessageNumber, TicketNumber};
use crate::storage::Unit;

impl Desk {
    /// A ticket with one page of its messages: those from `from` on, or else the newest.
    /// [`Conversation::earlier`] and [`Conversation::later`] say from where on the neighbouring pages are.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] with [`Denial::OwnTicket`](crate::Denial::OwnTicket) for the supporter's own ticket, which
    /// the [portal](crate::portal::Portal::show) shows him (D-05); [`Error::Unavailable`].
    pub async fn show(&self, number: TicketNumber, from: Option<MessageNumber>) -> Result<Conversation, Error> {
        let (key, page) = (self.key(), self.helpdesk.limits().messages);
        let work = move |unit: &mut dyn Unit| {
            key.check(unit)?;
            rows(unit, &key.user, number, from, page)
        };
        self.shown(self.helpdesk.storage().run_glance(work).await?).await
    }

    /// What was read, with what a supporter can do.
    pub(crate) async fn shown(&self, rows: Rows) -> Result<Conversation, Error> {
        let open = rows.is_open();
        let can = Abilities { answer: open, close: open, reopen: !open, ..Abilities::default() };
        rows.shown(&self.helpdesk, &self.situation, false, can).await
    }
}

/// A ticket as one who is a supporter reads it.
pub(crate) fn rows(
    unit: &mut dyn Unit,
    supporter: &User,
    number: TicketNumber,
    from: Option<MessageNumber>,
    page: u32,
) -> Result<Rows, Error> {
    // To read is allowed on every ticket; to answer says whether it is shown from this side of the desk.
    let ticket = ticket_for(unit, supporter, number, Action::Answer)?;
    Ok(Rows::load(unit, ticket, &supporter.id, from, page)?)
}
