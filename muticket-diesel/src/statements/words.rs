//! The words by which tickets are found: how they are kept, and how a search makes use of them.
//!
//! A search goes one of two ways. A rare word leads to its few tickets, and what else is asked of them is looked at one by one. A common
//! word would lead to very many; there the list of all tickets is followed in its order, and each is asked whether it has the word. Which
//! one it is, is found out by counting, for not every database keeps statistics.

use diesel::expression::{AppearsOnTable, Expression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Text};
use muticket_core::id::TicketNumber;
use muticket_core::search::{Search, words_of};
use muticket_core::storage::StorageError;
use muticket_core::ticket::Subject;

use super::rows::NewRows;
use super::values::Place;
use super::{Conn, Db, DieselUnit};
use crate::fragment::{Counted, Limited};
use crate::schema::{subject_word, ticket};

const TABLE: &str = "muticket_subject_word";

/// A word with so many rows is common. Counting them takes some tenths of a millisecond.
const COMMON: u32 = 5000;

/// How many tickets are given their words at once after the table was made.
const CHUNK: u32 = 500;

/// Stores the words of a ticket that has none yet.
pub(super) fn insert_words(conn: &mut Conn, ticket: i64, subject: &Subject) -> QueryResult<()> {
    let words: Vec<_> =
        words_of(subject).into_iter().map(|word| (word.into_sql::<Text>(), ticket.into_sql::<BigInt>())).collect();
    NewRows::insert(conn, "muticket_subject_word (word, ticket)", &words)
}

/// Gives the tickets that were there before the table their words. It may be run again, wherever it was interrupted.
pub(in super::super) fn fill(conn: &mut Conn) -> QueryResult<()> {
    let mut last = 0_i64;
    loop {
        let some = ticket::table.filter(ticket::number.gt(last)).order(ticket::number).select((ticket::number, ticket::subject));
        let tickets: Vec<(i64, String)> = Limited(some, CHUNK).load(conn)?;
        let Some((newest, _)) = tickets.last() else { return Ok(()) };
        let known = subject_word::table.filter(subject_word::ticket.gt(last)).filter(subject_word::ticket.le(*newest));
        diesel::delete(known).execute(conn)?;
        last = *newest;
        for (number, subject) in tickets {
            // What is no subject is noticed when somebody reads its ticket.
            if let Some(subject) = Subject::from_stored(subject) {
                insert_words(conn, number, &subject)?;
            }
        }
    }
}

/// What a search asks of a ticket, in the way that leads there soonest.
pub(super) struct Found {
    words: Vec<Word>,
    number: Option<i64>,
    /// No subject has these words, so at most the number is left to be found.
    in_no_subject: bool,
}

/// A word of a search.
struct Word {
    /// Where the words that begin so begin, and where they have ended.
    range: [String; 2],
    /// Whether its tickets are looked up by it. At most one is.
    rare: bool,
}

impl Word {
    fn beginning(word: &str) -> Self {
        // No letter comes after the last of all characters.
        Self { range: [word.to_owned(), format!("{word}\u{10ffff}")], rare: false }
    }
}

impl Found {
    /// Whether few tickets come in question, so that no index over all of them is to be followed.
    pub(super) fn are_few(&self) -> bool {
        self.words.iter().any(|word| word.rare)
    }
}

impl Expression for Found {
    type SqlType = Bool;
}

impl AppearsOnTable<ticket::table> for Found {}

impl ValidGrouping<()> for Found {
    type IsAggregate = is_aggregate::No;
}

impl QueryId for Found {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Db> for Found {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        out.push_sql("(");
        if let Some(number) = &self.number {
            out.push_sql("muticket_ticket.number = ");
            out.push_bind_param::<BigInt, _>(number)?;
            if self.in_no_subject {
                out.push_sql(")");
                return Ok(());
            }
            out.push_sql(" OR ");
        }
        for (index, Word { range: [first, end], rare }) in self.words.iter().enumerate() {
            if index > 0 {
                out.push_sql(" AND ");
            }
            out.push_sql(match rare {
                true => "muticket_ticket.number IN (SELECT ticket FROM muticket_subject_word WHERE word >= ",
                false => "EXISTS (SELECT 1 FROM muticket_subject_word WHERE ticket = muticket_ticket.number AND word >= ",
            });
            out.push_bind_param::<Text, _>(first)?;
            out.push_sql(" AND word < ");
            out.push_bind_param::<Text, _>(end)?;
            out.push_sql(")");
        }
        out.push_sql(")");
        Ok(())
    }
}

impl DieselUnit<'_> {
    /// Finds out which way a search goes.
    pub(super) fn found(&mut self, search: &Search) -> Result<Found, StorageError> {
        let mut words: Vec<Word> = search.words().iter().map(|word| Word::beginning(word)).collect();
        let mut rarest = (COMMON, None);
        for (index, Word { range: [first, end], .. }) in words.iter().enumerate() {
            let rows = subject_word::table.filter(subject_word::word.ge(first)).filter(subject_word::word.lt(end));
            let some = Limited(rows.select(subject_word::ticket), COMMON);
            let count: i64 = self.run(TABLE, |conn| Counted(some).get_result(conn))?;
            let count = Place(TABLE, "count").count(count)?;
            if count < rarest.0 {
                rarest = (count, Some(index));
            }
        }
        if let Some(word) = rarest.1.and_then(|index| words.get_mut(index)) {
            word.rare = true;
        }
        Ok(Found { words, number: search.number().map(TicketNumber::get), in_no_subject: rarest.0 == 0 })
    }
}
