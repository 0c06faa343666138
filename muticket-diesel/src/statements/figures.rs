//! First answers.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use muticket_core::figures::{FirstAnswer, Wait, WaitTally};
use muticket_core::id::UserId;
use muticket_core::storage::{AnsweredTicket, Damage, FirstAnswerQuery, FirstAnswerStore, StorageError};
use muticket_core::ticket::Subject;

use super::damages::StoredRow;
use super::values::{Column, MaybeInvalid, column_of, column_of_size};
use super::{Db, DieselUnit, dialect, insert};
use crate::fragment::{CountedRanges, WithLimit, WithOffset};
use crate::schema::{first_answer, ticket};

const TABLE: &str = "muticket_first_answer";
const TICKET: &str = super::tickets::TABLE;

#[derive(Queryable, Selectable)]
#[diesel(table_name = first_answer, check_for_backend(Db))]
struct FirstAnswerRow {
    ticket: i64,
    message: i64,
    author: MaybeInvalid<String>,
    answered_at: MaybeInvalid<NaiveDateTime>,
    seconds: i64,
}

impl StoredRow for FirstAnswerRow {
    type Value = FirstAnswer;
    const TABLE: &'static str = TABLE;

    fn numbers(&self) -> [Option<i64>; 2] {
        [Some(self.ticket), Some(self.message)]
    }

    fn at(&self) -> Option<DateTime<Utc>> {
        self.answered_at.instant()
    }

    fn read(self) -> Result<FirstAnswer, StorageError> {
        let column = |name| Column(TABLE, name);
        Ok(FirstAnswer {
            ticket: column("ticket").ticket(self.ticket)?,
            message: column("message").message(self.message)?,
            author: UserId::new(column("author").string(self.author)?),
            answered_at: column("answered_at").instant(&self.answered_at)?,
            seconds: column("seconds").size(self.seconds)?,
        })
    }
}

impl FirstAnswerStore for DieselUnit<'_> {
    fn insert(&mut self, first: &FirstAnswer) -> Result<(), StorageError> {
        let new = diesel::insert_into(first_answer::table).values((
            first_answer::ticket.eq(first.ticket.get()),
            first_answer::message.eq(i64::from(first.message.get())),
            first_answer::author.eq(first.author.as_str()),
            first_answer::answered_at.eq(column_of(first.answered_at)),
            first_answer::seconds.eq(column_of_size(first.seconds)?),
        ));
        self.try_to_change(TABLE, |conn| insert(conn, new))?;
        Ok(())
    }

    fn tally(&mut self, author: &UserId, until: DateTime<Utc>) -> Result<WaitTally, StorageError> {
        let mut tally = WaitTally::default();
        let of_author = || first_answer::table.filter(first_answer::author.eq(author.as_str()));
        // There are nearly always none. Then an index alone contains everything that is counted.
        let later = of_author().filter(first_answer::answered_at.gt(column_of(until))).select(first_answer::ticket);
        let later: Option<i64> = self.run(TABLE, |conn| WithLimit(later, 1).get_result(conn).optional())?;
        let of_author = || match later {
            None => of_author().into_boxed(),
            Some(_) => of_author().filter(first_answer::answered_at.le(column_of(until))).into_boxed(),
        };
        let ends = Wait::ALL.map(|wait| *wait.seconds().end());
        let query = CountedRanges::of(of_author().select(first_answer::seconds), "seconds", &ends, dialect::WHOLE);
        let counted: Vec<(i64, i64, i64)> = self.run(TABLE, |conn| query.load(conn))?;
        let size = |number| Column(TABLE, "seconds").size(number);
        for (range, count, seconds) in counted {
            let index = usize::try_from(range).map_err(|_| Column(TABLE, "seconds").corrupt(range));
            let Some(index) = self.ok_or_note(TABLE, index) else { continue };
            if let Some(place) = tally.counts.get_mut(index) {
                *place = size(count)?;
            }
            tally.seconds = tally.seconds.saturating_add(size(seconds)?);
        }
        let Some(middle) = tally.answers().checked_sub(1).map(|last| last / 2) else { return Ok(tally) };
        let in_order = of_author().filter(first_answer::seconds.ge(0)).order(first_answer::seconds).select(first_answer::seconds);
        #[expect(
            clippy::disallowed_methods,
            reason = "the place is another each time: planning anew costs less than a statement for each"
        )]
        let query = in_order.limit(1).offset(column_of_size(middle)?);
        let median: Option<i64> = self.run(TABLE, |conn| query.get_result(conn).optional())?;
        tally.median = median.map(size).transpose()?;
        Ok(tally)
    }

    fn list(&mut self, query: &FirstAnswerQuery) -> Result<Vec<AnsweredTicket>, StorageError> {
        let (at, number) = (first_answer::answered_at, first_answer::ticket);
        let seconds = |wait: Wait| -> Result<(i64, i64), StorageError> {
            Ok((column_of_size(*wait.seconds().start())?, column_of_size(*wait.seconds().end())?))
        };
        let wait = query.wait.map(seconds).transpose()?;
        let answers = || {
            let mut answers = first_answer::table
                .inner_join(ticket::table.on(ticket::number.eq(number)))
                .filter(first_answer::author.eq(query.author.as_str()))
                .order((at.desc(), number.desc()))
                .select((FirstAnswerRow::as_select(), ticket::subject, ticket::opened_at))
                .into_boxed();
            if let Some((least, most)) = wait {
                answers = answers.filter(first_answer::seconds.between(least, most));
            }
            if let Some(after) = query.after {
                let (then, last) = (column_of(after.at), after.ticket.get());
                // The first condition is redundant, but lets an index be used.
                answers = answers.filter(at.le(then)).filter(at.lt(then).or(number.lt(last)));
            }
            answers
        };
        type Row = (FirstAnswerRow, MaybeInvalid<String>, MaybeInvalid<NaiveDateTime>);
        let load = |unit: &mut Self, skip| unit.run(TABLE, |conn| WithOffset(WithLimit(answers(), query.limit), skip).load(conn));
        let rows: Vec<Row> = self.placed(query.limit, |(row, ..): &Row| row.is_placed(), load)?;
        let read = |(row, subject, opened_at): Row| {
            let first = self.read_or_note(row)?;
            let subject = Column(TICKET, "subject").read(subject.ok().and_then(Subject::from_stored), first.ticket);
            let damage = Damage::in_table(TICKET).of_ticket(Some(first.ticket)).of_message(Some(first.message));
            let damage = damage.at(Some(first.answered_at));
            let opened_at = self.ok_or_note_as(damage.clone(), Column(TICKET, "opened_at").instant(&opened_at))?;
            Some(AnsweredTicket { subject: self.ok_or_note_as(damage, subject)?, opened_at, first })
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }
}
