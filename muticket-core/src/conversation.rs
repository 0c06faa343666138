//! A ticket as a page shows it: shared by the customers' and the supporters' door.

use std::collections::HashMap;

use crate::access::User;
use crate::category::Category;
use crate::error::Error;
use crate::helpdesk::Helpdesk;
use crate::history::HistoryEntry;
use crate::id::{MessageNumber, UserId};
use crate::rating::{Score, may_rate};
use crate::situation::{Situation, people};
use crate::storage::{StorageError, Unit};
use crate::ticket::{Attachment, Message, State, Ticket};
use crate::unread::first_unread;

/// A ticket with what was said on it, and what the visitor can do now.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Conversation {
    /// The ticket.
    pub ticket: Ticket,
    /// Its category, also one that was removed since.
    pub category: Option<Category>,
    /// One page of its messages, oldest first.
    pub messages: Vec<Shown>,
    /// The first message that the visitor has not read.
    pub unread: Option<MessageNumber>,
    /// Its history, oldest first.
    pub history: Vec<HistoryEntry>,
    /// The people behind the identifiers, as far as the host still knows them.
    pub people: HashMap<UserId, User>,
    /// Whether customers rate answers.
    pub ratings: bool,
    /// Whether a supporter is present.
    pub support_active: bool,
    /// The most bytes an image may have; `None` if images are not limited beyond other files.
    pub image_limit: Option<u64>,
    /// What the visitor can do.
    pub can: Abilities,
    /// How many messages a page holds.
    page: u32,
}

/// One message as it is shown.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Shown {
    /// The message.
    pub message: Message,
    /// Its files.
    pub attachments: Vec<Attachment>,
    /// The stars it got.
    pub score: Option<Score>,
    /// Whether the visitor can give it stars.
    pub can_rate: bool,
}

/// What a visitor can do on a ticket as things stand. Pages show a control exactly when the word is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the verbs of the doors")]
#[expect(clippy::struct_excessive_bools, reason = "each is one control of the page")]
pub struct Abilities {
    pub reply: bool,
    pub answer: bool,
    pub close: bool,
    pub reopen: bool,
    /// Open a new ticket that takes this closed one up again (D-02).
    pub follow_up: bool,
}

/// The rows of one conversation.
pub(crate) struct Rows {
    ticket: Ticket,
    messages: Vec<Message>,
    attachments: Vec<Attachment>,
    ratings: Vec<crate::rating::Rating>,
    history: Vec<HistoryEntry>,
    unread: Option<MessageNumber>,
    page: u32,
}

impl Rows {
    /// Reads the page of messages that begins with `from`, or else the newest page, as the user sees it.
    pub(crate) fn load(
        unit: &mut dyn Unit,
        ticket: Ticket,
        user: &UserId,
        from: Option<MessageNumber>,
        page: u32,
    ) -> Result<Self, StorageError> {
        let number = ticket.number;
        let newest = ticket.last_message.get();
        let before = from.map_or(newest.saturating_sub(page), |from| from.get().min(newest).saturating_sub(1));
        let messages = unit.messages().list(number, MessageNumber::new(before), page)?;
        let read = unit.marks().list(user, &[number])?.first().map(|(_, message)| *message);
        Ok(Self {
            page,
            messages,
            attachments: unit.attachments().list(number)?,
            ratings: unit.ratings().list(number)?,
            history: unit.histories().list(number)?,
            unread: first_unread(&ticket, user, read),
            ticket,
        })
    }

    /// Whether the ticket is open.
    pub(crate) fn is_open(&self) -> bool {
        self.ticket.state == State::Open
    }

    /// Adds the people and what `user` can do. `rates` says whether he looks at it as its customer who may rate.
    pub(crate) async fn shown(
        self,
        helpdesk: &Helpdesk,
        situation: &Situation,
        rates: bool,
        can: Abilities,
    ) -> Result<Conversation, Error> {
        let authors = self.messages.iter().map(|message| &message.author);
        let actors = self.history.iter().map(|entry| &entry.by);
        let people = people(helpdesk, authors.chain(actors).chain([&self.ticket.customer])).await?;
        let ratings = situation.settings.ratings;
        let customer = self.ticket.customer.clone();
        let mut files = self.attachments;
        let messages = self
            .messages
            .into_iter()
            .map(|message| {
                let rating = self.ratings.iter().find(|rating| rating.message == message.number);
                Shown {
                    attachments: files.extract_if(.., |file| file.message == message.number).collect(),
                    score: rating.map(|rating| rating.score),
                    can_rate: rates && may_rate(ratings, &message, &customer).is_ok(),
                    message,
                }
            })
            .collect();
        Ok(Conversation {
            category: self.ticket.category.as_ref().and_then(|id| situation.categories.find(id)).cloned(),
            ticket: self.ticket,
            messages,
            unread: self.unread,
            history: self.history,
            people,
            ratings,
            support_active: situation.staff.support_is_active(),
            image_limit: situation.settings.image_limit,
            can,
            page: self.page,
        })
    }
}

impl Conversation {
    /// Where the page before this one begins, for a link to it; `None` if the first message is shown.
    pub fn earlier(&self) -> Option<MessageNumber> {
        let first = self.messages.first().map(|shown| shown.message.number).filter(|number| *number > MessageNumber::FIRST)?;
        Some(MessageNumber::new(first.get().saturating_sub(self.page)).unwrap_or(MessageNumber::FIRST))
    }

    /// Where the page after this one begins, for a link to it; `None` if the newest message is shown.
    pub fn later(&self) -> Option<MessageNumber> {
        let last = self.messages.last().map(|shown| shown.message.number).filter(|number| *number < self.ticket.last_message)?;
        Some(last.next())
    }

    /// Whether the newest page of messages has this one, so that a link to it need not say where its page begins.
    pub fn is_recent(&self, message: MessageNumber) -> bool {
        message.get() > self.ticket.last_message.get().saturating_sub(self.page)
    }

    /// Whether the ticket is open.
    pub fn is_open(&self) -> bool {
        self.ticket.state == State::Open
    }
}
