//! Rows of attachments. Their bytes are stored elsewhere.

use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use diesel::sql_types::{BigInt, Nullable, Text};
use muticket_core::blob::{BlobKey, Digest};
use muticket_core::id::{AttachmentId, TicketNumber};
use muticket_core::storage::{AttachmentStore, Damage, StorageError};
use muticket_core::ticket::{Attachment, FileName};

use super::damages::{StoredRow, read_or_log};
use super::rows::NewRows;
use super::values::{Column, MaybeInvalid, column_of_size};
use super::{Db, DieselUnit, Key, all_or_none};
use crate::dialect::UuidColumn;
use crate::fragment::WithLimit;
use crate::schema::attachment;

const TABLE: &str = "muticket_attachment";

#[derive(Queryable, Selectable)]
#[diesel(table_name = attachment, check_for_backend(Db))]
struct AttachmentRow {
    id: MaybeInvalid<Key>,
    ticket: i64,
    message: i64,
    name: MaybeInvalid<String>,
    media_type: MaybeInvalid<String>,
    size: i64,
    blob_key: MaybeInvalid<String>,
    sha256: Option<MaybeInvalid<String>>,
}

impl StoredRow for AttachmentRow {
    type Value = Attachment;
    const TABLE: &'static str = TABLE;

    fn numbers(&self) -> [Option<i64>; 2] {
        [Some(self.ticket), Some(self.message)]
    }

    fn read(self) -> Result<Attachment, StorageError> {
        let column = |name| Column(TABLE, name);
        let Key(id) = column("id").valid(&self.id)?;
        let place = (column("ticket").ticket(self.ticket)?, column("message").message(self.message)?);
        let name = column("name").read(self.name.ok().and_then(FileName::from_stored), id)?;
        let key = column("blob_key").parsed(&self.blob_key, BlobKey::from_stored)?;
        let mut file = Attachment::new(AttachmentId(id), place, name, key);
        file.media_type = column("media_type").word(&self.media_type)?;
        file.size = column("size").size(self.size)?;
        let digest = |text| column("sha256").parsed(text, Digest::from_stored);
        file.digest = self.sha256.as_ref().map(digest).transpose()?;
        Ok(file)
    }
}

/// The table and columns of a new attachment.
const NEW_ATTACHMENT: &str = "muticket_attachment (id, ticket, message, name, media_type, size, blob_key, sha256)";

/// The values of a new attachment.
fn columns_of(attachment: &Attachment) -> Result<impl QueryFragment<Db> + '_, StorageError> {
    Ok((
        Key(attachment.id.0).into_sql::<UuidColumn>(),
        attachment.ticket.get().into_sql::<BigInt>(),
        i64::from(attachment.message.get()).into_sql::<BigInt>(),
        attachment.name.as_str().into_sql::<Text>(),
        attachment.media_type.as_str().into_sql::<Text>(),
        column_of_size(attachment.size)?.into_sql::<BigInt>(),
        attachment.key.as_str().into_sql::<Text>(),
        attachment.digest.map(|digest| digest.to_string()).into_sql::<Nullable<Text>>(),
    ))
}

impl AttachmentStore for DieselUnit<'_> {
    fn insert(&mut self, attachments: &[Attachment]) -> Result<(), StorageError> {
        let rows = attachments.iter().map(columns_of).collect::<Result<Vec<_>, _>>()?;
        match rows.is_empty() {
            true => Ok(()),
            false => self.try_to_change(TABLE, |conn| all_or_none(conn, |conn| NewRows::insert(conn, NEW_ATTACHMENT, &rows))),
        }
    }

    fn find(&mut self, id: AttachmentId) -> Result<Option<Attachment>, StorageError> {
        let query = attachment::table.filter(attachment::id.eq(Key(id.0))).select(AttachmentRow::as_select());
        let row = self.run(TABLE, |conn| query.get_result(conn).optional())?;
        row.map(read_or_log).transpose()
    }

    fn list(&mut self, ticket: TicketNumber) -> Result<Vec<Attachment>, StorageError> {
        let query = attachment::table
            .filter(attachment::ticket.eq(ticket.get()))
            .order((attachment::message, attachment::id))
            .select(AttachmentRow::as_select());
        let rows = self.run(TABLE, |conn| query.load(conn))?;
        Ok(self.readable(rows))
    }

    fn keys(&mut self, ticket: TicketNumber) -> Result<Vec<BlobKey>, StorageError> {
        let query = attachment::table.filter(attachment::ticket.eq(ticket.get())).select(attachment::blob_key);
        let keys: Vec<MaybeInvalid<String>> = self.run(TABLE, |conn| query.load(conn))?;
        let damage = Damage::in_table(TABLE).of_ticket(Some(ticket));
        let read = |key| Column(TABLE, "blob_key").parsed(&key, BlobKey::from_stored);
        Ok(keys.into_iter().filter_map(|key| self.ok_or_note_as(damage.clone(), read(key))).collect())
    }

    fn without_digest(&mut self, after: Option<AttachmentId>, limit: u32) -> Result<Vec<Attachment>, StorageError> {
        let without = attachment::table.filter(attachment::sha256.is_null()).order(attachment::id);
        let mut query = without.select(AttachmentRow::as_select()).into_boxed();
        if let Some(after) = after {
            query = query.filter(attachment::id.gt(Key(after.0)));
        }
        let rows = self.run(TABLE, |conn| WithLimit(query, limit).load(conn))?;
        Ok(self.readable(rows))
    }

    fn set_digest(&mut self, id: AttachmentId, digest: &Digest) -> Result<bool, StorageError> {
        let file = attachment::table.filter(attachment::id.eq(Key(id.0)).and(attachment::sha256.is_null()));
        let set = diesel::update(file).set(attachment::sha256.eq(digest.to_string()));
        Ok(self.change(TABLE, |conn| set.execute(conn))? > 0)
    }
}
