//! Lists and counts.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use muticket_core::id::{CategoryId, TicketNumber, UserId};
use muticket_core::search::Search;
use muticket_core::storage::{
    Among, Assigned, Counts, Cursor, Order, OverviewQuery, Reach, SortKey, StateFilter, StorageError, Unit, View, WaitingFilter,
};
use muticket_core::ticket::{Priority, Role, State, Ticket, Waiting};

use crate::Shared;
use crate::material::{at, new_ticket, new_ticket_of, read, with, write};

/// All tickets, most recent activity first.
pub(crate) fn all() -> OverviewQuery {
    of(View::of(Reach::All))
}

/// The tickets of a view, most recent activity first.
pub(crate) fn of(view: View) -> OverviewQuery {
    OverviewQuery { view, sort: SortKey::Activity, order: Order::Descending, after: None, limit: 1000 }
}

/// One category, or all.
pub(crate) fn one_category(category: Option<&str>) -> Among {
    category.map_or(Among::All, |id| Among::In(BTreeSet::from([CategoryId::new(id)])))
}

/// All tickets of a category.
pub(crate) fn of_category(category: Option<CategoryId>) -> OverviewQuery {
    of(View { categories: one_category(category.as_ref().map(CategoryId::as_str)), ..View::of(Reach::All) })
}

async fn list(storage: &Shared, query: OverviewQuery) -> Vec<Ticket> {
    read(storage, move |unit| unit.overviews().list(&query)).await
}

/// Changes a ticket.
fn change(unit: &mut dyn Unit, mut ticket: Ticket, change: impl Fn(&mut Ticket)) -> Result<(), StorageError> {
    change(&mut ticket);
    ticket.version += 1;
    unit.tickets().update(&ticket)
}

/// Forty tickets of all kinds. Some have the same last activity.
async fn with_tickets(storage: &Shared) -> Vec<Ticket> {
    write(storage, |unit| {
        for index in 0..40_u32 {
            let customer = ["anna", "ben", "Anna"][index as usize % 3];
            let category = [None, Some("b"), Some("h")][index as usize % 7 % 3];
            let new = with(new_ticket(customer), |new| new.category = category.map(CategoryId::new));
            let ticket = unit.tickets().insert(&new)?;
            change(unit, ticket, |ticket| {
                ticket.state = if index % 4 == 0 { State::Closed } else { State::Open };
                ticket.answers = index % 5;
                ticket.last_role = if index % 2 == 0 { Role::Customer } else { Role::Supporter };
                ticket.last_activity_at = at((i64::from(index) * 7) % 16);
                ticket.assignee = [None, Some("sara"), Some("tom"), Some("Tom")][index as usize / 3 % 4].map(UserId::new);
                ticket.priority = Priority::ALL[index as usize / 5 % 4];
            })?;
        }
        Ok(())
    })
    .await;
    list(storage, all()).await
}

/// Assignees and priorities, alone and together.
fn organized() -> Vec<(Assigned, Option<Priority>)> {
    let users = |names: &[&str]| names.iter().map(|name| UserId::new(*name)).collect::<BTreeSet<_>>();
    let to = |name: &str| Assigned::To(UserId::new(name));
    let nobody_but = |names: &[&str]| Assigned::ToNobodyBut(users(names));
    let assigned = [Assigned::All, to("tom"), to("Tom"), to("uwe"), nobody_but(&[]), nobody_but(&["tom", "uwe"])];
    let with =
        |assigned: &Assigned| [None, Some(Priority::Urgent), Some(Priority::Low)].map(|priority| (assigned.clone(), priority));
    assigned.iter().flat_map(with).collect()
}

/// Views that differ in one or several fields, within a reach.
fn views(reach: &Reach) -> Vec<View> {
    let mut views = Vec::new();
    for customer in [None, Some("anna"), Some("ben"), Some("nobody")] {
        for state in [StateFilter::Open, StateFilter::Closed, StateFilter::All] {
            for waiting in [
                WaitingFilter::All,
                WaitingFilter::For(Waiting::New),
                WaitingFilter::For(Waiting::Supporter),
                WaitingFilter::For(Waiting::Customer),
                WaitingFilter::ForSupporters,
            ] {
                for categories in [one_category(None), one_category(Some("b")), one_category(Some("B"))] {
                    let customer = customer.map(UserId::new);
                    views.push(View { customer, state, waiting, categories, ..View::of(reach.clone()) });
                }
            }
        }
    }
    let two = BTreeSet::from(["b", "h"].map(CategoryId::new));
    // More categories than a storage may look up one by one.
    let many = two.iter().cloned().chain((0..30).map(|number| CategoryId::new(format!("of nothing {number}")))).collect();
    views.push(View { categories: Among::In(many), ..View::of(reach.clone()) });
    for categories in [Among::In(two.clone()), Among::Outside(two), Among::In(BTreeSet::new())] {
        for except in [None, Some(UserId::new("anna")), Some(UserId::new("nobody"))] {
            views.push(View { categories: categories.clone(), except, ..View::of(reach.clone()) });
        }
    }
    for (assigned, priority) in organized() {
        let view = View { assigned, priority, ..View::of(reach.clone()) };
        let (state, categories) = (StateFilter::Open, one_category(Some("b")));
        views.push(View { state, waiting: WaitingFilter::ForSupporters, ..view.clone() });
        views.push(View { state, categories, customer: Some(UserId::new("anna")), ..view.clone() });
        views.push(View { state: StateFilter::Closed, categories: one_category(Some("b")), ..view.clone() });
        views.push(View { search: Search::parse("subject"), ..view.clone() });
        views.push(view);
    }
    for typed in ["subject", "nothing", "?!", "3"] {
        views.push(View { search: Search::parse(typed), ..View::of(reach.clone()) });
        let open = View { state: StateFilter::Open, waiting: WaitingFilter::ForSupporters, ..View::of(reach.clone()) };
        views.push(View { search: Search::parse(typed), ..open });
    }
    views
}

/// `OverviewStore::list` "Lists the tickets that the query selects", and no others.
pub async fn lists_are_filtered(storage: Shared) {
    let tickets = with_tickets(&storage).await;
    assert_eq!(tickets.len(), 40);
    for view in views(&Reach::All) {
        let expected: Vec<Ticket> = tickets.iter().filter(|ticket| view.includes(ticket)).cloned().collect();
        assert_eq!(list(&storage, of(view.clone())).await, expected, "{view:?}");
    }
}

/// `View::reach`: "a view of a customer's own tickets never has a ticket of anybody else", whatever else the view selects, in
/// whatever order it is listed, and also if it is only counted.
pub async fn a_customer_reaches_own_tickets_only(storage: Shared) {
    let tickets = with_tickets(&storage).await;
    for own in ["anna", "nobody"].map(UserId::new) {
        let views = views(&Reach::Own(own.clone()));
        for view in &views {
            let mut expected: Vec<Ticket> = tickets.iter().filter(|ticket| view.includes(ticket)).cloned().collect();
            assert!(expected.iter().all(|ticket| ticket.customer == own));
            assert_eq!(list(&storage, of(view.clone())).await, expected, "{view:?}");
            let oldest_first = OverviewQuery { order: Order::Ascending, ..of(view.clone()) };
            expected.reverse();
            assert_eq!(list(&storage, oldest_first).await, expected, "{view:?}");
            expected.sort_by_key(|ticket| ticket.number);
            let by_number = OverviewQuery { order: Order::Ascending, sort: SortKey::Number, ..of(view.clone()) };
            assert_eq!(list(&storage, by_number).await, expected, "{view:?}");
        }
        let expected: Vec<_> = views.iter().map(|view| tickets.iter().filter(|ticket| view.includes(ticket)).count()).collect();
        let counts = read(&storage, move |unit| unit.overviews().count(&views)).await;
        assert_eq!(counts.into_iter().map(|count| count as usize).collect::<Vec<_>>(), expected);
    }
}

/// Asserts that the list has the order of its key, and that its pages together are the whole list, in both directions.
async fn is_ordered_and_paged(storage: &Shared, query: &OverviewQuery) {
    let (sort, order) = (query.sort, query.order);
    let whole = list(storage, query.clone()).await;
    let mut sorted = whole.clone();
    match sort {
        SortKey::Number => sorted.sort_by_key(|ticket| ticket.number),
        SortKey::ToDo => sorted.sort_by_key(|ticket| (Reverse(ticket.priority), ticket.last_activity_at, ticket.number)),
        _ => sorted.sort_by_key(|ticket| (ticket.last_activity_at, ticket.number)),
    }
    if order == Order::Descending {
        sorted.reverse();
    }
    assert_eq!(whole, sorted, "{query:?}");
    let mut paged = Vec::new();
    while paged.len() <= whole.len() {
        let after = paged.last().map(|ticket| Cursor::of(sort, ticket));
        let page = list(storage, OverviewQuery { after, limit: 3, ..query.clone() }).await;
        if page.is_empty() {
            break;
        }
        paged.extend(page);
    }
    assert_eq!(paged, whole, "{query:?}");
}

/// `OverviewQuery::sort`: "Equal tickets are sorted by number in the same order." The pages together are the whole list.
pub async fn lists_are_ordered_and_paged(storage: Shared) {
    with_tickets(&storage).await;
    for reach in [Reach::All, Reach::Own(UserId::new("anna"))] {
        for state in [StateFilter::Open, StateFilter::Closed, StateFilter::All] {
            for sort in [SortKey::Activity, SortKey::Number] {
                for order in [Order::Descending, Order::Ascending] {
                    let view = View { state, ..View::of(reach.clone()) };
                    is_ordered_and_paged(&storage, &OverviewQuery { sort, order, ..of(view) }).await;
                }
            }
        }
    }
    assert_eq!(list(&storage, OverviewQuery { limit: 0, ..all() }).await, []);
}

/// `SortKey::ToDo`: "the most urgent tickets come first, and among those of one priority the tickets with the oldest activity". Every
/// selection of a supporter has every order.
pub async fn what_is_to_be_done_comes_first(storage: Shared) {
    with_tickets(&storage).await;
    let mut selected: Vec<View> =
        organized().into_iter().map(|(assigned, priority)| View { assigned, priority, ..View::of(Reach::All) }).collect();
    selected.push(View { waiting: WaitingFilter::ForSupporters, ..View::of(Reach::All) });
    selected.push(View { categories: one_category(Some("b")), ..View::of(Reach::All) });
    selected.push(View { customer: Some(UserId::new("ben")), ..View::of(Reach::All) });
    for view in selected {
        for sort in [SortKey::ToDo, SortKey::Activity, SortKey::Number] {
            for order in [Order::Descending, Order::Ascending] {
                is_ordered_and_paged(&storage, &OverviewQuery { sort, order, ..of(view.clone()) }).await;
            }
        }
    }
}

/// `OverviewStore::assignees` "Lists the users to whom tickets are assigned, open or closed: each once, sorted byte for byte."
pub async fn assignees_are_listed_once(storage: Shared) {
    assert_eq!(read(&storage, |unit| unit.overviews().assignees()).await, []);
    let tickets = with_tickets(&storage).await;
    let all = ["Tom", "sara", "tom"].map(UserId::new);
    assert_eq!(read(&storage, |unit| unit.overviews().assignees()).await, all);
    let last = tickets.into_iter().filter(|ticket| ticket.assignee == Some(UserId::new("tom")));
    write(&storage, move |unit| {
        last.clone().try_for_each(|ticket| {
            change(unit, ticket, |ticket| {
                ticket.assignee = None;
                ticket.state = State::Closed;
            })
        })
    })
    .await;
    assert_eq!(read(&storage, |unit| unit.overviews().assignees()).await, ["Tom", "sara"].map(UserId::new));
}

/// `Cursor`: "The place does not move when tickets are added or change".
pub async fn pages_are_stable_while_tickets_come_and_move(storage: Shared) {
    let before = with_tickets(&storage).await;
    let first_page = list(&storage, OverviewQuery { limit: 10, ..all() }).await;
    let cursor = first_page.last().map(Cursor::after);
    // Two tickets are added, one on the first page moves up, and the last of the page, at the cursor, is deleted. An offset would be wrong
    // by one.
    let (moved, deleted) = (first_page[5].clone(), first_page[9].number);
    write(&storage, move |unit| {
        let new = with(new_ticket("carl"), |new| new.opened_at = at(1000));
        unit.tickets().insert(&new)?;
        unit.tickets().insert(&new)?;
        change(unit, moved.clone(), |ticket| ticket.last_activity_at = at(2000))?;
        unit.tickets().delete(deleted).map(drop)
    })
    .await;
    let second_page = list(&storage, OverviewQuery { limit: 10, after: cursor, ..all() }).await;
    assert_eq!(second_page, before[10..20]);
}

/// Moves every third ticket up, one after the other and again and again. Opens a ticket with each move, and deletes every tenth of the
/// first forty. Continues until it is told to stop.
async fn keep_writing(storage: Shared, moving: Vec<TicketNumber>, mut doomed: Vec<TicketNumber>, progress: Arc<Progress>) {
    for round in 0_u32.. {
        if progress.stop.load(Ordering::SeqCst) {
            return;
        }
        let moved = moving[round as usize % moving.len()];
        let deleted = if round % 5 == 4 { doomed.pop() } else { None };
        write(&storage, move |unit| {
            let now = at(1000 + i64::from(round));
            let ticket = unit.tickets().find(moved)?.unwrap();
            change(unit, ticket, |ticket| ticket.last_activity_at = now)?;
            deleted.map(|number| unit.tickets().delete(number)).transpose()?;
            unit.tickets().insert(&with(new_ticket("carl"), |new| new.opened_at = now)).map(drop)
        })
        .await;
        progress.writes.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
    }
}

/// What the reader and the writer share.
#[derive(Default)]
struct Progress {
    writes: AtomicU32,
    stop: AtomicBool,
}

impl Progress {
    /// Waits until something was written since the last call.
    async fn another_write(&self, last: &mut u32) {
        for _ in 0..5000 {
            let writes = self.writes.load(Ordering::SeqCst);
            if writes > *last {
                *last = writes;
                return;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        panic!("the writer writes nothing");
    }
}

/// `Cursor`: "The place does not move when tickets are added or change", from the first page to the last, while another task writes all
/// the time. No ticket occurs twice, and one that is not changed occurs once.
pub async fn pages_are_stable_while_others_write(storage: Shared) {
    let tickets = with_tickets(&storage).await;
    let numbers = |fits: fn(usize) -> bool| -> Vec<TicketNumber> {
        tickets.iter().enumerate().filter(|(place, _)| fits(*place)).map(|(_, ticket)| ticket.number).collect()
    };
    let moving = numbers(|place| place % 3 == 2 && place % 10 != 0);
    let doomed = numbers(|place| place % 10 == 0);
    let still: Vec<TicketNumber> = numbers(|place| place % 3 != 2 && place % 10 != 0);
    assert!(still.len() > 20);
    let progress = Arc::<Progress>::default();
    let writer = tokio::spawn(keep_writing(storage.clone(), moving, doomed, progress.clone()));
    let mut writes = 0;
    for _ in 0..3 {
        let mut paged: Vec<Ticket> = Vec::new();
        loop {
            let after = paged.last().map(Cursor::after);
            let page = list(&storage, OverviewQuery { after, limit: 3, ..all() }).await;
            if page.is_empty() {
                break;
            }
            paged.extend(page);
            let came: Vec<_> = paged.iter().map(|ticket| ticket.number).collect();
            assert_eq!(came.iter().collect::<BTreeSet<_>>().len(), came.len(), "one came twice: {came:?}");
            progress.another_write(&mut writes).await;
        }
        let untouched: Vec<_> = paged.iter().map(|ticket| ticket.number).filter(|number| still.contains(number)).collect();
        assert_eq!(untouched, still);
    }
    progress.stop.store(true, Ordering::SeqCst);
    writer.await.unwrap();
}

/// `OverviewStore::count` "Counts the tickets of each view, in the order of the views".
pub async fn counts_are_of_the_views(storage: Shared) {
    let tickets = with_tickets(&storage).await;
    assert_eq!(read(&storage, |unit| unit.overviews().count(&[])).await, []);
    for views in views(&Reach::All).chunks(7) {
        let expected: Vec<_> = views.iter().map(|view| tickets.iter().filter(|ticket| view.includes(ticket)).count()).collect();
        let asked = views.to_vec();
        let counts = read(&storage, move |unit| unit.overviews().count(&asked)).await;
        assert_eq!(counts.into_iter().map(|count| count as usize).collect::<Vec<_>>(), expected, "{views:?}");
    }
}

/// `OverviewStore::count`: "Counting stops at `Counts::MANY`", for each view.
pub async fn counting_stops_at_many(storage: Shared) {
    write(&storage, |unit| {
        for _ in 0..=Counts::MANY {
            unit.tickets().insert(&new_ticket_of("b"))?;
        }
        unit.tickets().insert(&new_ticket("ben")).map(drop)
    })
    .await;
    let view = |state| View { categories: one_category(Some("b")), state, ..View::of(Reach::All) };
    let bens = View { customer: Some(UserId::new("ben")), ..View::of(Reach::All) };
    let views = [view(StateFilter::Open), view(StateFilter::Closed), bens, view(StateFilter::All)];
    let counts = read(&storage, move |unit| unit.overviews().count(&views)).await;
    assert_eq!(counts, [Counts::MANY, 0, 1, Counts::MANY]);
}
