//! Closing.

use muticket_journeys::{Method, World, at, journey};

journey! {
    /// the button is on the ticket's page, and only supporters see it.
    async fn only_supporters_see_the_control(world: World) {
        let anna = world.as_("anna");
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        assert!(anna.sees(ticket).await.find_form("/close").is_none());
        let form = world.as_("sara").sees(ticket).await.form("/close");
        for stranger in ["anna", "ben", "vera", "ada"] {
            let stranger = world.as_(stranger);
            let _ = stranger.submits(&form.clone().forced("token", stranger.token().await.as_bytes())).await.is(404);
        }
        assert_eq!(anna.lists("").await, ["Printer"]);
        world.as_("uwe").closes(ticket).await;
        assert_eq!(anna.lists("?state=closed").await, ["Printer"]);
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// with JavaScript the page asks before it closes, without it the click closes at once. Either way the next page offers an undo,
    /// once.
    async fn the_page_that_follows_offers_to_undo(world: World) {
        let sara = world.as_("sara");
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        let page = sara.sees(ticket).await;
        let asks = page.attributes("form[action$='/close']", "data-confirm-text");
        assert!(asks.len() == 1 && !asks[0].is_empty(), "what the script asks stands in the page: {asks:?}");
        let follows = sara.closes(ticket).await;
        let undo = "[data-done=closed] form[action$='/reopen']";
        assert_eq!(follows.count(undo), 1, "{}", follows.text());
        assert_eq!(sara.sees(ticket).await.count(undo), 0, "the notice is said once");
        let back = sara.submits(&follows.form("/reopen")).await.is(303);
        assert_eq!(sara.follows(&back).await.count("[data-done=reopened]"), 1);
        assert_eq!(sara.lists("").await, ["Printer"]);
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// D-02: closing is a POST. No GET request closes, reopens, rates or deletes a ticket.
    async fn looking_changes_nothing(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let answer = sara.answers(ticket, "Switch it on").await;
        let before = world.kept().dump();
        for path in ["/close", "/reopen", "/messages", &format!("/messages/{answer}/rating?stars=1")] {
            for person in [&anna, &sara, &world.guest()] {
                for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::PUT, Method::DELETE, Method::PATCH] {
                    let answer = person.sends(method, &format!("{}{path}", at(ticket))).go().await;
                    assert!(matches!(answer.status, 303 | 401 | 404 | 405), "{}", answer.brief());
                }
            }
        }
        assert_eq!(world.kept().dump(), before);
        assert_eq!(world.mailed().await, ["anna", "sara"]);
    }

    /// a ticket with an unread reply is not closed. A reply that arrived meanwhile is shown first.
    async fn a_reply_that_came_meanwhile_is_not_closed_away(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let form = sara.sees(ticket).await.form("/close");
        anna.replies(ticket, "And it smells").await;
        let conflict = sara.submits(&form).await.is(409);
        assert!(conflict.says("And it smells"));
        assert_eq!(conflict.all("[role=alert] .notice-title"), ["Anna Berg has just replied"]);
        assert!(conflict.says("The ticket has not been closed.") && !conflict.says("sent"), "nothing was to be sent");
        assert_eq!(anna.lists("").await, ["Printer"]);
        let _ = sara.submits(&conflict.form("/close")).await.is(303);
        assert_eq!(anna.lists("?state=closed").await, ["Printer"]);
        let _ = sara.submits(&conflict.form("/close")).await.is(303);
        assert_eq!(sara.sees(ticket).await.count(".event"), 1, "closing twice is closing once");
        assert_eq!(world.mailed().await, ["sara", "sara"]);
    }
}
