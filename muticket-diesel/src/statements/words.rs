//! Words for the search: how they are stored, and how a search uses them.
//!
//! A search takes one of two ways. A rare word leads to its few tickets, and each of them is tested against the other conditions. A common
//! word would lead to very many; then the list of all tickets is read in its order, and each is tested for the word. Counting decides
//! between the two, because not every database keeps statistics.

use diesel::expression::{AppearsOnTable, Expression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Text};
use muticket_core::id::TicketNumber;
use muticket_core::search::{Search, Word, words_of};
use muticket_core::storage::StorageError;
use muticket_core::ticket::Subject;

use super::rows::NewRows;
use super::values::{Column, MaybeInvalid};
use super::{Conn, Db, DieselUnit};
use crate::fragment::{Counted, WithLimit};
use crate::schema::{subject_word, ticket};

const TABLE: &str = "muticket_subject_word";

/// A word with at least this many rows is common. Counting them takes a few tenths of a millisecond.
pub(super) const COMMON: u32 = 5000;

/// How many tickets are read at once when the words of existing tickets are stored.
const CHUNK: u32 = 500;

/// Stores the words of a ticket that has none yet.
pub(super) fn insert_words(conn: &mut Conn, ticket: i64, subject: &Subject) -> QueryResult<()> {
    let words: Vec<_> =
        words_of(subject).into_iter().map(|word| (word.into_sql::<Text>(), ticket.into_sql::<BigInt>())).collect();
    NewRows::insert(conn, "muticket_subject_word (word, ticket)", &words)
}

/// Stores the words of all tickets that are older than the table, or than the current rules for words. It can be run again after an
/// interruption.
pub(in super::super) fn fill(conn: &mut Conn) -> QueryResult<()> {
    let mut last = 0_i64;
    loop {
        let some = ticket::table.filter(ticket::number.gt(last)).order(ticket::number).select((ticket::number, ticket::subject));
        let tickets: Vec<(i64, MaybeInvalid<String>)> = WithLimit(some, CHUNK).load(conn)?;
        let Some((newest, _)) = tickets.last() else { return Ok(()) };
        let known = subject_word::table.filter(subject_word::ticket.gt(last)).filter(subject_word::ticket.le(*newest));
        diesel::delete(known).execute(conn)?;
        last = *newest;
        for (number, subject) in tickets {
            // A value that is not a valid subject is reported when its ticket is read.
            if let Some(subject) = subject.ok().and_then(Subject::from_stored) {
                insert_words(conn, number, &subject)?;
            }
        }
    }
}

/// The condition of a search on a ticket, in the form that is fastest for it.
pub(super) struct SearchPlan {
    words: Vec<Sought>,
    number: Option<i64>,
    /// No subject matches, or the search has no words. Only the number can still match.
    in_no_subject: bool,
}

/// A word of a search.
struct Sought {
    /// For each spelling the range of the words that begin with it: start, and end (exclusive).
    ranges: Vec<[String; 2]>,
    /// Whether the tickets are looked up by this word. True for one word at most.
    rare: bool,
}

impl Sought {
    fn new(word: &Word) -> Self {
        // The greatest character of all ends the range.
        let range = |spelling: &String| [spelling.clone(), format!("{spelling}\u{10ffff}")];
        Self { ranges: word.spellings().iter().map(range).collect(), rare: false }
    }
}

impl SearchPlan {
    /// Whether few tickets can match. Then following an index over all tickets would be slower.
    pub(super) fn is_selective(&self) -> bool {
        self.in_no_subject || self.words.iter().any(|word| word.rare)
    }
}

impl Expression for SearchPlan {
    type SqlType = Bool;
}

impl AppearsOnTable<ticket::table> for SearchPlan {}

impl ValidGrouping<()> for SearchPlan {
    type IsAggregate = is_aggregate::No;
}

impl QueryId for SearchPlan {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Db> for SearchPlan {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        let Some(number) = &self.number else {
            if self.in_no_subject {
                out.push_sql("1 = 0");
                return Ok(());
            }
            out.push_sql("(");
            self.walk_words(&mut out)?;
            out.push_sql(")");
            return Ok(());
        };
        out.push_sql("(muticket_ticket.number = ");
        out.push_bind_param::<BigInt, _>(number)?;
        if !self.in_no_subject {
            out.push_sql(" OR ");
            self.walk_words(&mut out)?;
        }
        out.push_sql(")");
        Ok(())
    }
}

impl SearchPlan {
    fn walk_words<'b>(&'b self, out: &mut AstPass<'_, 'b, Db>) -> QueryResult<()> {
        for (index, Sought { ranges, rare }) in self.words.iter().enumerate() {
            if index > 0 {
                out.push_sql(" AND ");
            }
            out.push_sql(match rare {
                true => "muticket_ticket.number IN (SELECT ticket FROM muticket_subject_word WHERE (",
                false => "EXISTS (SELECT 1 FROM muticket_subject_word WHERE ticket = muticket_ticket.number AND (",
            });
            for (index, [first, end]) in ranges.iter().enumerate() {
                out.push_sql(if index > 0 { " OR word >= " } else { "word >= " });
                out.push_bind_param::<Text, _>(first)?;
                out.push_sql(" AND word < ");
                out.push_bind_param::<Text, _>(end)?;
            }
            out.push_sql("))");
        }
        Ok(())
    }
}

impl DieselUnit<'_> {
    /// Counts the rows of each word, and plans the search.
    pub(super) fn plan_search(&mut self, search: &Search) -> Result<SearchPlan, StorageError> {
        let mut words: Vec<Sought> = search.words().iter().map(Sought::new).collect();
        let (mut rarest, mut fewest) = (None, COMMON);
        for (index, word) in words.iter().enumerate() {
            let mut rows = 0;
            for [first, end] in &word.ranges {
                let some = subject_word::table.filter(subject_word::word.ge(first)).filter(subject_word::word.lt(end));
                let some = WithLimit(some.select(subject_word::ticket), COMMON);
                let count: i64 = self.run(TABLE, |conn| Counted(some).get_result(conn))?;
                rows += Column(TABLE, "count").count(count)?;
            }
            if rows < fewest {
                (rarest, fewest) = (Some(index), rows);
            }
        }
        let in_no_subject = words.is_empty() || fewest == 0;
        if let Some(word) = rarest.and_then(|index| words.get_mut(index)) {
            word.rare = true;
        }
        Ok(SearchPlan { words, number: search.number().map(TicketNumber::get), in_no_subject })
    }
}
