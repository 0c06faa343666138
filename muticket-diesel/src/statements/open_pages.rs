//! The pages of tickets that supporters have open.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use muticket_core::id::{TicketNumber, UserId};
use muticket_core::open_page::OpenPage;
use muticket_core::storage::{OpenPageStore, StorageError};

use super::damages::StoredRow;
use super::values::{Column, MaybeInvalid, column_of};
use super::{Db, DieselUnit, dialect};
use crate::fragment::WithSuffix;
use crate::schema::open_page;

const TABLE: &str = "muticket_open_page";

#[derive(Queryable, Selectable)]
#[diesel(table_name = open_page, check_for_backend(Db))]
struct OpenPageRow {
    ticket: i64,
    user_id: MaybeInvalid<String>,
    writes: MaybeInvalid<bool>,
    seen_at: MaybeInvalid<NaiveDateTime>,
}

impl StoredRow for OpenPageRow {
    type Value = OpenPage;
    const TABLE: &'static str = TABLE;

    fn numbers(&self) -> [Option<i64>; 2] {
        [Some(self.ticket), None]
    }

    fn read(self) -> Result<OpenPage, StorageError> {
        let column = |name| Column(TABLE, name);
        Ok(OpenPage {
            ticket: column("ticket").ticket(self.ticket)?,
            user: UserId::new(column("user_id").string(self.user_id)?),
            writes: column("writes").valid(&self.writes)?,
            seen_at: column("seen_at").instant(&self.seen_at)?,
        })
    }
}

impl OpenPageStore for DieselUnit<'_> {
    fn report(&mut self, page: &OpenPage) -> Result<(), StorageError> {
        let new = diesel::insert_into(open_page::table).values((
            open_page::ticket.eq(page.ticket.get()),
            open_page::user_id.eq(page.user.as_str()),
            open_page::writes.eq(page.writes),
            open_page::seen_at.eq(column_of(page.seen_at)),
        ));
        self.change(TABLE, |conn| conn.execute_returning_count(&WithSuffix(new, dialect::OR_REPORT_AGAIN)))?;
        Ok(())
    }

    fn list(&mut self, ticket: TicketNumber, since: DateTime<Utc>) -> Result<Vec<OpenPage>, StorageError> {
        let query = open_page::table
            .filter(open_page::ticket.eq(ticket.get()))
            .filter(open_page::seen_at.ge(column_of(since)))
            .order(open_page::user_id)
            .select(OpenPageRow::as_select());
        let rows = self.run(TABLE, |conn| query.load(conn))?;
        Ok(self.readable(rows))
    }

    fn delete_before(&mut self, time: DateTime<Utc>) -> Result<(), StorageError> {
        let old = open_page::table.filter(open_page::seen_at.lt(column_of(time)));
        self.change(TABLE, |conn| diesel::delete(old).execute(conn))?;
        Ok(())
    }
}
