//! Lists and counts of tickets.
//!
//! Each list follows an index from its first row to its last. There is one index for the tickets of each state, and one for those that wait
//! for each side. A list of all states, or of what waits for supporters, is composed of two lists, because an index over both would be one
//! more to maintain at every change. Only a search with few matches follows none.

use diesel::dsl::{max, min};
use diesel::prelude::*;
use muticket_core::id::CategoryId;
use muticket_core::search::Search;
use muticket_core::storage::{
    Among, Counts, Cursor, Order, OverviewQuery, OverviewStore, Reach, SortKey, StorageError, View, WaitingFilter,
};
use muticket_core::ticket::{State, Ticket, Waiting};

use super::damages::StoredRow as _;
use super::tickets::{TABLE, TicketRow};
use super::values::{Column, MaybeInvalid, column_of};
use super::words::SearchPlan;
use super::{Conn, Db, DieselUnit};
use crate::fragment::{Counted, CountedEach, Literal, ValuesOf, WithLimit, WithOffset};
use crate::schema::ticket;

impl OverviewStore for DieselUnit<'_> {
    fn list(&mut self, query: &OverviewQuery) -> Result<Vec<Ticket>, StorageError> {
        let mut parts = parts_of(&query.view);
        let plan = query.view.search.as_ref().map(|search| self.plan_search(search)).transpose()?;
        if parts == ALL_STATES && self.has_unknown_states()? {
            // None of them can be read. They are reported as damaged, each in its place.
            parts.extend([ViewPart::Before, ViewPart::Between, ViewPart::After]);
        }
        let mut tickets = Vec::new();
        for part in &parts {
            tickets.extend(self.list_of(query, plan.as_ref(), *part)?);
        }
        if parts.len() > 1 {
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

    fn count(&mut self, views: &[View]) -> Result<Vec<u32>, StorageError> {
        // The views of one page have the same search. Planning it takes statements of its own.
        let mut searches: Vec<(&Search, SearchPlan)> = Vec::new();
        for search in views.iter().filter_map(|view| view.search.as_ref()) {
            if !searches.iter().any(|(planned, _)| *planned == search) {
                searches.push((search, self.plan_search(search)?));
            }
        }
        let mut counts = vec![0; views.len()];
        let mut statements = Vec::new();
        for (place, view) in (0_i64..).zip(views) {
            let planned = searches.iter().find(|(planned, _)| view.search.as_ref() == Some(*planned));
            for part in parts_of(view) {
                let tickets = in_view(view, planned.map(|(_, plan)| plan), part);
                statements.push((place, Counted(WithLimit(tickets.select(ticket::number), Counts::MANY))));
            }
        }
        if statements.is_empty() {
            return Ok(counts);
        }
        let statement = CountedEach(statements);
        let rows: Vec<(i64, i64)> = self.run(TABLE, |conn| statement.load(conn))?;
        for (place, number) in rows {
            let number = Column(TABLE, "count").count(number)?;
            if let Some(count) = usize::try_from(place).ok().and_then(|place| counts.get_mut(place)) {
                *count = Counts::MANY.min(*count + number);
            }
        }
        Ok(counts)
    }
}

type TicketQuery<'a> = ticket::BoxedQuery<'a, Db>;

/// A part of a view that follows one index from its first row to its last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ViewPart {
    /// The tickets of one state.
    Of(State),
    /// The open tickets that wait for one side.
    For(Waiting),
    /// The tickets whose state is a word before, between or after the two known words. An index can be searched for each of them.
    Before,
    Between,
    After,
}

const ALL_STATES: [ViewPart; 2] = [ViewPart::Of(State::Open), ViewPart::Of(State::Closed)];

/// The parts of a view, without unknown states.
fn parts_of(view: &View) -> Vec<ViewPart> {
    let has_open = view.state.states().contains(&State::Open);
    match view.waiting {
        WaitingFilter::All => view.state.states().iter().copied().map(ViewPart::Of).collect(),
        // Closed tickets do not wait for anybody.
        _ if !has_open => Vec::new(),
        WaitingFilter::For(side) => vec![ViewPart::For(side)],
        _ => vec![ViewPart::For(Waiting::New), ViewPart::For(Waiting::Supporter)],
    }
}

/// The tickets of one part of a view.
fn in_view<'a>(view: &'a View, plan: Option<&'a SearchPlan>, part: ViewPart) -> TicketQuery<'a> {
    // The state and the waiting side are in the part, the search is in `plan`.
    let View { reach, customer, except, state: _, waiting: _, categories, search: _ } = view;
    let is_selective = plan.is_some_and(SearchPlan::is_selective);
    let of_state = |tickets: TicketQuery<'a>, state: State| {
        let word = Literal(state.as_str());
        match is_selective {
            // The few tickets are read one by one. SQLite does not know that they are few, and would otherwise follow the index
            // of the list.
            true => tickets.filter(coalesce(ticket::state.nullable(), "").eq(word)),
            false => tickets.filter(ticket::state.eq(word)),
        }
    };
    let [closed, open] = [State::Closed, State::Open].map(|state| Literal(state.as_str()));
    let tickets = ticket::table.into_boxed();
    let mut tickets = match part {
        ViewPart::Of(state) => of_state(tickets, state),
        ViewPart::For(side) => of_state(tickets, State::Open).filter(ticket::turn.eq(Literal(side.as_str()))),
        ViewPart::Before => tickets.filter(ticket::state.lt(closed)),
        ViewPart::Between => tickets.filter(ticket::state.gt(closed)).filter(ticket::state.lt(open)),
        ViewPart::After => tickets.filter(ticket::state.gt(open)),
    };
    if let Reach::Own(own) = reach {
        tickets = tickets.filter(ticket::customer.eq(own.as_str()));
    }
    if let Some(customer) = customer {
        tickets = tickets.filter(ticket::customer.eq(customer.as_str()));
    }
    if let Some(customer) = except {
        tickets = tickets.filter(ticket::customer.ne(customer.as_str()));
    }
    tickets = match categories {
        Among::All => tickets,
        Among::In(these) => match (these.first(), these.len()) {
            (Some(one), 1) if is_selective => tickets.filter(coalesce(ticket::category, "").eq(one.as_str())),
            (Some(one), 1) => tickets.filter(ticket::category.eq(one.as_str())),
            _ => tickets.filter(ticket::category.eq_any(these.iter().map(CategoryId::as_str))),
        },
        Among::Outside(these) => {
            let others = ticket::category.ne_all(these.iter().map(CategoryId::as_str));
            tickets.filter(ticket::category.is_null().or(others))
        }
    };
    match plan {
        Some(plan) => tickets.filter(plan),
        None => tickets,
    }
}

#[diesel::declare_sql_function]
extern "SQL" {
    /// SQL's `COALESCE`. No index covers its result.
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
        let between = tickets().filter(ticket::state.gt(Literal(closed)));
        let words =
            [tickets().select(min(ticket::state)), between.select(min(ticket::state)), tickets().select(max(ticket::state))];
        type StateWord = Option<MaybeInvalid<String>>;
        let (least, between, greatest): (StateWord, StateWord, StateWord) =
            self.run(TABLE, |conn| ValuesOf(words).get_result(conn))?;
        let is_known = |word: StateWord| word.is_none_or(|word| word.ok().is_some_and(|word| word == open || word == closed));
        Ok(![least, between, greatest].into_iter().all(is_known))
    }

    fn list_of(&mut self, query: &OverviewQuery, plan: Option<&SearchPlan>, part: ViewPart) -> Result<Vec<Ticket>, StorageError> {
        let tickets = || {
            let tickets = in_view(&query.view, plan, part);
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
            let tickets = WithOffset(WithLimit(tickets().select(TicketRow::as_select()), query.limit), skip);
            unit.run(TABLE, |conn: &mut Conn| tickets.load(conn))
        };
        let rows = self.placed(query.limit, is_placed, load)?;
        Ok(self.readable(rows))
    }
}

/// The first condition on the activity is redundant, but lets an index be used.
fn by_activity(tickets: TicketQuery<'_>, order: Order, after: Option<Cursor>) -> TicketQuery<'_> {
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

fn by_number(tickets: TicketQuery<'_>, order: Order, after: Option<Cursor>) -> TicketQuery<'_> {
    let after = after.map(|cursor| cursor.number.get());
    match (order, after) {
        (Order::Descending, None) => tickets.order(ticket::number.desc()),
        (Order::Descending, Some(number)) => tickets.filter(ticket::number.lt(number)).order(ticket::number.desc()),
        (Order::Ascending, None) => tickets.order(ticket::number.asc()),
        (Order::Ascending, Some(number)) => tickets.filter(ticket::number.gt(number)).order(ticket::number.asc()),
    }
}
