//! Defects of ratings, first answers and their figures.

use chrono::{DateTime, TimeDelta, Utc};
use muticket_core::figures::{FirstAnswer, Month, Period, WaitTally};
use muticket_core::id::{MessageNumber, TicketNumber, UserId};
use muticket_core::rating::{Rating, Tally};
use muticket_core::storage::{
    AnswerCursor, AnsweredTicket, FirstAnswerQuery, FirstAnswerStore, RatedAnswer, RatedQuery, RatingStore, StorageError,
};
use muticket_core::time_zone::TimeZone;

use crate::defect::Defect;
use crate::store::{Twisted, cut, taken};

fn all_of(author: &UserId) -> RatedQuery {
    RatedQuery { author: author.clone(), score: None, period: None, after: None, limit: 1000 }
}

/// The place after all entries with the same instant.
fn by_time_alone(cursor: AnswerCursor) -> AnswerCursor {
    AnswerCursor { ticket: TicketNumber::new(1).expect("it is positive"), message: MessageNumber::FIRST, ..cursor }
}

impl RatingStore for Twisted<'_> {
    fn insert(&mut self, rating: &Rating) -> Result<(), StorageError> {
        let mut new = rating.clone();
        if self.has(Defect::DropsMicrosecondsOfRatings) {
            new.rated_at = cut(rating.rated_at);
        }
        let again = new.clone();
        self.outlives(Defect::RatingsOutliveTheirUnit, move |unit| unit.ratings().insert(&again));
        let result = self.poisoned(Defect::IsPoisonedByDuplicateRatings, |unit| unit.ratings().insert(&new));
        if self.has(Defect::TakesRatingsTwice) { taken(result) } else { result }
    }

    fn update(&mut self, rating: &Rating) -> Result<bool, StorageError> {
        self.unit.ratings().update(rating)
    }

    fn find(&mut self, ticket: TicketNumber, message: MessageNumber) -> Result<Option<Rating>, StorageError> {
        self.unit.ratings().find(ticket, message)
    }

    fn list(&mut self, ticket: TicketNumber) -> Result<Vec<Rating>, StorageError> {
        self.unit.ratings().list(ticket)
    }

    fn tally(&mut self, author: &UserId) -> Result<Tally, StorageError> {
        let mut tally = self.unit.ratings().tally(author)?;
        if self.has(Defect::TalliesTheNamesake) {
            let namesake = author.as_str().replace('s', "S");
            tally.answers += self.unit.ratings().tally(&UserId::new(namesake))?.answers;
        }
        Ok(tally)
    }

    fn given_by(&mut self, customer: &UserId) -> Result<[u64; 5], StorageError> {
        let given = self.unit.ratings().given_by(customer)?;
        Ok(if self.has(Defect::CountsGivenRatingsOfOneTicket) { given.map(|count| count.min(1)) } else { given })
    }

    fn last_active(&mut self, author: &UserId, until: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StorageError> {
        let rated = self.unit.ratings().list_by_author(&all_of(author))?;
        let until = if self.has(Defect::HasNoEyeForTheFuture) { until + TimeDelta::days(100) } else { until };
        let last = self.unit.ratings().last_active(author, until)?;
        let is_of_a_rating = rated.first().is_some_and(|answer| Some(answer.rating.rated_at) == last);
        Ok(last.filter(|_| !(is_of_a_rating && self.has(Defect::TakesNoRatingForActivity))))
    }

    fn tally_periods(&mut self, author: &UserId, periods: &[Period]) -> Result<Vec<Tally>, StorageError> {
        let of_utc = |period: &Period| Month::of(period.begins + TimeDelta::days(10), TimeZone::UTC).period(TimeZone::UTC);
        let asked: Vec<Period> = match self.has(Defect::TakesMonthsOfUtc) {
            true => periods.iter().map(of_utc).collect(),
            false => periods.to_vec(),
        };
        let mut tallies = self.unit.ratings().tally_periods(author, &asked)?;
        match self.store.defect {
            Defect::CountsRatingsWhenAnswersWereWritten => {
                let moved =
                    tallies.iter_mut().filter(|tally| tally.answers == 0).map(|tally| std::mem::take(&mut tally.distribution));
                let moved: Vec<_> = moved.collect();
                if let (Some(tally), Some(distribution)) = (tallies.first_mut(), moved.last()) {
                    tally.distribution = *distribution;
                }
            }
            Defect::LeavesOutPeriodsWithoutAnything => tallies.retain(|tally| *tally != Tally::default()),
            _ => {}
        }
        Ok(tallies)
    }

    fn list_by_author(&mut self, query: &RatedQuery) -> Result<Vec<RatedAnswer>, StorageError> {
        let mut asked = query.clone();
        match self.store.defect {
            Defect::IgnoresStars => asked.score = None,
            Defect::IgnoresPeriods => asked.period = None,
            Defect::PagesRatedAnswersByTimeAlone => asked.after = query.after.map(by_time_alone),
            _ => {}
        }
        let mut rated = self.unit.ratings().list_by_author(&asked)?;
        match (self.store.defect, query.period) {
            (Defect::ListsRatingsOldestFirst, _) => rated.reverse(),
            (Defect::EndsPeriodsASecondEarly, Some(period)) => {
                rated.retain(|answer| answer.rating.rated_at <= period.ends - TimeDelta::seconds(1));
            }
            _ => {}
        }
        Ok(rated)
    }
}

impl FirstAnswerStore for Twisted<'_> {
    fn insert(&mut self, first: &FirstAnswer) -> Result<(), StorageError> {
        let mut new = first.clone();
        match self.store.defect {
            Defect::DropsMicrosecondsOfFirstAnswers => new.answered_at = cut(first.answered_at),
            Defect::KeepsSmallWaitsOnly => new.seconds = first.seconds.min(u64::from(u32::MAX)),
            _ => {}
        }
        let again = new.clone();
        self.outlives(Defect::FirstAnswersOutliveTheirUnit, move |unit| unit.first_answers().insert(&again));
        match self.poisoned(Defect::IsPoisonedByDuplicateFirstAnswers, |unit| unit.first_answers().insert(&new)) {
            Err(StorageError::Failed { .. }) if self.has(Defect::TakesFirstAnswersOfNothing) => Ok(()),
            result if self.has(Defect::TakesFirstAnswersTwice) => taken(result),
            result => result,
        }
    }

    fn tally(&mut self, author: &UserId, until: DateTime<Utc>) -> Result<WaitTally, StorageError> {
        let until = if self.has(Defect::CountsWaitsOfTheFuture) { DateTime::<Utc>::MAX_UTC } else { until };
        let mut tally = self.unit.first_answers().tally(author, until)?;
        match self.store.defect {
            Defect::TakesTheUpperMedian if tally.answers() % 2 == 0 => tally.median = tally.median.map(|median| median + 1),
            Defect::CountsEdgesInTheNextRange if tally.counts[0] > 1 => {
                tally.counts[0] -= 1;
                tally.counts[1] += 1;
            }
            Defect::LeavesFirstAnswersBehind if self.store.remains().deleted.is_some() => tally.counts[0] += 1,
            _ => {}
        }
        Ok(tally)
    }

    fn list(&mut self, query: &FirstAnswerQuery) -> Result<Vec<AnsweredTicket>, StorageError> {
        let mut asked = query.clone();
        match self.store.defect {
            Defect::IgnoresWaits => asked.wait = None,
            Defect::PagesFirstAnswersByTimeAlone => asked.after = query.after.map(by_time_alone),
            _ => {}
        }
        self.unit.first_answers().list(&asked)
    }
}
