//! Messages, by ticket and number.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text};
use muticket_core::id::{MessageNumber, Nonce, TicketNumber, UserId};
use muticket_core::storage::{BEGINNING, MessageStore, StorageError};
use muticket_core::ticket::{Body, Message};

use super::damages::StoredRow;
use super::values::{Column, MaybeInvalid, column_of};
use super::{COMPOSED, Conn, Db, DieselUnit, Key, insert};
use crate::fragment::WithLimit;
use crate::schema::message;

const TABLE: &str = "muticket_message";

#[derive(Queryable, Selectable)]
#[diesel(table_name = message, check_for_backend(Db))]
struct MessageRow {
    ticket: i64,
    number: i64,
    author: MaybeInvalid<String>,
    role: MaybeInvalid<String>,
    body: MaybeInvalid<String>,
    written_at: MaybeInvalid<NaiveDateTime>,
    nonce: Option<MaybeInvalid<Key>>,
}

impl StoredRow for MessageRow {
    type Value = Message;
    const TABLE: &'static str = TABLE;

    fn numbers(&self) -> [Option<i64>; 2] {
        [Some(self.ticket), Some(self.number)]
    }

    fn read(self) -> Result<Message, StorageError> {
        let column = |name| Column(TABLE, name);
        let (ticket, number) = (column("ticket").ticket(self.ticket)?, column("number").message(self.number)?);
        let author = (UserId::new(column("author").string(self.author)?), column("role").word(&self.role)?);
        let body = self.body.ok().and_then(Body::from_stored);
        let body = column("body").read(body, format!("{}/{}", self.ticket, self.number))?;
        let mut message = Message::new(ticket, number, author, body, column("written_at").instant(&self.written_at)?);
        message.nonce = self.nonce.map(|key| column("nonce").valid(&key)).transpose()?.map(|key| Nonce(key.0));
        Ok(message)
    }
}

/// The beginnings of some messages. Each is found by the primary key, and the database cuts it. As with the marks, a page nearly always
/// has the same number of tickets, so the prepared statement is cached.
struct Beginnings<'a>(&'a [(i64, i64)]);

impl QueryId for Beginnings<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Beginnings<'_> {
    type SqlType = (BigInt, BigInt, Text);
}

impl RunQueryDsl<Conn> for Beginnings<'_> {}

impl QueryFragment<Db> for Beginnings<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        for (place, (ticket, number)) in self.0.iter().enumerate() {
            out.push_sql(if place == 0 { "" } else { " UNION ALL " });
            out.push_sql(&format!("SELECT ticket, number, SUBSTR(body, 1, {BEGINNING}) FROM muticket_message WHERE ticket = "));
            out.push_bind_param::<BigInt, _>(ticket)?;
            out.push_sql(" AND number = ");
            out.push_bind_param::<BigInt, _>(number)?;
        }
        Ok(())
    }
}

#[derive(Queryable)]
struct BeginningRow {
    ticket: i64,
    number: i64,
    text: MaybeInvalid<String>,
}

impl StoredRow for BeginningRow {
    type Value = (TicketNumber, String);
    const TABLE: &'static str = TABLE;

    fn numbers(&self) -> [Option<i64>; 2] {
        [Some(self.ticket), Some(self.number)]
    }

    fn read(self) -> Result<Self::Value, StorageError> {
        let column = |name| Column(TABLE, name);
        let text = self.text.ok().and_then(Body::from_stored);
        let text = column("body").read(text, format!("{}/{}", self.ticket, self.number))?;
        Ok((column("ticket").ticket(self.ticket)?, text.as_str().to_owned()))
    }
}

impl MessageStore for DieselUnit<'_> {
    fn insert(&mut self, message: &Message) -> Result<(), StorageError> {
        let new = diesel::insert_into(message::table).values((
            message::ticket.eq(message.ticket.get()),
            message::number.eq(i64::from(message.number.get())),
            message::author.eq(message.author.as_str()),
            message::role.eq(message.role.as_str()),
            message::body.eq(message.body.as_str()),
            message::written_at.eq(column_of(message.written_at)),
            message::nonce.eq(message.nonce.map(|nonce| Key(nonce.0))),
        ));
        self.try_to_change(TABLE, |conn| insert(conn, new))?;
        Ok(())
    }

    fn find(&mut self, ticket: TicketNumber, number: MessageNumber) -> Result<Option<Message>, StorageError> {
        let place = message::ticket.eq(ticket.get()).and(message::number.eq(i64::from(number.get())));
        let query = message::table.filter(place).select(MessageRow::as_select());
        let row = self.run(TABLE, |conn| query.get_result(conn).optional())?;
        row.map(MessageRow::read).transpose()
    }

    fn find_by_nonce(&mut self, nonce: Nonce) -> Result<Option<Message>, StorageError> {
        let query = message::table.filter(message::nonce.eq(Key(nonce.0))).select(MessageRow::as_select());
        let row = self.run(TABLE, |conn| query.get_result(conn).optional())?;
        row.map(MessageRow::read).transpose()
    }

    fn list(&mut self, ticket: TicketNumber, after: Option<MessageNumber>, limit: u32) -> Result<Vec<Message>, StorageError> {
        // Messages are numbered from 1.
        let after = after.map_or(0, |number| i64::from(number.get()));
        let query = message::table
            .filter(message::ticket.eq(ticket.get()).and(message::number.gt(after)))
            .order(message::number)
            .select(MessageRow::as_select());
        let rows = self.run(TABLE, |conn| WithLimit(query, limit).load(conn))?;
        Ok(self.readable(rows))
    }

    fn beginnings(&mut self, places: &[(TicketNumber, MessageNumber)]) -> Result<Vec<(TicketNumber, String)>, StorageError> {
        let mut places: Vec<_> = places.iter().map(|(ticket, number)| (ticket.get(), i64::from(number.get()))).collect();
        places.sort_unstable();
        places.dedup();
        // Tickets are numbered from 1. The page of an empty list runs as many statements as any other.
        if places.is_empty() {
            places.push((0, 0));
        }
        let mut rows: Vec<BeginningRow> = Vec::new();
        for places in places.chunks(COMPOSED) {
            rows.extend(self.run(TABLE, |conn: &mut Conn| Beginnings(places).load::<BeginningRow>(conn))?);
        }
        rows.sort_by_key(|row| (row.ticket, row.number));
        Ok(self.readable(rows))
    }
}
