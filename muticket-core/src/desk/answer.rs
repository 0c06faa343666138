//! Answering: a supporter writes on a customer's ticket.

use std::collections::BTreeSet;

use crate::access::Action;
use crate::desk::set::{NewValue, change_checked};
use crate::desk::{Desk, nothing_unseen};
use crate::draft::{AfterAnswer, CheckedMessage, NewMessage, tell};
use crate::error::{Error, Problems};
use crate::figures::FirstAnswer;
use crate::history::Change;
use crate::id::TicketNumber;
use crate::lookup::ticket_for;
use crate::notification::Notification;
use crate::problem::{Field, Problem};
use crate::record::record;
use crate::saved_answer::{Actions, Assign, has_gap};
use crate::situation::CurrentSite;
use crate::storage::Unit;
use crate::ticket::{Body, Message, Role, Ticket};

impl Desk {
    /// Adds an answer. The customer is notified by mail. If nobody is assigned, the author becomes the assignee, unless the
    /// settings say otherwise (T-03). With [`AfterAnswer::Close`] the ticket is closed in the same unit (T-10), which the letter
    /// about the answer says (D-15). The chosen [actions](NewMessage::actions) happen in it (T-09). Works even if no supporter
    /// is present.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] on the supporter's own ticket; [`Refusal::TicketClosed`](crate::Refusal::TicketClosed);
    /// [`Error::Conflict`] if someone wrote since the message the supporter has [seen](NewMessage::seen);
    /// [`Error::Invalid`], also for a [gap](crate::saved_answer::gap) in the text, an assignee who is no supporter, and a category
    /// that is not active; [`Refusal::FormUsed`](crate::Refusal::FormUsed);
    /// [`Refusal::SameAgain`](crate::Refusal::SameAgain); [`Error::Unavailable`].
    pub async fn answer(&self, number: TicketNumber, new: NewMessage) -> Result<Message, Error> {
        let (actor, situation) = (self.actor(), self.situation.clone());
        let may = move |unit: &mut dyn Unit| {
            let site = actor.site(unit, &situation)?;
            let (ticket, _) = ticket_for(unit, site.staff.viewer(&actor.user), number, Action::Answer)?;
            Ok((ticket, site))
        };
        let answer = CheckedMessage::check_for(new, &self.user.id, &self.parts, may.clone()).await?;
        let work = move |unit: &mut dyn Unit| {
            let (ticket, site) = may(unit)?;
            add_answer(unit, &answer, ticket, &site)
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
    site: &CurrentSite,
) -> Result<Message, Error> {
    if let Some(sent) = answer.sent_before(unit, Some(ticket.number))? {
        return Ok(sent);
    }
    has_no_gap(&answer.body)?;
    nothing_unseen(unit, &ticket, answer.seen, &answer.author)?;
    answer.says_something_new(unit, &ticket, Role::Supporter)?;
    let number = ticket.write(Role::Supporter, &answer.author, answer.now)?;
    record(unit, &ticket, &answer.author, answer.now, Change::Answered(number))?;
    let message = answer.store(unit, ticket.number, number, Role::Supporter)?;
    if ticket.answers == 1 {
        unit.first_answers().insert(&first_answer(&ticket, &message))?;
    }
    let takes = site.settings().answering_assigns && site.staff.assignee(&ticket).is_none() && answer.actions.assign.is_none();
    if takes && ticket.assign(Some(answer.author.clone())) {
        record(unit, &ticket, &answer.author, answer.now, Change::Assigned(Some(answer.author.clone())))?;
    }
    count_uses(unit, answer)?;
    tell(unit, &*answer.ids, Notification::SupporterAnswered, &message, [&ticket.customer])?;
    act(unit, answer, &mut ticket, site)?;
    Ok(message)
}

/// Refuses an answer with a gap that its author forgot to fill in (T-08).
fn has_no_gap(body: &Body) -> Result<(), Error> {
    let mut problems = Problems::default();
    if has_gap(body.as_str()) {
        problems.note(Field::Body, Problem::Gap);
    }
    problems.none()
}

/// Counts the uses of the saved answers in the text, each once. Those that are gone, or belong to someone else, count nothing.
fn count_uses(unit: &mut dyn Unit, answer: &CheckedMessage) -> Result<(), Error> {
    if answer.saved.is_empty() {
        return Ok(());
    }
    let used: BTreeSet<_> = answer.saved.iter().copied().collect();
    for listed in unit.saved_answers().list(Some(&answer.author))?.iter().filter(|listed| used.contains(&listed.id)) {
        unit.saved_answers().count_use(listed.id, &answer.author)?;
    }
    Ok(())
}

/// Does what was chosen to happen together with the answer (T-09), as if each was done by itself.
fn act(unit: &mut dyn Unit, answer: &CheckedMessage, ticket: &mut Ticket, site: &CurrentSite) -> Result<(), Error> {
    let Actions { close, assign, priority, category, labels } = &answer.actions;
    let assignee = assign.as_ref().map(|assign| match assign {
        Assign::Sender => answer.author.clone(),
        Assign::To(user) => user.clone(),
    });
    let values = [
        assignee.map(|user| NewValue::Assignee(Some(user))),
        priority.map(NewValue::Priority),
        category.clone().map(|category| NewValue::Category(Some(category))),
        Some(labels.clone()).filter(|labels| !labels.is_empty()).map(NewValue::AddLabels),
    ];
    for value in values.into_iter().flatten() {
        change_checked(unit, ticket, &value, site, (&answer.author, answer.now, &*answer.ids))?;
    }
    if (*close || answer.then == AfterAnswer::Close) && ticket.close(&answer.author, answer.now) {
        record(unit, ticket, &answer.author, answer.now, Change::Closed)?;
    }
    Ok(())
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
