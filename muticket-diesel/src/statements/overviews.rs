//! Lists and counts of tickets.
//!
//! Each list follows an index from its first row to its last. There is one index for the tickets of each state. A list of all states is
//! composed of two lists, because an index over all tickets would be one more to maintain at every change. Only a search with few matches
//! follows none.

use diesel::dsl::{max, min};
use diesel::prelude::*;
use muticket_core::id::{CategoryId, TicketNumber};
use muticket_core::search::Search;
use muticket_core::storage::{
    Among, Counts, Cursor, Order, OverviewQuery, Overviews, Scope, SortKey, StateFilter, StorageError, WaitingQuery,
};
use muticket_core::ticket::{State, Ticket, Waiting};

use super::damages::Stored as _;
use super::tickets::{TABLE, TicketRow};
use super::values::{Place, Tried, column_of};
use super::words::Found;
use super::{Conn, Db, DieselUnit};
use crate::fragment::{Always, Counted, FirstOf, Limited, Skipping, ValuesOf};
use crate::schema::ticket;

/// How many damaged tickets at the head of the queue are skipped.
const MOST_DAMAGED: usize = 100;

impl Overviews for DieselUnit<'_> {
    fn list(&mut self, query: &OverviewQuery) -> Result<Vec<Ticket>, StorageError> {
        // Closed tickets do not wait for anybody.
        let is_asked = |state: &&State| query.waiting.is_none() || **state == State::Open;
        let states: Vec<State> = query.state.states().iter().filter(is_asked).copied().collect();
        let found = query.search.as_ref().map(|search| self.found(search)).transpose()?;
        let mut tickets = Vec::new();
        for state in &states {
            tickets.extend(self.list_of(query, found.as_ref(), InState::Known(*state))?);
        }
        if query.state == StateFilter::All && query.waiting.is_none() && self.has_unknown_states()? {
            // None of them can be read. They are reported as damaged, each in its place.
            for state in [InState::Before, InState::Between, InState::After] {
                tickets.extend(self.list_of(query, found.as_ref(), state)?);
            }
        }
        if states.len() > 1 {
            match query.sort {
                SortKey::Number => tickets.sort_by_key(|ticket| ticket.number),
                _ => tickets.sort_by_key(Cursor::after),
            }
            if query.order == Order::Descending {
                tickets.reverse();
            }
            tickets.truncate(usize::try_from(query.limit).unwrap_or(usize::MAX));
        }
        Ok(tickets)
    }

    fn count(&mut self, scope: &Scope, category: Option<&CategoryId>, search: Option<&Search>) -> Result<Counts, StorageError> {
        let found = search.map(|search| self.found(search)).transpose()?;
        let some =
            |state| Limited(in_view(scope, category, found.as_ref(), InState::Known(state)).select(ticket::number), Counts::MANY);
        let both = ValuesOf([State::Open, State::Closed].map(|state| Counted(some(state))));
        let (open, closed): (i64, i64) = self.run(TABLE, |conn| both.get_result(conn))?;
        let count = |count| Place(TABLE, "count").count(count);
        Ok(Counts { open: count(open)?, closed: count(closed)? })
    }

    fn next_waiting(&mut self, query: &WaitingQuery) -> Result<Option<TicketNumber>, StorageError> {
        let mut damaged: Vec<i64> = Vec::new();
        loop {
            let first = |turn: Waiting| {
                let waiting =
                    in_view(&Scope::All, None, None, InState::Known(State::Open)).filter(ticket::turn.eq(Always(turn.as_str())));
                let waiting = waiting.filter(ticket::customer.ne(query.except.as_str()));
                let waiting = if damaged.is_empty() { waiting } else { waiting.filter(ticket::number.ne_all(damaged.clone())) };
                let waiting = match &query.categories {
                    Among::All => waiting,
                    Among::In(these) => waiting.filter(ticket::category.eq_any(these.iter().map(CategoryId::as_str))),
                    Among::Outside(these) => {
                        let others = ticket::category.ne_all(these.iter().map(CategoryId::as_str));
                        waiting.filter(ticket::category.is_null().or(others))
                    }
                };
                let in_order = by_activity(waiting, Order::Ascending, query.after);
                Limited(in_order.select((ticket::number, ticket::last_activity_at)), 1)
            };
            let first = FirstOf([first(Waiting::New), first(Waiting::Supporter)]);
            let number: Option<i64> = self.run(TABLE, |conn| first.get_result(conn).optional())?;
            let Some(number) = number else { return Ok(None) };
            let row = ticket::table.filter(ticket::number.eq(number)).select(TicketRow::as_select());
            let row: TicketRow = self.run(TABLE, |conn| row.get_result(conn))?;
            // A ticket that cannot be read would block the tickets behind it.
            match self.read_or_note(row) {
                Some(ticket) => return Ok(Some(ticket.number)),
                None if damaged.len() < MOST_DAMAGED => damaged.push(number),
                None => return Ok(None),
            }
        }
    }
}

type Tickets<'a> = ticket::BoxedQuery<'a, Db>;

/// What the column of the state contains: a known word, or one before, between or after the two known words. An index can be searched for
/// each of them.
#[derive(Clone, Copy)]
enum InState {
    Known(State),
    Before,
    Between,
    After,
}

/// The tickets of one state.
fn in_view<'a>(scope: &'a Scope, category: Option<&'a CategoryId>, found: Option<&'a Found>, state: InState) -> Tickets<'a> {
    let tickets = ticket::table.into_boxed();
    let [closed, open] = [State::Closed, State::Open].map(|state| Always(state.as_str()));
    let mut tickets = match (state, found) {
        // The few tickets are read one by one. SQLite does not know that they are few, and would otherwise follow the index of the list.
        (InState::Known(state), Some(found)) if found.are_few() => {
            tickets.filter(coalesce(ticket::state.nullable(), "").eq(Always(state.as_str())))
        }
        (InState::Known(state), _) => tickets.filter(ticket::state.eq(Always(state.as_str()))),
        (InState::Before, _) => tickets.filter(ticket::state.lt(closed)),
        (InState::Between, _) => tickets.filter(ticket::state.gt(closed)).filter(ticket::state.lt(open)),
        (InState::After, _) => tickets.filter(ticket::state.gt(open)),
    };
    if let Scope::Customer(customer) = scope {
        tickets = tickets.filter(ticket::customer.eq(customer.as_str()));
    }
    if let Some(category) = category {
        tickets = match found {
            Some(found) if found.are_few() => tickets.filter(coalesce(ticket::category, "").eq(category.as_str())),
            _ => tickets.filter(ticket::category.eq(category.as_str())),
        };
    }
    match found {
        Some(found) => tickets.filter(found),
        None => tickets,
    }
}

#[diesel::declare_sql_function]
extern "SQL" {
    /// The value, or the other one if it is null. No index covers the result.
    fn coalesce(
        value: diesel::sql_types::Nullable<diesel::sql_types::Text>,
        otherwise: diesel::sql_types::Text,
    ) -> diesel::sql_types::Text;
}

impl DieselUnit<'_> {
    /// Whether there is a ticket with a state that no version of MuTicket writes. Looks at the first and last entry of an index, and at
    /// the one between the two states.
    fn has_unknown_states(&mut self) -> Result<bool, StorageError> {
        let [closed, open] = [State::Closed, State::Open].map(State::as_str);
        let tickets = || ticket::table.into_boxed::<Db>();
        let between = tickets().filter(ticket::state.gt(Always(closed)));
        let words =
            [tickets().select(min(ticket::state)), between.select(min(ticket::state)), tickets().select(max(ticket::state))];
        type Word = Option<Tried<String>>;
        let (least, between, greatest): (Word, Word, Word) = self.run(TABLE, |conn| ValuesOf(words).get_result(conn))?;
        let is_known = |word: Word| word.is_none_or(|word| word.ok().is_some_and(|word| word == open || word == closed));
        Ok(![least, between, greatest].into_iter().all(is_known))
    }

    fn list_of(&mut self, query: &OverviewQuery, found: Option<&Found>, state: InState) -> Result<Vec<Ticket>, StorageError> {
        let tickets = || {
            let mut tickets = in_view(&query.scope, query.category.as_ref(), found, state);
            if let Some(waiting) = query.waiting {
                tickets = tickets.filter(ticket::turn.eq(Always(waiting.as_str())));
            }
            match query.sort {
                SortKey::Number => by_number(tickets, query.order, query.after),
                _ => by_activity(tickets, query.order, query.after),
            }
        };
        let is_placed = |row: &TicketRow| match query.sort {
            SortKey::Number => row.numbers()[0].is_some_and(|number| number > 0),
            _ => row.is_placed(),
        };
        let load = |unit: &mut Self, skip| {
            let tickets = Skipping(Limited(tickets().select(TicketRow::as_select()), query.limit), skip);
            unit.run(TABLE, |conn: &mut Conn| tickets.load(conn))
        };
        let rows = self.placed(query.limit, is_placed, load)?;
        Ok(self.readable(rows))
    }
}

/// The first condition on the activity is redundant, but lets an index be used.
fn by_activity(tickets: Tickets<'_>, order: Order, after: Option<Cursor>) -> Tickets<'_> {
    let (activity, number) = (ticket::last_activity_at, ticket::number);
    let after = after.map(|cursor| (column_of(cursor.activity), cursor.number.get()));
    match order {
        Order::Descending => match after {
            Some((at, last)) => tickets.filter(activity.le(at)).filter(activity.lt(at).or(number.lt(last))),
            None => tickets,
        }
        .order((activity.desc(), number.desc())),
        Order::Ascending => match after {
            Some((at, last)) => tickets.filter(activity.ge(at)).filter(activity.gt(at).or(number.gt(last))),
            None => tickets,
        }
        .order((activity.asc(), number.asc())),
    }
}

fn by_number(tickets: Tickets<'_>, order: Order, after: Option<Cursor>) -> Tickets<'_> {
    let after = after.map(|cursor| cursor.number.get());
    match (order, after) {
        (Order::Descending, None) => tickets.order(ticket::number.desc()),
        (Order::Descending, Some(number)) => tickets.filter(ticket::number.lt(number)).order(ticket::number.desc()),
        (Order::Ascending, None) => tickets.order(ticket::number.asc()),
        (Order::Ascending, Some(number)) => tickets.filter(ticket::number.gt(number)).order(ticket::number.asc()),
    }
}
