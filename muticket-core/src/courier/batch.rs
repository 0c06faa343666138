//! Loads all data for the letters of a batch at once: in the unit that claims them, and with one question to the host.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::access::{Action, allows};
use crate::category::Category;
use crate::causes::with_causes;
use crate::courier::config::CourierConfig;
use crate::courier::plan;
use crate::error::Unavailable;
use crate::host::{CategorySource, Directory};
use crate::id::{MessageNumber, NoteNumber, TicketNumber, UserId};
use crate::mail::trouble::UNWRITTEN;
use crate::mail::{EmailAddress, Letter, Letters, Mailbox, MessageId, MessageIdKey, ReplyKey, ReplyPattern, Topic};
use crate::names::{Called, Names};
use crate::note::Note;
use crate::notification::{About, DropReason, LetterState, OutboxEntry};
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
}

/// The loaded data, as it is right before the letters are sent.
pub(crate) struct Batch {
    tickets: HashMap<TicketNumber, Ticket>,
    messages: HashMap<(TicketNumber, MessageNumber), Message>,
    changes: HashMap<(TicketNumber, u32), UserId>,
    notes: HashMap<(TicketNumber, NoteNumber), Note>,
    categories: Vec<Category>,
    users: HashMap<UserId, User>,
    staff: Staff,
    undeliverable: HashMap<UserId, Undeliverable>,
    unreadable: HashMap<(TicketNumber, MessageNumber, About), String>,
}

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
    /// The supporters who made changes of tickets.
    changes: HashMap<(TicketNumber, u32), UserId>,
    notes: HashMap<(TicketNumber, NoteNumber), Note>,
    categories: Vec<Category>,
    settings: Settings,
    supporters: Vec<Supporter>,
    /// The recipients whose letters came back.
    undeliverable: HashMap<UserId, Undeliverable>,
    /// Rows with invalid values. Their letters fail; the others are sent (P-23).
    unreadable: HashMap<(TicketNumber, MessageNumber, About), String>,
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
        let supporters = stored.changes.values().chain(stored.notes.values().map(|note| &note.author));
        let people: BTreeSet<_> = recipients.chain(authors).chain(supporters).cloned().collect();
        let people: Vec<_> = people.into_iter().collect();
        let users = sources.directory.users(&people).await.map_err(Unavailable::Host)?;
        let users: HashMap<_, _> = users.into_iter().map(|user| (user.id.clone(), user)).collect();
        let staff = Staff::gather(&stored.settings, stored.supporters, &users);
        let Stored { tickets, messages, changes, notes, undeliverable, unreadable, .. } = stored;
        Ok(Self { tickets, messages, changes, notes, categories, users, staff, undeliverable, unreadable })
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
        let recipient = self.users.get(&entry.recipient).ok_or_else(|| dropped(DropReason::UnknownUser))?;
        // The letters of a deleted ticket were deleted with it, so this state will not be stored.
        let ticket = self.tickets.get(&entry.ticket).ok_or_else(|| dropped(DropReason::NoAccess))?;
        let message = self.messages.get(&(entry.ticket, entry.message)).ok_or_else(|| dropped(DropReason::NoAccess))?;
        let (action, author, body, link) = match entry.about {
            About::Message => {
                (Action::Read, &message.author, &message.body, config.base_url.message(entry.ticket, entry.message))
            }
            About::Change(version) => {
                let by = self.changes.get(&(entry.ticket, version)).ok_or_else(|| dropped(DropReason::NoAccess))?;
                (Action::Organize, by, &message.body, config.base_url.message(entry.ticket, entry.message))
            }
            // The note may have been deleted.
            About::Note(number) => {
                let note = self.notes.get(&(entry.ticket, number)).ok_or_else(|| dropped(DropReason::NoAccess))?;
                (Action::Note, &note.author, &note.body, config.base_url.note(entry.ticket, number))
            }
        };
        let viewer = self.staff.viewer(recipient);
        let side = viewer.side(ticket).filter(|_| allows(viewer, action, ticket).is_allowed());
        let side = side.ok_or_else(|| dropped(DropReason::NoAccess))?;
        let address = recipient.address.as_deref().and_then(|address| EmailAddress::parse(address).ok());
        let address = address.ok_or_else(|| dropped(DropReason::NoAddress))?;
        if address.reaches_the_same(config.from.address()) {
            return Err(dropped(DropReason::OwnAddress));
        }
        if self.undeliverable.get(&recipient.id).is_some_and(|known| known.stops(recipient, now)) {
            return Err(dropped(DropReason::Undeliverable));
        }
        // The token depends on when the letter was queued, so that it is the same at every try (P-22).
        let replies = keys.replies.as_ref().filter(|_| side == Side::Customer).and_then(|(pattern, key)| {
            let token = key.token(entry.ticket, &recipient.id, entry.created_at);
            pattern.address(&token).map(|address| (address, token))
        });
        let people = [Some(recipient), self.users.get(author)];
        let author = match Names::of(people.into_iter().flatten(), side.into()).called(author) {
            Called::Name(name) => Some(name),
            Called::NoName => Some(String::new()),
            Called::Former => None,
        };
        let topic = Topic {
            notification: entry.notification,
            ticket,
            body,
            author: author.as_deref(),
            recipient,
            category: ticket.category.as_ref().and_then(|id| self.categories.iter().find(|category| category.id == *id)),
            link: &link,
            site: &config.site_name,
            can_reply: replies.is_some(),
        };
        let written = letters.write(&topic).map_err(|error| LetterState::Failed {
            at: now,
            problem: plan::problem(&format!("{UNWRITTEN}{}", with_causes(&error))),
        })?;
        let message_id = match &replies {
            Some((_, token)) => MessageId::with_token(entry.id, token, config.from.address()),
            None => MessageId::of_letter(entry.id, &keys.threads, config.from.address()),
        };
        Ok(Letter {
            message_id,
            thread: MessageId::of_ticket(entry.ticket, &keys.threads, config.from.address()),
            automatic: entry.notification.is_automatic(),
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
        for (ticket_number, message_number) in wanted {
            match read_one(unit, ticket_number, message_number) {
                Ok((ticket, message)) => {
                    stored.tickets.extend(ticket.map(|ticket| (ticket_number, ticket)));
                    stored.messages.extend(message.map(|message| ((ticket_number, message_number), message)));
                }
                Err(error @ StorageError::Corrupt { .. }) => {
                    stored.unreadable.insert((ticket_number, message_number, About::Message), error.to_string());
                }
                Err(error) => return Err(error),
            }
        }
        for entry in entries {
            match entry.about {
                About::Message => {}
                About::Change(version) => {
                    let made = unit.histories().list(entry.ticket, Side::Desk, version.checked_sub(1))?;
                    let made = made.into_iter().find(|made| made.version == version);
                    stored.changes.extend(made.map(|made| ((entry.ticket, version), made.by)));
                }
                About::Note(number) => match unit.notes().find(entry.ticket, number) {
                    Ok(note) => stored.notes.extend(note.map(|note| ((entry.ticket, number), note))),
                    Err(error @ StorageError::Corrupt { .. }) => {
                        stored.unreadable.insert((entry.ticket, entry.message, entry.about), error.to_string());
                    }
                    Err(error) => return Err(error),
                },
            }
        }
        Ok(stored)
    }
}

fn read_one(
    unit: &mut dyn Unit,
    ticket: TicketNumber,
    message: MessageNumber,
) -> Result<(Option<Ticket>, Option<Message>), StorageError> {
    Ok((unit.tickets().find_unlocked(ticket)?, unit.messages().find(ticket, message)?))
}
