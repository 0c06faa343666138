//! Selects the messages of a page, limited by their number and by their size as HTML (P-19).

use std::collections::HashMap;

use crate::id::MessageNumber;
use crate::parts::Limits;
use crate::storage::{StorageError, Unit};
use crate::ticket::{Attachment, Body, Message, Role, Ticket};
use crate::viewer::Side;

/// Selects a page of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum MessagePage {
    /// The newest page.
    #[default]
    Newest,
    /// The page that starts with this message.
    From(MessageNumber),
    /// The page that ends right before this message.
    Before(MessageNumber),
    /// The page that starts with this message and shows it in full.
    Whole(MessageNumber),
}

/// The page that starts with the message; without one, the newest page.
impl From<Option<MessageNumber>> for MessagePage {
    fn from(from: Option<MessageNumber>) -> Self {
        from.map_or(Self::Newest, Self::From)
    }
}

/// A message of a page.
#[derive(Debug)]
pub(super) struct PageMessage {
    /// The message; only its beginning if it is folded.
    pub(super) message: Message,
    /// The length of the whole message in characters, if it is folded.
    pub(super) folded: Option<usize>,
}

/// The number of messages read at once. The longest of them fill 1.6 MB.
const AT_ONCE: u32 = 20;
/// The most reads in a row that may find no message although the ticket says that there are some.
const MOST_MISSING: u32 = 50;
/// The size of a message without its text.
const MESSAGE: usize = 1_300;
/// The size of the rating control under an answer, for a customer who may rate.
const STARS: usize = 1_800;
/// The size of a file without its name.
const FILE: usize = 1_000;
/// Messages from this size on are folded, to the size below.
const FOLDED_FROM: usize = 16 * 1024;
const FOLDED_TO: usize = 6 * 1024;

/// Part of every link.
const SCHEME: &str = "://";
/// The size of a link without its address.
const LINK: usize = 60;

/// Reads the messages of the page, oldest first: at least one, if the ticket has any, and no more than the limits allow.
/// Also returns the numbers of messages that could not be read.
pub(super) fn read(
    unit: &mut dyn Unit,
    ticket: &Ticket,
    page: MessagePage,
    files: &[Attachment],
    side: Side,
    limits: &Limits,
) -> Result<(Vec<PageMessage>, Vec<MessageNumber>), StorageError> {
    let newest = ticket.last_message.get();
    let rates = side == Side::Customer;
    let (left, most) = (limits.page_bytes, limits.messages);
    let mut builder =
        PageBuilder { whole: None, rates, left, most, files: weights(files), read: Vec::new(), damaged: Vec::new() };
    match page {
        MessagePage::From(first) => builder.forwards(unit, ticket, first.get().min(newest))?,
        MessagePage::Whole(first) => {
            builder.whole = Some(first);
            builder.forwards(unit, ticket, first.get().min(newest))?;
        }
        MessagePage::Before(end) => {
            builder.backwards(unit, ticket, end.get().min(newest.saturating_add(1)).saturating_sub(1).max(1))?
        }
        MessagePage::Newest => builder.backwards(unit, ticket, newest)?,
    }
    Ok((builder.read, builder.damaged))
}

/// A page that is being filled.
struct PageBuilder {
    whole: Option<MessageNumber>,
    /// Whether the reader may rate answers.
    rates: bool,
    /// The size that may still be added.
    left: usize,
    /// The number of messages that may still be added.
    most: u32,
    files: HashMap<MessageNumber, usize>,
    read: Vec<PageMessage>,
    damaged: Vec<MessageNumber>,
}

impl PageBuilder {
    fn forwards(&mut self, unit: &mut dyn Unit, ticket: &Ticket, first: u32) -> Result<(), StorageError> {
        let mut after = first.saturating_sub(1);
        while self.most > 0 {
            let asked = self.most.min(AT_ONCE);
            let messages = unit.messages().list(ticket.number, MessageNumber::new(after), asked)?;
            let rows = messages.len() + self.note_damages(unit);
            // A damaged message has a number too.
            let mut last = after.saturating_add(asked);
            for message in messages {
                last = last.max(message.number.get());
                if !self.add(message) {
                    return Ok(());
                }
            }
            after = last;
            // There is nothing after the last message.
            if rows < asked as usize || after >= ticket.last_message.get() {
                break;
            }
        }
        Ok(())
    }

    fn backwards(&mut self, unit: &mut dyn Unit, ticket: &Ticket, mut last: u32) -> Result<(), StorageError> {
        let mut missing = 0;
        'page: while self.most > 0 && last > 0 {
            let asked = self.most.min(AT_ONCE).min(last);
            let after = last - asked;
            let messages = unit.messages().list(ticket.number, MessageNumber::new(after), asked)?;
            let rows = messages.len() + self.note_damages(unit);
            missing = if rows == 0 { missing + 1 } else { 0 };
            if missing > MOST_MISSING {
                // The ticket claims many more messages than it has: start the page with the first message.
                return if self.read.is_empty() { self.forwards(unit, ticket, 1) } else { break };
            }
            for message in messages.into_iter().rev().filter(|message| message.number.get() <= last) {
                if !self.add(message) {
                    break 'page;
                }
            }
            last = after;
        }
        self.read.reverse();
        Ok(())
    }

    /// Notes damaged rows and returns their number.
    fn note_damages(&mut self, unit: &mut dyn Unit) -> usize {
        let damages = unit.damages().take_damages();
        let rows = damages.len();
        self.damaged.extend(damages.into_iter().filter_map(|damage| damage.message));
        rows
    }

    /// Adds a message if there is room for it, and returns whether it was added. There is always room for the first one.
    fn add(&mut self, mut message: Message) -> bool {
        let mut weight = weight(message.body.as_str());
        let mut folded = None;
        if weight > FOLDED_FROM && self.whole != Some(message.number) {
            folded = Some(message.body.as_str().chars().count());
            message.body = beginning(&message.body);
            weight = FOLDED_TO;
        }
        if self.rates && message.role == Role::Supporter {
            weight += STARS;
        }
        weight += MESSAGE + self.files.get(&message.number).copied().unwrap_or_default();
        if !self.read.is_empty() && weight > self.left {
            return false;
        }
        self.left = self.left.saturating_sub(weight);
        self.most -= 1;
        self.read.push(PageMessage { message, folded });
        true
    }
}

/// The sizes of each message's files. A file name appears three times on the page, once as part of a URL.
fn weights(files: &[Attachment]) -> HashMap<MessageNumber, usize> {
    let mut weights = HashMap::new();
    for file in files {
        let name = file.name.as_str();
        *weights.entry(file.message).or_default() += FILE + 3 * name.len() + 2 * weight(name);
    }
    weights
}

/// The largest size of a text as HTML, in bytes.
fn weight(text: &str) -> usize {
    costs(text).map(|(_, cost)| cost).sum()
}

/// The size that each character adds, with its position. Characters that may belong to a link count twice, because a link
/// repeats its address, plus a fixed part.
fn costs(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut words = text.split_inclusive(char::is_whitespace);
    let mut place = 0;
    std::iter::from_fn(move || {
        let word = words.next()?;
        let begins = place;
        place += word.len();
        let times = if word.contains(SCHEME) { 2 } else { 1 };
        let cost = move |(at, c): (usize, char)| {
            let around = if word[at..].starts_with(SCHEME) { LINK } else { 0 };
            (begins + at, times * escaped(c) + around)
        };
        Some(word.char_indices().map(cost))
    })
    .flatten()
}

fn escaped(c: char) -> usize {
    match c {
        '&' | '\'' => 5,
        '<' | '>' => 4,
        '"' => 6,
        c => c.len_utf8(),
    }
}

/// The beginning of a text, cut at the end of a line if there is one nearby, otherwise at a space.
fn beginning(body: &Body) -> Body {
    let text = body.as_str();
    let mut left = FOLDED_TO;
    let end = costs(text).find(|(_, cost)| {
        let fits = *cost <= left;
        left = left.saturating_sub(*cost);
        !fits
    });
    let end = end.map_or(text.len(), |(at, _)| at);
    // Up to a third of it may be dropped for a clean cut.
    let tidy = text[..end].char_indices().rev().take_while(|(at, _)| *at > end - end / 3);
    let (mut line, mut word) = (None, None);
    for (at, c) in tidy {
        if c == '\n' {
            line.get_or_insert(at);
        } else if c.is_whitespace() {
            word.get_or_insert(at);
        }
    }
    let cut = text[..line.or(word).unwrap_or(end)].trim_end().to_owned();
    Body::from_stored(cut).unwrap_or_else(|| body.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> Body {
        Body::from_stored(text.to_owned()).unwrap()
    }

    /// P-19: for any text, the rest of a folded message is small, and is its beginning.
    #[test]
    fn a_folded_message_is_light_and_begins_as_the_whole() {
        let texts = [
            "a".repeat(20_000),
            "\"".repeat(20_000),
            "&".repeat(20_000),
            "😀".repeat(20_000),
            "word ".repeat(4_000),
            "A line of a log\n".repeat(1_250),
            "http://a.b ".repeat(1_800),
            format!("{}http://a.b/", "x".repeat(19_000)),
            "http://a,".repeat(2_200),
        ];
        for text in texts {
            let cut = beginning(&body(&text));
            assert!(text.starts_with(cut.as_str()) && weight(cut.as_str()) <= FOLDED_TO, "{}", weight(cut.as_str()));
            assert!(cut.as_str().len() > 700, "{}: {}", &text[..20], cut.as_str().len());
        }
    }

    #[test]
    fn a_folded_message_ends_with_a_line_or_a_word() {
        assert!(beginning(&body(&"A line of a log\n".repeat(1_250))).as_str().ends_with("of a log"));
        assert!(beginning(&body(&"word ".repeat(4_000))).as_str().ends_with("word"));
        assert_eq!(beginning(&body(&"a".repeat(20_000))).as_str().len(), FOLDED_TO);
    }
}
