//! The letters of one ticket.

use diesel::prelude::*;
use muticket_core::blob::BlobKey;
use muticket_core::id::{MessageNumber, TicketNumber};
use muticket_core::incoming::{Incoming, Verdict};
use muticket_core::storage::{Damage, StorageError};

use super::{Column, DieselUnit, IncomingRow, MaybeInvalid, TABLE};
use crate::fragment::WithLimit;
use crate::schema::incoming;

impl DieselUnit<'_> {
    /// See [`IncomingStore::list_messages`](muticket_core::storage::IncomingStore::list_messages).
    pub(super) fn letters_of_messages(
        &mut self,
        ticket: TicketNumber,
        first: MessageNumber,
        last: MessageNumber,
    ) -> Result<Vec<Incoming>, StorageError> {
        let those = incoming::message.ge(i64::from(first.get())).and(incoming::message.le(i64::from(last.get())));
        let query = incoming::table
            .filter(incoming::ticket.eq(ticket.get()).and(those))
            .order((incoming::message, incoming::id))
            .select(IncomingRow::as_select());
        let rows: Vec<IncomingRow> = self.run(TABLE, |conn| query.load(conn))?;
        Ok(self.readable(rows))
    }

    /// See [`IncomingStore::list_of_ticket`](muticket_core::storage::IncomingStore::list_of_ticket).
    pub(super) fn letters_of_ticket(
        &mut self,
        ticket: TicketNumber,
        verdict: Verdict,
        limit: u32,
    ) -> Result<Vec<Incoming>, StorageError> {
        let query = incoming::table
            .filter(incoming::ticket.eq(ticket.get()).and(incoming::verdict.eq(verdict.as_str())))
            .order((incoming::received_at.desc(), incoming::id.desc()))
            .select(IncomingRow::as_select());
        let rows: Vec<IncomingRow> = self.run(TABLE, |conn| WithLimit(query, limit).load(conn))?;
        Ok(self.readable(rows))
    }

    /// See [`IncomingStore::keys`](muticket_core::storage::IncomingStore::keys).
    pub(super) fn keys_of_letters(&mut self, ticket: TicketNumber) -> Result<Vec<BlobKey>, StorageError> {
        let query = incoming::table.filter(incoming::ticket.eq(ticket.get())).select(incoming::blob_key);
        let keys: Vec<MaybeInvalid<String>> = self.run(TABLE, |conn| query.load(conn))?;
        let damage = Damage::in_table(TABLE).of_ticket(Some(ticket));
        let read = |key| Column(TABLE, "blob_key").parsed(&key, BlobKey::from_stored);
        Ok(keys.into_iter().filter_map(|key| self.ok_or_note_as(damage.clone(), read(key))).collect())
    }
}
