//! Ratings, at most one per answer.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{count_star, max};
use diesel::prelude::*;
use muticket_core::figures::Period;
use muticket_core::id::{MessageNumber, TicketNumber, UserId};
use muticket_core::rating::{Rating, Score, Tally};
use muticket_core::storage::{Damage, RatedAnswer, RatedQuery, RatingStore, StorageError, StorageFault};
use muticket_core::ticket::{Role, Subject};

use super::damages::StoredRow;
use super::values::{Column, MaybeInvalid, column_of};
use super::{Db, DieselUnit, dialect, insert};
use crate::fragment::{WithLimit, WithOffset, grouped, place_in};
use crate::schema::{message, rating, ticket};

const TABLE: &str = "muticket_rating";
const MESSAGE: &str = "muticket_message";
/// How many rows are searched for the newest one that can be read.
const NEAR: u32 = 100;
const TICKET: &str = super::tickets::TABLE;

#[derive(Queryable, Selectable)]
#[diesel(table_name = rating, check_for_backend(Db))]
struct RatingRow {
    ticket: i64,
    message: i64,
    score: i64,
    rated_at: MaybeInvalid<NaiveDateTime>,
}

impl StoredRow for RatingRow {
    type Value = Rating;
    const TABLE: &'static str = TABLE;

    fn numbers(&self) -> [Option<i64>; 2] {
        [Some(self.ticket), Some(self.message)]
    }

    fn at(&self) -> Option<DateTime<Utc>> {
        self.rated_at.instant()
    }

    fn read(self) -> Result<Rating, StorageError> {
        let column = |name| Column(TABLE, name);
        Ok(Rating {
            ticket: column("ticket").ticket(self.ticket)?,
            message: column("message").message(self.message)?,
            score: score(self.score)?,
            rated_at: column("rated_at").instant(&self.rated_at)?,
        })
    }
}

fn score(stars: i64) -> Result<Score, StorageError> {
    Column(TABLE, "score").read(u8::try_from(stars).ok().and_then(Score::new), stars)
}

impl RatingStore for DieselUnit<'_> {
    fn insert(&mut self, rating: &Rating) -> Result<(), StorageError> {
        let answer = (rating.ticket.get(), i64::from(rating.message.get()));
        let query = message::table.find(answer).select((message::author, message::role));
        let written: Option<(String, String)> = self.run(TABLE, |conn| query.get_result(conn).optional())?;
        let Some((author, role)) = written else {
            return Err(StorageError::fault(StorageFault::Other, "the rated message does not exist"));
        };
        let author = (role == Role::Supporter.as_str()).then_some(author);
        let new = diesel::insert_into(rating::table).values((
            rating::ticket.eq(answer.0),
            rating::message.eq(answer.1),
            rating::score.eq(i64::from(rating.score.stars())),
            rating::rated_at.eq(column_of(rating.rated_at)),
            rating::author.eq(author),
        ));
        self.try_to_change(TABLE, |conn| insert(conn, new))?;
        Ok(())
    }

    fn update(&mut self, rating: &Rating) -> Result<bool, StorageError> {
        let stored = rating::table.find((rating.ticket.get(), i64::from(rating.message.get())));
        let update = diesel::update(stored)
            .set((rating::score.eq(i64::from(rating.score.stars())), rating::rated_at.eq(column_of(rating.rated_at))));
        Ok(self.change(TABLE, |conn| update.execute(conn))? > 0)
    }

    fn find(&mut self, ticket: TicketNumber, message: MessageNumber) -> Result<Option<Rating>, StorageError> {
        let query = rating::table.find((ticket.get(), i64::from(message.get()))).select(RatingRow::as_select());
        let row = self.run(TABLE, |conn| query.get_result(conn).optional())?;
        row.map(RatingRow::read).transpose()
    }

    fn list(&mut self, ticket: TicketNumber) -> Result<Vec<Rating>, StorageError> {
        let of_ticket = rating::table.filter(rating::ticket.eq(ticket.get()));
        let query = of_ticket.order(rating::message).select(RatingRow::as_select());
        let rows = self.run(TABLE, |conn| query.load(conn))?;
        Ok(self.readable(rows))
    }

    fn tally(&mut self, author: &UserId) -> Result<Tally, StorageError> {
        let answer = message::author.eq(author.as_str()).and(message::role.eq(Role::Supporter.as_str()));
        let answers: i64 = self.run(TABLE, |conn| message::table.filter(answer).count().get_result(conn))?;
        let query = rating::table
            .filter(rating::author.eq(author.as_str()))
            .group_by(rating::score)
            .select((rating::score, count_star()));
        let counted: Vec<(i64, i64)> = self.run(TABLE, |conn| query.load(conn))?;

        Ok(Tally::new(Column(TABLE, "count").size(answers)?, self.distribution(counted)?))
    }

    fn given_by(&mut self, customer: &UserId) -> Result<[u64; 5], StorageError> {
        let query = ticket::table
            .inner_join(rating::table.on(rating::ticket.eq(ticket::number)))
            .filter(ticket::customer.eq(customer.as_str()))
            .group_by(rating::score)
            .select((rating::score, count_star()));
        let counted: Vec<(i64, i64)> = self.run(TABLE, |conn| query.load(conn))?;
        self.distribution(counted)
    }

    fn last_active(&mut self, author: &UserId, until: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StorageError> {
        let until = column_of(until);
        let answer = message::author.eq(author.as_str()).and(message::role.eq(Role::Supporter.as_str()));
        let query = message::table.filter(answer).filter(message::written_at.le(until)).select(max(message::written_at));
        let written: Option<MaybeInvalid<NaiveDateTime>> = self.run(MESSAGE, |conn| query.get_result(conn))?;
        let written = match written.map(|last| Column(MESSAGE, "written_at").instant(&last)).transpose() {
            Ok(written) => written,
            // Finds the last row that can be read, if it is near.
            Err(error) => {
                self.ok_or_note::<()>(MESSAGE, Err(error));
                let newest =
                    message::table.filter(answer).filter(message::written_at.le(until)).order(message::written_at.desc());
                let newest = WithLimit(newest.select(message::written_at), NEAR);
                let newest: Vec<MaybeInvalid<NaiveDateTime>> = self.run(MESSAGE, |conn| newest.load(conn))?;
                newest.iter().find_map(MaybeInvalid::instant)
            }
        };
        let rated = rating::table.filter(rating::author.eq(author.as_str())).filter(rating::rated_at.le(until));
        let query = rated.select(max(rating::rated_at));
        let last: Option<MaybeInvalid<NaiveDateTime>> = self.run(TABLE, |conn| query.get_result(conn))?;
        let rated = match last.map(|last| Column(TABLE, "rated_at").instant(&last)).transpose() {
            Ok(rated) => rated,
            Err(error) => {
                self.ok_or_note::<()>(TABLE, Err(error));
                let newest = WithLimit(rated.order(rating::rated_at.desc()).select(rating::rated_at), NEAR);
                let newest: Vec<MaybeInvalid<NaiveDateTime>> = self.run(TABLE, |conn| newest.load(conn))?;
                newest.iter().find_map(MaybeInvalid::instant)
            }
        };
        Ok(written.max(rated))
    }

    fn tally_periods(&mut self, author: &UserId, periods: &[Period]) -> Result<Vec<Tally>, StorageError> {
        let mut tallies = vec![Tally::default(); periods.len()];
        let (Some(first), Some(last)) =
            (periods.iter().map(|period| period.begins).min(), periods.iter().map(|period| period.ends).max())
        else {
            return Ok(tallies);
        };
        let (first, last) = (column_of(first), column_of(last));
        let bounds: Vec<_> = periods.iter().map(|period| (column_of(period.begins), column_of(period.ends))).collect();
        let written = || place_in(&bounds, "written_at", dialect::WHOLE);
        let query = message::table
            .filter(message::author.eq(author.as_str()))
            .filter(message::role.eq(Role::Supporter.as_str()))
            .filter(message::written_at.between(first, last))
            .group_by(written())
            .select((written(), count_star()));
        let answers: Vec<(i64, i64)> = self.run(TABLE, |conn| query.load(conn))?;
        let rated = || place_in(&bounds, "rated_at", dialect::WHOLE);
        let query = rating::table
            .filter(rating::author.eq(author.as_str()))
            .filter(rating::rated_at.between(first, last))
            .group_by((rated(), grouped("score")))
            .select((rated(), grouped("score"), count_star()));
        let ratings: Vec<(i64, i64, i64)> = self.run(TABLE, |conn| query.load(conn))?;

        let count = Column(TABLE, "count");
        for (place, answers) in answers {
            if let Some(tally) = at(&mut tallies, place) {
                tally.answers = count.size(answers)?;
            }
        }
        for (place, stars, ratings) in ratings {
            if let Some(tally) = at(&mut tallies, place)
                && let Some(place) = self.ok_or_note(TABLE, of_score(&mut tally.distribution, stars))
            {
                *place = count.size(ratings)?;
            }
        }
        Ok(tallies)
    }

    fn list_by_author(&mut self, query: &RatedQuery) -> Result<Vec<RatedAnswer>, StorageError> {
        let rated = || {
            let mut rated = rating::table
                .inner_join(ticket::table.on(ticket::number.eq(rating::ticket)))
                .filter(rating::author.eq(query.author.as_str()))
                .order((rating::rated_at.desc(), rating::ticket.desc(), rating::message.desc()))
                .select((RatingRow::as_select(), ticket::subject))
                .into_boxed();
            if let Some(score) = query.score {
                rated = rated.filter(rating::score.eq(i64::from(score.stars())));
            }
            if let Some(period) = query.period {
                rated = rated.filter(rating::rated_at.between(column_of(period.begins), column_of(period.ends)));
            }
            if let Some(after) = query.after {
                let (then, number, place) = (column_of(after.at), after.ticket.get(), i64::from(after.message.get()));
                let earlier_message = rating::ticket.eq(number).and(rating::message.lt(place));
                let earlier = rating::rated_at.lt(then).or(rating::ticket.lt(number)).or(earlier_message);
                // The first condition is redundant, but lets an index be used.
                rated = rated.filter(rating::rated_at.le(then)).filter(earlier);
            }
            rated
        };
        let load = |unit: &mut Self, skip| unit.run(TABLE, |conn| WithOffset(WithLimit(rated(), query.limit), skip).load(conn));
        let rows: Vec<(RatingRow, MaybeInvalid<String>)> =
            self.placed(query.limit, |(row, _): &(RatingRow, _)| row.is_placed(), load)?;
        let read = |(row, subject): (RatingRow, MaybeInvalid<String>)| {
            let rating = self.read_or_note(row)?;
            let subject = Column(TICKET, "subject").read(subject.ok().and_then(Subject::from_stored), rating.ticket);
            let damage = Damage::in_table(TICKET).of_ticket(Some(rating.ticket)).of_message(Some(rating.message));
            Some(RatedAnswer { subject: self.ok_or_note_as(damage.at(Some(rating.rated_at)), subject)?, rating })
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }
}

impl DieselUnit<'_> {
    /// The numbers of ratings by stars, from pairs of both. Stars that no rating can have are noted as damage.
    fn distribution(&mut self, counted: Vec<(i64, i64)>) -> Result<[u64; 5], StorageError> {
        let mut distribution = [0; 5];
        for (stars, ratings) in counted {
            if let Some(place) = self.ok_or_note(TABLE, of_score(&mut distribution, stars)) {
                *place = Column(TABLE, "count").size(ratings)?;
            }
        }
        Ok(distribution)
    }
}

/// The entry of a distribution for a number of stars.
fn of_score(distribution: &mut [u64; 5], stars: i64) -> Result<&mut u64, StorageError> {
    let index = usize::from(score(stars)?.stars().saturating_sub(1));
    Column(TABLE, "score").read(distribution.get_mut(index), stars)
}

/// The figures of a period, by its index; `None` if the index is of no period.
fn at(tallies: &mut [Tally], place: i64) -> Option<&mut Tally> {
    tallies.get_mut(usize::try_from(place).ok()?)
}
