//! Lists and counts.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use muticket_core::id::{CategoryId, TicketNumber, UserId};
use muticket_core::storage::{Counts, Cursor, Order, OverviewQuery, Scope, SortKey, StateFilter, StorageError, Unit};
use muticket_core::ticket::{Role, State, Ticket, Waiting};

use crate::Shared;
use crate::material::{at, new_ticket, new_ticket_of, read, with, write};

pub(crate) fn all() -> OverviewQuery {
    OverviewQuery {
        scope: Scope::All,
        state: StateFilter::All,
        waiting: None,
        category: None,
        search: None,
        sort: SortKey::Activity,
        order: Order::Descending,
        after: None,
        limit: 1000,
    }
}

/// All tickets of a category.
pub(crate) fn of_category(category: Option<CategoryId>) -> OverviewQuery {
    OverviewQuery { category, ..all() }
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
            })?;
        }
        Ok(())
    })
    .await;
    list(storage, all()).await
}

/// `Overviews::list` "Lists the tickets that the query selects", and no others.
pub async fn lists_are_filtered(storage: Shared) {
    let tickets = with_tickets(&storage).await;
    assert_eq!(tickets.len(), 40);
    for customer in [None, Some("anna"), Some("nobody")] {
        for state in [StateFilter::Open, StateFilter::Closed, StateFilter::All] {
            for waiting in [None, Some(Waiting::New), Some(Waiting::Supporter), Some(Waiting::Customer)] {
                for category in [None, Some("b"), Some("B")] {
                    let customer = customer.map(UserId::new);
                    let query = OverviewQuery {
                        scope: customer.clone().map_or(Scope::All, Scope::Customer),
                        state,
                        waiting,
                        category: category.map(CategoryId::new),
                        ..all()
                    };
                    let fits = |ticket: &&Ticket| {
                        customer.as_ref().is_none_or(|customer| ticket.customer == *customer)
                            && state.states().contains(&ticket.state)
                            && (waiting.is_none() || ticket.waiting() == waiting)
                            && (category.is_none() || ticket.category == query.category)
                    };
                    let expected: Vec<Ticket> = tickets.iter().filter(fits).cloned().collect();
                    assert_eq!(list(&storage, query.clone()).await, expected, "{query:?}");
                }
            }
        }
    }
}

/// `OverviewQuery::sort`: "Equal tickets are sorted by number in the same order." The pages together are the whole list.
pub async fn lists_are_ordered_and_paged(storage: Shared) {
    let tickets = with_tickets(&storage).await;
    for scope in [Scope::All, Scope::Customer(UserId::new("anna"))] {
        for state in [StateFilter::Open, StateFilter::Closed, StateFilter::All] {
            for sort in [SortKey::Activity, SortKey::Number] {
                for order in [Order::Descending, Order::Ascending] {
                    let query = OverviewQuery { scope: scope.clone(), state, sort, order, ..all() };
                    let whole = list(&storage, query.clone()).await;
                    let mut sorted = whole.clone();
                    match sort {
                        SortKey::Number => sorted.sort_by_key(|ticket| ticket.number),
                        _ => sorted.sort_by_key(|ticket| (ticket.last_activity_at, ticket.number)),
                    }
                    if order == Order::Descending {
                        sorted.reverse();
                    }
                    assert_eq!(whole, sorted, "{query:?}");

                    let mut paged = Vec::new();
                    loop {
                        let after = paged.last().map(Cursor::after);
                        let page = list(&storage, OverviewQuery { after, limit: 3, ..query.clone() }).await;
                        if page.is_empty() {
                            break;
                        }
                        paged.extend(page);
                        assert!(paged.len() <= tickets.len(), "{query:?}");
                    }
                    assert_eq!(paged, whole, "{query:?}");
                }
            }
        }
    }
    assert_eq!(list(&storage, OverviewQuery { limit: 0, ..all() }).await, []);
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

/// `Overviews::count` "Counts the open and closed tickets in the scope; with a category or a search, only those that match."
pub async fn counts_are_of_the_view(storage: Shared) {
    let tickets = with_tickets(&storage).await;
    for customer in [None, Some("anna"), Some("nobody")] {
        for category in [None, Some("b")] {
            let customer = customer.map(UserId::new);
            let category = category.map(CategoryId::new);
            let count = |state| {
                let fits = |ticket: &&Ticket| {
                    ticket.state == state
                        && customer.as_ref().is_none_or(|customer| ticket.customer == *customer)
                        && (category.is_none() || ticket.category == category)
                };
                u32::try_from(tickets.iter().filter(fits).count()).unwrap()
            };
            let expected = Counts { open: count(State::Open), closed: count(State::Closed) };
            let scope = customer.clone().map_or(Scope::All, Scope::Customer);
            let category = category.clone();
            let counts = read(&storage, move |unit| unit.overviews().count(&scope, category.as_ref(), None)).await;
            assert_eq!(counts, expected);
        }
    }
}

/// `Counts` are "counted up to `Counts::MANY`".
pub async fn counting_stops_at_many(storage: Shared) {
    write(&storage, |unit| {
        for _ in 0..=Counts::MANY {
            unit.tickets().insert(&new_ticket_of("b"))?;
        }
        Ok(())
    })
    .await;
    let counts = read(&storage, |unit| unit.overviews().count(&Scope::All, Some(&CategoryId::new("b")), None)).await;
    assert_eq!(counts, Counts { open: Counts::MANY, closed: 0 });
}
