//! Compares what is stored with what was sent, and both with what people were told.

use std::collections::{BTreeMap, BTreeSet};

use mail_parser::MessageParser;
use muticket_core::history::Change;
use muticket_core::rating::Rating;
use muticket_core::storage::{Order, OutboxCounts, OverviewQuery, Reach, SortKey, Unit, View};
use muticket_core::ticket::{Message, Role, State, Ticket};
use muticket_core::viewer::Side;
use muticket_core::{MessageNumber, Storage, StorageError};
use muticket_diesel::DieselStorage;
use muticket_test_support::{Received, SmtpServer};

use crate::load::{Log, Told};

/// A ticket with everything that belongs to it.
struct Kept {
    ticket: Ticket,
    messages: Vec<Message>,
    ratings: Vec<Rating>,
    changes: usize,
    reopened: usize,
}

/// Identifies a letter: its ticket, its message and its recipient.
type Name = (i64, u32, String);

/// Reads the database as a third node would.
pub(crate) struct Inspector(DieselStorage);

impl Inspector {
    pub(crate) async fn new(url: &str) -> Self {
        Self(DieselStorage::connect(url).await.unwrap())
    }

    pub(crate) async fn outbox(&self) -> OutboxCounts {
        let storage: &dyn Storage = &self.0;
        storage.run_read(|unit| unit.outbox().count()).await.unwrap()
    }

    async fn tickets(&self) -> Vec<Kept> {
        let storage: &dyn Storage = &self.0;
        storage.run_read(read).await.unwrap()
    }

    /// Asserts that everything is stored completely, and that exactly the right letters were sent. Returns the letters that were sent
    /// twice.
    pub(crate) async fn check(&self, log: &Log, servers: &[SmtpServer; 2]) -> Vec<String> {
        let kept = self.tickets().await;
        assert_eq!(log.defects, BTreeSet::new());
        whole(&kept);
        told(&kept, log);

        let expected: BTreeSet<Name> =
            kept.iter().flat_map(|kept| kept.messages.iter().flat_map(|m| letters(&kept.ticket, m))).collect();
        let mut names: BTreeMap<Name, Vec<(String, String)>> = BTreeMap::new();
        for letter in servers.iter().flat_map(SmtpServer::received) {
            let (name, id, text) = opened(&letter);
            names.entry(name).or_default().push((id, text));
        }
        let sent: BTreeSet<Name> = names.keys().cloned().collect();
        let lost: Vec<_> = expected.difference(&sent).collect();
        assert!(lost.is_empty(), "these letters are lost: {lost:?}");
        let unfounded: Vec<_> = sent.difference(&expected).collect();
        assert!(unfounded.is_empty(), "these letters have no reason: {unfounded:?}");
        let all = OutboxCounts { sent: expected.len() as u64, ..OutboxCounts::default() };
        assert_eq!(self.outbox().await, all, "each letter is in the outbox once, and sent");

        let mut twice = Vec::new();
        for (name, copies) in names {
            assert!(copies.iter().all(|copy| *copy == copies[0]), "not the same letter: {name:?}: {copies:?}");
            twice.extend(copies.into_iter().skip(1).map(|(id, _)| id));
        }
        twice
    }
}

fn read(unit: &mut dyn Unit) -> Result<Vec<Kept>, StorageError> {
    let query =
        OverviewQuery { view: View::of(Reach::All), sort: SortKey::Number, order: Order::Ascending, after: None, limit: 10_000 };
    let mut all = Vec::new();
    for ticket in unit.overviews().list(&query)? {
        let history = unit.histories().list(ticket.number, Side::Desk, None)?;
        all.push(Kept {
            messages: unit.messages().list(ticket.number, None, 10_000)?,
            ratings: unit.ratings().list(ticket.number)?,
            changes: history.len(),
            reopened: history.iter().filter(|entry| entry.change == Change::Reopened).count(),
            ticket,
        });
    }
    Ok(all)
}

/// Asserts that nothing is stored only half, or twice.
fn whole(kept: &[Kept]) {
    let mut texts = BTreeSet::new();
    for Kept { ticket, messages, ratings, changes, .. } in kept {
        let places: Vec<_> = messages.iter().map(|message| message.number.get()).collect();
        let answers = messages.iter().filter(|message| message.role == Role::Supporter).count();
        assert_eq!(places, (1..=ticket.last_message.get()).collect::<Vec<_>>(), "{ticket:?}");
        assert_eq!(answers, ticket.answers as usize, "{ticket:?}");
        assert_eq!(*changes, ticket.version as usize, "{ticket:?}");
        // A rating is not a message, and a changed rating is not another rating: every change is an entry of the history.
        assert!(ratings.len() <= answers, "{ticket:?}");
        assert_eq!(messages[0].body.as_str(), ticket.subject.as_str());
        for message in messages {
            assert!(texts.insert(message.body.as_str()), "stored twice: {message:?}");
        }
    }
}

/// Asserts that everything people were told is stored is stored.
fn told(kept: &[Kept], log: &Log) {
    let find =
        |number: i64| kept.iter().find(|kept| kept.ticket.number.get() == number).unwrap_or_else(|| panic!("#{number} is lost"));
    let stars_given = |ticket: i64, message: u32| {
        let told = log.told.iter().filter_map(|told| match told {
            Told::Rated { ticket, message, stars } => Some((*ticket, *message, *stars)),
            Told::Opened { .. } | Told::Written { .. } | Told::Closed { .. } | Told::Reopened { .. } => None,
        });
        let all = told.chain(log.unclear.iter().copied()).filter(move |given| (given.0, given.1) == (ticket, message));
        all.map(|(_, _, stars)| stars).collect::<Vec<_>>()
    };
    for told in &log.told {
        match told {
            Told::Opened { ticket, text } => assert_eq!(find(*ticket).ticket.subject.as_str(), text),
            Told::Written { ticket, message, text, .. } => {
                let messages = &find(*ticket).messages;
                let written = messages.iter().find(|written| written.number.get() == *message);
                assert_eq!(written.map(|written| written.body.as_str()), Some(text.as_str()), "{told:?}");
            }
            Told::Rated { ticket, message, .. } => {
                let stored = find(*ticket).ratings.iter().find(|rating| rating.message.get() == *message);
                let stars = stored.unwrap_or_else(|| panic!("{told:?} is lost")).score.stars();
                assert!(stars_given(*ticket, *message).contains(&stars), "{told:?}: {stars}");
            }
            // Closing a closed ticket gives the same response as closing an open one, and so does reopening. So only the last state counts.
            Told::Closed { ticket } => {
                let kept = find(*ticket);
                assert!(kept.ticket.state == State::Closed || kept.reopened > 0, "{told:?}");
            }
            Told::Reopened { ticket } => assert!(find(*ticket).reopened > 0, "{told:?}"),
        }
    }
}

/// The letters for a message: a supporter's message goes to the customer, a customer's to both supporters, who are present. The customer
/// has a receipt for the first one.
fn letters(ticket: &Ticket, message: &Message) -> Vec<Name> {
    let readers = match message.role {
        Role::Customer if message.number == MessageNumber::FIRST => vec!["sara", "tom", ticket.customer.as_str()],
        Role::Customer => vec!["sara", "tom"],
        Role::Supporter => vec![ticket.customer.as_str()],
    };
    let name = |reader: &str| (ticket.number.get(), message.number.get(), format!("{reader}@kontor-nord.example"));
    readers.into_iter().map(name).collect()
}

/// What a letter is about, its `Message-ID`, and its text.
fn opened(letter: &Received) -> (Name, String, String) {
    let parsed = MessageParser::default().parse(&letter.message).unwrap();
    let text = parsed.body_text(0).unwrap().into_owned();
    let (_, link) = text.split_once("https://shop.example/support/tickets/").unwrap_or_else(|| panic!("no link in {text}"));
    let link = link.split_whitespace().next().unwrap();
    let (ticket, message) = link.split_once("/messages/").unwrap();
    let [reader] = letter.to.as_slice() else { panic!("{:?}", letter.to) };
    ((ticket.parse().unwrap(), message.parse().unwrap(), reader.clone()), parsed.message_id().unwrap().to_owned(), text)
}
