//! Answering.

use muticket_journeys::{World, journey};

journey! {
    /// supporters answer in the frontend. Every supporter may answer, present or not, whatever the category.
    async fn every_supporter_may_answer_every_ticket(world: World) {
        let anna = world.as_("anna");
        let ticket = anna.opens("Cable", "Technical", "Too short").await;
        assert_eq!(world.mailed().await, ["tom"]);
        for (place, supporter) in (2..).zip(["sara", "tom", "uwe"]) {
            assert_eq!(world.as_(supporter).answers(ticket, "Buy a longer one").await, place);
        }
        let page = anna.sees(ticket).await;
        assert_eq!(page.count(".message-supporter"), 3);
        assert!(page.says("Sara Sand") && page.says("Tom Tal") && page.says("Uwe Ulm"));
        assert_eq!(world.mailed().await, ["anna", "anna", "anna"]);
    }

    /// customers have no form for answers, and a stranger's form is answered with 404.
    async fn nobody_else_answers(world: World) {
        let anna = world.as_("anna");
        let ticket = anna.opens("Cable", "Technical", "Too short").await;
        let form = world.as_("sara").writes(ticket, "I am no supporter").await;
        let before = world.kept().dump();
        for stranger in ["ben", "vera", "kim", "ada", "rita", "cora"] {
            let stranger = world.as_(stranger);
            let sent = form.clone().forced("token", stranger.token().await.as_bytes());
            assert!(stranger.submits(&sent).await.is(404).says("I am no supporter"));
        }
        assert_eq!(world.kept().dump(), before);
        assert_eq!(world.mailed().await, ["tom"]);
    }

    /// D-10: an answer that came too late is shown with the messages written since, and can be sent again. D-02: no answer is stored over
    /// an unseen reply.
    async fn an_answer_over_an_unseen_reply_shows_both_texts(world: World) {
        let (anna, sara, tom) = (world.as_("anna"), world.as_("sara"), world.as_("tom"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let form = sara.writes(ticket, "Switch it on").await.file("how.txt", b"press the button");
        tom.answers(ticket, "Plug it in").await;
        let files = world.kept().files();
        let conflict = sara.submits(&form).await.is(409);
        assert!(conflict.says("Plug it in") && conflict.says("Switch it on"), "{}", conflict.brief());
        assert_eq!(world.kept().files(), files, "the refused file is gone");
        assert_eq!(sara.sends_message(ticket, &conflict.form("/messages")).await, 3);
        assert_eq!(world.mailed().await, ["anna", "anna", "sara"]);
    }

    /// D-10: in both languages the page says what happened, shows where the new messages begin, and keeps the text in its form.
    async fn somebody_answered_while_one_was_writing(world: World) {
        let (anna, tom) = (world.as_("anna"), world.as_("tom"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let mut place = 1;
        for (language, title, new) in [("de", "Anna Berg und andere haben gerade geantwortet", "Neu"), ("en", "Anna Berg and others have just replied", "New")] {
            let sara = world.as_("sara").speaking(language);
            let form = sara.writes(ticket, "Switch it on").await;
            anna.replies(ticket, "It has no switch").await;
            tom.answers(ticket, "Plug it in").await;
            let page = sara.submits(&form).await.is(409);
            assert_eq!(page.all("[role=alert] .notice-title"), [title]);
            assert_eq!(page.attributes("[role=alert] a", "href"), [format!("#message-{}", place + 1)], "and nothing leads away from the text");
            assert_eq!(page.all(".divider-new"), [new]);
            assert_eq!(page.attributes(".divider-new + .message", "id"), [format!("message-{}", place + 1)]);
            assert_eq!(page.all(&format!("#message-{} .text", place + 1)), ["It has no switch"]);
            assert_eq!(page.all(&format!("#message-{} .text", place + 2)), ["Plug it in"]);
            assert_eq!(page.all("#write textarea[name=body]"), ["Switch it on"]);
            assert_eq!(sara.sends_message(ticket, &page.form("/messages")).await, place + 3);
            place += 3;
        }
        assert_eq!(world.mailed().await, ["anna", "anna", "anna", "anna", "sara", "sara", "tom"]);
    }

    /// T-10, D-16: *Send and close* answers and closes at once, without a question. The page that follows offers to undo the closing.
    async fn send_and_close_answers_and_closes(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let form = sara.writes(ticket, "Switch it on").await;
        let page = sara.sees(ticket).await;
        assert_eq!(page.attributes("#write [name=then]", "value"), ["close"]);
        assert_eq!(anna.sees(ticket).await.count("#write [name=then]"), 0, "customers have no such button");
        let follows = sara.follows(&sara.submits(&form.forced("then", b"close")).await.is(303)).await;
        assert_eq!(follows.count("[data-done=answered-and-closed] form[action$='/reopen']"), 1, "{}", follows.text());
        assert_eq!(follows.all(".message-supporter .text"), ["Switch it on"]);
        assert_eq!(anna.lists("?state=closed").await, ["Printer"]);
        assert_eq!(world.mailed().await, ["anna", "sara"]);
    }

    /// T-10, P-26: over an unseen reply, *Send and close* does neither. The text stays, and the same form can be sent again.
    async fn send_and_close_does_neither_over_an_unseen_reply(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let form = sara.writes(ticket, "Switch it on").await.forced("then", b"close");
        anna.replies(ticket, "And it smells").await;
        let conflict = sara.submits(&form).await.is(409);
        assert_eq!(conflict.all("#write textarea[name=body]"), ["Switch it on"]);
        assert_eq!(anna.lists("").await, ["Printer"]);
        let _ = sara.submits(&conflict.form("/messages").forced("then", b"close")).await.is(303);
        assert_eq!(anna.lists("?state=closed").await, ["Printer"]);
        assert_eq!(world.mailed().await, ["anna", "sara", "sara"]);
    }

    /// T-10: sending the form twice answers and closes once. A customer who adds the field only replies.
    async fn send_and_close_counts_once_and_only_for_supporters(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let reply = anna.writes(ticket, "And it smells").await.forced("then", b"close");
        let _ = anna.submits(&reply).await.is(303);
        assert_eq!(anna.lists("").await, ["Printer"]);
        let form = sara.writes(ticket, "Switch it on").await.forced("then", b"close");
        let _ = sara.submits(&form).await.is(303);
        let again = sara.submits(&form).await;
        assert!(matches!(again.status, 303 | 409), "{}", again.brief());
        assert_eq!(sara.sees(ticket).await.count(".message-supporter"), 1);
        assert_eq!(anna.lists("?state=closed").await, ["Printer"]);
        assert_eq!(world.mailed().await, ["anna", "sara", "sara"]);
    }

    /// extra fields in a form change nothing. The server sets author, role and time.
    async fn a_form_cannot_say_who_wrote_it(world: World) {
        let anna = world.as_("anna");
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let mut form = anna.writes(ticket, "I am Sara").await;
        let extras = [("author", "sara"), ("author_id", "sara"), ("role", "supporter"), ("written_at", "2001-01-01"), ("status", "closed"),
            ("state", "closed"), ("customer", "ben"), ("ticket", "999"), ("number", "77"), ("version", "999"), ("user[role]", "admin")];
        for (name, value) in extras {
            form = form.forced(name, value.as_bytes());
        }
        anna.sends_message(ticket, &form).await;
        let page = world.as_("sara").sees(ticket).await;
        assert_eq!((page.count(".message-customer"), page.count(".message-supporter")), (2, 0));
        assert_eq!((page.count(".status-new"), page.says("2001")), (1, false));
        assert_eq!(world.mailed().await, ["sara", "sara"]);
    }
}
