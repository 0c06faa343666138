//! Labels, and the tickets that have them.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::BigInt;
use muticket_core::id::{LabelId, TicketNumber};
use muticket_core::label::{Label, LabelName};
use muticket_core::storage::{Counts, LabelStore, StorageError};

use super::values::{Column, MaybeInvalid};
use super::{Conn, Db, DieselUnit, Key, VALUES, insert};
use crate::dialect::UuidColumn;
use crate::fragment::{Counted, CountedEach, WithLimit};
use crate::schema::{label, ticket_label};

const TABLE: &str = "muticket_label";
const ON_TICKETS: &str = "muticket_ticket_label";

/// How many labels are counted in one statement. SQLite limits the number of its parts.
const COUNTED: usize = 100;

#[derive(Queryable, Selectable)]
#[diesel(table_name = label, check_for_backend(Db))]
struct LabelRow {
    id: MaybeInvalid<Key>,
    name: MaybeInvalid<String>,
    colour: MaybeInvalid<String>,
}

impl LabelRow {
    fn read(self) -> Result<Label, StorageError> {
        let column = |name| Column(TABLE, name);
        let id = LabelId(column("id").valid(&self.id)?.0);
        let name = column("name").read(self.name.ok().and_then(LabelName::from_stored), id)?;
        Ok(Label { id, name, colour: column("colour").word(&self.colour)? })
    }
}

/// The labels of some tickets. As with the marks, a page nearly always has the same number of tickets, so the prepared statement is cached.
struct LabelsOn<'a>(&'a [i64]);

impl QueryId for LabelsOn<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for LabelsOn<'_> {
    type SqlType = (BigInt, UuidColumn);
}

impl RunQueryDsl<Conn> for LabelsOn<'_> {}

impl QueryFragment<Db> for LabelsOn<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        out.push_sql("SELECT ticket, label FROM muticket_ticket_label WHERE ticket IN (");
        for (index, ticket) in self.0.iter().enumerate() {
            if index > 0 {
                out.push_sql(", ");
            }
            out.push_bind_param::<BigInt, _>(ticket)?;
        }
        out.push_sql(") ORDER BY ticket, label");
        Ok(())
    }
}

impl LabelStore for DieselUnit<'_> {
    fn insert(&mut self, new: &Label) -> Result<(), StorageError> {
        let row = diesel::insert_into(label::table).values((
            label::id.eq(Key(new.id.0)),
            label::name.eq(new.name.as_str()),
            label::colour.eq(new.colour.as_str()),
        ));
        self.try_to_change(TABLE, |conn| insert(conn, row))?;
        self.revise()
    }

    fn update(&mut self, new: &Label) -> Result<bool, StorageError> {
        let stored = label::table.filter(label::id.eq(Key(new.id.0)));
        let update = diesel::update(stored).set((label::name.eq(new.name.as_str()), label::colour.eq(new.colour.as_str())));
        let updated = self.change(TABLE, |conn| update.execute(conn))?;
        self.revise()?;
        Ok(updated > 0)
    }

    fn delete(&mut self, id: LabelId) -> Result<bool, StorageError> {
        // The foreign key takes it off all tickets.
        let stored = label::table.filter(label::id.eq(Key(id.0)));
        let deleted = self.change(TABLE, |conn| diesel::delete(stored).execute(conn))?;
        self.revise()?;
        Ok(deleted > 0)
    }

    fn list(&mut self) -> Result<Vec<Label>, StorageError> {
        let query = label::table.order(label::position).select(LabelRow::as_select());
        let rows = self.run(TABLE, |conn| query.load(conn))?;
        Ok(rows.into_iter().filter_map(|row| self.ok_or_note(TABLE, row.read())).collect())
    }

    fn list_to_change(&mut self) -> Result<Vec<Label>, StorageError> {
        self.hold_configuration()?;
        LabelStore::list(self)
    }

    fn put_on(&mut self, ticket: TicketNumber, id: LabelId) -> Result<(), StorageError> {
        let row = diesel::insert_into(ticket_label::table)
            .values((ticket_label::label.eq(Key(id.0)), ticket_label::ticket.eq(ticket.get())));
        self.try_to_refer(ON_TICKETS, |conn| insert(conn, row))?;
        Ok(())
    }

    fn take_off(&mut self, ticket: TicketNumber, id: LabelId) -> Result<bool, StorageError> {
        let on = ticket_label::table.find((Key(id.0), ticket.get()));
        Ok(self.change(ON_TICKETS, |conn| diesel::delete(on).execute(conn))? > 0)
    }

    fn of(&mut self, tickets: &[TicketNumber]) -> Result<Vec<(TicketNumber, LabelId)>, StorageError> {
        let mut tickets: Vec<i64> = tickets.iter().map(|ticket| ticket.get()).collect();
        tickets.sort_unstable();
        tickets.dedup();
        // Tickets are numbered from 1. The page of an empty list runs as many statements as any other.
        if tickets.is_empty() {
            tickets.push(0);
        }
        let mut labels = Vec::new();
        for tickets in tickets.chunks(VALUES) {
            let rows: Vec<(i64, MaybeInvalid<Key>)> = self.run(ON_TICKETS, |conn: &mut Conn| LabelsOn(tickets).load(conn))?;
            labels.extend(rows);
        }
        let column = |name| Column(ON_TICKETS, name);
        let read = |(ticket, id): (i64, MaybeInvalid<Key>)| {
            Ok((column("ticket").ticket(ticket)?, LabelId(column("label").valid(&id)?.0)))
        };
        Ok(labels.into_iter().filter_map(|on| self.ok_or_note(ON_TICKETS, read(on))).collect())
    }

    fn count(&mut self, labels: &[LabelId]) -> Result<Vec<u32>, StorageError> {
        let mut counts = vec![0; labels.len()];
        let numbered: Vec<_> = (0_i64..).zip(labels).collect();
        for some in numbered.chunks(COUNTED) {
            let count = |(place, id): &(i64, &LabelId)| {
                let on = ticket_label::table.filter(ticket_label::label.eq(Key(id.0))).select(ticket_label::ticket);
                (*place, Counted(WithLimit(on, Counts::MANY)))
            };
            let statement = CountedEach(some.iter().map(count).collect());
            let rows: Vec<(i64, i64)> = self.run(ON_TICKETS, |conn| statement.load(conn))?;
            for (place, number) in rows {
                let number = Column(ON_TICKETS, "count").count(number)?;
                if let Some(count) = usize::try_from(place).ok().and_then(|place| counts.get_mut(place)) {
                    *count = number;
                }
            }
        }
        Ok(counts)
    }
}
