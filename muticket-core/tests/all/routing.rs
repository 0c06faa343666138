//! Which supporters are mailed, according to the outbox.

use muticket_core::notification::{LetterState, Notification};
use muticket_core::ticket::{Message, Ticket};
use muticket_core::{MessageNumber, NewTicket};
use muticket_world::{World, message_number};

/// The recipients of the letters about a ticket's opening.
async fn opened(world: &World, ticket: &Ticket) -> Vec<String> {
    about(world, ticket, MessageNumber::FIRST, Notification::TicketOpened).await
}

/// The recipients of the letters about a message. Fails if a letter has another notification.
async fn about(world: &World, ticket: &Ticket, number: MessageNumber, notification: Notification) -> Vec<String> {
    let message = message(world, ticket, number).await;
    let mailed = world.unsent_about(&message).await;
    assert!(mailed.iter().all(|(reason, _)| *reason == notification), "{mailed:?}");
    mailed.into_iter().map(|(_, recipient)| recipient).collect()
}

async fn message(world: &World, ticket: &Ticket, number: MessageNumber) -> Message {
    let storage = world.helpdesk.storage().clone();
    let ticket = ticket.number;
    let found = storage.run_read(move |unit| unit.messages().find(ticket, number)).await;
    found.map_err(|error: muticket_core::StorageError| error).unwrap().unwrap()
}

///
#[tokio::test]
async fn without_categories_all_present_supporters_hear_of_a_new_ticket() {
    let world = World::new().await;
    world.add_supporter("uwe", false, &[]).await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    assert_eq!(opened(&world, &ticket).await, ["sara", "tom"]);
}

///
#[tokio::test]
async fn with_categories_the_present_supporters_who_have_it_hear_of_a_new_ticket() {
    let world = World::new().await;
    world.add_categories(&["billing", "technical"]).await;
    world.edit_supporter("sara", true, &["billing"]).await;
    world.edit_supporter("tom", true, &["technical"]).await;
    world.add_supporter("uwe", false, &["billing"]).await;
    let ticket = world.anna().opens("invoice", Some("billing")).await.unwrap();
    assert_eq!(opened(&world, &ticket).await, ["sara"]);
}

///
#[tokio::test]
async fn if_nobody_present_has_the_category_all_present_supporters_hear_of_it() {
    let world = World::new().await;
    world.add_categories(&["billing", "technical"]).await;
    world.edit_supporter("sara", true, &["technical"]).await;
    world.add_supporter("uwe", false, &["billing"]).await;
    let ticket = world.anna().opens("invoice", Some("billing")).await.unwrap();
    assert_eq!(opened(&world, &ticket).await, ["sara", "tom"]);
}

///
#[tokio::test]
async fn a_reply_is_routed_by_the_category_of_its_ticket() {
    let world = World::new().await;
    world.change_settings(|settings| settings.answering_assigns = false).await;
    world.add_categories(&["billing", "technical"]).await;
    world.edit_supporter("sara", true, &["billing"]).await;
    world.edit_supporter("tom", true, &["technical"]).await;
    let ticket = world.anna().opens("invoice", Some("billing")).await.unwrap();
    world.tom().answers(&ticket, "Which one?").await.unwrap();
    world.anna().replies(&ticket, "The last.").await.unwrap();
    assert_eq!(about(&world, &ticket, message_number(3), Notification::CustomerReplied).await, ["sara"]);

    world.edit_supporter("sara", false, &["billing"]).await;
    world.anna().replies(&ticket, "Hello?").await.unwrap();
    assert_eq!(
        about(&world, &ticket, message_number(4), Notification::CustomerReplied).await,
        ["tom"],
        "R-26 holds for replies too"
    );
}

/// a removed category still routes its old tickets.
#[tokio::test]
async fn a_removed_category_still_routes_the_replies_on_its_tickets() {
    let world = World::new().await;
    world.add_categories(&["billing", "technical"]).await;
    world.edit_supporter("sara", true, &["billing"]).await;
    let ticket = world.anna().opens("invoice", Some("billing")).await.unwrap();
    world.backend().remove_category(world.category_id("billing").await).await.unwrap();
    world.anna().replies(&ticket, "Hello?").await.unwrap();
    assert_eq!(about(&world, &ticket, message_number(2), Notification::CustomerReplied).await, ["sara"]);
}

///
#[tokio::test]
async fn the_customer_and_nobody_else_hears_of_an_answer() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    world.sara().answers(&ticket, "Is it on?").await.unwrap();
    assert_eq!(about(&world, &ticket, message_number(2), Notification::SupporterAnswered).await, ["anna"]);
}

/// D-04
#[tokio::test]
async fn who_lost_the_group_or_is_unknown_to_the_host_gets_no_letter() {
    let world = World::new().await;
    world.add_supporter("uwe", true, &[]).await;
    world.people.set_groups("sara", &[]);
    world.people.remove("uwe");
    let ticket = world.anna().opens("printer", None).await.unwrap();
    assert_eq!(opened(&world, &ticket).await, ["tom"]);
}

/// D-04: a supporter who left the group does not count for a category, so that it falls to the others.
#[tokio::test]
async fn a_category_whose_only_supporter_lost_the_group_falls_to_all() {
    let world = World::new().await;
    world.add_categories(&["billing"]).await;
    world.edit_supporter("sara", true, &["billing"]).await;
    world.add_supporter("uwe", true, &[]).await;
    world.people.set_groups("sara", &[]);
    let ticket = world.anna().opens("invoice", Some("billing")).await.unwrap();
    assert_eq!(opened(&world, &ticket).await, ["tom", "uwe"]);
}

/// D-05, D-09
#[tokio::test]
async fn a_supporters_own_ticket_is_routed_to_the_others() {
    let world = World::new().await;
    world.add_categories(&["billing"]).await;
    world.change_settings(|settings| settings.supporters_open = true).await;
    world.edit_supporter("sara", true, &["billing"]).await;
    let ticket = world.sara().opens("invoice", Some("billing")).await.unwrap();
    assert_eq!(opened(&world, &ticket).await, ["tom"]);
    world.sara().replies(&ticket, "Hello?").await.unwrap();
    assert_eq!(about(&world, &ticket, message_number(2), Notification::CustomerReplied).await, ["tom"]);
    world.tom().answers(&ticket, "Yes?").await.unwrap();
    assert_eq!(about(&world, &ticket, message_number(3), Notification::SupporterAnswered).await, ["sara"]);
}

/// D-09, where the letter about closing is off (D-15)
#[tokio::test]
async fn closing_reopening_and_rating_mail_nobody() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    let answer = world.sara().answers(&ticket, "Is it on?").await.unwrap();
    let before = world.unsent().await;
    world.sara().closes(&ticket).await.unwrap();
    world.sara().reopens(&ticket).await.unwrap();
    world.anna().rates(&answer, 5).await.unwrap();
    assert_eq!(world.unsent().await, before);
}

/// P-20: a letter is due at once, and the courier is notified.
#[tokio::test]
async fn a_letter_waits_in_the_outbox_from_the_moment_of_its_reason() {
    let world = World::new().await;
    let (sender, rings) = std::sync::mpsc::channel();
    world.helpdesk.on_letters(move || sender.send(()).unwrap());
    let ticket = world.anna().opens("printer", None).await.unwrap();
    let waiting = LetterState::Waiting { not_before: ticket.opened_at, problem: None };
    assert!(world.unsent().await.iter().all(|letter| letter.state == waiting && letter.attempts == 0));
    assert_eq!(rings.try_iter().count(), 1);
    world.anna().portal().open(NewTicket::default()).await.unwrap_err();
    assert_eq!(rings.try_iter().count(), 0, "a refused form rings nobody");
}
