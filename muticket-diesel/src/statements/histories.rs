//! What happened to tickets.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use muticket_core::history::{Change, HistoryEntry};
use muticket_core::id::{MessageNumber, TicketNumber, UserId};
use muticket_core::rating::Score;
use muticket_core::storage::{Histories, StorageError};

use super::damages::Stored;
use super::values::{Place, Tried, column_of};
use super::{Db, DieselUnit, insert};
use crate::schema::history;

const TABLE: &str = "muticket_history";

#[derive(Queryable, Selectable)]
#[diesel(table_name = history, check_for_backend(Db))]
struct HistoryRow {
    ticket: i64,
    version: i64,
    at: Tried<NaiveDateTime>,
    by_user: String,
    change: String,
    message: Option<i64>,
    score: Option<i64>,
}

impl Stored for HistoryRow {
    type Value = HistoryEntry;
    const TABLE: &'static str = TABLE;

    fn numbers(&self) -> [Option<i64>; 2] {
        [Some(self.ticket), None]
    }

    fn read(self) -> Result<HistoryEntry, StorageError> {
        let column = |name| Place(TABLE, name);
        Ok(HistoryEntry {
            ticket: column("ticket").ticket(self.ticket)?,
            version: column("version").count(self.version)?,
            at: column("at").instant(&self.at)?,
            change: self.change()?,
            by: UserId::new(self.by_user),
        })
    }
}

impl HistoryRow {
    fn change(&self) -> Result<Change, StorageError> {
        let column = |name| Place(TABLE, name);
        let key = || format!("{}/{}", self.ticket, self.version);
        let message = || column("message").message(column("message").read(self.message, key())?);
        let score = || {
            let stars = self.score.and_then(|stars| u8::try_from(stars).ok());
            column("score").read(stars.and_then(Score::new), key())
        };
        match self.change.as_str() {
            "opened" => Ok(Change::Opened),
            "replied" => Ok(Change::Replied(message()?)),
            "answered" => Ok(Change::Answered(message()?)),
            "rated" => Ok(Change::Rated(message()?, score()?)),
            "closed" => Ok(Change::Closed),
            "reopened" => Ok(Change::Reopened),
            other => Err(column("change").corrupt(other)),
        }
    }
}

/// The stored form of a change: its name, its message and its score.
fn columns_of(change: Change) -> (&'static str, Option<MessageNumber>, Option<Score>) {
    match change {
        Change::Opened => ("opened", None, None),
        Change::Replied(message) => ("replied", Some(message), None),
        Change::Answered(message) => ("answered", Some(message), None),
        Change::Rated(message, score) => ("rated", Some(message), Some(score)),
        Change::Closed => ("closed", None, None),
        Change::Reopened => ("reopened", None, None),
    }
}

impl Histories for DieselUnit<'_> {
    fn insert(&mut self, entry: &HistoryEntry) -> Result<(), StorageError> {
        let (change, message, score) = columns_of(entry.change);
        let new = diesel::insert_into(history::table).values((
            history::ticket.eq(entry.ticket.get()),
            history::version.eq(i64::from(entry.version)),
            history::at.eq(column_of(entry.at)),
            history::by_user.eq(entry.by.as_str()),
            history::change.eq(change),
            history::message.eq(message.map(|number| i64::from(number.get()))),
            history::score.eq(score.map(|score| i64::from(score.stars()))),
        ));
        self.try_to_change(TABLE, |conn| insert(conn, new))?;
        Ok(())
    }

    fn list(&mut self, ticket: TicketNumber) -> Result<Vec<HistoryEntry>, StorageError> {
        let query =
            history::table.filter(history::ticket.eq(ticket.get())).order(history::version).select(HistoryRow::as_select());
        let rows = self.run(TABLE, |conn| query.load(conn))?;
        Ok(self.readable(rows))
    }
}
