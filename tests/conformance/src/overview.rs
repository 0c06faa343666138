//! Lists and counts.

use muticket_core::id::{CategoryId, UserId};
use muticket_core::storage::{Counts, Cursor, Order, OverviewQuery, Scope, SortKey, StateFilter, StorageError, Unit};
use muticket_core::ticket::{Role, State, Ticket, UnnumberedTicket, Waiting};

use crate::Shared;
use crate::material::{at, new_ticket, new_ticket_of, read, write};

fn all() -> OverviewQuery {
    OverviewQuery {
        scope: Scope::All,
        state: StateFilter::All,
        waiting: None,
        category: None,
        sort: SortKey::Activity,
        order: Order::Descending,
        after: None,
        limit: 1000,
    }
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

/// Forty tickets of every sort; some were active at the same instant.
async fn with_tickets(storage: &Shared) -> Vec<Ticket> {
    write(storage, |unit| {
        for index in 0..40_u32 {
            let customer = ["anna", "ben", "Anna"][index as usize % 3];
            let category = [None, Some("b"), Some("h")][index as usize % 7 % 3];
            let new = UnnumberedTicket { category: category.map(CategoryId::new), ..new_ticket(customer) };
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

/// `Overviews::list` gives "the tickets the query asks for", and no others.
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
                            && match state {
                                StateFilter::Open => ticket.state == State::Open,
                                StateFilter::Closed => ticket.state == State::Closed,
                                StateFilter::All => true,
                            }
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

/// `OverviewQuery::sort`: "Equal ones are ordered by number, the same way round." Pages together are the whole list.
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
                        SortKey::Activity => sorted.sort_by_key(|ticket| (ticket.last_activity_at, ticket.number)),
                        SortKey::Number => sorted.sort_by_key(|ticket| ticket.number),
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

/// A `Cursor` "stays where it is while tickets come and move".
pub async fn pages_are_stable_while_tickets_come_and_move(storage: Shared) {
    let before = with_tickets(&storage).await;
    let first_page = list(&storage, OverviewQuery { limit: 10, ..all() }).await;
    let cursor = first_page.last().map(Cursor::after);
    // Two come, one on the first page moves up, and the last of the page, where the cursor is, is deleted: an offset would be one off.
    let (moved, deleted) = (first_page[5].clone(), first_page[9].number);
    write(&storage, move |unit| {
        let new = UnnumberedTicket { opened_at: at(1000), ..new_ticket("carl") };
        unit.tickets().insert(&new)?;
        unit.tickets().insert(&new)?;
        change(unit, moved.clone(), |ticket| ticket.last_activity_at = at(2000))?;
        unit.tickets().delete(deleted).map(drop)
    })
    .await;
    let second_page = list(&storage, OverviewQuery { limit: 10, after: cursor, ..all() }).await;
    assert_eq!(second_page, before[10..20]);
}

/// `Overviews::count` counts "in the scope, of the category if one is given".
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
            let counts = read(&storage, move |unit| unit.overviews().count(&scope, category.as_ref())).await;
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
    let counts = read(&storage, |unit| unit.overviews().count(&Scope::All, Some(&CategoryId::new("b")))).await;
    assert_eq!(counts, Counts { open: Counts::MANY, closed: 0 });
}
