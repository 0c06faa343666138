//! Notes, by ticket and number, and the rows of their files.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use diesel::sql_types::{BigInt, Text};
use muticket_core::blob::{BlobKey, Digest};
use muticket_core::id::{MessageNumber, Nonce, NoteFileId, NoteNumber, TicketNumber, UserId};
use muticket_core::note::{Note, NoteFile};
use muticket_core::storage::{Damage, NoteStore, StorageError};
use muticket_core::ticket::{Body, FileName};

use super::damages::{StoredRow, read_or_log};
use super::rows::NewRows;
use super::values::{Column, MaybeInvalid, column_of, column_of_size};
use super::{Db, DieselUnit, Key, VALUES, all_or_none, insert};
use crate::dialect::UuidColumn;
use crate::schema::{note, note_file};

const TABLE: &str = "muticket_note";
const FILES: &str = "muticket_note_file";

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

#[derive(Queryable, Selectable)]
#[diesel(table_name = note_file, check_for_backend(Db))]
struct FileRow {
    id: MaybeInvalid<Key>,
    ticket: i64,
    note: i64,
    name: MaybeInvalid<String>,
    media_type: MaybeInvalid<String>,
    size: i64,
    blob_key: MaybeInvalid<String>,
    sha256: MaybeInvalid<String>,
}

impl StoredRow for FileRow {
    type Value = NoteFile;
    const TABLE: &'static str = FILES;

    fn numbers(&self) -> [Option<i64>; 2] {
        [Some(self.ticket), None]
    }

    fn read(self) -> Result<NoteFile, StorageError> {
        let column = |name| Column(FILES, name);
        let Key(id) = column("id").valid(&self.id)?;
        let place = (column("ticket").ticket(self.ticket)?, column("note").note(self.note)?);
        let name = column("name").read(self.name.ok().and_then(FileName::from_stored), id)?;
        let key = column("blob_key").parsed(&self.blob_key, BlobKey::from_stored)?;
        let digest = column("sha256").parsed(&self.sha256, Digest::from_stored)?;
        let mut file = NoteFile::new(NoteFileId(id), place, name, (key, digest));
        file.media_type = column("media_type").word(&self.media_type)?;
        file.size = column("size").size(self.size)?;
        Ok(file)
    }
}

/// The table and columns of a new file.
const NEW_FILE: &str = "muticket_note_file (id, ticket, note, name, media_type, size, blob_key, sha256)";

/// The values of a new file.
fn columns_of(file: &NoteFile) -> Result<impl QueryFragment<Db> + '_, StorageError> {
    Ok((
        Key(file.id.0).into_sql::<UuidColumn>(),
        file.ticket.get().into_sql::<BigInt>(),
        i64::from(file.note.get()).into_sql::<BigInt>(),
        file.name.as_str().into_sql::<Text>(),
        file.media_type.as_str().into_sql::<Text>(),
        column_of_size(file.size)?.into_sql::<BigInt>(),
        file.key.as_str().into_sql::<Text>(),
        file.digest.to_string().into_sql::<Text>(),
    ))
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
        // The foreign key deletes its files.
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
            // This is the order of the numbers, too, and an index has it.
            .order((note::after_message, note::number))
            .select(NoteRow::as_select());
        let rows = self.run(TABLE, |conn| query.load(conn))?;
        Ok(self.readable(rows))
    }

    fn insert_files(&mut self, files: &[NoteFile]) -> Result<(), StorageError> {
        let rows = files.iter().map(columns_of).collect::<Result<Vec<_>, _>>()?;
        match rows.is_empty() {
            true => Ok(()),
            false => self.try_to_change(FILES, |conn| all_or_none(conn, |conn| NewRows::insert(conn, NEW_FILE, &rows))),
        }
    }

    fn delete_files(&mut self, ids: &[NoteFileId]) -> Result<(), StorageError> {
        for ids in ids.chunks(VALUES) {
            let stored = note_file::table.filter(note_file::id.eq_any(ids.iter().map(|id| Key(id.0)).collect::<Vec<_>>()));
            self.change(FILES, |conn| diesel::delete(stored).execute(conn))?;
        }
        Ok(())
    }

    fn find_file(&mut self, id: NoteFileId) -> Result<Option<NoteFile>, StorageError> {
        let query = note_file::table.filter(note_file::id.eq(Key(id.0))).select(FileRow::as_select());
        let row = self.run(FILES, |conn| query.get_result(conn).optional())?;
        row.map(read_or_log).transpose()
    }

    fn list_files(&mut self, ticket: TicketNumber, first: NoteNumber, last: NoteNumber) -> Result<Vec<NoteFile>, StorageError> {
        let query = note_file::table
            .filter(note_file::ticket.eq(ticket.get()))
            .filter(note_file::note.between(i64::from(first.get()), i64::from(last.get())))
            .order((note_file::note, note_file::id))
            .select(FileRow::as_select());
        let rows = self.run(FILES, |conn| query.load(conn))?;
        Ok(self.readable(rows))
    }

    fn file_keys(&mut self, ticket: TicketNumber, note: Option<NoteNumber>) -> Result<Vec<BlobKey>, StorageError> {
        let of_ticket = note_file::table.filter(note_file::ticket.eq(ticket.get()));
        let mut query = of_ticket.select(note_file::blob_key).into_boxed();
        if let Some(note) = note {
            query = query.filter(note_file::note.eq(i64::from(note.get())));
        }
        let keys: Vec<MaybeInvalid<String>> = self.run(FILES, |conn| query.load(conn))?;
        let damage = Damage::in_table(FILES).of_ticket(Some(ticket));
        let read = |key| Column(FILES, "blob_key").parsed(&key, BlobKey::from_stored);
        Ok(keys.into_iter().filter_map(|key| self.ok_or_note_as(damage.clone(), read(key))).collect())
    }
}
