//! Users whom letters do not reach.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use muticket_core::id::UserId;
use muticket_core::storage::{StorageError, UndeliverableStore};
use muticket_core::undeliverable::Undeliverable;

use super::values::{Column, MaybeInvalid, column_of};
use super::{Db, DieselUnit, VALUES, dialect};
use crate::fragment::{WithLimit, WithSuffix};
use crate::schema::undeliverable;

const TABLE: &str = "muticket_undeliverable";

#[derive(Queryable, Selectable)]
#[diesel(table_name = undeliverable, check_for_backend(Db))]
struct UndeliverableRow {
    user_id: MaybeInvalid<String>,
    address: MaybeInvalid<String>,
    reports: i64,
    first_at: MaybeInvalid<NaiveDateTime>,
    last_at: MaybeInvalid<NaiveDateTime>,
    problem: MaybeInvalid<String>,
}

impl UndeliverableRow {
    fn read(self) -> Result<Undeliverable, StorageError> {
        let column = |name| Column(TABLE, name);
        Ok(Undeliverable {
            user: UserId::new(column("user_id").string(self.user_id)?),
            address: column("address").string(self.address)?,
            reports: column("reports").count(self.reports)?,
            since: column("first_at").instant(&self.first_at)?,
            last_at: column("last_at").instant(&self.last_at)?,
            problem: column("problem").string(self.problem)?,
        })
    }
}

impl DieselUnit<'_> {
    fn readable_undeliverable(&mut self, rows: Vec<UndeliverableRow>) -> Vec<Undeliverable> {
        rows.into_iter().filter_map(|row| self.ok_or_note(TABLE, row.read())).collect()
    }
}

impl UndeliverableStore for DieselUnit<'_> {
    fn update(&mut self, new: &Undeliverable) -> Result<(), StorageError> {
        let row = diesel::insert_into(undeliverable::table).values((
            undeliverable::user_id.eq(new.user.as_str()),
            undeliverable::address.eq(new.address.as_str()),
            undeliverable::reports.eq(i64::from(new.reports)),
            undeliverable::first_at.eq(column_of(new.since)),
            undeliverable::last_at.eq(column_of(new.last_at)),
            undeliverable::problem.eq(new.problem.as_str()),
        ));
        self.change(TABLE, |conn| conn.execute_returning_count(&WithSuffix(row, dialect::OR_COUNT_REPORT)))?;
        Ok(())
    }

    fn find(&mut self, user: &UserId) -> Result<Option<Undeliverable>, StorageError> {
        let query = undeliverable::table.find(user.as_str()).select(UndeliverableRow::as_select());
        let lock = if self.writes() { dialect::LOCKED } else { "" };
        let row: Option<UndeliverableRow> = self.run(TABLE, |conn| WithSuffix(query, lock).get_result(conn).optional())?;
        Ok(row.and_then(|row| self.ok_or_note(TABLE, row.read())))
    }

    fn of(&mut self, users: &[UserId]) -> Result<Vec<Undeliverable>, StorageError> {
        let mut users: Vec<&str> = users.iter().map(UserId::as_str).collect();
        users.sort_unstable();
        users.dedup();
        let mut found = Vec::new();
        for users in users.chunks(VALUES) {
            let query = undeliverable::table
                .filter(undeliverable::user_id.eq_any(users))
                .order(undeliverable::user_id)
                .select(UndeliverableRow::as_select());
            let rows = self.run(TABLE, |conn| query.load(conn))?;
            found.extend(self.readable_undeliverable(rows));
        }
        Ok(found)
    }

    fn list(&mut self, reports: u32, after: DateTime<Utc>, limit: u32) -> Result<Vec<Undeliverable>, StorageError> {
        let query = undeliverable::table
            .filter(undeliverable::last_at.gt(column_of(after)).and(undeliverable::reports.ge(i64::from(reports))))
            .order((undeliverable::last_at.desc(), undeliverable::user_id))
            .select(UndeliverableRow::as_select());
        let rows = self.run(TABLE, |conn| WithLimit(query, limit).load(conn))?;
        Ok(self.readable_undeliverable(rows))
    }

    fn delete(&mut self, user: &UserId) -> Result<bool, StorageError> {
        let stored = undeliverable::table.find(user.as_str());
        Ok(self.change(TABLE, |conn| diesel::delete(stored).execute(conn))? > 0)
    }

    fn delete_before(&mut self, time: DateTime<Utc>) -> Result<(), StorageError> {
        let old = undeliverable::table.filter(undeliverable::last_at.lt(column_of(time)));
        self.change(TABLE, |conn| diesel::delete(old).execute(conn))?;
        Ok(())
    }
}
