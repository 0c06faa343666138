//! Ratings of answers.

use std::cmp::Reverse;
use std::slice;

use chrono::{DateTime, Utc};
use muticket_core::figures::Period;
use muticket_core::id::{MessageNumber, TicketNumber, UserId};
use muticket_core::rating::{Rating, Score, Tally};
use muticket_core::storage::{RatedAnswer, RatedQuery, Ratings, StorageError};
use muticket_core::ticket::{Message, Role};
use serde::{Deserialize, Serialize};

use crate::json::{Json, rows};
use crate::unit::{JsonUnit, Tables, insert};

#[derive(Serialize, Deserialize)]
#[serde(remote = "Rating")]
struct RatingRow {
    #[serde(with = "Json")]
    ticket: TicketNumber,
    #[serde(with = "Json")]
    message: MessageNumber,
    #[serde(with = "Json")]
    score: Score,
    rated_at: DateTime<Utc>,
}

rows!(Rating as RatingRow);

impl Ratings for JsonUnit {
    fn insert(&mut self, rating: &Rating) -> Result<(), StorageError> {
        let tables = self.change()?;
        tables.must_have_message(rating.ticket, rating.message)?;
        insert(&mut tables.ratings, slice::from_ref(rating), |stored, new| place(stored) == place(new))
    }

    fn update(&mut self, rating: &Rating) -> Result<bool, StorageError> {
        let stored = self.change()?.ratings.iter_mut().find(|stored| place(stored) == place(rating));
        Ok(stored.map(|stored| *stored = rating.clone()).is_some())
    }

    fn find(&mut self, ticket: TicketNumber, message: MessageNumber) -> Result<Option<Rating>, StorageError> {
        Ok(self.tables.ratings.iter().find(|rating| place(rating) == (ticket, message)).cloned())
    }

    fn list(&mut self, ticket: TicketNumber) -> Result<Vec<Rating>, StorageError> {
        let mut own: Vec<_> = self.tables.ratings.iter().filter(|rating| rating.ticket == ticket).cloned().collect();
        own.sort_by_key(|rating| rating.message);
        Ok(own)
    }

    fn tally(&mut self, author: &UserId) -> Result<Tally, StorageError> {
        let mut tally = Tally::new(self.tables.answers(author).count() as u64, [0; 5]);
        for rating in self.tables.ratings_of(author) {
            count(&mut tally.distribution, rating.score);
        }
        Ok(tally)
    }

    fn last_active(&mut self, author: &UserId, until: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StorageError> {
        let written = self.tables.answers(author).map(|message| message.written_at);
        let rated = self.tables.ratings_of(author).map(|rating| rating.rated_at);
        Ok(written.chain(rated).filter(|at| *at <= until).max())
    }

    fn tally_periods(&mut self, author: &UserId, periods: &[Period]) -> Result<Vec<Tally>, StorageError> {
        let tally = |period: &Period| {
            let written = self.tables.answers(author).filter(|message| period.contains(message.written_at));
            let mut tally = Tally::new(written.count() as u64, [0; 5]);
            for rating in self.tables.ratings_of(author).filter(|rating| period.contains(rating.rated_at)) {
                count(&mut tally.distribution, rating.score);
            }
            tally
        };
        Ok(periods.iter().map(tally).collect())
    }

    fn list_by_author(&mut self, query: &RatedQuery) -> Result<Vec<RatedAnswer>, StorageError> {
        let rated = self.tables.ratings_of(&query.author);
        let rated = rated.filter(|rating| query.score.is_none_or(|score| rating.score == score));
        let rated = rated.filter(|rating| query.period.is_none_or(|period| period.contains(rating.rated_at)));
        let with_subject = |rating: &Rating| {
            let ticket = self.tables.tickets.iter().find(|ticket| ticket.number == rating.ticket)?;
            Some(RatedAnswer { rating: rating.clone(), subject: ticket.subject.clone() })
        };
        let mut found: Vec<_> = rated.filter_map(with_subject).collect();
        found.sort_by_key(|answer| Reverse(answer.cursor()));
        found.retain(|answer| query.after.is_none_or(|after| answer.cursor() < after));
        found.truncate(query.limit as usize);
        Ok(found)
    }
}

impl Tables {
    /// The messages that this person wrote as a supporter.
    fn answers(&self, author: &UserId) -> impl Iterator<Item = &Message> {
        self.messages.iter().filter(move |message| message.role == Role::Supporter && message.author == *author)
    }

    /// The customers' ratings of these messages.
    fn ratings_of(&self, author: &UserId) -> impl Iterator<Item = &Rating> {
        self.ratings.iter().filter(|rating| self.answers(author).any(|message| (message.ticket, message.number) == place(rating)))
    }
}

fn place(rating: &Rating) -> (TicketNumber, MessageNumber) {
    (rating.ticket, rating.message)
}

fn count(distribution: &mut [u64; 5], score: Score) {
    for (count, stars) in distribution.iter_mut().zip(Score::ALL) {
        *count += u64::from(stars == score);
    }
}
