//! How far people have read, and what waits for them.

use muticket_core::id::{TicketNumber, UserId};
use muticket_core::storage::StorageError;
use muticket_core::ticket::{Role, State, Ticket, UnnumberedTicket};

use crate::Shared;
use crate::material::{at, new_ticket, opened, overlapping, place, read, write};

async fn marks(storage: &Shared, user: &'static str, tickets: &[TicketNumber]) -> Vec<(TicketNumber, u32)> {
    let tickets = tickets.to_vec();
    let marks = read(storage, move |unit| unit.marks().list(&UserId::new(user), &tickets)).await;
    marks.into_iter().map(|(ticket, message)| (ticket, message.get())).collect()
}

async fn mark(storage: &Shared, user: &'static str, ticket: TicketNumber, message: u32) {
    write(storage, move |unit| unit.marks().mark(&UserId::new(user), ticket, place(message))).await;
}

/// `Marks::mark`: "A mark never goes back", also when two that read at once are marked in the wrong order.
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

/// `Marks::list` gives the marks of the user on these tickets "by number. One of which he has no mark is left out."
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

/// `Overviews::next_waiting` gives "the open ticket on which it has been a supporter's turn for longest".
pub async fn the_longest_waiting_is_the_next(storage: Shared) {
    let open = |customer: &'static str, activity: i64, answers: u32, last_role: Role, state: State| {
        let storage = storage.clone();
        async move {
            write(&storage, move |unit| {
                let ticket = unit.tickets().insert(&UnnumberedTicket { opened_at: at(0), ..new_ticket(customer) })?;
                let version = ticket.version + 1;
                let changed = Ticket { answers, last_role, state, last_activity_at: at(activity), version, ..ticket };
                unit.tickets().update(&changed)?;
                Ok::<_, StorageError>(changed.number)
            })
            .await
        }
    };
    let next = |customer: &'static str, after: Option<TicketNumber>| {
        let storage = storage.clone();
        async move { read(&storage, move |unit| unit.overviews().next_waiting(&UserId::new(customer), after)).await }
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
    assert_eq!(next("anna", None).await, Some(own));
    assert_eq!(next("anna", Some(own)).await, None);
    write(&storage, move |unit| {
        unit.tickets().delete(replied)?;
        unit.tickets().delete(alike).map(drop)
    })
    .await;
    assert_eq!(next("sara", None).await, Some(new));
}
