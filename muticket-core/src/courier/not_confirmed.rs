//! The letter to supporters about a letter whose sender could not be confirmed (M-03).

use chrono::{DateTime, Utc};

use crate::access::{Action, allows};
use crate::courier::batch::{Batch, Keys};
use crate::courier::config::CourierConfig;
use crate::courier::plan;
use crate::id::IncomingId;
use crate::incoming::Verdict;
use crate::mail::{Letter, Letters, Mailbox, MessageId, Topic};
use crate::notification::{DropReason, LetterState, OutboxEntry};

impl Batch {
    /// Builds the letter, or returns the state in which it ends unsent. It says who wrote the other letter as far as that says it, and
    /// nothing of its text. It is checked that the other letter is still held, and that its reader may see it (P-01).
    pub(super) fn not_confirmed(
        &self,
        entry: &OutboxEntry,
        id: IncomingId,
        letters: &Letters,
        config: &CourierConfig,
        keys: &Keys,
        now: DateTime<Utc>,
    ) -> Result<Letter, LetterState> {
        let dropped = |reason| LetterState::Dropped { at: now, reason };
        let came = self.came.get(&id).filter(|came| came.verdict == Verdict::NotConfirmed && came.ticket == entry.ticket);
        let came = came.ok_or_else(|| dropped(DropReason::Outdated))?;
        let recipient = self.users.get(&entry.recipient).ok_or_else(|| dropped(DropReason::UnknownUser))?;
        let ticket = entry.ticket.and_then(|number| self.tickets.get(&number));
        // On their own ticket a supporter is the customer, who does not see the letter (D-05).
        let ticket = ticket.filter(|ticket| allows(self.staff.viewer(recipient), Action::Organize, ticket).is_allowed());
        let ticket = ticket.ok_or_else(|| dropped(DropReason::NoAccess))?;
        let address = self.address(recipient, config, now).map_err(dropped)?;
        let topic = Topic {
            notification: entry.notification,
            ticket: Some(ticket),
            body: None,
            answers: None,
            received: None,
            closed: None,
            author: None,
            sender: came.sender.as_deref(),
            recipient,
            category: None,
            link: &config.base_url.ticket(ticket.number),
            site: &config.site_name,
            can_reply: false,
        };
        let written = letters.write(&topic).map_err(|error| plan::unwritten(&error, now))?;
        Ok(Letter {
            message_id: MessageId::of_letter(entry.id, &keys.threads, config.from.address()),
            thread: MessageId::of_ticket(ticket.number, &keys.threads, config.from.address()),
            automatic: entry.notification.is_automatic(),
            is_answer: false,
            from: config.from.clone(),
            to: Mailbox::new(&recipient.name, address),
            reply_to: None,
            subject: written.subject,
            text: written.text,
            html: written.html,
            sent_at: now,
        })
    }
}
