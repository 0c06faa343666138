//! What a letter about a ticket is about: who did it, what is quoted, where it leads, and what its recipient can do then.

use crate::access::{Action, allows};
use crate::courier::batch::Batch;
use crate::courier::config::CourierConfig;
use crate::error::Error;
use crate::id::{MessageNumber, TicketNumber, UserId};
use crate::mail::{Closed, Received};
use crate::notification::{About, DropReason, Notification, OutboxEntry};
use crate::opening::may_open;
use crate::refusal::Refusal;
use crate::ticket::{Body, State, Ticket};
use crate::viewer::Viewer;

/// Why a letter is sent.
pub(super) struct Reason<'b> {
    /// What its recipient must be allowed to do.
    pub(super) action: Action,
    /// Who wrote the message or the note, or changed the ticket.
    pub(super) author: &'b UserId,
    pub(super) body: Option<&'b Body>,
    pub(super) link: String,
}

impl Batch {
    /// The reason for a letter about a ticket, or why the letter is no longer sent.
    pub(super) fn reason(
        &self,
        entry: &OutboxEntry,
        (ticket, number): (TicketNumber, MessageNumber),
        config: &CourierConfig,
    ) -> Result<Reason<'_>, DropReason> {
        let message = self.messages.get(&(ticket, number)).ok_or(DropReason::NoAccess)?;
        let link = config.base_url.message(ticket, number);
        match entry.about {
            About::Message | About::Letter(_) => {
                Ok(Reason { action: Action::Read, author: &message.author, body: Some(&message.body), link })
            }
            About::Change(version) => {
                let made = self.changes.get(&(ticket, version)).ok_or(DropReason::NoAccess)?;
                match entry.notification {
                    Notification::TicketClosed if made.was_reopened => Err(DropReason::Outdated),
                    Notification::TicketClosed => Ok(Reason { action: Action::Read, author: &made.by, body: None, link }),
                    _ => Ok(Reason { action: Action::Organize, author: &made.by, body: Some(&message.body), link }),
                }
            }
            // The note may have been deleted.
            About::Note(note) => {
                let note = self.notes.get(&(ticket, note)).ok_or(DropReason::NoAccess)?;
                let link = config.base_url.note(ticket, note.number);
                Ok(Reason { action: Action::Note, author: &note.author, body: Some(&note.body), link })
            }
        }
    }

    /// What a receipt says about the ticket.
    pub(super) fn received(&self, ticket: TicketNumber) -> Received<'_> {
        let files = self.files.get(&ticket).map(Vec::as_slice).unwrap_or_default();
        Received { files, tells_of_closing: self.settings.closing_letters }
    }

    /// What the customer can still do on their closed ticket; `None` if it is open.
    pub(super) fn closed(&self, customer: Viewer<'_>, ticket: &Ticket) -> Option<Closed> {
        if ticket.state == State::Open {
            return None;
        }
        // Somebody will be present again.
        let may_open = may_open(customer.user(), &self.settings, &self.staff);
        let may_follow = matches!(may_open, Ok(()) | Err(Error::Refused(Refusal::SupportOff)));
        let may_rate = self.settings.ratings && ticket.answers > 0 && allows(customer, Action::Rate, ticket).is_allowed();
        Some(Closed { may_follow, may_rate })
    }
}
