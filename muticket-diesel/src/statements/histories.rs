//! The history of tickets.

use std::borrow::Cow;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use muticket_core::history::{Change, HistoryEntry, StoredChange};
use muticket_core::id::{TicketNumber, UserId};
use muticket_core::rating::Score;
use muticket_core::storage::{HistoryStore, StorageError};
use muticket_core::viewer::Side;

use super::damages::StoredRow;
use super::values::{Column, MaybeInvalid, column_of};
use super::{Db, DieselUnit, insert};
use crate::schema::history;

const TABLE: &str = "muticket_history";

#[derive(Queryable, Selectable)]
#[diesel(table_name = history, check_for_backend(Db))]
struct HistoryRow {
    ticket: i64,
    version: i64,
    at: MaybeInvalid<NaiveDateTime>,
    by_user: MaybeInvalid<String>,
    change: MaybeInvalid<String>,
    message: Option<i64>,
    score: Option<i64>,
    value: Option<MaybeInvalid<String>>,
}

impl StoredRow for HistoryRow {
    type Value = HistoryEntry;
    const TABLE: &'static str = TABLE;

    fn numbers(&self) -> [Option<i64>; 2] {
        [Some(self.ticket), None]
    }

    fn read(self) -> Result<HistoryEntry, StorageError> {
        let column = |name| Column(TABLE, name);
        Ok(HistoryEntry {
            ticket: column("ticket").ticket(self.ticket)?,
            version: column("version").count(self.version)?,
            at: column("at").instant(&self.at)?,
            change: self.change()?,
            by: UserId::new(column("by_user").string(self.by_user)?),
        })
    }
}

impl HistoryRow {
    fn change(&self) -> Result<Change, StorageError> {
        let column = |name| Column(TABLE, name);
        let message = self.message.map(|number| column("message").message(number)).transpose()?;
        let stars = |stars: i64| column("score").read(u8::try_from(stars).ok().and_then(Score::new), stars);
        let score = self.score.map(stars).transpose()?;
        let value = self.value.as_ref().map(|value| column("value").text(value)).transpose()?.map(Cow::Borrowed);
        column("change").parsed(&self.change, |name| Change::from_stored(&StoredChange { name, message, score, value }))
    }
}

impl HistoryStore for DieselUnit<'_> {
    fn insert(&mut self, entry: &HistoryEntry) -> Result<(), StorageError> {
        let StoredChange { name, message, score, value } = entry.change.stored();
        let new = diesel::insert_into(history::table).values((
            history::ticket.eq(entry.ticket.get()),
            history::version.eq(i64::from(entry.version)),
            history::at.eq(column_of(entry.at)),
            history::by_user.eq(entry.by.as_str()),
            history::change.eq(name),
            history::message.eq(message.map(|number| i64::from(number.get()))),
            history::score.eq(score.map(|score| i64::from(score.stars()))),
            history::value.eq(value.as_deref()),
        ));
        self.try_to_change(TABLE, |conn| insert(conn, new))?;
        Ok(())
    }

    fn list(&mut self, ticket: TicketNumber, side: Side, after: Option<u32>) -> Result<Vec<HistoryEntry>, StorageError> {
        let of_ticket = history::table.filter(history::ticket.eq(ticket.get()));
        let mut query = of_ticket.order(history::version).select(HistoryRow::as_select()).into_boxed();
        if side == Side::Customer {
            query = query.filter(history::change.eq_any(Change::FOR_CUSTOMERS));
        }
        if let Some(after) = after {
            query = query.filter(history::version.gt(i64::from(after)));
        }
        let rows = self.run(TABLE, |conn| query.load(conn))?;
        Ok(self.readable(rows))
    }
}
