//! How far people have read, and which ticket waits.

use std::collections::BTreeSet;

use muticket_core::id::{CategoryId, TicketNumber, UserId};
use muticket_core::storage::{Among, Cursor, Order, OverviewQuery, Reach, StateFilter, StorageError, Unit, View, WaitingFilter};
use muticket_core::ticket::{Role, State, Ticket};

use crate::Shared;
use crate::material::{at, new_ticket, opened, overlapping, place, read, with, write};
use crate::overview::of;

async fn marks(storage: &Shared, user: &'static str, tickets: &[TicketNumber]) -> Vec<(TicketNumber, u32)> {
    let tickets = tickets.to_vec();
    let marks = read(storage, move |unit| unit.marks().list(&UserId::new(user), &tickets)).await;
    marks.into_iter().map(|(ticket, message)| (ticket, message.get())).collect()
}

async fn mark(storage: &Shared, user: &'static str, ticket: TicketNumber, message: u32) {
    write(storage, move |unit| unit.marks().mark(&UserId::new(user), ticket, place(message))).await;
}

/// `MarkStore::mark`: "A mark never moves back", even if two marks made at the same time are stored in the wrong order.
pub async fn a_mark_never_goes_back(storage: Shared) {
    let ticket = opened(&storage).await.number;
    for (message, expected) in [(2, 2), (5, 5), (3, 5), (5, 5), (u32::MAX, u32::MAX), (1, u32::MAX)] {
        mark(&storage, "anna", ticket, message).await;
        assert_eq!(marks(&storage, "anna", &[ticket]).await, [(ticket, expected)], "{message}");
    }
    overlapping(
        &storage,
        move |unit, pause| {
            unit.marks().mark(&UserId::new("sara"), ticket, place(7))?;
            pause();
            Ok(())
        },
        move |unit| unit.marks().mark(&UserId::new("sara"), ticket, place(4)),
    )
    .await;
    assert_eq!(marks(&storage, "sara", &[ticket]).await, [(ticket, 7)]);
}

/// `MarkStore::list` "Lists up to where the user has read these tickets, sorted by number. Tickets without a mark are left out."
pub async fn marks_are_of_one_user_and_of_some_tickets(storage: Shared) {
    let mut tickets = Vec::new();
    for _ in 0..4 {
        tickets.push(opened(&storage).await.number);
    }
    let [first, second, third, fourth] = tickets[..] else { unreachable!("there are four") };
    for (user, ticket, message) in
        [("anna", third, 3), ("anna", first, 1), ("Anna", second, 2), ("anna", fourth, 4), ("anna ", third, 9)]
    {
        mark(&storage, user, ticket, message).await;
    }
    assert_eq!(marks(&storage, "anna", &[third, second, first]).await, [(first, 1), (third, 3)]);
    assert_eq!(marks(&storage, "Anna", &tickets).await, [(second, 2)]);
    assert_eq!(marks(&storage, "anna ", &tickets).await, [(third, 9)]);
    assert_eq!(marks(&storage, "ben", &tickets).await, []);
    assert_eq!(marks(&storage, "anna", &[]).await, []);
    let many: Vec<_> = (0..1200).filter_map(|number| TicketNumber::new(first.get() + number)).collect();
    assert_eq!(marks(&storage, "anna", &many).await, [(first, 1), (third, 3), (fourth, 4)]);
}

/// The query for the next of the tickets that wait for a supporter.
fn next_query(except: &str, categories: Among, after: Option<Cursor>) -> OverviewQuery {
    let view = View { except: Some(UserId::new(except)), state: StateFilter::Open, categories, ..View::of(Reach::All) };
    let view = View { waiting: WaitingFilter::ForSupporters, ..view };
    OverviewQuery { order: Order::Ascending, after, limit: 1, ..of(view) }
}

/// The first ticket of a list.
fn first(unit: &mut dyn Unit, query: &OverviewQuery) -> Result<Option<Ticket>, StorageError> {
    Ok(unit.overviews().list(query)?.into_iter().next())
}

/// `WaitingFilter::ForSupporters`: "Open tickets that wait for a supporter", listed from the one that waits longest.
pub async fn the_longest_waiting_is_the_next(storage: Shared) {
    let open = |customer: &'static str, activity: i64, answers: u32, last_role: Role, state: State| {
        let storage = storage.clone();
        async move {
            write(&storage, move |unit| {
                let ticket = unit.tickets().insert(&with(new_ticket(customer), |new| new.opened_at = at(0)))?;
                let version = ticket.version + 1;
                let changed = with(ticket, |ticket| {
                    ticket.answers = answers;
                    ticket.last_role = last_role;
                    ticket.state = state;
                    ticket.last_activity_at = at(activity);
                    ticket.version = version;
                });
                unit.tickets().update(&changed)?;
                Ok::<_, StorageError>(changed.number)
            })
            .await
        }
    };
    let next = |customer: &'static str, after: Option<TicketNumber>| {
        let storage = storage.clone();
        async move {
            read(&storage, move |unit| {
                let after = after.map(|number| unit.tickets().find(number)).transpose()?.flatten();
                let after = after.as_ref().map(Cursor::after);
                let ticket = first(unit, &next_query(customer, Among::All, after))?;
                Ok(ticket.map(|ticket| ticket.number))
            })
            .await
        }
    };
    assert_eq!(next("sara", None).await, None);
    open("anna", 1, 0, Role::Customer, State::Closed).await;
    open("anna", 2, 1, Role::Supporter, State::Open).await;
    assert_eq!(next("sara", None).await, None, "the one is closed, the other waits for the customer");
    let new = open("anna", 8, 0, Role::Customer, State::Open).await;
    let replied = open("anna", 6, 1, Role::Customer, State::Open).await;
    let own = open("sara", 4, 0, Role::Customer, State::Open).await;
    let alike = open("anna", 6, 0, Role::Customer, State::Open).await;
    assert_eq!(next("sara", None).await, Some(replied), "of two that wait equally long the lower number");
    assert_eq!(next("sara", Some(replied)).await, Some(alike));
    assert_eq!(next("Sara", None).await, Some(own));
    assert_eq!(next("tom", Some(own)).await, Some(replied));
    assert_eq!(next("tom", Some(alike)).await, Some(new), "never back to what was passed over");
    assert_eq!(next("tom", Some(new)).await, None, "the queue has an end");
    assert_eq!(next("anna", None).await, Some(own));
    assert_eq!(next("anna", Some(own)).await, None);
    let gone = Some(Cursor::new(at(7), TicketNumber::new(i64::MAX).unwrap()));
    let after_gone = next_query("tom", Among::All, gone);
    let found = read(&storage, move |unit| first(unit, &after_gone)).await;
    assert_eq!(found.map(|ticket| ticket.number), Some(new), "a place stays when its ticket is gone");
    write(&storage, move |unit| {
        unit.tickets().delete(replied)?;
        unit.tickets().delete(alike).map(drop)
    })
    .await;
    assert_eq!(next("sara", None).await, Some(new));
}

/// `Among`: "Only these categories", or "All other categories, and tickets without one".
pub async fn the_next_is_of_the_categories(storage: Shared) {
    let [none, a, b, upper] = write(&storage, |unit| {
        let mut open = |activity: i64, category: Option<&str>| {
            let category = category.map(CategoryId::new);
            let new = with(new_ticket("anna"), |new| {
                new.opened_at = at(activity);
                new.category = category;
            });
            Ok::<_, StorageError>(unit.tickets().insert(&new)?.number)
        };
        Ok([open(1, None)?, open(2, Some("a"))?, open(3, Some("b"))?, open(4, Some("A"))?])
    })
    .await;
    let these = |names: &[&str]| names.iter().map(|name| CategoryId::new(*name)).collect::<BTreeSet<_>>();
    let all = async |categories: Among| {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let query = next_query("sara", categories.clone(), after);
            let Some(ticket) = read(&storage, move |unit| first(unit, &query)).await else { return found };
            after = Some(Cursor::after(&ticket));
            found.push(ticket.number);
        }
    };
    assert_eq!(all(Among::All).await, [none, a, b, upper]);
    assert_eq!(all(Among::In(these(&["a", "b"]))).await, [a, b]);
    assert_eq!(all(Among::In(these(&["A"]))).await, [upper]);
    assert_eq!(all(Among::In(these(&[]))).await, []);
    assert_eq!(all(Among::Outside(these(&["a", "b"]))).await, [none, upper]);
    assert_eq!(all(Among::Outside(these(&["A", "a", "b"]))).await, [none]);
    assert_eq!(all(Among::Outside(these(&[]))).await, [none, a, b, upper]);
}
