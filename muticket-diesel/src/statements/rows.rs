//! Inserts several rows in one statement.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};

use super::{Conn, Db};

/// The maximum number of rows in one statement: databases limit the number of bound values.
const ROWS: usize = 500;

/// Up to this number of rows the prepared statement is cached. Each number of rows is a statement of its own.
const KEPT: usize = 20;

/// Rows that one statement inserts. With few rows the prepared statement is cached. Diesel never caches its own statement for several
/// rows, and preparing that takes longer than running it.
pub(super) struct NewRows<'a, R> {
    /// The table and its columns.
    into: &'static str,
    rows: &'a [R],
}

impl<R> QueryId for NewRows<'_, R> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<R> RunQueryDsl<Conn> for NewRows<'_, R> {}

impl<R: QueryFragment<Db>> NewRows<'_, R> {
    /// Inserts any number of rows, in as many statements as needed.
    pub(super) fn insert(conn: &mut Conn, into: &'static str, rows: &[R]) -> QueryResult<()> {
        rows.chunks(ROWS).try_for_each(|rows| NewRows { into, rows }.execute(conn).map(|_| ()))
    }
}

impl<R: QueryFragment<Db>> QueryFragment<Db> for NewRows<'_, R> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        if self.rows.len() > KEPT {
            out.unsafe_to_cache_prepared();
        }
        out.push_sql("INSERT INTO ");
        out.push_sql(self.into);
        out.push_sql(" VALUES ");
        for (index, row) in self.rows.iter().enumerate() {
            out.push_sql(if index == 0 { "(" } else { ", (" });
            row.walk_ast(out.reborrow())?;
            out.push_sql(")");
        }
        Ok(())
    }
}
