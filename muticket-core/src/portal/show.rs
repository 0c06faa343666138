//! Showing a ticket to its customer.

use crate::access::{Action, Subject, User};
use crate::conversation::{Abilities, Conversation, Part, Rows};
use crate::error::Error;
use crate::helpdesk::Limits;
use crate::id::TicketNumber;
use crate::portal::{Portal, may_open, own_ticket};
use crate::situation::Situation;
use crate::storage::Unit;

impl Portal {
    /// Shows a ticket of the visitor with one page of its messages; with `None`, the newest page. [`Conversation::earlier`]
    /// and [`Conversation::later`] are the neighbouring pages.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] below level *Read*; [`Error::Unavailable`].
    pub async fn show(&self, number: TicketNumber, part: impl Into<Part> + Send) -> Result<Conversation, Error> {
        let part = part.into();
        let situation = self.situation().await?;
        let (user, limits) = (self.user.clone(), *self.helpdesk.limits());
        let work = move |unit: &mut dyn Unit| rows(unit, &user, number, part, &limits);
        self.shown(self.helpdesk.storage().run_glance(work).await?, &situation).await
    }

    /// Builds the conversation from its rows, with the actions its customer can take.
    pub(crate) async fn shown(&self, rows: Rows, situation: &Situation) -> Result<Conversation, Error> {
        let (open, active) = (rows.is_open(), situation.staff.support_is_active());
        let writes = self.may(Action::Reply, Subject::OwnTicket).is_ok();
        let opens = may_open(&self.user, &situation.settings, &situation.staff).is_ok();
        let can = Abilities { reply: open && active && writes, follow_up: !open && opens, ..Abilities::default() };
        let rates = self.may(Action::Rate, Subject::OwnTicket).is_ok();
        rows.shown(&self.helpdesk, situation, rates, can).await
    }
}

/// Reads a ticket for its customer.
pub(crate) fn rows(
    unit: &mut dyn Unit,
    customer: &User,
    number: TicketNumber,
    part: Part,
    limits: &Limits,
) -> Result<Rows, Error> {
    let ticket = own_ticket(unit, customer, number, Action::Read)?;
    Ok(Rows::load(unit, ticket, &customer.id, part, limits)?)
}
