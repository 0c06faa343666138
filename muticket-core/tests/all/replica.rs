//! A database with a lagging replica: pages are read from it, but decisions are not based on it.

use std::sync::Arc;

use muticket_core::overview::Filter;
use muticket_core::{Field, Problem, Refusal};
use muticket_world::{Outcome, World, text};

use crate::storages::Lagging;

/// The usual site, with a replica that is up to date until told otherwise.
async fn site() -> (World, Arc<Lagging>) {
    let storage = Arc::new(Lagging::default());
    (World::builder().storage(storage.clone()).build().await, storage)
}

#[tokio::test]
async fn pages_are_shown_from_the_replica() {
    let (world, replica) = site().await;
    let before = world.anna().opens("printer", None).await.unwrap();
    replica.falls_behind();
    world.anna().replies(&before, "Hello?").await.unwrap();
    let fresh = world.anna().opens("screen", None).await.unwrap();

    let filter = Filter::default();
    assert_eq!(world.anna().sees(&before).await.unwrap().messages.len(), 1);
    assert_eq!(world.sara().shows(before.number, None).await.unwrap().messages.len(), 1);
    assert_eq!(world.anna().lists(&filter).await.unwrap().tickets.len(), 1);
    assert_eq!(world.sara().lists(&filter).await.unwrap().tickets.len(), 1);
    assert!(world.anna().sees(&fresh).await.is_missing() && world.sara().shows(fresh.number, None).await.is_missing());

    replica.catches_up();
    assert_eq!(world.anna().sees(&before).await.unwrap().messages.len(), 2);
    assert_eq!(world.sara().lists(&filter).await.unwrap().tickets.len(), 2);
}

/// D-04
#[tokio::test]
async fn who_was_just_removed_is_no_supporter_whatever_the_replica_says() {
    let (world, replica) = site().await;
    let record = world.supporter_id("sara").await;
    replica.falls_behind();
    world.backend().remove_supporter(record).await.unwrap();
    assert!(world.sara().desk().await.is_missing());
}

///
#[tokio::test]
async fn who_was_just_added_works_at_the_desk_whatever_the_replica_says() {
    let (world, replica) = site().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    replica.falls_behind();
    world.add_supporter("uwe", true, &[]).await;
    let desk = world.person("uwe").desk().await.unwrap();
    assert_eq!(world.person("uwe").shows(ticket.number, None).await.unwrap().messages.len(), 1);
    desk.answer(ticket.number, text("Is it on?")).await.unwrap();
}

///
#[tokio::test]
async fn support_ends_with_the_last_one_who_goes_home_whatever_the_replica_says() {
    let (world, replica) = site().await;
    replica.falls_behind();
    world.everybody_leaves().await;
    assert!(!world.anna().portal().support_is_active().await.unwrap());
    assert_eq!(world.anna().portal().opening(None).await.refusal(), Refusal::SupportOff);
    assert_eq!(world.anna().opens("printer", None).await.refusal(), Refusal::SupportOff);
}

#[tokio::test]
async fn a_form_is_answered_by_what_is_so_and_not_by_the_replica() {
    let (world, replica) = site().await;
    replica.falls_behind();
    let ticket = world.anna().opens("printer", None).await.unwrap();
    assert_eq!(world.anna().replies(&ticket, "").await.problems(), [(Field::Body, Problem::Empty)]);
    assert_eq!(world.sara().answers(&ticket, "").await.problems(), [(Field::Body, Problem::Empty)]);
    world.sara().closes(&ticket).await.unwrap();
    let follow_up = world.anna().portal().opening(Some(ticket.number)).await.unwrap();
    assert_eq!(follow_up.follows.map(|ticket| ticket.number), Some(ticket.number));
}

/// The forms of the backend show the current values. With older values, saving would undo the latest change.
#[tokio::test]
async fn forms_of_the_backend_are_filled_from_what_is_so() {
    let (world, replica) = site().await;
    replica.falls_behind();
    world.change_settings(|settings| settings.image_limit = Some(7)).await;
    world.add_supporter("uwe", false, &[]).await;
    world.add_categories(&["billing"]).await;
    let ticket = world.anna().opens("printer", Some("billing")).await.unwrap();
    let backend = world.backend();
    assert_eq!(backend.settings().await.unwrap().settings.image_limit, Some(7));
    assert_eq!(backend.supporters().await.unwrap().supporters.len(), 3);
    assert_eq!(backend.categories().await.unwrap().active().len(), 1);
    assert_eq!(backend.ticket(ticket.number).await.unwrap(), ticket);
    assert_eq!(backend.mail().await.unwrap().counts.waiting, 2);
}

/// D-04
#[tokio::test]
async fn pages_that_enter_and_read_at_once_are_shown_from_the_replica_by_rights_no_older_than_it() {
    let (world, replica) = site().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    let record = world.supporter_id("sara").await;
    let sara = world.sara().visitor();
    assert!(world.helpdesk.show(&sara, ticket.number, None).await.is_ok());
    replica.falls_behind();
    world.anna().opens("screen", None).await.unwrap();
    assert_eq!(world.helpdesk.overview(&sara, &Filter::default()).await.unwrap().1.tickets.len(), 1);
    world.backend().remove_supporter(record).await.unwrap();
    // Whether this node knows of the change or not, Sara's action is refused.
    if let Ok((frontend, _)) = world.helpdesk.show(&sara, ticket.number, None).await {
        assert!(frontend.desk.unwrap().answer(ticket.number, text("Is it on?")).await.is_missing());
    }
    replica.catches_up();
    assert!(world.helpdesk.show(&sara, ticket.number, None).await.is_missing());
}
