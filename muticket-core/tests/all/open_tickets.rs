//! The numbers of open tickets in the backend (T-03, T-05, T-06).

use std::collections::BTreeSet;

use muticket_core::UserId;
use muticket_core::backend::{LabelEdit, OpenTickets};
use muticket_core::desk::NewValue;
use muticket_core::label::LabelColour;
use muticket_core::ticket::{Priority, Ticket};
use muticket_world::World;

async fn set(world: &World, ticket: &Ticket, value: NewValue) {
    world.sara().desk().await.unwrap().set(ticket.number, value, None).await.unwrap();
}

fn to(user: &str) -> NewValue {
    NewValue::Assignee(Some(UserId::new(user)))
}

/// The numbers of nobody and of the supporters.
fn by_assignee(open: &OpenTickets) -> Vec<(&str, u32)> {
    let supporters = open.assigned.iter().map(|(user, count)| (user.id.as_str(), *count));
    std::iter::once(("", open.nobodys)).chain(supporters).collect()
}

fn by_label(open: &OpenTickets) -> Vec<(&str, u32)> {
    open.labelled.iter().map(|(label, count)| (label.name.as_str(), *count)).collect()
}

fn by_priority(open: &OpenTickets) -> Vec<(Priority, u32)> {
    open.prioritized.clone()
}

#[tokio::test]
async fn open_tickets_are_counted_by_assignee_label_and_priority() {
    let world = World::new().await;
    let mut labels = Vec::new();
    for name in ["VIP", "Refund"] {
        let edit = LabelEdit { name: name.to_owned(), colour: LabelColour::Red };
        labels.push(world.backend().add_label(&edit).await.unwrap().id);
    }
    let mut tickets = Vec::new();
    for subject in ["one", "two", "three", "four"] {
        tickets.push(world.anna().opens(subject, None).await.unwrap());
    }
    set(&world, &tickets[0], to("sara")).await;
    set(&world, &tickets[1], to("sara")).await;
    set(&world, &tickets[1], NewValue::Priority(Priority::Urgent)).await;
    set(&world, &tickets[1], NewValue::Labels(labels.iter().copied().collect())).await;
    set(&world, &tickets[2], NewValue::Labels(BTreeSet::from([labels[0]]))).await;
    // A closed ticket is in no number.
    for value in [to("tom"), NewValue::Priority(Priority::Low), NewValue::Labels(BTreeSet::from([labels[0]]))] {
        set(&world, &tickets[3], value).await;
    }
    world.sara().closes(&tickets[3]).await.unwrap();

    let open = world.backend().open_tickets().await.unwrap();
    assert_eq!(by_assignee(&open), [("", 1), ("sara", 2), ("tom", 0)]);
    assert_eq!(by_label(&open), [("VIP", 2), ("Refund", 1)]);
    let expected = [(Priority::Low, 0), (Priority::Normal, 2), (Priority::High, 0), (Priority::Urgent, 1)];
    assert_eq!((by_priority(&open), open.tickets_readable), (expected.to_vec(), false));
}

/// T-03
#[tokio::test]
async fn tickets_of_former_supporters_are_nobodys() {
    let world = World::new().await;
    for (subject, user) in [("one", "tom"), ("two", "tom"), ("three", "sara")] {
        let ticket = world.anna().opens(subject, None).await.unwrap();
        set(&world, &ticket, to(user)).await;
    }
    world.anna().opens("four", None).await.unwrap();
    world.people.set_groups("tom", &[]);
    let left_the_group = world.backend().open_tickets().await.unwrap();
    assert_eq!(by_assignee(&left_the_group), [("", 3), ("sara", 1)]);
    world.backend().remove_supporter(world.supporter_id("tom").await).await.unwrap();
    let removed = world.backend().open_tickets().await.unwrap();
    assert_eq!(by_assignee(&removed), [("", 3), ("sara", 1)]);
}

/// T-01: an administrator who is also a customer learns nothing of the desk about their own ticket.
#[tokio::test]
async fn the_administrators_own_tickets_are_not_counted() {
    let world = World::new().await;
    let ticket = world.person("ada").opens("mine", None).await.unwrap();
    let before = world.backend().open_tickets().await.unwrap();
    set(&world, &ticket, to("sara")).await;
    set(&world, &ticket, NewValue::Priority(Priority::Urgent)).await;
    let after = world.backend().open_tickets().await.unwrap();
    assert_eq!((by_assignee(&after), by_priority(&after)), (by_assignee(&before), by_priority(&before)));
}
