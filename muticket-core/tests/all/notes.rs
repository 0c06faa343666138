//! Letters about notes.

use muticket_core::UserId;
use muticket_core::desk::NewNote;
use muticket_core::notification::LetterState;
use muticket_world::fault;

use crate::outbox::{Outbox as _, usual};

/// P-23: a damaged note stops neither other letters nor the one about the message beside it.
#[tokio::test]
async fn a_note_that_cannot_be_read_is_parked_and_the_others_flow() {
    let world = usual().await;
    let ticket = world.opened(&["tom"]).await;
    let new = NewNote { body: "Look at this".to_owned(), mentions: vec![UserId::new("uwe")], ..NewNote::default() };
    world.sara().desk().await.unwrap().note(ticket, new).await.unwrap();
    world.storage.fail_when(|call| (call.name == "notes.find").then_some(fault::corrupt));
    let delivery = world.courier().deliver_due().await.unwrap();
    assert_eq!((delivery.sent, delivery.failed), (1, 1));
    let sent: Vec<_> = world.mail.letters().iter().map(|letter| letter.to.address().as_str().to_owned()).collect();
    assert_eq!(sent, ["tom@example.org"]);
    assert!(matches!(world.states().await["uwe"], LetterState::Failed { .. }));
}
