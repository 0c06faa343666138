//! Lists and counts of tickets.
//!
//! Each list follows an index from its first row to its last. One condition leads: its index is followed, and each ticket is tested for
//! the other conditions. A list whose index holds more than its order is composed of several lists in one statement, see `parts`. Only a
//! search with few matches follows no index, and a list by number that leads to few tickets: those are read and then sorted.

use diesel::prelude::*;
use muticket_core::id::{CategoryId, LabelId, UserId};
use muticket_core::search::Search;
use muticket_core::storage::{
    Among, Assigned, Counts, Cursor, Order, OverviewQuery, OverviewStore, Reach, SortKey, StorageError, View,
};
use muticket_core::ticket::{State, Ticket};

use super::conditions::Conditions;
use super::damages::StoredRow as _;
use super::dialect::unindexed;
use super::parts::{Lead, Part, Range, has_all_states, parts_of};
use super::tickets::{TABLE, TicketRow};
use super::values::{Column, MaybeInvalid, column_of};
use super::words::COMMON;
use super::{COMPOSED, Conn, Db, DieselUnit, dialect};
use crate::fragment::{
    Counted, CountedEach, EachOf, Literal, Tested, TextsOf, Unindexed, ValuesOf, Whole, WithLimit, WithOffset,
};
use crate::schema::ticket;

/// The most counts in one statement. Those of all views of a page fit.
const COUNTED: usize = 400;

impl OverviewStore for DieselUnit<'_> {
    fn list(&mut self, query: &OverviewQuery) -> Result<Vec<Ticket>, StorageError> {
        let plan = self.conditions(&query.view)?;
        let way = self.way(query, plan.as_ref())?;
        let mut parts = parts_of(&query.view, way.lead, way.lead.splits(query.sort));
        if has_all_states(&query.view) && self.has_unknown_states()? {
            // None of them can be read. They are reported as damaged, each in its place.
            let unknown = [Range::Before, Range::Between, Range::After];
            let whole = parts_of(&query.view, way.lead, false);
            let of = |range| whole.iter().filter(|part| part.is_first_of_its_kind()).map(move |part| Part { range, ..*part });
            parts.extend(unknown.into_iter().flat_map(of).collect::<Vec<_>>());
        }
        parts.retain(|part| is_ahead(query, *part));
        let mut first_rows: Vec<Vec<TicketRow>> = parts.iter().map(|_| Vec::new()).collect();
        for (chunk, parts) in parts.chunks(COMPOSED).enumerate() {
            let of = |(place, part)| {
                let tickets = ordered(query, plan.as_ref(), way, part);
                WithLimit(tickets.select((Whole(place, dialect::WHOLE), TicketRow::as_select())), query.limit)
            };
            let statement = EachOf(parts.iter().copied().enumerate().map(of).collect());
            let rows: Vec<(i64, TicketRow)> = self.run(TABLE, |conn: &mut Conn| statement.load(conn))?;
            for (place, row) in rows {
                let place = usize::try_from(place).ok().and_then(|place| first_rows.get_mut(chunk * COMPOSED + place));
                place.expect("a part of this statement").push(row);
            }
        }
        let mut tickets = Vec::new();
        for (part, first) in parts.into_iter().zip(first_rows) {
            let is_placed = |row: &TicketRow| match query.sort {
                SortKey::Number => row.numbers()[0].is_some_and(|number| number > 0),
                _ => row.is_placed(),
            };
            let mut first = Some(first);
            let load = |unit: &mut Self, skip| match first.take() {
                Some(rows) => Ok(rows),
                None => {
                    let tickets = ordered(query, plan.as_ref(), way, part).select(TicketRow::as_select());
                    unit.run(TABLE, |conn: &mut Conn| WithOffset(WithLimit(tickets, query.limit), skip).load(conn))
                }
            };
            let rows = self.placed(query.limit, is_placed, load)?;
            tickets.extend(self.readable(rows));
        }
        tickets.sort_by(|one, other| query.sort.compare(&Cursor::of(query.sort, one), &Cursor::of(query.sort, other)));
        if query.order == Order::Descending {
            tickets.reverse();
        }
        tickets.truncate(usize::try_from(query.limit).unwrap_or(usize::MAX));
        Ok(tickets)
    }

    fn count(&mut self, views: &[View]) -> Result<Vec<u32>, StorageError> {
        // Planning takes statements of its own: some for each search, and one for all labels. The views of one page have one search.
        let rare = self.rare_labels(views.iter().filter_map(|view| view.label))?;
        let mut plans: Vec<(Beside<'_>, Option<Conditions>)> = Vec::new();
        for view in views {
            if !plans.iter().any(|(known, _)| *known == beside(view)) {
                plans.push((beside(view), self.conditions_with(view, &rare)?));
            }
        }
        let planned: Vec<_> = views
            .iter()
            .map(|view| (view, plans.iter().find(|(known, _)| *known == beside(view)).and_then(|(_, plan)| plan.as_ref())))
            .collect();
        self.count_up_to(&planned, Counts::MANY)
    }

    fn assignees(&mut self) -> Result<Vec<UserId>, StorageError> {
        let rows: Vec<MaybeInvalid<String>> = self.run(TABLE, |conn| TextsOf(dialect::ASSIGNEES).load(conn))?;
        // What is no text is reported with its ticket.
        let mut users: Vec<String> = rows.into_iter().filter_map(MaybeInvalid::ok).collect();
        users.sort_unstable();
        Ok(users.into_iter().map(UserId::new).collect())
    }
}

/// What a view asks of the tables beside the ticket.
type Beside<'a> = (Option<&'a Search>, Option<LabelId>);

fn beside(view: &View) -> Beside<'_> {
    (view.search.as_ref(), view.label)
}

type TicketQuery<'a> = ticket::BoxedQuery<'a, Db>;

/// How the tickets of a list are found.
#[derive(Clone, Copy)]
struct Way {
    lead: Lead,
    /// Whether all tickets of the leading condition are read and then sorted, because the index that leads has another order.
    sorted: bool,
}

/// The tickets of one part of a view, without an order.
fn in_view<'a>(view: &'a View, plan: Option<&'a Conditions>, lead: Lead, part: Part<'a>) -> TicketQuery<'a> {
    // The other fields are in the part or in `plan`.
    let View { reach, customer, except, state: _, waiting: _, categories, assigned, priority: _, label: _, search: _ } = view;
    let of_state = |tickets: TicketQuery<'a>, state: State| {
        let word = Literal(state.as_str());
        match lead {
            // The few tickets are read one by one. SQLite does not know that they are few, and would otherwise follow the index
            // of the list.
            Lead::Search => tickets.filter(Tested(unindexed(ticket::state).eq(word))),
            _ => tickets.filter(ticket::state.eq(word)),
        }
    };
    let [closed, open] = [State::Closed, State::Open].map(|state| Literal(state.as_str()));
    let tickets = ticket::table.into_boxed();
    let mut tickets = match part.range {
        Range::Of(state, None) => of_state(tickets, state),
        Range::Of(state, Some(side)) if lead == Lead::Turn => {
            of_state(tickets, state).filter(ticket::turn.eq(Literal(side.as_str())))
        }
        Range::Of(state, Some(side)) => {
            of_state(tickets, state).filter(Tested(unindexed(ticket::turn).eq(Literal(side.as_str()))))
        }
        Range::Before => tickets.filter(ticket::state.lt(closed)),
        Range::Between => tickets.filter(ticket::state.gt(closed)).filter(ticket::state.lt(open)),
        Range::After => tickets.filter(ticket::state.gt(open)),
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
    tickets = match (part.category, categories) {
        (Some(category), _) => tickets.filter(ticket::category.eq(category.as_str())),
        (None, Among::All) => tickets,
        (None, Among::In(these)) => match these.first() {
            Some(one) if these.len() == 1 => tickets.filter(Tested(unindexed(ticket::category).eq(one.as_str()))),
            _ => tickets.filter(Tested(unindexed(ticket::category).eq_any(these.iter().map(CategoryId::as_str)))),
        },
        (None, Among::Outside(these)) => {
            let others = ticket::category.ne_all(these.iter().map(CategoryId::as_str));
            tickets.filter(ticket::category.is_null().or(others))
        }
    };
    tickets = match (part.assignee, assigned) {
        (Some(Some(user)), _) => tickets.filter(ticket::assignee.eq(user.as_str())),
        (Some(None), _) => tickets.filter(ticket::assignee.is_null()),
        (None, Assigned::All) => tickets,
        (None, Assigned::To(user)) => tickets.filter(Tested(unindexed(ticket::assignee).eq(user.as_str()))),
        (None, Assigned::ToNobodyBut(former)) => {
            let nobody = unindexed(ticket::assignee).is_null();
            let former = unindexed(ticket::assignee).eq_any(former.iter().map(UserId::as_str));
            tickets.filter(Tested(nobody.or(former)))
        }
    };
    if let Some(priority) = part.priority {
        let rank = Whole(priority.rank().into(), dialect::WHOLE);
        tickets = match lead.holds_priorities() {
            true => tickets.filter(ticket::priority.eq(rank)),
            false => tickets.filter(Tested(unindexed(ticket::priority).eq(rank))),
        };
    }
    match plan {
        Some(plan) => tickets.filter(plan),
        None => tickets,
    }
}

/// Whether the part has tickets after the place from which the list is read.
fn is_ahead(query: &OverviewQuery, part: Part<'_>) -> bool {
    match (query.sort, query.after, part.priority) {
        (SortKey::ToDo, Some(after), Some(priority)) => match query.order {
            Order::Ascending => Some(priority) <= after.priority,
            Order::Descending => Some(priority) >= after.priority,
        },
        _ => true,
    }
}

/// The tickets of one part of a list, in the order of the list.
fn ordered<'a>(query: &'a OverviewQuery, plan: Option<&'a Conditions>, way: Way, part: Part<'a>) -> TicketQuery<'a> {
    let tickets = in_view(&query.view, plan, way.lead, part);
    match query.sort {
        SortKey::Number => by_number(tickets, query.order, query.after, way.sorted),
        // The part has one priority. A part of another priority than the place is read from its beginning.
        SortKey::ToDo => by_activity(tickets, query.order, query.after.filter(|after| after.priority == part.priority), part),
        _ => by_activity(tickets, query.order, query.after, part),
    }
}

impl DieselUnit<'_> {
    /// Decides how a list is read. A list by number whose leading condition has few tickets reads them all and sorts them. One with many
    /// follows the numbers, and tests each ticket: that soon finds a page of them.
    fn way(&mut self, query: &OverviewQuery, plan: Option<&Conditions>) -> Result<Way, StorageError> {
        let lead = Lead::of(&query.view, query.sort, plan.is_some_and(Conditions::is_selective));
        if query.sort != SortKey::Number || !lead.holds_priorities() {
            return Ok(Way { lead, sorted: lead == Lead::Search });
        }
        let few = self.count_up_to(&[(&query.view, plan)], COMMON)?.first().is_some_and(|count| *count < COMMON);
        Ok(if few { Way { lead, sorted: true } } else { Way { lead: Lead::List, sorted: false } })
    }

    /// Counts the tickets of each view up to a number.
    fn count_up_to(&mut self, views: &[(&View, Option<&Conditions>)], most: u32) -> Result<Vec<u32>, StorageError> {
        let mut counts = vec![0; views.len()];
        let mut statements = Vec::new();
        for (place, (view, plan)) in (0_i64..).zip(views) {
            let lead = Lead::of(view, SortKey::Activity, plan.is_some_and(Conditions::is_selective));
            for part in parts_of(view, lead, false) {
                let tickets = in_index(in_view(view, *plan, lead, part), lead, part);
                statements.push((place, Counted(WithLimit(tickets.select(ticket::number), most))));
            }
        }
        let mut statements = statements.into_iter().peekable();
        while statements.peek().is_some() {
            let statement = CountedEach(statements.by_ref().take(COUNTED).collect());
            let rows: Vec<(i64, i64)> = self.run(TABLE, |conn| statement.load(conn))?;
            for (place, number) in rows {
                let number = Column(TABLE, "count").count(number)?;
                if let Some(count) = usize::try_from(place).ok().and_then(|place| counts.get_mut(place)) {
                    *count = most.min(*count + number);
                }
            }
        }
        Ok(counts)
    }

    /// Whether there is a ticket with a state that no version of MuTicket writes. Looks at the first and last entry of an index, and at
    /// the one between the two states.
    fn has_unknown_states(&mut self) -> Result<bool, StorageError> {
        use diesel::dsl::{max, min};

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
}

/// The tickets of a part that are counted, in the order of the index that leads if the database needs it.
fn in_index<'a>(tickets: TicketQuery<'a>, lead: Lead, part: Part<'_>) -> TicketQuery<'a> {
    match lead {
        _ if !dialect::COUNTED_IN_ORDER => tickets,
        Lead::Search => tickets,
        Lead::Assignee if part.assignee == Some(None) => {
            tickets.order((ticket::assignee.asc(), ticket::priority.asc(), ticket::last_activity_at.asc()))
        }
        Lead::Assignee | Lead::Category | Lead::Turn => tickets.order((ticket::priority.asc(), ticket::last_activity_at.asc())),
        Lead::Customer | Lead::List => tickets.order(ticket::last_activity_at.asc()),
    }
}

/// The first condition on the activity is redundant, but lets an index be used.
fn by_activity<'a>(tickets: TicketQuery<'a>, order: Order, after: Option<Cursor>, part: Part<'_>) -> TicketQuery<'a> {
    let (activity, number) = (ticket::last_activity_at, ticket::number);
    let after = after.map(|cursor| (column_of(cursor.activity), cursor.number.get()));
    let by_assignee = dialect::ORDERED_BY_NULL && part.assignee == Some(None);
    match order {
        Order::Descending => {
            let tickets = match after {
                Some((at, last)) => tickets.filter(activity.le(at)).filter(activity.lt(at).or(number.lt(last))),
                None => tickets,
            };
            match by_assignee {
                true => tickets.order((ticket::assignee.desc(), activity.desc(), number.desc())),
                false => tickets.order((activity.desc(), number.desc())),
            }
        }
        Order::Ascending => {
            let tickets = match after {
                Some((at, last)) => tickets.filter(activity.ge(at)).filter(activity.gt(at).or(number.gt(last))),
                None => tickets,
            };
            match by_assignee {
                true => tickets.order((ticket::assignee.asc(), activity.asc(), number.asc())),
                false => tickets.order((activity.asc(), number.asc())),
            }
        }
    }
}

fn by_number(tickets: TicketQuery<'_>, order: Order, after: Option<Cursor>, sorted: bool) -> TicketQuery<'_> {
    // Tickets that are sorted are found by another condition. A condition on the number would lead to all later ones.
    let tickets = match (order, after.map(|cursor| cursor.number.get()), sorted) {
        (_, None, _) => tickets,
        (Order::Descending, Some(last), false) => tickets.filter(ticket::number.lt(last)),
        (Order::Ascending, Some(last), false) => tickets.filter(ticket::number.gt(last)),
        (Order::Descending, Some(last), true) => tickets.filter(Tested(unindexed(ticket::number).lt(last))),
        (Order::Ascending, Some(last), true) => tickets.filter(Tested(unindexed(ticket::number).gt(last))),
    };
    match (order, sorted) {
        (Order::Descending, false) => tickets.order(ticket::number.desc()),
        (Order::Ascending, false) => tickets.order(ticket::number.asc()),
        (Order::Descending, true) => tickets.order(Unindexed(ticket::number).desc()),
        (Order::Ascending, true) => tickets.order(Unindexed(ticket::number).asc()),
    }
}
