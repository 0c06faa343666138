//! Messages, by ticket and number.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use muticket_core::id::{MessageNumber, Nonce, TicketNumber, UserId};
use muticket_core::storage::{MessageStore, StorageError};
use muticket_core::ticket::{Body, Message};

use super::damages::StoredRow;
use super::values::{Column, MaybeInvalid, column_of};
use super::{Db, DieselUnit, Key, insert};
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
}
