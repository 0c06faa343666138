//! How far people have read tickets.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text};
use muticket_core::id::{MessageNumber, TicketNumber, UserId};
use muticket_core::storage::{MarkStore, StorageError};

use super::values::Column;
use super::{Conn, Db, DieselUnit, VALUES, dialect};
use crate::fragment::WithSuffix;
use crate::schema::seen;

const TABLE: &str = "muticket_seen";

/// The marks of one user on some tickets. A page nearly always has the same number of tickets, so the prepared statement is cached. Diesel
/// never caches its own statement for a list of values.
struct MarksOn<'a> {
    user: &'a str,
    tickets: &'a [i64],
}

impl QueryId for MarksOn<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for MarksOn<'_> {
    type SqlType = (BigInt, BigInt);
}

impl RunQueryDsl<Conn> for MarksOn<'_> {}

impl QueryFragment<Db> for MarksOn<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        out.push_sql("SELECT ticket, message FROM muticket_seen WHERE user_id = ");
        out.push_bind_param::<Text, _>(self.user)?;
        out.push_sql(" AND ticket IN (");
        for (index, ticket) in self.tickets.iter().enumerate() {
            if index > 0 {
                out.push_sql(", ");
            }
            out.push_bind_param::<BigInt, _>(ticket)?;
        }
        out.push_sql(") ORDER BY ticket");
        Ok(())
    }
}

impl MarkStore for DieselUnit<'_> {
    fn mark(&mut self, user: &UserId, ticket: TicketNumber, message: MessageNumber) -> Result<(), StorageError> {
        let new = diesel::insert_into(seen::table).values((
            seen::ticket.eq(ticket.get()),
            seen::user_id.eq(user.as_str()),
            seen::message.eq(i64::from(message.get())),
        ));
        self.change(TABLE, |conn| conn.execute_returning_count(&WithSuffix(new, dialect::OR_RAISE_MARK)))?;
        Ok(())
    }

    fn list(&mut self, user: &UserId, tickets: &[TicketNumber]) -> Result<Vec<(TicketNumber, MessageNumber)>, StorageError> {
        let mut tickets: Vec<i64> = tickets.iter().map(|ticket| ticket.get()).collect();
        tickets.sort_unstable();
        // Tickets are numbered from 1. The page of an empty list runs as many statements as any other.
        if tickets.is_empty() {
            tickets.push(0);
        }
        let mut marks = Vec::new();
        for tickets in tickets.chunks(VALUES) {
            let marks_on = MarksOn { user: user.as_str(), tickets };
            let rows: Vec<(i64, i64)> = self.run(TABLE, |conn: &mut Conn| marks_on.load(conn))?;
            marks.extend(rows);
        }
        let column = |name| Column(TABLE, name);
        let read = |(ticket, message)| Ok((column("ticket").ticket(ticket)?, column("message").message(message)?));
        Ok(marks.into_iter().filter_map(|mark| self.ok_or_note(TABLE, read(mark))).collect())
    }
}
