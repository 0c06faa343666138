//! The files of messages; rows only.

use diesel::prelude::*;
use muticket_core::blob::BlobKey;
use muticket_core::id::{AttachmentId, TicketNumber};
use muticket_core::storage::{Attachments, StorageError};
use muticket_core::ticket::{Attachment, FileName, MediaType};

use super::values::{Place, column_of_size};
use super::{Db, DieselUnit, Key, insert};
use crate::schema::attachment;

const TABLE: &str = "muticket_attachment";

#[derive(Queryable, Selectable)]
#[diesel(table_name = attachment, check_for_backend(Db))]
struct AttachmentRow {
    id: Key,
    ticket: i64,
    message: i64,
    name: String,
    media_type: String,
    size: i64,
    blob_key: String,
}

impl AttachmentRow {
    fn read(self) -> Result<Attachment, StorageError> {
        let column = |name| Place(TABLE, name);
        Ok(Attachment {
            id: AttachmentId(self.id.0),
            ticket: column("ticket").ticket(self.ticket)?,
            message: column("message").message(self.message)?,
            name: column("name").read(FileName::from_stored(self.name), self.id.0)?,
            media_type: column("media_type").read(MediaType::from_stored(&self.media_type), &self.media_type)?,
            size: column("size").size(self.size)?,
            key: column("blob_key").read(BlobKey::from_stored(&self.blob_key), &self.blob_key)?,
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = attachment)]
struct NewAttachmentRow<'a> {
    id: Key,
    ticket: i64,
    message: i64,
    name: &'a str,
    media_type: &'static str,
    size: i64,
    blob_key: &'a str,
}

impl<'a> NewAttachmentRow<'a> {
    fn of(attachment: &'a Attachment) -> Result<Self, StorageError> {
        Ok(Self {
            id: Key(attachment.id.0),
            ticket: attachment.ticket.get(),
            message: attachment.message.get().into(),
            name: attachment.name.as_str(),
            media_type: attachment.media_type.as_str(),
            size: column_of_size(attachment.size)?,
            blob_key: attachment.key.as_str(),
        })
    }
}

impl Attachments for DieselUnit<'_> {
    fn insert(&mut self, attachments: &[Attachment]) -> Result<(), StorageError> {
        let rows = attachments.iter().map(NewAttachmentRow::of).collect::<Result<Vec<_>, _>>()?;
        self.insert_rows(
            TABLE,
            &rows,
            |conn, row| insert(conn, diesel::insert_into(attachment::table).values(row)),
            |conn, rows| diesel::insert_into(attachment::table).values(rows).execute(conn),
            |conn, rows| {
                diesel::delete(attachment::table.filter(attachment::id.eq_any(rows.iter().map(|row| row.id)))).execute(conn)
            },
        )
    }

    fn find(&mut self, id: AttachmentId) -> Result<Option<Attachment>, StorageError> {
        let query = attachment::table.filter(attachment::id.eq(Key(id.0))).select(AttachmentRow::as_select());
        let row = self.run(TABLE, |conn| query.get_result(conn).optional())?;
        row.map(AttachmentRow::read).transpose()
    }

    fn list(&mut self, ticket: TicketNumber) -> Result<Vec<Attachment>, StorageError> {
        let query = attachment::table
            .filter(attachment::ticket.eq(ticket.get()))
            .order((attachment::message, attachment::id))
            .select(AttachmentRow::as_select());
        let rows = self.run(TABLE, |conn| query.load(conn))?;
        rows.into_iter().map(AttachmentRow::read).collect()
    }
}
