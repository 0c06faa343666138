//! Rating.

use muticket_journeys::{World, journey};

journey! {
    /// each single answer can be rated. D-06: once each, changeable, on closed tickets too, and by the ticket's customer only.
    async fn each_answer_has_its_own_stars(world: World) {
        let (anna, sara, tom) = (world.as_("anna"), world.as_("sara"), world.as_("tom"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let (first, second) = (sara.answers(ticket, "Switch it on").await, tom.answers(ticket, "And plug it in").await);
        anna.rates(ticket, first, 4).await;
        anna.rates(ticket, second, 1).await;
        sara.closes(ticket).await;
        let page = anna.rates(ticket, second, 5).await;
        let given: Vec<_> = ["#message-2 .star-given", "#message-3 .star-given"].iter().map(|stars| page.count(stars)).collect();
        assert_eq!(given, [4, 5]);
        let seen = sara.sees(ticket).await;
        assert!(seen.count("#message-2 .star-given") == 4 && seen.find_form("/rating").is_none());
        assert_eq!(world.mailed().await, ["anna", "anna", "sara"]);
    }

    /// after rating the customer returns to the stars, with the thanks beside them, also on an earlier page of a long ticket.
    async fn the_thanks_stand_beside_the_stars(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let first = sara.answers(ticket, "Switch it on").await;
        let second = sara.answers(ticket, "And plug it in").await;
        for answer in [first, second, first] {
            let stars = if answer == first { b"4" } else { b"5" };
            let form = anna.sees(ticket).await.form(&format!("/messages/{answer}/rating"));
            let rated = anna.submits(&form.forced("stars", stars)).await.is(303);
            assert!(rated.location().ends_with(&format!("#rating-{answer}")));
            let page = anna.follows(&rated).await.is(200);
            assert_eq!(page.count("[data-done=rated]"), 1);
            assert_eq!(page.count("#rating-2"), 1);
            if answer == second {
                assert_eq!(page.count("#rating-3 + [data-done=rated]"), 1);
            }
        }
        for number in 0..101 {
            anna.replies(ticket, &format!("More {number}")).await;
        }
        let page = anna.get(&format!("/tickets/{ticket}?from=1")).await.is(200);
        let rated = anna.submits(&page.form(&format!("/messages/{first}/rating")).forced("stars", b"2")).await.is(303);
        let page = anna.follows(&rated).await.is(200);
        assert_eq!((page.count("#rating-2"), page.count("#rating-2 + [data-done=rated]")), (1, 1));
        assert_eq!(world.mailed().await.len(), 104);
    }

    /// D-06: only one to five stars, and only on answers.
    async fn what_is_no_rating_is_refused(world: World) {
        let (anna, ben, sara) = (world.as_("anna"), world.as_("ben"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let answer = sara.answers(ticket, "Switch it on").await;
        let form = anna.sees(ticket).await.form(&format!("/{answer}/rating"));
        let before = world.kept().dump();
        for stars in ["", "0", "6", "-1", "4.5", "five", "99999999999999999999", "4\0", "+5", "05", " 5", "5 ", "٥", "５", "5.0", "0x5"] {
            let _ = anna.submits(&form.clone().forced("stars", stars.as_bytes())).await.is(422);
        }
        for (message, code) in [(1, 403), (3, 404), (0, 404), (999_999_999, 404)] {
            let mut form = form.clone().forced("stars", b"5");
            form.action = format!("/support/tickets/{ticket}/messages/{message}/rating");
            let _ = anna.submits(&form).await.is(code);
        }
        let stranger = form.clone().forced("stars", b"1").forced("token", ben.token().await.as_bytes());
        let _ = ben.submits(&stranger).await.is(404);
        let _ = sara.submits(&stranger.forced("token", sara.token().await.as_bytes())).await.is(404);
        assert_eq!(world.kept().dump(), before);
        assert_eq!(world.mailed().await, ["anna", "sara"]);
    }

    /// P-01: access is checked before the stars. A customer who may only read gets the same answer to stars that do not exist.
    async fn without_the_right_to_rate_any_stars_are_denied(world: World) {
        let (rita, sara) = (world.as_("rita"), world.as_("sara"));
        world.people().set_level("rita", muticket_core::AccessLevel::Add);
        let ticket = rita.opens("Printer", "Billing", "It is silent").await;
        let _ = sara.answers(ticket, "Switch it on").await;
        let form = rita.sees(ticket).await.form("/rating");
        world.people().set_level("rita", muticket_core::AccessLevel::Read);
        let before = world.kept().dump();
        for stars in ["5", "6", "", "five"] {
            let _ = rita.submits(&form.clone().forced("stars", stars.as_bytes())).await.is(403);
        }
        assert_eq!(world.kept().dump(), before);
        assert_eq!(world.mailed().await, ["rita", "sara"]);
    }

    /// with ratings off no stars are shown, and none are accepted.
    async fn with_ratings_off_there_are_no_stars(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let answer = sara.answers(ticket, "Switch it on").await;
        let form = anna.sees(ticket).await.form("/rating").forced("stars", b"5");
        world.settings(|settings| settings.ratings = false).await;
        let page = anna.sees(ticket).await;
        assert_eq!((page.count(".rating"), page.count(".star")), (0, 0));
        let before = world.kept().dump();
        let _ = anna.submits(&form).await.is(409);
        assert_eq!(world.kept().dump(), before);
        world.settings(|_| ()).await;
        anna.rates(ticket, answer, 5).await;
        assert_eq!(world.mailed().await, ["anna", "sara"]);
    }
}
