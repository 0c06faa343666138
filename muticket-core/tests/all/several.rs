//! Doing the same with several tickets (T-11).

use std::collections::BTreeSet;

use muticket_core::backend::LabelEdit;
use muticket_core::desk::{NewValue, SelectedTicket, TicketAction};
use muticket_core::label::{Label, LabelColour};
use muticket_core::{Error, LabelId, UserId};
use muticket_world::World;

async fn label(world: &World, name: &str) -> LabelId {
    let edit = LabelEdit { name: name.to_owned(), colour: LabelColour::Red };
    world.backend().add_label(&edit).await.unwrap().id
}

/// T-11: what is wrong with one ticket only does not stop the others, in any order.
#[tokio::test]
async fn a_ticket_full_of_labels_does_not_stop_the_others() {
    let world = World::new().await;
    let mut labels = BTreeSet::new();
    for number in 0..Label::MAX_ON_TICKET {
        labels.insert(label(&world, &format!("Label {number}")).await);
    }
    let full = world.anna().opens("full", None).await.unwrap().number;
    let free = world.anna().opens("free", None).await.unwrap().number;
    let desk = world.sara().desk().await.unwrap();
    desk.set(full, NewValue::Labels(labels), None).await.unwrap();
    for (name, order) in [("first", [full, free]), ("last", [free, full])] {
        let action = TicketAction::Set(NewValue::AddLabels([label(&world, name).await].into()));
        let outcomes = desk.several(&order.map(|number| SelectedTicket { number, seen: None }), &action).await.unwrap();
        assert_eq!(outcomes.done, [free], "{name}");
        assert!(matches!(&*outcomes.not_done, [(number, Some(Error::Invalid(_)))] if *number == full), "{name}");
    }
}

/// T-11: what is wrong for all tickets is refused at the first one.
#[tokio::test]
async fn a_value_that_suits_no_ticket_is_refused() {
    let world = World::new().await;
    let number = world.anna().opens("one", None).await.unwrap().number;
    let desk = world.sara().desk().await.unwrap();
    for value in [NewValue::Assignee(Some(UserId::new("anna"))), NewValue::AddLabels([LabelId(uuid::Uuid::nil())].into())] {
        let refused = desk.several(&[SelectedTicket { number, seen: None }], &TicketAction::Set(value)).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    }
}
