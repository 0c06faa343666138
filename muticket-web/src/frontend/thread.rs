//! The messages of a ticket, with what happened between them.

use std::collections::HashSet;

use muticket_core::conversation::{Conversation, ShownMessage};
use muticket_core::history::Change;
use muticket_core::viewer::Side;
use muticket_core::{MessageNumber, UserId};
use serde::Serialize;

use crate::context::Context;
use crate::frontend::desk_panel::{NoteModel, TypedNote};
use crate::frontend::event::{Event, event};
use crate::frontend::file_model::FileModel;
use crate::links::Links;
use crate::list::List;
use crate::page::person;

/// The messages of a page, with what happened between them.
#[derive(Debug, Serialize)]
pub(crate) struct Thread {
    items: Vec<ConversationItem>,
    /// The older items, which the page folds; `None` if it shows all of them.
    older: Option<Older>,
    /// The message at which supporters begin to read: the first unread one, else the newest.
    start: Option<u32>,
}

/// The first items of a long ticket.
#[derive(Debug, Serialize)]
struct Older {
    items: usize,
    messages: usize,
}

/// A message, or something that happened between messages.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum ConversationItem {
    Message(Box<MessageModel>),
    Event(Event),
    Note(NoteModel),
    /// How many events are left out here.
    Omitted {
        n: usize,
    },
}

#[derive(Debug, Serialize)]
struct MessageModel {
    number: u32,
    link: String,
    author: Option<String>,
    /// `customer` or `supporter`.
    role: &'static str,
    mine: bool,
    /// Whether it follows a message of the same person, so that the page does not repeat who wrote it.
    continues: bool,
    /// The text; of a letter that quotes another, the part that is new.
    body: String,
    /// The quoted part of a letter, which the page folds; `None` if there is none.
    quoted: Option<String>,
    /// `None` unless it came by mail.
    letter: Option<LetterModel>,
    /// `None` if `body` is complete. A very long message is cut, and this leads to the whole of it.
    whole: Option<WholeLink>,
    written_at: i64,
    files: Vec<FileModel>,
    stars: Option<u8>,
    /// The URL that takes the rating; `None` if the visitor cannot rate this answer.
    rate: Option<String>,
}

/// The letter with which a message came.
#[derive(Debug, Serialize)]
struct LetterModel {
    /// The link to the letter as it came; `None` for customers.
    original: Option<String>,
}

/// The link to the complete message.
#[derive(Debug, Serialize)]
struct WholeLink {
    link: String,
    /// The number of characters of the complete message.
    length: usize,
}

/// How a thread is shown.
pub(crate) struct Shown<'a> {
    pub(crate) list: &'a List,
    /// The form of a note that is shown again.
    pub(crate) note: Option<&'a TypedNote>,
    /// Whether older messages may be folded.
    pub(crate) folds: bool,
}

impl Thread {
    pub(crate) fn of(context: &Context<'_>, reader: &UserId, conversation: &Conversation, shown: &Shown<'_>) -> Self {
        let mut items = items(context, reader, conversation, shown.list, shown.note);
        group(&mut items);
        let start = (conversation.side == Side::Desk).then(|| start(conversation)).flatten();
        let older = start.filter(|_| shown.folds).and_then(|start| older(&items, start));
        Self { items, older, start: start.map(MessageNumber::get) }
    }
}

/// The first unread message of the page, else its newest.
fn start(conversation: &Conversation) -> Option<MessageNumber> {
    let is_shown = |number: &MessageNumber| conversation.messages.iter().any(|shown| shown.message.number == *number);
    let newest = conversation.messages.last().map(|shown| shown.message.number);
    conversation.unread.filter(is_shown).or(newest)
}

/// The items that a page folds: all before the last few messages, if nobody has to read them and they are not just a few.
fn older(items: &[ConversationItem], start: MessageNumber) -> Option<Older> {
    /// The newest messages, which are never folded.
    const KEPT: usize = 4;
    /// The fewest messages that are worth folding.
    const FEWEST: usize = 4;
    let messages: Vec<(usize, u32)> = items
        .iter()
        .enumerate()
        .filter_map(|(place, item)| match item {
            ConversationItem::Message(message) => Some((place, message.number)),
            _ => None,
        })
        .collect();
    let read = messages.iter().take_while(|(_, number)| *number < start.get()).count();
    let folded = read.min(messages.len().saturating_sub(KEPT));
    let (first_shown, _) = messages.get(folded).filter(|_| folded >= FEWEST)?;
    Some(Older { items: *first_shown, messages: folded })
}

/// Marks the messages that directly follow one of the same person.
fn group(items: &mut [ConversationItem]) {
    let mut before: Option<(Option<String>, &'static str, bool)> = None;
    for item in items {
        let ConversationItem::Message(message) = item else {
            before = None;
            continue;
        };
        let writer = (message.author.clone(), message.role, message.mine);
        // People whom the host does not know any more may be different ones.
        message.continues = writer.0.is_some() && before.as_ref() == Some(&writer);
        before = Some(writer);
    }
}

/// The most events on a page. A ticket that a program closes and reopens all day still loads fast (P-19).
const MOST_EVENTS: usize = 60;

/// Messages and events in the order in which they happened, taken from the history.
fn items(
    context: &Context<'_>,
    reader: &UserId,
    conversation: &Conversation,
    list: &List,
    typed: Option<&TypedNote>,
) -> Vec<ConversationItem> {
    let links = context.links();
    let note = |number| {
        let desk = conversation.desk.as_ref()?;
        let note = desk.notes.iter().find(|note| note.number == number)?;
        Some(ConversationItem::Note(NoteModel::of(links, conversation, desk, note, reader, typed)))
    };
    let shown = |number: MessageNumber| conversation.messages.iter().find(|shown| shown.message.number == number);
    let mut items = Vec::new();
    let mut events = Vec::new();
    for entry in &conversation.history {
        match entry.change {
            Change::Opened => {
                items.extend(shown(MessageNumber::FIRST).map(|shown| message(links, reader, conversation, shown, list)));
                continue;
            }
            Change::Replied(number) | Change::Answered(number) => {
                items.extend(shown(number).map(|shown| message(links, reader, conversation, shown, list)));
                continue;
            }
            Change::Noted(number) => {
                items.extend(note(number));
                continue;
            }
            _ => {}
        }
        // Events before the first message of this page belong to an earlier page.
        if !items.is_empty()
            && let Some(event) = event(conversation, entry, context.language())
        {
            events.push(items.len());
            items.push(ConversationItem::Event(event));
        }
    }
    if let Some(omitted @ 1..) = events.len().checked_sub(MOST_EVENTS) {
        // Drop the oldest events, and replace the first of them with their number.
        let first = events[0];
        let gone: HashSet<usize> = events[1..omitted].iter().copied().collect();
        let mut place = 0;
        items.retain(|_| {
            place += 1;
            !gone.contains(&(place - 1))
        });
        items[first] = ConversationItem::Omitted { n: omitted };
    }
    items
}

fn message(links: &Links, reader: &UserId, conversation: &Conversation, shown: &ShownMessage, list: &List) -> ConversationItem {
    let message = &shown.message;
    let (body, quoted) = parts(message.body.as_str(), shown.letter.and_then(|letter| letter.new_part));
    ConversationItem::Message(Box::new(MessageModel {
        number: message.number.get(),
        link: list.on(match conversation.earlier().or(conversation.later()) {
            None => links.message(message.ticket, message.number),
            Some(_) => links.older_message(message.ticket, message.number),
        }),
        author: person(&conversation.names, &message.author),
        role: message.role.as_str(),
        mine: message.author == *reader,
        continues: false,
        body,
        quoted,
        letter: shown.letter.map(|letter| LetterModel {
            original: (conversation.side == Side::Desk).then(|| links.letter(message.ticket, letter.id)),
        }),
        whole: shown
            .folded
            .map(|length| WholeLink { link: list.on(links.whole_message(message.ticket, message.number)), length }),
        written_at: message.written_at.timestamp_micros(),
        files: shown.attachments.iter().map(|file| FileModel::of_message(links, file)).collect(),
        stars: shown.score.filter(|_| conversation.ratings).map(|score| score.stars()),
        rate: shown.can_rate.then(|| links.rating(message.ticket, message.number)),
    }))
}

/// The new and the quoted part of a text (M-06). Nothing is cut.
fn parts(text: &str, new_part: Option<usize>) -> (String, Option<String>) {
    let at = new_part.and_then(|part| text.char_indices().nth(part)).map(|(at, _)| at);
    match at.map(|at| text.split_at(at)) {
        Some((new, quoted)) if !quoted.trim().is_empty() => (new.to_owned(), Some(quoted.trim_start_matches('\n').to_owned())),
        _ => (text.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// M-06
    #[test]
    fn the_quoted_part_is_told_apart_and_never_cut() {
        let text = "Grüße\n\n> old";
        assert_eq!(parts(text, Some(5)), ("Grüße".to_owned(), Some("> old".to_owned())));
        for part in [None, Some(99), Some(text.chars().count())] {
            assert_eq!(parts(text, part), (text.to_owned(), None), "{part:?}");
        }
    }
}
