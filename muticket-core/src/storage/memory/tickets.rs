//! Tickets and their parts.

use std::collections::BTreeSet;
use std::collections::btree_map::Entry;
use std::ops::Bound;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::blob::Digest;
use crate::figures::Period;
use crate::history::HistoryEntry;
use crate::id::{AttachmentId, MessageNumber, Nonce, TicketNumber, UserId};
use crate::rating::{Rating, Score, Tally};
use crate::storage::memory::{MemoryUnit, Tables, at_most};
use crate::storage::{
    AttachmentStore, BEGINNING, HistoryStore, MarkStore, MessageStore, RatedAnswer, RatedQuery, RatingStore, StorageError,
    StorageFault, TicketStore,
};
use crate::ticket::{Attachment, Message, Role, Ticket, UnnumberedTicket};
use crate::viewer::Side;

impl TicketStore for MemoryUnit {
    fn insert(&mut self, ticket: &UnnumberedTicket) -> Result<Ticket, StorageError> {
        let tables = self.change()?;
        if let Some(followed) = ticket.follows {
            tables.must_have_ticket(followed)?;
        }
        let next = tables.last_ticket.checked_add(1).and_then(TicketNumber::new);
        let number = next.ok_or_else(|| StorageError::fault(StorageFault::Other, "there are no numbers left"))?;
        let ticket = ticket.numbered(number);
        tables.last_ticket = number.get();
        tables.tickets.insert(number, ticket.clone());
        Ok(ticket)
    }

    fn find(&mut self, number: TicketNumber) -> Result<Option<Ticket>, StorageError> {
        Ok(self.tables.tickets.get(&number).cloned())
    }

    fn find_customer(&mut self, number: TicketNumber) -> Result<Option<UserId>, StorageError> {
        Ok(self.tables.tickets.get(&number).map(|ticket| ticket.customer.clone()))
    }

    fn list_customers(&mut self, numbers: &[TicketNumber]) -> Result<Vec<(TicketNumber, UserId)>, StorageError> {
        let tickets = numbers.iter().collect::<BTreeSet<_>>().into_iter().filter_map(|number| self.tables.tickets.get(number));
        Ok(tickets.map(|ticket| (ticket.number, ticket.customer.clone())).collect())
    }

    fn update(&mut self, ticket: &Ticket) -> Result<(), StorageError> {
        match self.change()?.tickets.get_mut(&ticket.number) {
            Some(stored) if ticket.version.checked_sub(1) == Some(stored.version) => {
                // Fields fixed at the opening keep their stored value. The followed ticket may have been deleted since the
                // caller read it.
                stored.category = ticket.category.clone();
                stored.state = ticket.state;
                stored.closed_by = ticket.closed_by.clone();
                stored.last_message = ticket.last_message;
                stored.answers = ticket.answers;
                stored.last_role = ticket.last_role;
                stored.last_supporter = ticket.last_supporter.clone();
                stored.last_activity_at = ticket.last_activity_at;
                stored.version = ticket.version;
                stored.assignee = ticket.assignee.clone();
                stored.priority = ticket.priority;
                stored.last_note = ticket.last_note;
                Ok(())
            }
            Some(_) | None => Err(StorageError::Stale),
        }
    }

    fn delete(&mut self, number: TicketNumber) -> Result<bool, StorageError> {
        let tables = self.change()?;
        let existed = tables.tickets.remove(&number).is_some();
        tables.messages.retain(|(ticket, _), _| *ticket != number);
        tables.attachments.retain(|_, attachment| attachment.ticket != number);
        tables.notes.retain(|(ticket, _), _| *ticket != number);
        tables.note_files.retain(|_, file| file.ticket != number);
        tables.open_pages.retain(|(ticket, _), _| *ticket != number);
        tables.labels_on_tickets.retain(|(ticket, _)| *ticket != number);
        tables.ratings.retain(|(ticket, _), _| *ticket != number);
        tables.first_answers.remove(&number);
        tables.histories.retain(|(ticket, _), _| *ticket != number);
        tables.marks.retain(|(ticket, _), _| *ticket != number);
        tables.letters.retain(|_, letter| letter.ticket != Some(number));
        tables.incoming.retain(|_, letter| letter.ticket != Some(number));
        for ticket in tables.tickets.values_mut().filter(|ticket| ticket.follows == Some(number)) {
            ticket.follows = None;
        }
        Ok(existed)
    }
}

impl MessageStore for MemoryUnit {
    fn insert(&mut self, message: &Message) -> Result<(), StorageError> {
        let tables = self.change()?;
        tables.must_have_ticket(message.ticket)?;
        let nonce_taken = message.nonce.is_some() && tables.messages.values().any(|stored| stored.nonce == message.nonce);
        match tables.messages.entry((message.ticket, message.number)) {
            Entry::Vacant(place) if !nonce_taken => {
                place.insert(message.clone());
                Ok(())
            }
            Entry::Vacant(_) | Entry::Occupied(_) => Err(StorageError::Duplicate),
        }
    }

    fn find(&mut self, ticket: TicketNumber, number: MessageNumber) -> Result<Option<Message>, StorageError> {
        Ok(self.tables.messages.get(&(ticket, number)).cloned())
    }

    fn find_by_nonce(&mut self, nonce: Nonce) -> Result<Option<Message>, StorageError> {
        Ok(self.tables.messages.values().find(|message| message.nonce == Some(nonce)).cloned())
    }

    fn list(&mut self, ticket: TicketNumber, after: Option<MessageNumber>, limit: u32) -> Result<Vec<Message>, StorageError> {
        let from = match after {
            Some(number) => Bound::Excluded((ticket, number)),
            None => Bound::Included((ticket, MessageNumber::FIRST)),
        };
        let rest = self.tables.messages.range((from, Bound::Unbounded));
        let own = rest.take_while(|((owner, _), _)| *owner == ticket);
        Ok(own.take(at_most(limit)).map(|(_, message)| message.clone()).collect())
    }

    fn beginnings(&mut self, places: &[(TicketNumber, MessageNumber)]) -> Result<Vec<(TicketNumber, String)>, StorageError> {
        let places: BTreeSet<_> = places.iter().collect();
        let found = places.into_iter().filter_map(|place| self.tables.messages.get(place));
        Ok(found.map(|message| (message.ticket, message.body.as_str().chars().take(BEGINNING).collect())).collect())
    }
}

impl AttachmentStore for MemoryUnit {
    fn insert(&mut self, attachments: &[Attachment]) -> Result<(), StorageError> {
        let tables = self.change()?;
        let mut ids: BTreeSet<_> = tables.attachments.keys().copied().collect();
        let mut keys: BTreeSet<_> = tables.attachments.values().map(|stored| stored.key.clone()).collect();
        for attachment in attachments {
            tables.must_have_message(attachment.ticket, attachment.message)?;
            if !ids.insert(attachment.id) || !keys.insert(attachment.key.clone()) {
                return Err(StorageError::Duplicate);
            }
        }
        tables.attachments.extend(attachments.iter().map(|attachment| (attachment.id, attachment.clone())));
        Ok(())
    }

    fn find(&mut self, id: AttachmentId) -> Result<Option<Attachment>, StorageError> {
        Ok(self.tables.attachments.get(&id).cloned())
    }

    fn list(&mut self, ticket: TicketNumber) -> Result<Vec<Attachment>, StorageError> {
        let own = self.tables.attachments.values().filter(|attachment| attachment.ticket == ticket);
        let mut own: Vec<_> = own.cloned().collect();
        own.sort_by_key(|attachment| (attachment.message, attachment.id));
        Ok(own)
    }

    fn without_digest(&mut self, after: Option<AttachmentId>, limit: u32) -> Result<Vec<Attachment>, StorageError> {
        let without = self.tables.attachments.values().filter(|file| file.digest.is_none() && Some(file.id) > after);
        Ok(without.take(at_most(limit)).cloned().collect())
    }

    fn set_digest(&mut self, id: AttachmentId, digest: &Digest) -> Result<bool, StorageError> {
        let file = self.change()?.attachments.get_mut(&id).filter(|file| file.digest.is_none());
        Ok(file.map(|file| file.digest = Some(*digest)).is_some())
    }
}

impl RatingStore for MemoryUnit {
    fn insert(&mut self, rating: &Rating) -> Result<(), StorageError> {
        let tables = self.change()?;
        tables.must_have_message(rating.ticket, rating.message)?;
        match tables.ratings.entry((rating.ticket, rating.message)) {
            Entry::Occupied(_) => Err(StorageError::Duplicate),
            Entry::Vacant(place) => {
                place.insert(rating.clone());
                Ok(())
            }
        }
    }

    fn update(&mut self, rating: &Rating) -> Result<bool, StorageError> {
        let stored = self.change()?.ratings.get_mut(&(rating.ticket, rating.message));
        Ok(stored.map(|stored| *stored = rating.clone()).is_some())
    }

    fn find(&mut self, ticket: TicketNumber, message: MessageNumber) -> Result<Option<Rating>, StorageError> {
        Ok(self.tables.ratings.get(&(ticket, message)).cloned())
    }

    fn list(&mut self, ticket: TicketNumber) -> Result<Vec<Rating>, StorageError> {
        Ok(self.tables.ratings.values().filter(|rating| rating.ticket == ticket).cloned().collect())
    }

    fn tally(&mut self, author: &UserId) -> Result<Tally, StorageError> {
        let mut tally = Tally { answers: self.tables.answers_of(author).count() as u64, ..Tally::default() };
        for rating in self.tables.ratings_of(author) {
            count(&mut tally.distribution, rating.score);
        }
        Ok(tally)
    }

    fn given_by(&mut self, customer: &UserId) -> Result<[u64; 5], StorageError> {
        let is_theirs = |ticket: &TicketNumber| self.tables.tickets.get(ticket).is_some_and(|found| found.customer == *customer);
        let mut given = [0; 5];
        for rating in self.tables.ratings.values().filter(|rating| is_theirs(&rating.ticket)) {
            count(&mut given, rating.score);
        }
        Ok(given)
    }

    fn last_active(&mut self, author: &UserId, until: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StorageError> {
        let written = self.tables.answers_of(author).map(|message| message.written_at);
        let rated = self.tables.ratings_of(author).map(|rating| rating.rated_at);
        Ok(written.chain(rated).filter(|at| *at <= until).max())
    }

    fn tally_periods(&mut self, author: &UserId, periods: &[Period]) -> Result<Vec<Tally>, StorageError> {
        let tally = |period: &Period| {
            let written = self.tables.answers_of(author).filter(|message| period.contains(message.written_at));
            let mut tally = Tally { answers: written.count() as u64, ..Tally::default() };
            for rating in self.tables.ratings_of(author).filter(|rating| period.contains(rating.rated_at)) {
                count(&mut tally.distribution, rating.score);
            }
            tally
        };
        Ok(periods.iter().map(tally).collect())
    }

    fn list_by_author(&mut self, query: &RatedQuery) -> Result<Vec<RatedAnswer>, StorageError> {
        let tables = Arc::clone(&self.tables);
        let asked = |rating: &&Rating| {
            query.score.is_none_or(|score| rating.score == score)
                && query.period.is_none_or(|period| period.contains(rating.rated_at))
        };
        let with_subject = |rating: &Rating| {
            let ticket = tables.tickets.get(&rating.ticket)?;
            Some(RatedAnswer { rating: rating.clone(), subject: ticket.subject.clone() })
        };
        let mut rated: Vec<_> = tables.ratings_of(&query.author).filter(asked).filter_map(with_subject).collect();
        rated.sort_by_key(|answer| std::cmp::Reverse(answer.cursor()));
        rated.retain(|answer| query.after.is_none_or(|after| answer.cursor() < after));
        rated.truncate(at_most(query.limit));
        Ok(rated)
    }
}

impl Tables {
    /// The messages that the user wrote as a supporter.
    fn answers_of(&self, author: &UserId) -> impl Iterator<Item = &Message> {
        self.messages.values().filter(move |message| message.role == Role::Supporter && message.author == *author)
    }

    /// The ratings of these messages.
    fn ratings_of(&self, author: &UserId) -> impl Iterator<Item = &Rating> {
        self.answers_of(author).filter_map(|message| self.ratings.get(&(message.ticket, message.number)))
    }
}

fn count(distribution: &mut [u64; 5], score: Score) {
    for (count, stars) in distribution.iter_mut().zip(Score::ALL) {
        *count = count.saturating_add(u64::from(stars == score));
    }
}

impl HistoryStore for MemoryUnit {
    fn insert(&mut self, entry: &HistoryEntry) -> Result<(), StorageError> {
        let tables = self.change()?;
        tables.must_have_ticket(entry.ticket)?;
        match tables.histories.entry((entry.ticket, entry.version)) {
            Entry::Occupied(_) => Err(StorageError::Duplicate),
            Entry::Vacant(place) => {
                place.insert(entry.clone());
                Ok(())
            }
        }
    }

    fn list(&mut self, ticket: TicketNumber, side: Side, after: Option<u32>) -> Result<Vec<HistoryEntry>, StorageError> {
        let entries = self.tables.histories.values().filter(|entry| entry.ticket == ticket && entry.change.is_for(side));
        Ok(entries.filter(|entry| after.is_none_or(|after| entry.version > after)).cloned().collect())
    }
}

impl MarkStore for MemoryUnit {
    fn mark(&mut self, user: &UserId, ticket: TicketNumber, message: MessageNumber) -> Result<(), StorageError> {
        let tables = self.change()?;
        tables.must_have_ticket(ticket)?;
        let mark = tables.marks.entry((ticket, user.clone())).or_insert(message);
        *mark = message.max(*mark);
        Ok(())
    }

    fn list(&mut self, user: &UserId, tickets: &[TicketNumber]) -> Result<Vec<(TicketNumber, MessageNumber)>, StorageError> {
        let wanted: BTreeSet<_> = tickets.iter().copied().collect();
        let mark = |ticket| Some((ticket, *self.tables.marks.get(&(ticket, user.clone()))?));
        Ok(wanted.into_iter().filter_map(mark).collect())
    }
}
