//! What a customer has not read.

use muticket_journeys::{World, journey};

journey! {
    /// An answer is unread until the customer marks it as read, or replies; on closed tickets too.
    async fn an_answer_is_unread_until_it_is_read(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        assert_eq!(anna.get("/tickets").await.count(".row-unread"), 0, "Anna wrote it");
        assert_eq!(anna.sees(ticket).await.count("form.seen, .divider-new"), 0);
        sara.answers(ticket, "Switch it on").await;
        sara.closes(ticket).await;
        let rows = anna.get("/tickets?state=closed").await.is(200);
        assert_eq!((rows.count(".row-unread"), rows.all(".row-unread .row-facts .unseen")), (1, vec!["Unread".to_owned()]));
        let page = anna.sees(ticket).await;
        assert_eq!(page.attributes(".divider-new + .message", "id"), ["message-2"]);
        let _ = anna.submits(&page.form("/seen")).await.is(303);
        assert_eq!(anna.get("/tickets?state=closed").await.count(".row-unread"), 0);
        assert_eq!(anna.sees(ticket).await.count("form.seen, .divider-new"), 0);
        assert_eq!(world.mailed().await, ["anna", "sara"]);
    }

    /// An answer that arrived while the customer wrote a reply stays unread.
    async fn a_reply_does_not_mark_what_its_author_did_not_see(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let form = anna.writes(ticket, "Hello?").await;
        sara.answers(ticket, "Switch it on").await;
        assert_eq!(anna.sends_message(ticket, &form).await, 3);
        assert_eq!(anna.get("/tickets").await.count(".row-unread"), 1);
        assert_eq!(anna.sees(ticket).await.attributes(".divider-new + .message", "id"), ["message-2"]);
        anna.replies(ticket, "I see").await;
        assert_eq!(anna.get("/tickets").await.count(".row-unread"), 0);
        assert_eq!(world.mailed().await, ["anna", "sara", "sara", "sara"]);
    }

    /// A mark never goes back, nor beyond the newest message. A form without a message number marks nothing.
    async fn a_form_that_says_nonsense(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        sara.answers(ticket, "Switch it on").await;
        let form = anna.sees(ticket).await.form("/seen");
        for nothing in ["", "0", "-1", "x", "99999999999"] {
            let _ = anna.submits(&form.clone().forced("message", nothing.as_bytes())).await.is(404);
        }
        let _ = anna.submits(&form.clone().forced("message", b"4294967295")).await.is(303);
        sara.answers(ticket, "Once more").await;
        assert_eq!(anna.sees(ticket).await.attributes(".divider-new + .message", "id"), ["message-3"]);
        let _ = anna.submits(&form.forced("message", b"1")).await.is(303);
        assert_eq!(anna.sees(ticket).await.attributes(".divider-new + .message", "id"), ["message-3"]);
        assert_eq!(world.mailed().await, ["anna", "anna", "sara"]);
    }
}
