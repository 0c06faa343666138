//! Showing a supporter a ticket.

use crate::access::{Action, User};
use crate::conversation::{Abilities, Conversation, Part, Rows};
use crate::desk::{Desk, ticket_for};
use crate::error::Error;
use crate::helpdesk::Limits;
use crate::id::TicketNumber;
use crate::storage::Unit;

impl Desk {
    /// Shows a ticket with one page of its messages; with `None`, the newest page. [`Conversation::earlier`] and
    /// [`Conversation::later`] are the neighbouring pages.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] with [`Denial::OwnTicket`](crate::Denial::OwnTicket) for the supporter's own
    /// ticket, which the [portal](crate::portal::Portal::show) shows (D-05); [`Error::Unavailable`].
    pub async fn show(&self, number: TicketNumber, part: impl Into<Part> + Send) -> Result<Conversation, Error> {
        let (key, part, limits) = (self.key(), part.into(), *self.helpdesk.limits());
        let work = move |unit: &mut dyn Unit| {
            key.check(unit)?;
            rows(unit, &key.user, number, part, &limits)
        };
        self.shown(self.helpdesk.storage().run_glance(work).await?).await
    }

    /// Builds the conversation from its rows, with the actions a supporter can take.
    pub(crate) async fn shown(&self, rows: Rows) -> Result<Conversation, Error> {
        let open = rows.is_open();
        let can = Abilities { answer: open, close: open, reopen: !open, ..Abilities::default() };
        rows.shown(&self.helpdesk, &self.situation, false, can).await
    }
}

/// Reads a ticket for a user who is known to be a supporter.
pub(crate) fn rows(
    unit: &mut dyn Unit,
    supporter: &User,
    number: TicketNumber,
    part: Part,
    limits: &Limits,
) -> Result<Rows, Error> {
    // Supporters may read every ticket. `Answer` is checked instead, because their own ticket is not shown at the desk.
    let ticket = ticket_for(unit, supporter, number, Action::Answer)?;
    Ok(Rows::load(unit, ticket, &supporter.id, part, limits)?)
}
