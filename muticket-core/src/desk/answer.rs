//! Answering: a supporter writes on a customer's ticket.

use crate::access::Action;
use crate::desk::{Desk, nothing_unseen};
use crate::draft::{NewMessage, Post, remember, tell};
use crate::error::Error;
use crate::figures::FirstAnswer;
use crate::history::Change;
use crate::id::TicketNumber;
use crate::notice::Notice;
use crate::storage::Unit;
use crate::ticket::{Message, Role, Ticket};

impl Desk {
    /// Adds an answer. The customer is notified by mail. Works even if no supporter is present.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] on the supporter's own ticket; [`Refusal::TicketClosed`](crate::Refusal::TicketClosed);
    /// [`Error::Conflict`] if someone wrote since the message the supporter has [seen](NewMessage::seen);
    /// [`Error::Invalid`];
    /// [`Refusal::FormUsed`](crate::Refusal::FormUsed); [`Refusal::SameAgain`](crate::Refusal::SameAgain); [`Error::Unavailable`].
    pub async fn answer(&self, number: TicketNumber, new: NewMessage) -> Result<Message, Error> {
        let key = self.key();
        let parts = &self.helpdesk.parts;
        let seen = new.seen;
        let post = Post::check(new, self.user.id.clone(), Role::Supporter, self.helpdesk.now(), parts);
        let post = match post {
            Ok(post) => post,
            Err(invalid) => {
                parts.storage.run_read(move |unit| key.ticket(unit, number, Action::Answer)).await?;
                return Err(invalid);
            }
        };
        let work = move |unit: &mut dyn Unit| {
            let mut ticket = key.ticket(unit, number, Action::Answer)?;
            if let Some(sent) = post.sent_before(unit, Some(number))? {
                return Ok::<_, Error>(sent);
            }
            nothing_unseen(unit, &ticket, seen, &post.author)?;
            post.says_something_new(unit, &ticket)?;
            let place = ticket.write(Role::Supporter, post.now)?;
            unit.tickets().update(&ticket)?;
            let message = post.store(unit, number, place)?;
            if ticket.answers == 1 {
                unit.first_answers().insert(&first_answer(&ticket, &message))?;
            }
            remember(unit, &ticket, &post.author, post.now, Change::Answered(place))?;
            tell(unit, &*post.ids, Notice::SupporterAnswered, &message, [&ticket.customer])?;
            Ok(message)
        };
        let message = parts.storage.run_write(work).await?;
        self.helpdesk.ring();
        Ok(message)
    }
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
