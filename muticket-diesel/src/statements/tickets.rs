//! Tickets, by number.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use muticket_core::id::{CategoryId, TicketNumber, UserId};
use muticket_core::storage::{Damage, StorageError, TicketStore};
use muticket_core::ticket::{Priority, Subject, Ticket, UnnumberedTicket};

use super::damages::{StoredRow, read_or_log};
use super::values::{Column, MaybeInvalid, column_of};
use super::words::insert_words;
use super::{Conn, Db, DieselUnit, VALUES, dialect};
use crate::fragment::WithSuffix;
use crate::schema::ticket;

pub(super) const TABLE: &str = "muticket_ticket";

#[derive(Queryable, Selectable)]
#[diesel(table_name = ticket, check_for_backend(Db))]
pub(super) struct TicketRow {
    number: i64,
    customer: MaybeInvalid<String>,
    subject: MaybeInvalid<String>,
    category: Option<MaybeInvalid<String>>,
    state: MaybeInvalid<String>,
    closed_by: Option<MaybeInvalid<String>>,
    last_message: i64,
    answers: i64,
    last_role: MaybeInvalid<String>,
    last_supporter: Option<MaybeInvalid<String>>,
    follows: Option<i64>,
    opened_at: MaybeInvalid<NaiveDateTime>,
    last_activity_at: MaybeInvalid<NaiveDateTime>,
    version: i64,
    assignee: Option<MaybeInvalid<String>>,
    priority: i64,
    last_note: Option<i64>,
}

impl StoredRow for TicketRow {
    type Value = Ticket;
    const TABLE: &'static str = TABLE;

    fn numbers(&self) -> [Option<i64>; 2] {
        [Some(self.number), None]
    }

    fn at(&self) -> Option<DateTime<Utc>> {
        self.last_activity_at.instant()
    }

    fn priority(&self) -> Option<Priority> {
        u8::try_from(self.priority).ok().and_then(Priority::from_rank)
    }

    fn read(self) -> Result<Ticket, StorageError> {
        let column = |name| Column(TABLE, name);
        let (priority, stored_priority) = (self.priority(), self.priority);
        let customer = UserId::new(column("customer").string(self.customer)?);
        let subject = column("subject").read(self.subject.ok().and_then(Subject::from_stored), self.number)?;
        let opened_at = column("opened_at").instant(&self.opened_at)?;
        let mut ticket = UnnumberedTicket::new(customer, subject, opened_at).numbered(column("number").ticket(self.number)?);
        let category = self.category.map(|id| column("category").string(id)).transpose()?;
        ticket.category = category.map(CategoryId::new);
        ticket.state = column("state").word(&self.state)?;
        let closed_by = self.closed_by.map(|user| column("closed_by").string(user)).transpose()?;
        ticket.closed_by = closed_by.map(UserId::new);
        ticket.last_message = column("last_message").message(self.last_message)?;
        ticket.answers = column("answers").count(self.answers)?;
        ticket.last_role = column("last_role").word(&self.last_role)?;
        let last_supporter = self.last_supporter.map(|user| column("last_supporter").string(user)).transpose()?;
        ticket.last_supporter = last_supporter.map(UserId::new);
        ticket.follows = self.follows.map(|number| column("follows").ticket(number)).transpose()?;
        ticket.last_activity_at = column("last_activity_at").instant(&self.last_activity_at)?;
        ticket.version = column("version").count(self.version)?;
        let assignee = self.assignee.map(|user| column("assignee").string(user)).transpose()?;
        ticket.assignee = assignee.map(UserId::new);
        ticket.priority = column("priority").read(priority, stored_priority)?;
        ticket.last_note = self.last_note.map(|number| column("last_note").note(number)).transpose()?;
        Ok(ticket)
    }
}

/// A ticket without a number yet.
#[derive(Insertable)]
#[diesel(table_name = ticket, treat_none_as_default_value = false)]
struct NewTicketRow<'a> {
    customer: &'a str,
    subject: &'a str,
    category: Option<&'a str>,
    priority: i64,
    state: &'static str,
    turn: &'static str,
    closed_by: Option<&'a str>,
    last_message: i64,
    answers: i64,
    last_role: &'static str,
    follows: Option<i64>,
    opened_at: NaiveDateTime,
    last_activity_at: NaiveDateTime,
    version: i64,
}

impl<'a> NewTicketRow<'a> {
    fn of(ticket: &'a Ticket) -> Self {
        Self {
            customer: ticket.customer.as_str(),
            subject: ticket.subject.as_str(),
            category: ticket.category.as_ref().map(CategoryId::as_str),
            priority: ticket.priority.rank().into(),
            state: ticket.state.as_str(),
            turn: ticket.turn().as_str(),
            closed_by: ticket.closed_by.as_ref().map(UserId::as_str),
            last_message: ticket.last_message.get().into(),
            answers: ticket.answers.into(),
            last_role: ticket.last_role.as_str(),
            follows: ticket.follows.map(TicketNumber::get),
            opened_at: column_of(ticket.opened_at),
            last_activity_at: column_of(ticket.last_activity_at),
            version: ticket.version.into(),
        }
    }
}

impl TicketStore for DieselUnit<'_> {
    fn insert(&mut self, ticket: &UnnumberedTicket) -> Result<Ticket, StorageError> {
        let any = TicketNumber::new(i64::MAX).expect("it is positive");
        let mut ticket = ticket.numbered(any);
        let row = NewTicketRow::of(&ticket);
        let number = self.change(TABLE, |conn| dialect::insert_ticket(conn, diesel::insert_into(ticket::table).values(&row)))?;
        ticket.number = Column(TABLE, "number").ticket(number)?;
        self.change(TABLE, |conn| insert_words(conn, number, &ticket.subject))?;
        Ok(ticket)
    }

    fn find(&mut self, number: TicketNumber) -> Result<Option<Ticket>, StorageError> {
        if !self.writes() {
            return self.find_unlocked(number);
        }
        let query = ticket::table.filter(ticket::number.eq(number.get())).select(TicketRow::as_select());
        let row = self.run(TABLE, |conn| WithSuffix(query, dialect::LOCKED).get_result(conn).optional())?;
        row.map(read_or_log).transpose()
    }

    fn find_unlocked(&mut self, number: TicketNumber) -> Result<Option<Ticket>, StorageError> {
        let query = ticket::table.filter(ticket::number.eq(number.get())).select(TicketRow::as_select());
        let row = self.run(TABLE, |conn| query.get_result(conn).optional())?;
        row.map(read_or_log).transpose()
    }

    fn find_customer(&mut self, number: TicketNumber) -> Result<Option<UserId>, StorageError> {
        let query = ticket::table.filter(ticket::number.eq(number.get())).select(ticket::customer);
        let customer: Option<String> = self.run(TABLE, |conn| query.get_result(conn).optional())?;
        Ok(customer.map(UserId::new))
    }

    fn list_customers(&mut self, numbers: &[TicketNumber]) -> Result<Vec<(TicketNumber, UserId)>, StorageError> {
        let mut numbers: Vec<i64> = numbers.iter().map(|number| number.get()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut customers = Vec::with_capacity(numbers.len());
        for numbers in numbers.chunks(VALUES) {
            let query = ticket::table.filter(ticket::number.eq_any(numbers)).order(ticket::number);
            let query = query.select((ticket::number, ticket::customer));
            let rows: Vec<(i64, MaybeInvalid<String>)> = self.run(TABLE, |conn| query.load(conn))?;
            for (number, customer) in rows {
                let number = Column(TABLE, "number").ticket(number)?;
                let damage = Damage::in_table(TABLE).of_ticket(Some(number));
                let customer = self.ok_or_note_as(damage, Column(TABLE, "customer").string(customer));
                customers.extend(customer.map(|customer| (number, UserId::new(customer))));
            }
        }
        Ok(customers)
    }

    fn update(&mut self, ticket: &Ticket) -> Result<(), StorageError> {
        let version = i64::from(ticket.version);
        let stored = ticket::table.filter(ticket::number.eq(ticket.number.get()).and(ticket::version.eq(version - 1)));
        let update = diesel::update(stored).set((
            ticket::state.eq(ticket.state.as_str()),
            ticket::turn.eq(ticket.turn().as_str()),
            ticket::closed_by.eq(ticket.closed_by.as_ref().map(UserId::as_str)),
            ticket::last_message.eq(i64::from(ticket.last_message.get())),
            ticket::answers.eq(i64::from(ticket.answers)),
            ticket::last_role.eq(ticket.last_role.as_str()),
            ticket::last_supporter.eq(ticket.last_supporter.as_ref().map(UserId::as_str)),
            ticket::last_activity_at.eq(column_of(ticket.last_activity_at)),
            ticket::version.eq(version),
            ticket::category.eq(ticket.category.as_ref().map(CategoryId::as_str)),
            ticket::assignee.eq(ticket.assignee.as_ref().map(UserId::as_str)),
            ticket::priority.eq(i64::from(ticket.priority.rank())),
            ticket::last_note.eq(ticket.last_note.map(|number| i64::from(number.get()))),
        ));
        match self.change(TABLE, |conn: &mut Conn| update.execute(conn))? {
            0 => Err(StorageError::Stale),
            _ => Ok(()),
        }
    }

    fn delete(&mut self, number: TicketNumber) -> Result<bool, StorageError> {
        // The foreign keys delete everything that belongs to the ticket.
        let stored = ticket::table.filter(ticket::number.eq(number.get()));
        let deleted = self.change(TABLE, |conn| diesel::delete(stored).execute(conn))?;
        Ok(deleted > 0)
    }
}
