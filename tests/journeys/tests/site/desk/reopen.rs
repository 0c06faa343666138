//! Reopening a closed ticket.

use muticket_journeys::{World, journey};

journey! {
    /// D-02: closing is not final. A supporter may reopen the ticket, its customer may not.
    async fn only_a_supporter_takes_it_up_again(world: World) {
        let (anna, sara, tom) = (world.as_("anna"), world.as_("sara"), world.as_("tom"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        sara.answers(ticket, "Switch it on").await;
        sara.closes(ticket).await;
        assert!(anna.sees(ticket).await.find_form("/reopen").is_none());
        let form = tom.sees(ticket).await.form("/reopen");
        for stranger in ["anna", "ben", "vera"] {
            let stranger = world.as_(stranger);
            let _ = stranger.submits(&form.clone().forced("token", stranger.token().await.as_bytes())).await.is(404);
        }
        assert_eq!(tom.reopens(ticket).await.count(".status-customer"), 1, "it waits for whom it waited before");
        let _ = tom.submits(&form).await.is(303);
        assert_eq!(tom.sees(ticket).await.count(".event"), 3, "taken, closed, and reopened: reopening twice is reopening once");
        anna.replies(ticket, "It is on").await;
        assert_eq!(world.mailed().await, ["anna", "sara", "sara"]);
    }
}
