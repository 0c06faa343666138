//! Letters that answer a letter that came in (M-01, M-04, R-41).

use chrono::{DateTime, Utc};

use crate::access::{Action, SiteAction, allows, allows_on_site};
use crate::courier::batch::{Batch, Keys};
use crate::courier::config::CourierConfig;
use crate::courier::plan;
use crate::id::IncomingId;
use crate::mail::{Answered, Letter, Letters, Mailbox, MessageId, Topic, Why};
use crate::notification::{DropReason, LetterState, Notification, OutboxEntry};
use crate::viewer::Side;

impl Batch {
    /// Builds a letter that answers a letter, or returns the state in which it ends unsent. What it says is checked anew: the letter may
    /// have been taken in meanwhile, and its writer may have lost or got rights (P-01).
    pub(super) fn answer(
        &self,
        entry: &OutboxEntry,
        id: IncomingId,
        letters: &Letters,
        config: &CourierConfig,
        keys: &Keys,
        now: DateTime<Utc>,
    ) -> Result<Letter, LetterState> {
        let dropped = |reason| LetterState::Dropped { at: now, reason };
        let came = self.came.get(&id).ok_or_else(|| dropped(DropReason::Outdated))?;
        if Notification::about(came.verdict) != Some(entry.notification) {
            return Err(dropped(DropReason::Outdated));
        }
        let recipient = self.users.get(&entry.recipient).ok_or_else(|| dropped(DropReason::UnknownUser))?;
        let viewer = self.staff.viewer(recipient);
        if entry.notification == Notification::AnswerOnPage && !viewer.is_supporter() {
            return Err(dropped(DropReason::Outdated));
        }
        let address = self.address(recipient, config, now).map_err(dropped)?;
        // A ticket that they may not see is not named.
        let ticket = entry.ticket.and_then(|number| self.tickets.get(&number));
        let ticket = ticket.filter(|ticket| allows(viewer, Action::Read, ticket).is_allowed());
        let is_customer = ticket.is_some_and(|ticket| viewer.side(ticket) == Some(Side::Customer));
        // What waits can be added to. A letter that was refused would be refused again.
        let can_be_added_to = is_customer && entry.notification == Notification::LetterWaits;
        let replies = if can_be_added_to { keys.reply_to(entry, Side::Customer) } else { None };
        let may_open = allows_on_site(viewer, SiteAction::Open).is_allowed();
        let why = match entry.notification {
            Notification::AnswerOnPage if keys.answers => Why::NoAnswer,
            _ => Why::of(came.verdict, entry.ticket.is_some(), may_open),
        };
        let link = match ticket {
            Some(ticket) => config.base_url.ticket(ticket.number),
            None if why.asks_to_open() => config.base_url.new_ticket(),
            None => config.base_url.tickets(),
        };
        let topic = Topic {
            notification: entry.notification,
            ticket,
            body: None,
            answers: Some(Answered { subject: came.subject.as_deref().unwrap_or_default(), why }),
            received: None,
            closed: None,
            author: None,
            sender: None,
            recipient,
            category: None,
            link: &link,
            site: &config.site_name,
            can_reply: replies.is_some(),
        };
        let written = letters.write(&topic).map_err(|error| plan::unwritten(&error, now))?;
        let message_id = match &replies {
            Some((_, token)) => MessageId::with_token(entry.id, token, config.from.address()),
            None => MessageId::of_letter(entry.id, &keys.threads, config.from.address()),
        };
        let answered = came.message_id.as_deref().and_then(MessageId::foreign);
        let of_ticket = || ticket.map(|ticket| MessageId::of_ticket(ticket.number, &keys.threads, config.from.address()));
        Ok(Letter {
            thread: answered.or_else(of_ticket).unwrap_or_else(|| message_id.clone()),
            message_id,
            automatic: true,
            is_answer: true,
            from: config.from.clone(),
            to: Mailbox::new(&recipient.name, address),
            reply_to: replies.map(|(address, _)| address),
            subject: written.subject,
            text: written.text,
            html: written.html,
            sent_at: now,
        })
    }
}
