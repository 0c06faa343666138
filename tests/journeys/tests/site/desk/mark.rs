//! What a supporter has not read.

use muticket_journeys::{World, journey};

journey! {
    /// A ticket is unread until the supporter marks it as read or writes on it. Each supporter has their own mark, and only open tickets
    /// are unread.
    async fn each_supporter_has_their_own_marks(world: World) {
        let (anna, sara, tom) = (world.as_("anna"), world.as_("sara"), world.as_("tom"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        for supporter in [&sara, &tom] {
            assert_eq!(supporter.get("/tickets").await.is(200).count(".row-unread .row-facts > .unseen"), 1);
        }
        let page = sara.sees(ticket).await;
        assert_eq!((page.count("form.seen"), page.count(".divider-new")), (1, 0), "all of it is new, so nothing says where that begins");
        assert_eq!(sara.sees(ticket).await.count("form.seen"), 1, "looking marks nothing");
        let answer = sara.submits(&page.form("/seen")).await.is(303);
        assert_eq!(sara.follows(&answer).await.is(200).count("form.seen"), 0);
        assert_eq!(sara.get("/tickets").await.count(".row-unread"), 0);
        assert_eq!(tom.get("/tickets").await.count(".row-unread"), 1);

        tom.answers(ticket, "Switch it on").await;
        anna.replies(ticket, "It is on").await;
        let page = sara.sees(ticket).await;
        assert_eq!(page.attributes(".divider-new + .message", "id"), ["message-2"]);
        assert_eq!(page.all(".divider-new"), ["New"]);
        assert_eq!(page.attributes(".jump", "href")[0], "#message-2");
        assert_eq!(tom.sees(ticket).await.attributes(".divider-new + .message", "id"), ["message-3"], "Tom wrote the second one");
        tom.closes(ticket).await;
        for supporter in [&sara, &tom] {
            assert_eq!(supporter.get("/tickets?state=all").await.count(".row-unread"), 0, "it is closed");
        }
        sara.reopens(ticket).await;
        assert_eq!(sara.get("/tickets").await.count(".row-unread"), 1);
        assert_eq!(tom.get("/tickets").await.count(".row-unread"), 0);
        assert_eq!(world.mailed().await, ["anna", "sara", "tom"]);
    }

    /// marks are deleted with their ticket. D-05: on their own ticket a supporter has a customer's mark.
    async fn marks_end_with_their_ticket(world: World) {
        world.settings(|settings| settings.supporters_open = true).await;
        world.people().change("sara", |sara| sara.level = muticket_core::AccessLevel::Add);
        let (sara, tom) = (world.as_("sara"), world.as_("tom"));
        let before = world.kept().dump();
        let own = sara.opens("My screen", "Technical", "It is dark").await;
        tom.answers(own, "Switch it on").await;
        assert_eq!(world.mailed().await, ["sara", "tom"]);
        let page = sara.sees(own).await;
        assert_eq!(page.attributes(".divider-new + .message", "id"), ["message-2"]);
        let _ = sara.submits(&page.form("/seen")).await.is(303);
        assert_eq!(sara.sees(own).await.count("form.seen, .divider-new"), 0);
        world.backend().delete(own.to_string().parse().unwrap()).await.unwrap();
        let seen = |dump: &str| dump.matches("muticket_seen").count();
        assert_eq!(seen(&world.kept().dump()), seen(&before));
    }
}
