//! A ticket as pages show it, shared by portal and desk.

mod customer_card;
mod desk_view;
mod page;

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use crate::access::{Action, allows};
use crate::category::Category;
pub use crate::conversation::customer_card::CustomerCard;
use crate::conversation::customer_card::{CustomerRows, facts};
use crate::conversation::desk_view::DeskRows;
pub use crate::conversation::desk_view::DeskView;
pub use crate::conversation::page::MessagePage;
use crate::conversation::page::PageMessage;
use crate::error::Error;
use crate::history::{Change, HistoryEntry};
use crate::host::both;
use crate::id::{IncomingId, MessageNumber, UserId};
use crate::incoming::{Incoming, Verdict};
use crate::language::Language;
use crate::names::Names;
use crate::open_page::OpenPage;
use crate::opening::may_open;
use crate::overview::Filter;
use crate::parts::{Limits, Parts};
use crate::rating::{Score, may_rate};
use crate::situation::Situation;
use crate::storage::{Cursor, Damage, SortKey, StorageError, Unit};
use crate::ticket::{Attachment, Message, State, Ticket, Waiting};
use crate::unread::first_unread;
use crate::user::User;
use crate::viewer::{Side, Viewer};

/// A ticket with its messages, and the actions of the visitor.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Conversation {
    /// The ticket.
    pub ticket: Ticket,
    /// The side from which the visitor sees it.
    pub side: Side,
    /// Its category, even if it was removed since.
    pub category: Option<Category>,
    /// One page of its messages, oldest first.
    pub messages: Vec<ShownMessage>,
    /// The messages of this page that are missing or incomplete because of damaged rows.
    pub damaged: Vec<MessageNumber>,
    /// The first message that the visitor has not read; `None` if there is none.
    pub unread: Option<MessageNumber>,
    /// Its history, oldest first.
    pub history: Vec<HistoryEntry>,
    /// The users behind the ids, as far as the host knows them.
    pub people: HashMap<UserId, User>,
    /// The displayed names of the users, for this reader.
    pub names: Names,
    /// Whether customers rate answers.
    pub ratings: bool,
    /// Whether a supporter is present.
    pub support_active: bool,
    /// Maximum size of an image in bytes; `None` applies the limit of all files.
    pub image_limit: Option<u64>,
    /// The actions available to the visitor.
    pub can: Abilities,
    /// What only supporters see; `None` on the customer's side.
    pub desk: Option<DeskView>,
}

/// A message for display.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ShownMessage {
    /// The message. A very long one is cut, unless the [whole](MessagePage::Whole) message was requested.
    pub message: Message,
    /// The length of the whole message in characters, if it is cut.
    pub folded: Option<usize>,
    /// The attached files.
    pub attachments: Vec<Attachment>,
    /// The stars of its rating; `None` if it is not rated.
    pub score: Option<Score>,
    /// Whether the visitor can rate it.
    pub can_rate: bool,
    /// The letter that it came with; `None` if it was written on the page.
    pub letter: Option<MessageLetter>,
}

/// The letter with which a message came (M-06).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct MessageLetter {
    /// The letter, which [supporters](crate::desk::Desk::letter) can download.
    pub id: IncomingId,
    /// The number of characters that are new. The rest is quoted. `None` if nothing was told apart.
    pub new_part: Option<usize>,
}

/// The actions that a visitor can currently take on a ticket. A page shows a control exactly if its field is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the verbs of the doors")]
#[expect(clippy::struct_excessive_bools, reason = "each is one control of the page")]
#[non_exhaustive]
pub struct Abilities {
    pub reply: bool,
    pub answer: bool,
    pub close: bool,
    pub reopen: bool,
    /// Rate answers. [`ShownMessage::can_rate`] says which.
    pub rate: bool,
    /// Open a new ticket that continues this closed one (D-02).
    pub follow_up: bool,
    /// Change its assignee, priority, category and labels.
    pub organize: bool,
    /// Write notes.
    pub note: bool,
}

impl Abilities {
    fn of(viewer: Viewer<'_>, ticket: &Ticket, situation: &Situation) -> Self {
        let Situation { settings, staff, .. } = situation;
        let may = |action| allows(viewer, action, ticket).is_allowed();
        let open = ticket.state == State::Open;
        let follows = !open && viewer.side(ticket) == Some(Side::Customer);
        Self {
            reply: open && staff.support_is_active() && may(Action::Reply),
            answer: open && may(Action::Answer),
            close: open && may(Action::Close),
            reopen: !open && may(Action::Reopen),
            rate: may(Action::Rate),
            organize: may(Action::Organize),
            note: may(Action::Note),
            follow_up: follows && may_open(viewer.user(), settings, staff).is_ok(),
        }
    }
}

fn damaged_messages(damages: Vec<Damage>) -> BTreeSet<MessageNumber> {
    damages.into_iter().filter_map(|damage| damage.message).collect()
}

/// The letter with which a message came.
fn letter_of(letters: &[Incoming], message: MessageNumber) -> Option<MessageLetter> {
    let letter = letters.iter().find(|letter| letter.message == Some(message))?;
    let new_part = letter.new_part.and_then(|part| usize::try_from(part).ok());
    Some(MessageLetter { id: letter.id, new_part })
}

/// The history for one side. The numbers of the customer's entries have no gaps where the desk's are (T-01).
fn numbered_for(side: Side, mut history: Vec<HistoryEntry>) -> Vec<HistoryEntry> {
    if side == Side::Customer {
        (1..).zip(&mut history).for_each(|(version, entry)| entry.version = version);
    }
    history
}

/// The rows of a conversation.
pub(crate) struct ConversationRows {
    ticket: Ticket,
    side: Side,
    messages: Vec<PageMessage>,
    damaged: BTreeSet<MessageNumber>,
    attachments: Vec<Attachment>,
    ratings: Vec<crate::rating::Rating>,
    history: Vec<HistoryEntry>,
    unread: Option<MessageNumber>,
    /// The letters that became these messages.
    letters: Vec<Incoming>,
    desk: DeskRows,
    /// `None` on the customer's side.
    customer: Option<CustomerRows>,
}

impl ConversationRows {
    /// Reads a page of messages for the user, who sees the ticket from the given side.
    pub(crate) fn load(
        unit: &mut dyn Unit,
        ticket: Ticket,
        side: Side,
        user: &UserId,
        page: MessagePage,
        limits: &Limits,
        now: DateTime<Utc>,
    ) -> Result<Self, StorageError> {
        let number = ticket.number;
        let attachments = unit.attachments().list(number)?;
        let ratings = unit.ratings().list(number)?;
        let around = unit.damages().take_damages();
        let (messages, damaged) = page::read(unit, &ticket, page, &attachments, side, limits)?;
        let mut damaged: BTreeSet<_> = damaged.into_iter().collect();
        let on_page = |number: &MessageNumber| messages.iter().any(|read| read.message.number == *number);
        damaged.extend(damaged_messages(around).into_iter().filter(on_page));
        let read = unit.marks().list(user, &[number])?.first().map(|(_, message)| *message);
        let page = messages.first().map(|read| read.message.number).zip(messages.last().map(|read| read.message.number));
        let history = unit.histories().list(number, side, None)?;
        let letters = match page {
            Some((first, last)) => unit.incoming().list_messages(number, first, last)?,
            None => Vec::new(),
        };
        let mut desk = DeskRows::default();
        if let (Side::Desk, Some(_), Some((first, last))) = (side, ticket.last_note, page) {
            desk.notes = unit.notes().list(number, first, last)?;
        }
        if let (Some(first), Some(last)) = (desk.notes.first(), desk.notes.last()) {
            desk.note_files = unit.notes().list_files(number, first.number, last.number)?;
        }
        if side == Side::Desk && ticket.state == State::Open {
            desk.saved = unit.saved_answers().list(Some(user))?;
        }
        let customer = match side {
            Side::Desk => Some(CustomerRows::read(unit, &ticket.customer, number)?),
            Side::Customer => None,
        };
        if side == Side::Desk {
            // One more than is shown, to know whether there are more.
            let most = DeskView::MOST_LETTERS.saturating_add(1);
            desk.letters = unit.incoming().list_of_ticket(number, Verdict::NotConfirmed, most)?;
            desk.open_pages = unit.open_pages().list(number, now - OpenPage::LASTS)?;
            desk.has = unit.labels().of(&[number])?.into_iter().map(|(_, label)| label).collect();
        }
        Ok(Self {
            desk,
            customer,
            messages,
            damaged,
            attachments,
            ratings,
            history,
            unread: first_unread(&ticket, side, read),
            letters,
            ticket,
            side,
        })
    }

    /// The users named on the page.
    pub(crate) fn people(&self) -> impl Iterator<Item = &UserId> {
        let authors = self.messages.iter().map(|read| &read.message.author);
        let actors = self.history.iter().map(|entry| &entry.by);
        let assignees = self.history.iter().filter_map(|entry| match &entry.change {
            Change::Assigned(user) => user.as_ref(),
            _ => None,
        });
        let colleagues = self.desk.notes.iter().flat_map(|note| note.mentions.iter().chain([&note.author]));
        authors.chain(actors).chain(assignees).chain(colleagues).chain([&self.ticket.customer])
    }

    /// Adds the users and the actions of the viewer.
    pub(crate) async fn shown(mut self, parts: &Parts, situation: &Situation, viewer: Viewer<'_>) -> Result<Conversation, Error> {
        let customer = self.customer.take();
        let supporters = situation.staff.users().map(|user| &user.id).filter(|_| self.side == Side::Desk);
        let people = situation.people(parts, self.people().chain(supporters));
        let (people, desk) = match customer {
            Some(customer) => {
                let language = viewer.user().language.clone().unwrap_or_else(Language::english);
                let (people, facts) = both(people, facts(parts, &self.ticket.customer, &language)).await;
                (people?, Some(DeskView::of(&self.ticket, self.desk, customer.with(facts), situation, viewer)))
            }
            None => (people.await?, None),
        };
        let can = Abilities::of(viewer, &self.ticket, situation);
        let ratings = situation.settings.ratings;
        let customer = self.ticket.customer.clone();
        let mut files = self.attachments;
        let letters = self.letters;
        let messages = self
            .messages
            .into_iter()
            .map(|PageMessage { message, folded }| {
                let rating = self.ratings.iter().find(|rating| rating.message == message.number);
                ShownMessage {
                    attachments: files.extract_if(.., |file| file.message == message.number).collect(),
                    score: rating.map(|rating| rating.score),
                    can_rate: can.rate && may_rate(ratings, &message, &customer).is_ok(),
                    letter: letter_of(&letters, message.number),
                    folded,
                    message,
                }
            })
            .collect();
        Ok(Conversation {
            names: Names::of(people.values(), self.side.into()),
            category: self.ticket.category.as_ref().and_then(|id| situation.categories.find(id)).cloned(),
            ticket: self.side.view(self.ticket),
            side: self.side,
            messages,
            damaged: self.damaged.into_iter().collect(),
            unread: self.unread,
            history: numbered_for(self.side, self.history),
            people,
            ratings,
            support_active: situation.staff.support_is_active(),
            image_limit: situation.settings.image_limit,
            can,
            desk,
        })
    }
}

impl Conversation {
    /// The previous page; `None` if the first message is shown.
    pub fn earlier(&self) -> Option<MessagePage> {
        let first = self.messages.first().map(|shown| shown.message.number).filter(|number| *number > MessageNumber::FIRST);
        first.map(MessagePage::Before)
    }

    /// The next page; `None` if the newest message is shown.
    pub fn later(&self) -> Option<MessagePage> {
        let last = self.messages.last().map(|shown| shown.message.number).filter(|number| *number < self.ticket.last_message)?;
        Some(MessagePage::From(last.next()))
    }

    /// The ticket's place in the queue of tickets of a list that wait for a supporter, or its last place there. It does not
    /// move when the ticket is answered or closed, so that [`next_waiting`](crate::desk::Desk::next_waiting) continues from
    /// there.
    pub fn place_in(&self, list: &Filter) -> Cursor {
        let by_priority = list.queue_order() == SortKey::ToDo;
        Cursor { priority: by_priority.then_some(self.ticket.priority), ..self.place() }
    }

    fn place(&self) -> Cursor {
        let now = Cursor::after(&self.ticket);
        if matches!(self.ticket.waiting(), Some(Waiting::New | Waiting::Supporter)) {
            return now;
        }
        let (mut open, mut customer_wrote, mut waited) = (true, true, now.activity);
        for entry in &self.history {
            match entry.change {
                Change::Opened => {}
                Change::Replied(_) => customer_wrote = true,
                Change::Answered(_) => customer_wrote = false,
                Change::Closed => open = false,
                Change::Reopened => open = true,
                Change::Rated(..)
                | Change::Assigned(_)
                | Change::Prioritized(_)
                | Change::Categorized(_)
                | Change::Labelled(_)
                | Change::Unlabelled(_)
                | Change::Noted(_)
                | Change::NoteEdited(_)
                | Change::NoteDeleted(_) => continue,
            }
            if open && customer_wrote {
                waited = entry.at;
            }
        }
        Cursor { activity: waited, ..now }
    }

    /// Whether the ticket is open.
    pub fn is_open(&self) -> bool {
        self.ticket.state == State::Open
    }
}
