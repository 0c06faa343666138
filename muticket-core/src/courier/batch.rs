//! Loads all data for the letters of a batch at once: in the unit that claims them, and with one question to the host.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::access::allows;
use crate::category::Category;
use crate::courier::config::CourierConfig;
use crate::courier::made::Made;
use crate::courier::plan;
use crate::error::Unavailable;
use crate::host::{CategorySource, Directory};
use crate::id::{IncomingId, MessageNumber, NoteNumber, TicketNumber, UserId};
use crate::incoming::Incoming;
use crate::mail::trouble::UNWRITTEN;
use crate::mail::{EmailAddress, Letter, Letters, Mailbox, MessageId, MessageIdKey, ReplyKey, ReplyPattern, ReplyToken, Topic};
use crate::names::{Called, Names};
use crate::note::Note;
use crate::notification::{About, DropReason, LetterState, Notification, OutboxEntry};
use crate::settings::Settings;
use crate::storage::{Storage, StorageError, Unit};
use crate::supporter::{Staff, Supporter};
use crate::ticket::{Message, Ticket};
use crate::undeliverable::Undeliverable;
use crate::user::User;
use crate::viewer::Side;

/// The sources of the data.
pub(crate) struct Sources {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) directory: Arc<dyn Directory>,
    pub(crate) categories: Option<Arc<dyn CategorySource>>,
}

/// What the ids and addresses of letters are made with.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    pub(crate) threads: MessageIdKey,
    /// `None` if nobody reads replies.
    pub(crate) replies: Option<(ReplyPattern, ReplyKey)>,
    /// Whether a supporter's reply is an answer to the customer (M-01).
    pub(crate) answers: bool,
}

impl Keys {
    /// The address to which the recipient of a letter replies, and its token; `None` if their replies are no messages. The token depends
    /// on when the letter was queued, so that it is the same at every try (P-22).
    pub(super) fn reply_to(&self, entry: &OutboxEntry, side: Side) -> Option<(EmailAddress, ReplyToken)> {
        // A reply to a notice about what a colleague did is for the colleague. It must not reach the customer.
        let is_from_customer = matches!(entry.notification, Notification::TicketOpened | Notification::CustomerReplied);
        let may_reply = match side {
            Side::Customer => true,
            Side::Desk => self.answers && is_from_customer,
        };
        let (pattern, key) = self.replies.as_ref().filter(|_| may_reply)?;
        let token = key.token(entry.ticket?, &entry.recipient, entry.created_at);
        pattern.address(&token).map(|address| (address, token))
    }
}

/// The loaded data, as it is right before the letters are sent.
pub(crate) struct Batch {
    pub(super) tickets: HashMap<TicketNumber, Ticket>,
    pub(super) messages: HashMap<(TicketNumber, MessageNumber), Message>,
    pub(super) changes: HashMap<(TicketNumber, u32), Made>,
    pub(super) notes: HashMap<(TicketNumber, NoteNumber), Note>,
    /// The names of the files of new tickets.
    pub(super) files: HashMap<TicketNumber, Vec<String>>,
    /// The letters that came in and are answered.
    pub(super) came: HashMap<IncomingId, Incoming>,
    categories: Vec<Category>,
    pub(super) users: HashMap<UserId, User>,
    pub(super) staff: Staff,
    pub(super) settings: Settings,
    undeliverable: HashMap<UserId, Undeliverable>,
    unreadable: HashMap<Part, String>,
}

/// What a letter is made from: place and reason.
type Part = (Option<TicketNumber>, Option<MessageNumber>, About);

/// Claimed letters.
pub(crate) struct Claimed {
    pub(crate) entries: Vec<OutboxEntry>,
    /// When the claim expires.
    pub(crate) until: DateTime<Utc>,
    /// The data for the letters.
    pub(crate) stored: Stored,
}

/// The data from the storage.
#[derive(Default)]
pub(crate) struct Stored {
    tickets: HashMap<TicketNumber, Ticket>,
    messages: HashMap<(TicketNumber, MessageNumber), Message>,
    changes: HashMap<(TicketNumber, u32), Made>,
    notes: HashMap<(TicketNumber, NoteNumber), Note>,
    files: HashMap<TicketNumber, Vec<String>>,
    came: HashMap<IncomingId, Incoming>,
    categories: Vec<Category>,
    settings: Settings,
    supporters: Vec<Supporter>,
    /// The recipients whose letters came back.
    undeliverable: HashMap<UserId, Undeliverable>,
    /// Rows with invalid values. Their letters fail; the others are sent (P-23).
    unreadable: HashMap<Part, String>,
}

impl Batch {
    /// Completes the data from the storage with the host's.
    pub(crate) async fn load(sources: &Sources, claimed: Claimed) -> Result<Self, Unavailable> {
        let Claimed { entries, stored, .. } = claimed;
        let categories = match &sources.categories {
            Some(source) => source.categories().await.map_err(Unavailable::Host)?,
            None => stored.categories,
        };
        let recipients = entries.iter().map(|entry| &entry.recipient);
        let authors = stored.messages.values().map(|message| &message.author);
        let supporters = stored.changes.values().map(|made| &made.by).chain(stored.notes.values().map(|note| &note.author));
        let people: BTreeSet<_> = recipients.chain(authors).chain(supporters).cloned().collect();
        let people: Vec<_> = people.into_iter().collect();
        let users = sources.directory.users(&people).await.map_err(Unavailable::Host)?;
        let users: HashMap<_, _> = users.into_iter().map(|user| (user.id.clone(), user)).collect();
        let staff = Staff::gather(&stored.settings, stored.supporters, &users);
        let Stored { tickets, messages, changes, notes, files, came, settings, undeliverable, unreadable, .. } = stored;
        Ok(Self { tickets, messages, changes, notes, files, came, categories, users, staff, settings, undeliverable, unreadable })
    }

    /// Builds the letter, or returns the state in which it ends unsent. Checks the current rights, not those at the time of
    /// the notification (P-01).
    pub(crate) fn prepare(
        &self,
        entry: &OutboxEntry,
        letters: &Letters,
        config: &CourierConfig,
        keys: &Keys,
        now: DateTime<Utc>,
    ) -> Result<Letter, LetterState> {
        let dropped = |reason| LetterState::Dropped { at: now, reason };
        let parts = [About::Message, entry.about].map(|about| (entry.ticket, entry.message, about));
        if let Some(what) = parts.iter().find_map(|part| self.unreadable.get(part)) {
            return Err(LetterState::Failed { at: now, problem: plan::problem(&format!("{UNWRITTEN}{what}")) });
        }
        let came = match entry.about {
            // A receipt is about the ticket that the letter opened.
            About::Letter(id) if entry.notification == Notification::TicketReceived => self.came.get(&id),
            About::Letter(id) if entry.notification == Notification::LetterNotConfirmed => {
                return self.not_confirmed(entry, id, letters, config, keys, now);
            }
            About::Letter(id) => return self.answer(entry, id, letters, config, keys, now),
            About::Message | About::Change(_) | About::Note(_) => None,
        };
        let recipient = self.users.get(&entry.recipient).ok_or_else(|| dropped(DropReason::UnknownUser))?;
        // The letters of a deleted ticket were deleted with it, so this state will not be stored.
        let place = entry.ticket.zip(entry.message).ok_or_else(|| dropped(DropReason::NoAccess))?;
        let ticket = self.tickets.get(&place.0).ok_or_else(|| dropped(DropReason::NoAccess))?;
        let reason = self.reason(entry, place, config).map_err(dropped)?;
        let viewer = self.staff.viewer(recipient);
        let side = viewer.side(ticket).filter(|_| allows(viewer, reason.action, ticket).is_allowed());
        let side = side.ok_or_else(|| dropped(DropReason::NoAccess))?;
        let address = self.address(recipient, config, now).map_err(dropped)?;
        let closed = if side == Side::Customer { self.closed(viewer, ticket) } else { None };
        // A customer's reply on a closed ticket opens another one.
        let replies = keys.reply_to(entry, side).filter(|_| closed.is_none_or(|closed| closed.may_follow));
        let people = [Some(recipient), self.users.get(reason.author)];
        let author = match Names::of(people.into_iter().flatten(), side.into()).called(reason.author) {
            Called::Name(name) => Some(name),
            Called::NoName => Some(String::new()),
            Called::Former => None,
        };
        let topic = Topic {
            notification: entry.notification,
            ticket: Some(ticket),
            body: reason.body,
            answers: None,
            received: (entry.notification == Notification::TicketReceived).then(|| self.received(place.0)),
            closed,
            author: author.as_deref(),
            sender: None,
            recipient,
            category: ticket.category.as_ref().and_then(|id| self.categories.iter().find(|category| category.id == *id)),
            link: &reason.link,
            site: &config.site_name,
            can_reply: replies.is_some(),
        };
        let written = letters.write(&topic).map_err(|error| plan::unwritten(&error, now))?;
        let message_id = match &replies {
            Some((_, token)) => MessageId::with_token(entry.id, token, config.from.address()),
            None => MessageId::of_letter(entry.id, &keys.threads, config.from.address()),
        };
        let answered = came.and_then(|came| MessageId::foreign(came.message_id.as_deref()?));
        Ok(Letter {
            message_id,
            thread: answered.unwrap_or_else(|| MessageId::of_ticket(place.0, &keys.threads, config.from.address())),
            automatic: entry.notification.is_automatic(),
            is_answer: came.is_some(),
            from: config.from.clone(),
            to: Mailbox::new(&recipient.name, address),
            reply_to: replies.map(|(address, _)| address),
            subject: written.subject,
            text: written.text,
            html: written.html,
            sent_at: now,
        })
    }

    /// The address of a recipient, or why they have none.
    pub(super) fn address(
        &self,
        recipient: &User,
        config: &CourierConfig,
        now: DateTime<Utc>,
    ) -> Result<EmailAddress, DropReason> {
        let address = recipient.address.as_deref().and_then(|address| EmailAddress::parse(address).ok());
        let address = address.ok_or(DropReason::NoAddress)?;
        if address.reaches_the_same(config.from.address()) {
            return Err(DropReason::OwnAddress);
        }
        let comes_back = self.undeliverable.get(&recipient.id).is_some_and(|known| known.stops(recipient, now));
        if comes_back { Err(DropReason::Undeliverable) } else { Ok(address) }
    }
}

impl Stored {
    /// Reads the data for these letters.
    pub(crate) fn read(unit: &mut dyn Unit, entries: &[OutboxEntry]) -> Result<Self, StorageError> {
        let mut stored = Self {
            settings: unit.settings().find()?,
            supporters: unit.supporters().list()?,
            categories: unit.categories().list()?.into_iter().map(|kept| kept.category).collect(),
            ..Self::default()
        };
        let recipients: Vec<_> = entries.iter().map(|entry| entry.recipient.clone()).collect();
        let came_back = unit.undeliverable().of(&recipients)?;
        stored.undeliverable = came_back.into_iter().map(|known| (known.user.clone(), known)).collect();
        let wanted: BTreeSet<_> = entries.iter().map(|entry| (entry.ticket, entry.message)).collect();
        for place in wanted {
            match stored.read_place(unit, place) {
                Err(error @ StorageError::Corrupt { .. }) => {
                    stored.unreadable.insert((place.0, place.1, About::Message), error.to_string());
                }
                read => read?,
            }
        }
        for entry in entries {
            match stored.read_reason(unit, entry) {
                Err(error @ StorageError::Corrupt { .. }) => {
                    stored.unreadable.insert((entry.ticket, entry.message, entry.about), error.to_string());
                }
                read => read?,
            }
        }
        Ok(stored)
    }

    /// Reads a ticket, and a message of it.
    fn read_place(
        &mut self,
        unit: &mut dyn Unit,
        (ticket, message): (Option<TicketNumber>, Option<MessageNumber>),
    ) -> Result<(), StorageError> {
        let Some(number) = ticket else { return Ok(()) };
        let ticket = unit.tickets().find_unlocked(number)?;
        let message = match message {
            Some(message) => unit.messages().find(number, message)?,
            None => None,
        };
        self.tickets.extend(ticket.map(|ticket| (number, ticket)));
        self.messages.extend(message.map(|message| ((number, message.number), message)));
        Ok(())
    }

    /// Reads what else a letter is about.
    fn read_reason(&mut self, unit: &mut dyn Unit, entry: &OutboxEntry) -> Result<(), StorageError> {
        match (entry.about, entry.ticket) {
            (About::Change(version), Some(ticket)) => {
                let since = unit.histories().list(ticket, Side::Desk, version.checked_sub(1))?;
                self.changes.extend(Made::of(version, &since).map(|made| ((ticket, version), made)));
            }
            (About::Note(number), Some(ticket)) => {
                let note = unit.notes().find(ticket, number)?;
                self.notes.extend(note.map(|note| ((ticket, number), note)));
            }
            (About::Letter(id), _) => self.came.extend(unit.incoming().find(id)?.map(|letter| (id, letter))),
            (About::Message | About::Change(_) | About::Note(_), _) => {}
        }
        if let (Notification::TicketReceived, Some(ticket)) = (entry.notification, entry.ticket) {
            let mut files = unit.attachments().list(ticket)?;
            files.retain(|file| Some(file.message) == entry.message);
            self.files.insert(ticket, files.into_iter().map(|file| file.name.as_str().to_owned()).collect());
        }
        Ok(())
    }
}
