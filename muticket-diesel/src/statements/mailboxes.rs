//! How far mailboxes were read.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use muticket_core::mailbox::{MailboxPlace, MailboxState};
use muticket_core::storage::{MailboxStore, StorageError};

use super::damages::{StoredRow, read_or_log};
use super::values::{Column, MaybeInvalid, column_of};
use super::{Db, DieselUnit, dialect};
use crate::fragment::WithSuffix;
use crate::schema::mailbox;

const TABLE: &str = "muticket_mailbox";

#[derive(Queryable, Selectable)]
#[diesel(table_name = mailbox, check_for_backend(Db))]
struct MailboxRow {
    name: MaybeInvalid<String>,
    uid_validity: Option<i64>,
    next_uid: Option<i64>,
    checked_at: Option<MaybeInvalid<NaiveDateTime>>,
    problem: Option<MaybeInvalid<String>>,
}

impl StoredRow for MailboxRow {
    type Value = MailboxState;
    const TABLE: &'static str = TABLE;

    fn numbers(&self) -> [Option<i64>; 2] {
        [None, None]
    }

    fn read(self) -> Result<MailboxState, StorageError> {
        let column = |name| Column(TABLE, name);
        let place = match (self.uid_validity, self.next_uid) {
            (Some(validity), Some(next)) => Some(MailboxPlace {
                uid_validity: column("uid_validity").count(validity)?,
                next_uid: column("next_uid").count(next)?,
            }),
            (None, None) => None,
            (validity, next) => return Err(column("next_uid").corrupt(format!("{validity:?} and {next:?}"))),
        };
        Ok(MailboxState {
            name: column("name").string(self.name)?,
            place,
            checked_at: self.checked_at.as_ref().map(|at| column("checked_at").instant(at)).transpose()?,
            problem: self.problem.map(|problem| column("problem").string(problem)).transpose()?,
        })
    }
}

impl MailboxStore for DieselUnit<'_> {
    fn find(&mut self, name: &str) -> Result<Option<MailboxState>, StorageError> {
        let query = mailbox::table.find(name).select(MailboxRow::as_select());
        let row: Option<MailboxRow> = if self.writes() {
            self.run(TABLE, |conn| WithSuffix(query, dialect::LOCKED).get_result(conn).optional())?
        } else {
            self.run(TABLE, |conn| query.get_result(conn).optional())?
        };
        row.map(read_or_log).transpose()
    }

    fn update(&mut self, stored: &MailboxState) -> Result<(), StorageError> {
        let new = diesel::insert_into(mailbox::table).values((
            mailbox::name.eq(stored.name.as_str()),
            mailbox::uid_validity.eq(stored.place.map(|place| i64::from(place.uid_validity))),
            mailbox::next_uid.eq(stored.place.map(|place| i64::from(place.next_uid))),
            mailbox::checked_at.eq(stored.checked_at.map(column_of)),
            mailbox::problem.eq(stored.problem.as_deref()),
        ));
        self.change(TABLE, |conn| conn.execute_returning_count(&WithSuffix(new, dialect::OR_READ_FURTHER)))?;
        Ok(())
    }

    fn list(&mut self) -> Result<Vec<MailboxState>, StorageError> {
        let query = mailbox::table.order(mailbox::name).select(MailboxRow::as_select());
        let rows: Vec<MailboxRow> = self.run(TABLE, |conn| query.load(conn))?;
        Ok(self.readable(rows))
    }
}
