//! Letters to customers whose tickets came by mail: the receipt, and that a ticket is closed.

use super::answers::{fresh, words};
use super::*;

/// A site on which customers get both letters.
async fn telling(adapter: Adapter) -> World {
    let world = world(adapter).await;
    world.settings(|settings| (settings.receipts, settings.closing_letters) = (true, true)).await;
    world
}

/// The letters to Anna that were sent since the last call.
async fn to_anna(world: &World) -> Vec<Letter> {
    let letters = world.letters().await;
    letters.into_iter().filter(|letter| letter.to.address().as_str() == "anna@example.org").collect()
}

/// The only one of them.
async fn only(world: &World) -> Letter {
    let mut letters = to_anna(world).await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    letters.remove(0)
}

in_both! {
    /// D-15, M-01, M-10: the receipt answers the letter, and a reply to it is a reply. A reply to the letter about closing opens a
    /// follow-up ticket, which has a receipt, too.
    async fn a_customer_who_writes_by_mail_is_told_by_mail(adapter: Adapter) {
        let world = telling(adapter).await;
        assert_eq!(arrives(&world, &fresh(PASSED, "anna@example.org", "It is empty")).await, "opened");
        let receipt = only(&world).await;
        assert_eq!((receipt.subject.as_str(), receipt.thread.as_str()), ("[#1] Toner", "11@mail.example"));
        assert!(receipt.automatic && receipt.is_answer && receipt.text.contains("> It is empty"), "{}", receipt.text);
        assert_eq!(arrives(&world, &reply(&receipt, "anna@example.org", "", "The black one")).await, "replied");
        let page = world.as_("anna").sees(1).await;
        assert_eq!(page.texts("#message-2 .message-body > .text"), ["The black one"], "the receipt is quoted below it");
        world.as_("sara").closes(1).await;
        world.later(TimeDelta::minutes(1));
        let closed = only(&world).await;
        assert!(words(&closed).contains("Your reply becomes a follow-up ticket."), "{}", closed.text);
        assert_eq!(arrives(&world, &reply(&closed, "anna@example.org", "", "It is empty again")).await, "followed-up");
        let receipt = only(&world).await;
        assert!(receipt.subject.starts_with("[#2] ") && receipt.text.contains("> It is empty again"), "{}", receipt.text);
        assert!(world.as_("anna").sees(2).await.says("It is empty again"));
        world.ends().await;
    }

    /// M-05: letters of a MuTicket get no receipt, and a sender gets three a day.
    async fn receipts_keep_no_loop_alive(adapter: Adapter) {
        let world = telling(adapter).await;
        let marked = fresh(&format!("{PASSED}X-MuTicket-Loop: 1\r\n"), "anna@example.org", "We have your ticket");
        assert_eq!(arrives(&world, &marked).await, "opened");
        assert!(to_anna(&world).await.is_empty());
        let mut sent = Vec::new();
        for round in 0..5 {
            let text = format!("We have your email {}", "!".repeat(round));
            assert_eq!(arrives(&world, &fresh(PASSED, "anna@example.org", &text)).await, "opened");
            sent.push(to_anna(&world).await.len());
        }
        assert_eq!(sent, [1, 1, 1, 0, 0]);
        world.ends().await;
    }
}
