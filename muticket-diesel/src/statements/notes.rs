//! Notes, by ticket and number.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use muticket_core::id::{MessageNumber, Nonce, NoteNumber, TicketNumber, UserId};
use muticket_core::note::Note;
use muticket_core::storage::{NoteStore, StorageError};
use muticket_core::ticket::Body;

use super::damages::StoredRow;
use super::values::{Column, MaybeInvalid, column_of};
use super::{Db, DieselUnit, Key, insert};
use crate::schema::note;

const TABLE: &str = "muticket_note";

#[derive(Queryable, Selectable)]
#[diesel(table_name = note, check_for_backend(Db))]
struct NoteRow {
    ticket: i64,
    number: i64,
    after_message: i64,
    author: MaybeInvalid<String>,
    body: MaybeInvalid<String>,
    mentions: MaybeInvalid<String>,
    written_at: MaybeInvalid<NaiveDateTime>,
    edited_at: Option<MaybeInvalid<NaiveDateTime>>,
    nonce: Option<MaybeInvalid<Key>>,
}

impl StoredRow for NoteRow {
    type Value = Note;
    const TABLE: &'static str = TABLE;

    fn numbers(&self) -> [Option<i64>; 2] {
        [Some(self.ticket), None]
    }

    fn read(self) -> Result<Note, StorageError> {
        let column = |name| Column(TABLE, name);
        let place = (column("ticket").ticket(self.ticket)?, column("number").note(self.number)?);
        let after = column("after_message").message(self.after_message)?;
        let author = UserId::new(column("author").string(self.author)?);
        let body = self.body.ok().and_then(Body::from_stored);
        let body = column("body").read(body, format!("{}/{}", self.ticket, self.number))?;
        let mut note = Note::new(place, after, author, body, column("written_at").instant(&self.written_at)?);
        note.mentions = column("mentions").text(&self.mentions)?.lines().map(UserId::new).collect();
        note.edited_at = self.edited_at.map(|at| column("edited_at").instant(&at)).transpose()?;
        note.nonce = self.nonce.map(|key| column("nonce").valid(&key)).transpose()?.map(|key| Nonce(key.0));
        Ok(note)
    }
}

/// The mentioned users, one on each line. No id contains a line feed: see [`UserId::check`].
fn lines_of(users: &[UserId]) -> String {
    users.iter().map(UserId::as_str).collect::<Vec<_>>().join("\n")
}

impl NoteStore for DieselUnit<'_> {
    fn insert(&mut self, note: &Note) -> Result<(), StorageError> {
        let new = diesel::insert_into(note::table).values((
            note::ticket.eq(note.ticket.get()),
            note::number.eq(i64::from(note.number.get())),
            note::after_message.eq(i64::from(note.after.get())),
            note::author.eq(note.author.as_str()),
            note::body.eq(note.body.as_str()),
            note::mentions.eq(lines_of(&note.mentions)),
            note::written_at.eq(column_of(note.written_at)),
            note::edited_at.eq(note.edited_at.map(column_of)),
            note::nonce.eq(note.nonce.map(|nonce| Key(nonce.0))),
        ));
        self.try_to_change(TABLE, |conn| insert(conn, new))?;
        Ok(())
    }

    fn update(&mut self, note: &Note) -> Result<bool, StorageError> {
        let update = diesel::update(note::table.find((note.ticket.get(), i64::from(note.number.get())))).set((
            note::body.eq(note.body.as_str()),
            note::mentions.eq(lines_of(&note.mentions)),
            note::edited_at.eq(note.edited_at.map(column_of)),
        ));
        Ok(self.change(TABLE, |conn| update.execute(conn))? > 0)
    }

    fn delete(&mut self, ticket: TicketNumber, number: NoteNumber) -> Result<bool, StorageError> {
        let stored = note::table.find((ticket.get(), i64::from(number.get())));
        Ok(self.change(TABLE, |conn| diesel::delete(stored).execute(conn))? > 0)
    }

    fn find(&mut self, ticket: TicketNumber, number: NoteNumber) -> Result<Option<Note>, StorageError> {
        let query = note::table.find((ticket.get(), i64::from(number.get()))).select(NoteRow::as_select());
        let row = self.run(TABLE, |conn| query.get_result(conn).optional())?;
        row.map(NoteRow::read).transpose()
    }

    fn find_by_nonce(&mut self, nonce: Nonce) -> Result<Option<Note>, StorageError> {
        let query = note::table.filter(note::nonce.eq(Key(nonce.0))).select(NoteRow::as_select());
        let row = self.run(TABLE, |conn| query.get_result(conn).optional())?;
        row.map(NoteRow::read).transpose()
    }

    fn list(&mut self, ticket: TicketNumber, first: MessageNumber, last: MessageNumber) -> Result<Vec<Note>, StorageError> {
        let query = note::table
            .filter(note::ticket.eq(ticket.get()))
            .filter(note::after_message.between(i64::from(first.get()), i64::from(last.get())))
            .order(note::number)
            .select(NoteRow::as_select());
        let rows = self.run(TABLE, |conn| query.load(conn))?;
        Ok(self.readable(rows))
    }
}
