//! Answering: a supporter writes on a customer's ticket.

use crate::access::Action;
use crate::desk::{Desk, nothing_unseen};
use crate::draft::{AfterAnswer, CheckedMessage, NewMessage, tell};
use crate::error::Error;
use crate::figures::FirstAnswer;
use crate::history::Change;
use crate::id::TicketNumber;
use crate::lookup::ticket_for;
use crate::notification::Notification;
use crate::record::record;
use crate::settings::Settings;
use crate::storage::Unit;
use crate::supporter::Staff;
use crate::ticket::{Message, Role, Ticket};

impl Desk {
    /// Adds an answer. The customer is notified by mail. If nobody is assigned, the author becomes the assignee, unless the
    /// settings say otherwise (T-03). With [`AfterAnswer::Close`](crate::draft::AfterAnswer::Close) the ticket is closed in
    /// the same unit (T-10). Works even if no supporter is present.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] on the supporter's own ticket; [`Refusal::TicketClosed`](crate::Refusal::TicketClosed);
    /// [`Error::Conflict`] if someone wrote since the message the supporter has [seen](NewMessage::seen);
    /// [`Error::Invalid`];
    /// [`Refusal::FormUsed`](crate::Refusal::FormUsed); [`Refusal::SameAgain`](crate::Refusal::SameAgain); [`Error::Unavailable`].
    pub async fn answer(&self, number: TicketNumber, new: NewMessage) -> Result<Message, Error> {
        let actor = self.actor();
        let may = move |unit: &mut dyn Unit| {
            let (settings, staff) = actor.settings_and_staff(unit)?;
            let (ticket, _) = ticket_for(unit, staff.viewer(&actor.user), number, Action::Answer)?;
            Ok((ticket, settings, staff))
        };
        let answer = CheckedMessage::check_for(new, &self.user.id, &self.parts, may.clone()).await?;
        let work = move |unit: &mut dyn Unit| {
            let (ticket, settings, staff) = may(unit)?;
            add_answer(unit, &answer, ticket, &settings, &staff)
        };
        let message = self.parts.storage.run_write(work).await?;
        self.parts.ring();
        Ok(message)
    }
}

/// Adds an answer to a ticket on which its author may answer.
pub(crate) fn add_answer(
    unit: &mut dyn Unit,
    answer: &CheckedMessage,
    mut ticket: Ticket,
    settings: &Settings,
    staff: &Staff,
) -> Result<Message, Error> {
    if let Some(sent) = answer.sent_before(unit, Some(ticket.number))? {
        return Ok(sent);
    }
    nothing_unseen(unit, &ticket, answer.seen, &answer.author)?;
    answer.says_something_new(unit, &ticket, Role::Supporter)?;
    let number = ticket.write(Role::Supporter, answer.now)?;
    record(unit, &ticket, &answer.author, answer.now, Change::Answered(number))?;
    let message = answer.store(unit, ticket.number, number, Role::Supporter)?;
    if ticket.answers == 1 {
        unit.first_answers().insert(&first_answer(&ticket, &message))?;
    }
    if settings.answering_assigns && staff.assignee(&ticket).is_none() && ticket.assign(Some(answer.author.clone())) {
        record(unit, &ticket, &answer.author, answer.now, Change::Assigned(Some(answer.author.clone())))?;
    }
    if answer.then == AfterAnswer::Close && ticket.close(&answer.author, answer.now) {
        record(unit, &ticket, &answer.author, answer.now, Change::Closed)?;
    }
    tell(unit, &*answer.ids, Notification::SupporterAnswered, &message, [&ticket.customer])?;
    Ok(message)
}

fn first_answer(ticket: &Ticket, message: &Message) -> FirstAnswer {
    FirstAnswer {
        ticket: ticket.number,
        message: message.number,
        author: message.author.clone(),
        answered_at: message.written_at,
        seconds: FirstAnswer::seconds_between(ticket.opened_at, message.written_at),
    }
}
