//! Pieces of SQL around a statement that Diesel cannot express for all databases at once.

use chrono::NaiveDateTime;
use diesel::backend::Backend;
use diesel::dsl::sql;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, SqlLiteral, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, HasSqlType, Text};
use diesel::{Connection, RunQueryDsl};

/// Lets these types be run as statements. The SQL depends on the value, so Diesel must not cache it by type.
macro_rules! statements {
    ($($statement:ty: $columns:ty),+ $(,)?) => {$(
        impl<Q> QueryId for $statement {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }

        impl<Q: Query> Query for $statement {
            type SqlType = $columns;
        }

        impl<Q, C: Connection> RunQueryDsl<C> for $statement {}
    )+};
}

statements! {
    WithLimit<Q>: Q::SqlType,
    WithOffset<Q>: Q::SqlType,
    Counted<Q>: BigInt,
    CountedRanges<'_, Q>: (BigInt, BigInt, BigInt),
    ValuesOf<Q, 3>: (Q::SqlType, Q::SqlType, Q::SqlType),
    CountedEach<Q>: (BigInt, BigInt),
    EachOf<Q>: Q::SqlType,
}

/// A query with a maximum number of rows. The number is written into the SQL: Diesel's own `limit` and `first` bind it, and SQLite
/// re-plans a statement with a bound limit at each run, which takes longer than most statements here. There are few such numbers.
pub(crate) struct WithLimit<Q>(pub(crate) Q, pub(crate) u32);

impl<Q: QueryFragment<B>, B: Backend> QueryFragment<B> for WithLimit<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, B>) -> QueryResult<()> {
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(" LIMIT ");
        out.push_sql(&self.1.to_string());
        Ok(())
    }
}

/// A query with a limit, and the number of rows to skip. It is nearly always 0.
pub(crate) struct WithOffset<Q>(pub(crate) WithLimit<Q>, pub(crate) usize);

impl<Q: QueryFragment<B>, B: Backend> QueryFragment<B> for WithOffset<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, B>) -> QueryResult<()> {
        self.0.walk_ast(out.reborrow())?;
        if self.1 > 0 {
            out.push_sql(" OFFSET ");
            out.push_sql(&self.1.to_string());
        }
        Ok(())
    }
}

/// A text that is written into the SQL instead of bound. PostgreSQL would re-plan the statement for each bound value. Use it only for a
/// small fixed set of words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Literal(pub(crate) &'static str);

impl Expression for Literal {
    type SqlType = Text;
}

impl<Table> AppearsOnTable<Table> for Literal {}

impl<Table> SelectableExpression<Table> for Literal {}

impl ValidGrouping<()> for Literal {
    type IsAggregate = is_aggregate::Never;
}

/// Each text makes another statement.
impl QueryId for Literal {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<B: Backend> QueryFragment<B> for Literal {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, B>) -> QueryResult<()> {
        out.push_sql("'");
        out.push_sql(self.0);
        out.push_sql("'");
        Ok(())
    }
}

/// A whole number that is written into the SQL instead of bound, in the given type. Use it only for a small fixed set of numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whole(pub(crate) usize, pub(crate) &'static str);

impl Expression for Whole {
    type SqlType = BigInt;
}

impl<Table> AppearsOnTable<Table> for Whole {}

impl<Table> SelectableExpression<Table> for Whole {}

impl ValidGrouping<()> for Whole {
    type IsAggregate = is_aggregate::Never;
}

/// Each number makes another statement.
impl QueryId for Whole {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<B: Backend> QueryFragment<B> for Whole {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, B>) -> QueryResult<()> {
        out.push_sql(&format!("CAST({} AS {})", self.0, self.1));
        Ok(())
    }
}

/// A column in a form that has the same value, but that no index covers: rows are tested by it, and not looked up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unindexed<C>(pub(crate) C);

impl<C: Expression> Expression for Unindexed<C> {
    type SqlType = C::SqlType;
}

impl<Table, C: AppearsOnTable<Table>> AppearsOnTable<Table> for Unindexed<C> {}

impl<Table, C: SelectableExpression<Table>> SelectableExpression<Table> for Unindexed<C> {}

impl<C> ValidGrouping<()> for Unindexed<C> {
    type IsAggregate = is_aggregate::No;
}

impl<C> QueryId for Unindexed<C> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C: QueryFragment<B>, B: Backend> QueryFragment<B> for Unindexed<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, B>) -> QueryResult<()> {
        out.push_sql("COALESCE(");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}

/// A condition that no index is followed for. Its values are still compared with the statistics of the database.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tested<E>(pub(crate) E);

impl<E> Expression for Tested<E> {
    type SqlType = Bool;
}

impl<Table, E: AppearsOnTable<Table>> AppearsOnTable<Table> for Tested<E> {}

impl<E> ValidGrouping<()> for Tested<E> {
    type IsAggregate = is_aggregate::No;
}

impl<E> QueryId for Tested<E> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<E: QueryFragment<B>, B: Backend> QueryFragment<B> for Tested<E> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, B>) -> QueryResult<()> {
        out.push_sql("(");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") IS TRUE");
        Ok(())
    }
}

/// A written statement whose rows are one text each.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextsOf(pub(crate) &'static str);

impl QueryId for TextsOf {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for TextsOf {
    type SqlType = Text;
}

impl<C: Connection> RunQueryDsl<C> for TextsOf {}

impl<B: Backend> QueryFragment<B> for TextsOf {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, B>) -> QueryResult<()> {
        out.push_sql(self.0);
        Ok(())
    }
}

/// Counts the rows of a query with a limit, and so reads no more rows than that.
pub(crate) struct Counted<Q>(pub(crate) WithLimit<Q>);

impl<Q: QueryFragment<B>, B: Backend> QueryFragment<B> for Counted<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, B>) -> QueryResult<()> {
        out.push_sql("SELECT COUNT(*) FROM (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") counted");
        Ok(())
    }
}

/// Several counts in one statement, each with a number that says what it counts. There is at least one.
pub(crate) struct CountedEach<Q>(pub(crate) Vec<(i64, Counted<Q>)>);

impl<Q, B> QueryFragment<B> for CountedEach<Q>
where
    Q: QueryFragment<B>,
    B: Backend + HasSqlType<BigInt>,
    i64: ToSql<BigInt, B>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, B>) -> QueryResult<()> {
        let mut before = "SELECT ";
        for (place, count) in &self.0 {
            out.push_sql(before);
            // Bound, because PostgreSQL does not read a written number as a `BIGINT`.
            out.push_bind_param::<BigInt, _>(place)?;
            out.push_sql(", (");
            count.walk_ast(out.reborrow())?;
            out.push_sql(")");
            before = " UNION ALL SELECT ";
        }
        Ok(())
    }
}

/// The rows of several queries with limits, in one statement. There is at least one.
pub(crate) struct EachOf<Q>(pub(crate) Vec<WithLimit<Q>>);

impl<Q: QueryFragment<B>, B: Backend> QueryFragment<B> for EachOf<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, B>) -> QueryResult<()> {
        if let [query] = &self.0[..] {
            return query.walk_ast(out);
        }
        // Only a query in the place of a table may have its own order and limit on every database.
        for (place, query) in self.0.iter().enumerate() {
            out.push_sql(if place == 0 { "SELECT * FROM (" } else { " UNION ALL SELECT * FROM (" });
            query.walk_ast(out.reborrow())?;
            out.push_sql(&format!(") part_{place}"));
        }
        Ok(())
    }
}

/// The values of some queries of one value each, in one statement. Diesel's `single_value` would bind a limit for each.
pub(crate) struct ValuesOf<Q, const N: usize>(pub(crate) [Q; N]);

impl<Q: QueryFragment<B>, B: Backend, const N: usize> QueryFragment<B> for ValuesOf<Q, N> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, B>) -> QueryResult<()> {
        let mut before = "SELECT (";
        for query in &self.0 {
            out.push_sql(before);
            query.walk_ast(out.reborrow())?;
            before = "), (";
        }
        out.push_sql(")");
        Ok(())
    }
}

/// An insert of a ticket that returns the number. MySQL has no syntax for it.
#[cfg_attr(not(any(feature = "sqlite", feature = "postgres")), expect(dead_code, reason = "only MySQL is built in"))]
#[derive(QueryId)]
pub(crate) struct ReturningNumber<Q>(pub(crate) Q);

impl<Q> Query for ReturningNumber<Q> {
    type SqlType = BigInt;
}

impl<Q, C: Connection> RunQueryDsl<C> for ReturningNumber<Q> {}

impl<Q: QueryFragment<B>, B: Backend> QueryFragment<B> for ReturningNumber<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, B>) -> QueryResult<()> {
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(" RETURNING number");
        Ok(())
    }
}

/// A statement with a fixed suffix for its type, so that it can be cached as a prepared statement.
pub(crate) struct WithSuffix<Q>(pub(crate) Q, pub(crate) &'static str);

impl<Q: QueryId> QueryId for WithSuffix<Q> {
    type QueryId = WithSuffix<Q::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<Q: Query> Query for WithSuffix<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, C: Connection> RunQueryDsl<C> for WithSuffix<Q> {}

impl<Q: QueryFragment<B>, B: Backend> QueryFragment<B> for WithSuffix<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, B>) -> QueryResult<()> {
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(self.1);
        Ok(())
    }
}

/// Counts the rows of a query of whole numbers in each range, and adds up their values. A range begins after the end of the previous one.
/// Negative values, and values that are not numbers, are in the range -1.
pub(crate) struct CountedRanges<'a, Q> {
    query: Q,
    column: &'static str,
    ends: &'a [u64],
    /// The type of a whole number. On most databases sums have another type.
    whole: &'static str,
}

impl<'a, Q> CountedRanges<'a, Q> {
    pub(crate) fn of(query: Q, column: &'static str, ends: &'a [u64], whole: &'static str) -> Self {
        Self { query, column, ends, whole }
    }
}

impl<Q: QueryFragment<B>, B: Backend> QueryFragment<B> for CountedRanges<'_, Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, B>) -> QueryResult<()> {
        let Self { query, column, ends, whole } = self;
        out.push_sql(&format!("SELECT CAST(CASE WHEN {column} < 0 THEN -1"));
        for (range, end) in ends.iter().enumerate() {
            out.push_sql(&format!(" WHEN {column} <= {end} THEN {range}"));
        }
        out.push_sql(&format!(" ELSE -1 END AS {whole}) AS counted_range, COUNT(*), CAST(SUM({column}) AS {whole}) FROM ("));
        query.walk_ast(out.reborrow())?;
        out.push_sql(") counted GROUP BY counted_range");
        Ok(())
    }
}

/// A whole-number column for grouping rows, beside an expression that Diesel does not know.
pub(crate) fn grouped(column: &str) -> SqlLiteral<BigInt> {
    sql(column)
}

/// The index of the period that contains the instant of a column, for a statement that groups its rows; -1 if none does. The instants are
/// written into the SQL, in the form that every database reads and SQLite stores. Bound values would differ between the places where the
/// expression is repeated. `whole` is the type of a whole number.
pub(crate) fn place_in(periods: &[(NaiveDateTime, NaiveDateTime)], column: &str, whole: &str) -> SqlLiteral<BigInt> {
    let instant = |at: &NaiveDateTime| at.format("%Y-%m-%d %H:%M:%S%.f");
    let cases = periods.iter().enumerate().map(|(place, (begins, ends))| {
        format!(" WHEN {column} BETWEEN '{}' AND '{}' THEN {place}", instant(begins), instant(ends))
    });
    let cases: String = cases.collect();
    sql(&format!("CAST(CASE WHEN {column} IS NULL THEN -1{cases} ELSE -1 END AS {whole})"))
}
