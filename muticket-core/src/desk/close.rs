//! Closing a ticket (R-43, D-02, D-15).

use chrono::{DateTime, TimeDelta, Utc};

use crate::access::Action;
use crate::desk::{Desk, nothing_unseen};
use crate::error::Error;
use crate::history::Change;
use crate::id::{Ids, LetterId, MessageNumber, TicketNumber};
use crate::lookup::ticket_for;
use crate::notification::{About, LetterState, Notification, OutboxEntry};
use crate::record::record;
use crate::storage::{StorageError, Unit};
use crate::ticket::Ticket;

/// How long the letter about a closing waits. If the closing is undone meanwhile, the customer gets no letter.
const TIME_TO_UNDO: TimeDelta = TimeDelta::minutes(1);

impl Desk {
    /// Closes a ticket. Has no effect on a closed one. `seen` is the newest message the supporter has seen. After a minute the
    /// customer gets a letter, unless the settings say otherwise, or the ticket is open again (D-15).
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] on the supporter's own ticket; [`Error::Conflict`] if someone wrote since
    /// `seen`, so that no reply is overlooked (P-26); [`Error::Unavailable`].
    pub async fn close(&self, number: TicketNumber, seen: Option<MessageNumber>) -> Result<Ticket, Error> {
        let (actor, situation) = (self.actor(), self.situation.clone());
        let (now, ids) = (self.parts.now(), self.parts.ids.clone());
        let work = move |unit: &mut dyn Unit| {
            let site = actor.site(unit, &situation)?;
            let (mut ticket, _) = ticket_for(unit, site.staff.viewer(&actor.user), number, Action::Close)?;
            if ticket.close(&actor.user.id, now) {
                nothing_unseen(unit, &ticket, seen, &actor.user.id)?;
                record(unit, &ticket, &actor.user.id, now, Change::Closed)?;
                unit.marks().mark(&actor.user.id, number, ticket.last_message)?;
                if site.settings().closing_letters {
                    tell_customer(unit, &*ids, &ticket, now)?;
                }
            }
            Ok::<_, Error>(ticket)
        };
        let ticket = self.parts.storage.run_write(work).await?;
        self.parts.ring();
        Ok(ticket)
    }
}

/// Puts the letter to the customer of a ticket that was just closed into the outbox.
fn tell_customer(unit: &mut dyn Unit, ids: &dyn Ids, ticket: &Ticket, now: DateTime<Utc>) -> Result<(), StorageError> {
    let (id, place) = (LetterId(ids.next()), (ticket.number, ticket.last_message));
    let letter = OutboxEntry {
        about: About::Change(ticket.version),
        state: LetterState::Waiting { not_before: now + TIME_TO_UNDO, problem: None },
        ..OutboxEntry::new(id, Notification::TicketClosed, place, &ticket.customer, now)
    };
    unit.outbox().insert(&[letter])
}
