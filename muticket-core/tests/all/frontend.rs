//! Pages of the frontend: changes made by another node take effect at once.

use muticket_core::overview::Filter;
use muticket_core::ticket::Role;
use muticket_core::viewer::Side;
use muticket_core::{Denial, Error, Helpdesk, Visitor};
use muticket_world::{Outcome, World, text};

/// How a visitor sees the overview: whether from the desk, and the numbers of its tickets.
async fn page(helpdesk: &Helpdesk, visitor: &Visitor) -> (bool, Vec<i64>) {
    let (frontend, overview) = helpdesk.overview(visitor, &Filter::default()).await.unwrap();
    (frontend.desk.is_some(), overview.tickets.iter().map(|ticket| ticket.number.get()).collect())
}

/// Another node on the same storage.
fn another_node(world: &World) -> Helpdesk {
    Helpdesk::builder(world.helpdesk.storage().clone(), world.people.clone()).build()
}

#[tokio::test]
async fn a_page_shows_a_supporter_all_tickets_and_a_customer_their_own() {
    let world = World::new().await;
    let (sara, ben) = (world.sara().visitor(), world.ben().visitor());
    world.anna().opens("printer", None).await.unwrap();
    world.ben().opens("screen", None).await.unwrap();
    assert_eq!(page(&world.helpdesk, &sara).await, (true, vec![2, 1]));
    assert_eq!(page(&world.helpdesk, &ben).await, (false, vec![2]));
    assert!(matches!(world.helpdesk.overview(&Visitor::Guest, &Filter::default()).await, Err(Error::SignIn)));
}

/// D-04
#[tokio::test]
async fn a_supporter_added_by_another_node_is_one_on_the_next_page() {
    let world = World::new().await;
    let (other, uwe) = (another_node(&world), world.person("uwe").visitor());
    let ticket = world.anna().opens("printer", None).await.unwrap();
    assert_eq!(page(&other, &uwe).await, (false, vec![]));
    assert!(other.show(&uwe, ticket.number, None).await.map(|_| ()).is_missing());

    world.add_supporter("uwe", false, &[]).await;
    assert_eq!(page(&other, &uwe).await, (true, vec![1]));
    assert!(other.show(&uwe, ticket.number, None).await.unwrap().1.can.answer);
}

/// D-04
#[tokio::test]
async fn a_supporter_removed_by_another_node_is_none_on_the_next_page() {
    let world = World::new().await;
    let (other, sara) = (another_node(&world), world.sara().visitor());
    let ticket = world.anna().opens("printer", None).await.unwrap();
    assert_eq!(page(&other, &sara).await, (true, vec![1]));

    world.backend().remove_supporter(world.supporter_id("sara").await).await.unwrap();
    assert!(other.show(&sara, ticket.number, None).await.map(|_| ()).is_missing());
    assert_eq!(page(&other, &sara).await, (false, vec![]));
}

///
#[tokio::test]
async fn a_page_says_at_once_that_everybody_went_home() {
    let world = World::new().await;
    let (other, anna) = (another_node(&world), world.anna().visitor());
    let ticket = world.anna().opens("printer", None).await.unwrap();
    assert!(other.show(&anna, ticket.number, None).await.unwrap().1.can.reply);

    world.everybody_leaves().await;
    let (_, overview) = other.overview(&anna, &Filter::default()).await.unwrap();
    assert_eq!((overview.support_active, overview.may_open), (false, false));
    assert!(!other.show(&anna, ticket.number, None).await.unwrap().1.can.reply);
}

/// D-05
#[tokio::test]
async fn a_supporter_sees_their_own_ticket_as_its_customer() {
    let world = World::new().await;
    world.change_settings(|settings| settings.supporters_open = true).await;
    let ticket = world.sara().opens("printer", None).await.unwrap();
    let (frontend, conversation) = world.helpdesk.show(&world.sara().visitor(), ticket.number, None).await.unwrap();
    assert!(conversation.can.reply && !conversation.can.answer);
    assert_eq!(conversation.side, Side::Customer);
    let closed = frontend.desk.as_ref().unwrap().close(ticket.number, None).await;
    assert_eq!(closed.map(|_| ()).denial(), Denial::OnlyTheDesk);
    let message = frontend.write(ticket.number, text("It smokes now.")).await.unwrap();
    assert_eq!(message.role, Role::Customer);
}

///
#[tokio::test]
async fn a_foreign_ticket_and_a_missing_one_are_missing() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    for number in [ticket.number, "99".parse().unwrap()] {
        assert!(world.helpdesk.show(&world.ben().visitor(), number, None).await.map(|_| ()).is_missing());
    }
}
