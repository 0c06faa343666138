//! Opening a ticket.

use chrono::TimeDelta;
use muticket_journeys::bytes::PNG;
use muticket_journeys::{Adapter, Plan, World, at, in_both, journey, user};

journey! {
    /// opening needs the access level Add. D-03: a visitor with a lower level is told so, and nothing is stored.
    async fn who_may_not_open_is_told_so_and_nothing_is_stored(world: World) {
        let before = world.kept().dump();
        let anna = world.as_("anna");
        let form = anna.drafts("Printer", "Billing", "It is silent").await;
        for reader in ["rita", "cora", "vera"] {
            let reader = world.as_(reader);
            let _ = reader.get("/tickets/new").await.is(403);
            assert_eq!(reader.get("/tickets").await.is(200).attributes("a[href$='/tickets/new']", "href"), [""; 0]);
            let token = reader.token().await;
            let _ = reader.submits(&form.clone().forced("token", token.as_bytes())).await.is(403);
        }
        assert_eq!(world.kept().dump(), before);
    }

    /// a new ticket is open and waits for a supporter. R-42: supporters see it marked as new.
    async fn a_new_ticket_is_open_and_new(world: World) {
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        let sara = world.as_("sara");
        assert_eq!(sara.lists("?waiting=new").await, ["Printer"]);
        assert_eq!(sara.get("/tickets").await.count(".row .state-new"), 1);
        assert_eq!(sara.sees(ticket).await.count(".status-new"), 1);
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// the letter goes to the present supporters who have the category.
    async fn the_letter_goes_to_who_has_the_category(world: World) {
        let anna = world.as_("anna");
        anna.opens("Invoice", "Billing", "Too high").await;
        assert_eq!(world.mailed().await, ["sara"]);
        anna.opens("Cable", "Technical", "Too short").await;
        assert_eq!(world.mailed().await, ["tom"]);
    }

    /// if no present supporter has the category, all present supporters get the letter. D-04: a supporter who left the group gets
    /// none.
    async fn a_letter_for_which_there_is_nobody_goes_to_all_who_are_present(world: World) {
        world.as_("anna").opens("Question", "Other", "Are you there?").await;
        assert_eq!(world.mailed().await, ["sara", "tom"]);
        world.presence("sara", false).await;
        world.as_("anna").opens("Invoice", "Billing", "Too high").await;
        assert_eq!(world.mailed().await, ["tom"]);
    }

    /// with no supporter present there is no form, a form that is sent is refused with its text, and pages say why.
    async fn nothing_is_opened_while_support_is_off(world: World) {
        let anna = world.as_("anna");
        let form = anna.drafts("Printer", "Billing", "It is silent").await;
        world.everybody_leaves().await;
        let before = world.kept().dump();
        let refused = anna.submits(&form).await.is(409);
        assert!(refused.says("Printer") && refused.says("It is silent"), "{}", refused.brief());
        let _ = anna.get("/tickets/new").await.is(409);
        assert_eq!(anna.get("/tickets").await.is(200).count(".notice-warning"), 1);
        assert_eq!(world.kept().dump(), before);
    }

    /// D-05: supporters open tickets only if the setting allows it. Such a ticket is routed as usual, and its author is its customer.
    async fn supporters_open_tickets_only_if_they_may(world: World) {
        let sara = world.as_("sara");
        world.people().change("sara", |sara| sara.level = muticket_core::AccessLevel::Add);
        let _ = sara.get("/tickets/new").await.is(403);
        world.settings(|settings| settings.supporters_open = true).await;
        let ticket = sara.opens("My own chair", "Billing", "It squeaks").await;
        assert_eq!(world.mailed().await, ["tom"]);
        let page = sara.sees(ticket).await;
        assert!(page.find_form("/close").is_none() && page.find_form("/messages").is_some());
        let answer = world.as_("tom").answers(ticket, "Oil it").await;
        assert_eq!(world.mailed().await, ["sara"]);
        sara.rates(ticket, answer, 5).await;
        // Sara cannot rate her own answer, because what she writes on her own ticket is a reply.
        sara.replies(ticket, "It helped").await;
        assert_eq!(sara.sees(ticket).await.count(".message-customer"), 2);
        assert_eq!(world.mailed().await, ["tom"]);
    }

    /// T-05: customers choose a priority only if the setting allows it; otherwise the form has no such field, and one that is sent
    /// nevertheless is ignored. Afterwards only supporters see it.
    async fn customers_choose_a_priority_only_if_they_may(world: World) {
        let (ada, anna, sara) = (world.as_("ada"), world.as_("anna"), world.as_("sara"));
        let form = anna.drafts("Forged", "Billing", "It is silent").await;
        assert!(!form.has("priority"));
        anna.opens_with(&form.forced("priority", b"urgent")).await;
        assert_eq!(sara.lists("?priority=urgent").await, [""; 0]);

        let settings = ada.get("/backend/settings").await.form("/backend/settings");
        let saved = ada.submits(&settings.choosing("customers_prioritize", "1")).await.is(303);
        assert_eq!(ada.follows(&saved).await.form("/backend/settings").value("customers_prioritize"), "1");
        let form = anna.drafts("Printer", "Billing", "It is silent").await;
        assert_eq!((form.value("priority").as_str(), form.choices("priority").len()), ("normal", 4));
        let ticket = anna.opens_with(&form.choosing("priority", "high")).await;
        assert_eq!(sara.lists("?priority=high").await, ["Printer"]);
        let page = anna.sees(ticket).await;
        assert_eq!(page.count(".priority, [name=priority]"), 0, "{}", page.words());

        let form = anna.drafts("Scanner", "Billing", "It is dark").await;
        let refused = anna.submits(&form.clone().forced("priority", b"nonsense")).await.is(422);
        assert_eq!(refused.attributes("[aria-invalid=true]", "name"), ["priority"]);
        for field in ["subject", "body", "category"] {
            assert_eq!(refused.form("/tickets").value(field), form.value(field), "{field}");
        }
        let refused = anna.submits(&form.choosing("priority", "urgent").with("subject", "")).await.is(422);
        assert_eq!(refused.form("/tickets").value("priority"), "urgent");
        assert_eq!(world.mailed().await, ["sara", "sara"]);
    }

    /// D-10: all errors are reported at once, and every field keeps its value.
    async fn a_refused_form_keeps_every_field(world: World) {
        let anna = world.as_("anna");
        let before = world.kept().dump();
        let form = anna.drafts(&"s".repeat(256), "Technical", &format!("  two\nlines {}", "b".repeat(20_000))).await;
        let refused = anna.submits(&form).await.is(422);
        let again = refused.form("/tickets");
        for field in ["subject", "body", "category"] {
            assert_eq!(again.value(field), form.value(field), "{field}");
        }
        assert_eq!(refused.attributes("[aria-invalid=true]", "name"), ["subject", "body"]);
        // A browser counts in UTF-16 units, and silently cuts a pasted text that is too long.
        assert_eq!(refused.count("[maxlength]"), 0);
        assert_eq!(world.kept().dump(), before);
        let repaired = again.with("subject", &"😀".repeat(255)).with("body", &"😀".repeat(20_000));
        anna.opens_with(&repaired).await;
        assert_eq!(world.mailed().await, ["tom"]);
    }

    /// D-08: with categories active, choosing one is required, and it must exist.
    async fn a_category_has_to_be_chosen(world: World) {
        let anna = world.as_("anna");
        let form = anna.drafts("Printer", "", "It is silent").await;
        for category in ["", "nonsense", "' OR 1=1 --"] {
            let refused = anna.submits(&form.clone().forced("category", category.as_bytes())).await.is(422);
            assert_eq!(refused.attributes("[aria-invalid=true]", "name"), ["category"]);
        }
        assert_eq!(anna.lists("").await, [""; 0]);
        let billing = world.category("Billing").await;
        world.backend().remove_category(billing.id.clone()).await.unwrap();
        let _ = anna.submits(&form.forced("category", billing.id.as_str().as_bytes())).await.is(422);
    }

    /// files and pictures are attached to a ticket, and to a reply.
    async fn files_come_along(world: World) {
        let anna = world.as_("anna");
        let form = anna.drafts("Printer", "Billing", "See the picture").await;
        let ticket = anna.opens_with(&form.file("red.png", PNG).file("log.txt", b"paper jam")).await;
        let reply = anna.writes(ticket, "And another").await.file("more.txt", b"jam");
        anna.sends_message(ticket, &reply).await;
        let page = world.as_("sara").sees(ticket).await;
        assert_eq!(page.all(".file-name"), ["red.png", "log.txt", "more.txt"]);
        assert_eq!(page.count(".picture img"), 1);
        // The picture has its small version beside it.
        assert_eq!(world.kept().files(), 4);
        assert_eq!(world.mailed().await, ["sara", "sara"]);
    }

    /// an image over its limit is refused by name, another file of that size is not, and the text is kept.
    async fn an_image_has_its_own_limit(world: World) {
        world.settings(|settings| settings.image_limit = Some(PNG.len() as u64 - 1)).await;
        let anna = world.as_("anna");
        let form = anna.drafts("Printer", "Billing", "See the picture").await;
        let before = world.kept().files();
        let refused = anna.submits(&form.clone().file("red.png", PNG)).await.is(413);
        assert!(refused.says("red.png") && refused.says("See the picture"), "{}", refused.brief());
        assert_eq!((anna.lists("").await.len(), world.kept().files()), (0, before));
        anna.opens_with(&form.file("red.txt", &[b'x'; 500])).await;
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// D-02: a closed ticket is continued in a new ticket that links to it.
    async fn a_closed_ticket_is_followed_up_by_another(world: World) {
        let (anna, ben, sara) = (world.as_("anna"), world.as_("ben"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let _ = anna.get(&format!("/tickets/new?follows={ticket}")).await.is(404);
        sara.closes(ticket).await;
        let page = anna.sees(ticket).await;
        assert!(page.find_form("/messages").is_none(), "nobody replies to a closed ticket");
        let offer = page.attributes("a[href*='follows=']", "href");
        let _ = ben.get(&format!("/tickets/new?follows={ticket}")).await.is(404);
        let form = anna.whole(muticket_journeys::Method::GET, &offer[0]).go().await.is(200).form("/tickets");
        assert_eq!(form.value("subject"), "Printer");
        let next = anna.opens_with(&form.with("body", "Silent again").choosing("category", "Billing")).await;
        let page = sara.sees(next).await;
        assert_eq!(page.attributes(&format!(".facts a[href$='{}']", at(ticket)), "href").len(), 1);
        assert_eq!(world.mailed().await, ["sara", "sara"]);
    }

    /// D-02, D-10: a reply that came after the closing is carried over to the follow-up ticket, with subject and category.
    async fn a_reply_that_came_too_late_goes_along_to_the_follow_up(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let reply = anna.writes(ticket, "Still <silent>\nand \"dark\"").await;
        sara.closes(ticket).await;
        let refused = anna.submits(&reply).await.is(409);
        let offer = refused.form("/tickets/new");
        let form = anna.submits(&offer).await.is(200).form("/tickets");
        assert_eq!(form.value("body").replace("\r\n", "\n"), "Still <silent>\nand \"dark\"");
        let next = anna.opens_with(&form).await;
        let page = sara.sees(next).await;
        assert!(page.says("Billing") && page.says("Still <silent>"), "{}", page.brief());
        assert_eq!(page.attributes(&format!(".facts a[href$='{}']", at(ticket)), "href").len(), 1);
        assert_eq!(world.mailed().await, ["sara", "sara"]);
    }

    /// P-25: after the browser's *Back* the same text in a fresh form is kept, and sent only after a question.
    async fn what_was_just_sent_is_asked_about(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens_with(&anna.drafts("Printer", "Billing", "It is silent").await).await;
        let again = anna.submits(&anna.drafts("Printer", "Billing", "It is silent").await).await.is(409);
        assert!(again.says("You have just sent this") && again.says("It is silent"), "{}", again.brief());
        assert_eq!(anna.lists("").await, ["Printer"]);
        for person in [&anna, &sara] {
            let _ = person.submits(&person.writes(ticket, "Hello?").await).await.is(303);
            let again = person.submits(&person.writes(ticket, "Hello?").await).await.is(409);
            assert_eq!(again.all("#write textarea[name=body]"), ["Hello?"]);
            let _ = person.submits(&again.form("/messages")).await.is(303);
        }
        let _ = anna.submits(&again.form("/tickets")).await.is(303);
        assert_eq!((anna.sees(ticket).await.count(".message"), anna.lists("").await.len()), (5, 2));
        assert_eq!(world.mailed().await, ["anna", "anna", "sara", "sara", "sara", "sara"]);
    }

    /// the host decides at each request. A right that was taken away no longer counts, and neither does a removed person.
    async fn the_hosts_rights_count_at_once(world: World) {
        let anna = world.as_("anna");
        let form = anna.drafts("Printer", "Billing", "It is silent").await;
        world.people().change("anna", |anna| anna.level = muticket_core::AccessLevel::Read);
        let refused = anna.submits(&form).await.is(403);
        assert!(refused.says("It is silent"), "{}", refused.brief());
        world.people().remove("anna");
        let gone = anna.submits(&form).await.is(401);
        assert_eq!(gone.attributes(".actions a", "href"), ["/support/tickets/new"]);
        world.people().add(user("nina", "Nina New", muticket_core::AccessLevel::Add, &[]));
        world.as_("nina").opens("Hello", "Billing", "I am new").await;
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// D-10, D-09: a form is valid on its day and the next. Later its text is given back and nothing is stored.
    async fn a_form_that_lay_open_too_long_gives_its_text_back(world: World) {
        let anna = world.as_("anna");
        let form = anna.drafts("Printer", "Billing", "It is silent").await;
        world.later(TimeDelta::days(3));
        let refused = anna.submits(&form).await.is(403);
        assert!(refused.says("Printer") && refused.says("It is silent"), "{}", refused.brief());
        assert_eq!(refused.attributes(".actions .button-primary", "href"), ["/support/tickets/new"], "there is one that counts");
        assert_eq!(anna.lists("").await, [""; 0]);
    }
}

in_both! {
    /// without active categories the letter goes to all present supporters. R-16: then the form has no field for a category, and a
    /// category that is sent nevertheless is ignored.
    async fn without_categories_everything_else_works(adapter: Adapter) {
        for plan in [Plan::memory(), Plan::sqlite()] {
            let world = World::new(plan.without_categories().over(adapter)).await;
            let anna = world.as_("anna");
            let form = anna.drafts("Printer", "", "It is silent").await;
            assert!(!form.has("category"));
            let ticket = anna.opens_with(&form.forced("category", b"nonsense")).await;
            assert_eq!(world.mailed().await, ["sara", "tom"]);
            let sara = world.as_("sara");
            assert_eq!(sara.get("/tickets").await.count("select[name=category]"), 0);
            sara.answers(ticket, "Switch it on").await;
            assert_eq!(world.mailed().await, ["anna"]);
            anna.replies(ticket, "Thank you").await;
            assert_eq!(world.mailed().await, ["sara"], "she has answered, so the ticket is hers");
            world.ends().await;
        }
    }
}
