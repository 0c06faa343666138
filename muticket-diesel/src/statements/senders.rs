//! Addresses that are assigned to users.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use muticket_core::id::UserId;
use muticket_core::sender::AssignedSender;
use muticket_core::storage::{SenderStore, StorageError};

use super::values::{Column, MaybeInvalid, column_of};
use super::{Db, DieselUnit, insert};
use crate::fragment::WithLimit;
use crate::schema::sender;

const TABLE: &str = "muticket_sender";

#[derive(Queryable, Selectable)]
#[diesel(table_name = sender, check_for_backend(Db))]
struct SenderRow {
    address: MaybeInvalid<String>,
    user_id: MaybeInvalid<String>,
    assigned_at: MaybeInvalid<NaiveDateTime>,
}

impl SenderRow {
    fn read(self) -> Result<AssignedSender, StorageError> {
        let column = |name| Column(TABLE, name);
        Ok(AssignedSender {
            address: column("address").string(self.address)?,
            user: UserId::new(column("user_id").string(self.user_id)?),
            assigned_at: column("assigned_at").instant(&self.assigned_at)?,
        })
    }
}

impl SenderStore for DieselUnit<'_> {
    fn update(&mut self, new: &AssignedSender) -> Result<(), StorageError> {
        let stored = sender::table.find(new.address.as_str());
        self.change(TABLE, |conn| diesel::delete(stored).execute(conn))?;
        let row = diesel::insert_into(sender::table).values((
            sender::address.eq(new.address.as_str()),
            sender::user_id.eq(new.user.as_str()),
            sender::assigned_at.eq(column_of(new.assigned_at)),
        ));
        self.try_to_change(TABLE, |conn| insert(conn, row)).map_err(|error| match error {
            StorageError::Duplicate => StorageError::Busy("another unit has inserted the row meanwhile".into()),
            other => other,
        })?;
        Ok(())
    }

    fn find(&mut self, address: &str) -> Result<Option<AssignedSender>, StorageError> {
        let query = sender::table.find(address).select(SenderRow::as_select());
        let row: Option<SenderRow> = self.run(TABLE, |conn| query.get_result(conn).optional())?;
        row.map(SenderRow::read).transpose()
    }

    fn list(&mut self, limit: u32) -> Result<Vec<AssignedSender>, StorageError> {
        let query = sender::table.order(sender::address).select(SenderRow::as_select());
        let rows: Vec<SenderRow> = self.run(TABLE, |conn| WithLimit(query, limit).load(conn))?;
        Ok(rows.into_iter().filter_map(|row| self.ok_or_note(TABLE, row.read())).collect())
    }

    fn delete(&mut self, address: &str) -> Result<bool, StorageError> {
        let stored = sender::table.find(address);
        Ok(self.change(TABLE, |conn| diesel::delete(stored).execute(conn))? > 0)
    }
}
