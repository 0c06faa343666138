//! Saved answers: supporters keep texts for themselves, and insert them into answers.

use muticket_core::{GroupId, Language};
use muticket_journeys::{Answer, Browser, Form, World, journey};

const PAGE: &str = "/saved-answers";

/// Saves an answer for oneself, with an English text.
async fn saves(person: &Browser, title: &str, text: &str) {
    let form = person.get("/saved-answers/new").await.is(200).form(PAGE);
    let _ = person.submits(&form.with("title", title).with("text_en", text)).await.is(303);
}

/// Saves an answer for all supporters.
async fn shares(world: &World, title: &str, text: &str) {
    let form = world.as_("ada").get("/backend/saved-answers/new").await.is(200).form("/backend/saved-answers");
    let _ = world.as_("ada").submits(&form.with("title", title).with("text_en", text)).await.is(303);
}

/// The form of an answer, sent with the button that inserts a saved answer.
fn inserting(form: &Form, title: &str) -> Form {
    let mut form = form.clone().choosing("insert", title);
    form.action = form.action.replace("/messages", "/saved-answers");
    form
}

/// The page with the saved answer in the text.
async fn inserts(person: &Browser, ticket: u64, title: &str) -> Answer {
    let form = person.sees(ticket).await.form("/messages");
    person.submits(&inserting(&form, title)).await.is(200)
}

/// The address of a saved answer, below the base.
fn link(world: &World, page: &Answer, title: &str) -> String {
    let links = page.attributes(".line h3 a", "href");
    let place = page.all(".line h3 a").iter().position(|shown| shown == title).unwrap();
    links[place].trim_start_matches(world.base()).to_owned()
}

journey! {
    /// T-08: supporters add, change and delete their own saved answers. Nobody else finds them.
    async fn a_supporter_keeps_answers_for_themselves(world: World) {
        let (sara, tom, ada) = (world.as_("sara"), world.as_("tom"), world.as_("ada"));
        assert_eq!(sara.get(PAGE).await.is(200).count(".empty"), 1);
        saves(&sara, "Hello <b>", "Hello <i>{{customer}}</i>,").await;
        let page = sara.get(PAGE).await.is(200);
        assert_eq!((page.all(".line h3"), page.count("[data-done=saved-answer-added]")), (vec!["Hello <b>".to_owned()], 1));
        let own = link(&world, &page, "Hello <b>");
        let form = sara.get(&own).await.is(200).form(&own);
        assert_eq!(form.value("text_en"), "Hello <i>{{customer}}</i>,");

        let before = world.kept().dump();
        for (person, code) in [(&tom, 404), (&ada, 404), (&world.as_("anna"), 404)] {
            let _ = person.get(&own).await.is(code);
            let _ = person.get(&format!("{own}/delete")).await.is(code);
            let stolen = form.clone().with("title", "Stolen").forced("token", person.token().await.as_bytes());
            let _ = person.submits(&stolen).await.is(code);
        }
        let shared = own.replace("/saved-answers", "/backend/saved-answers");
        let _ = ada.get(&shared).await.is(404);
        assert_eq!(ada.get("/backend/saved-answers").await.is(200).count(".line"), 0);
        assert_eq!(tom.get(PAGE).await.is(200).count(".line"), 0);
        assert_eq!(world.kept().dump(), before);

        let _ = sara.submits(&form.with("title", "Greeting").with("text_de", "Guten Tag")).await.is(303);
        let ask = sara.get(&format!("{own}/delete")).await.is(200);
        assert!(ask.says("Greeting"));
        assert_eq!(sara.get(PAGE).await.all(".line h3"), ["Greeting"], "a question deletes nothing");
        let _ = sara.submits(&ask.form("/delete")).await.is(303);
        assert_eq!(sara.get(PAGE).await.count(".line"), 0);
        let _ = sara.get(&own).await.is(404);
    }

    /// T-08: shared ones are managed in the backend. Supporters read and use them, and cannot change them.
    async fn shared_ones_are_managed_in_the_backend(world: World) {
        let (sara, ada) = (world.as_("sara"), world.as_("ada"));
        shares(&world, "Refund", "The money is on its way. <script>alert(1)</script>").await;
        let page = sara.get(PAGE).await.is(200);
        let own = link(&world, &page, "Refund");
        let shown = sara.get(&own).await.is(200);
        assert!(shown.find_form(&own).is_none() && shown.says("<script>alert(1)</script>"));
        assert_eq!(page.count(".line [href$=delete]"), 0);
        let _ = sara.get(&format!("{own}/delete")).await.is(403);
        let managed = format!("/backend{own}");
        let form = ada.get(&managed).await.is(200).form(&managed);
        let mut here = form.clone().with("title", "Mine").forced("token", sara.token().await.as_bytes());
        here.action = here.action.replace("/backend", "");
        let _ = sara.submits(&here).await.is(403);
        let _ = ada.submits(&form.with("title", "Refunds")).await.is(303);
        assert_eq!(sara.get(PAGE).await.all(".line h3"), ["Refunds"]);
        let question = ada.get(&format!("{managed}/delete")).await.is(200).form("/delete");
        let _ = ada.submits(&question).await.is(303);
        assert_eq!(sara.get(PAGE).await.count(".line"), 0);
        let _ = ada.submits(&question).await.is(404);
    }

    /// T-08: without a script the page comes back with the text in the box, filled in for the ticket in the customer's language. What was
    /// typed is kept, and nothing is stored.
    async fn a_saved_answer_is_filled_in_for_the_ticket(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let text = "{{customer}}|{{supporter}}|{{number}}|{{subject}}|{{category}}";
        let form = sara.get("/saved-answers/new").await.form(PAGE);
        let form = form.with("title", "All").with("text_en", text).with("text_de", "Guten Tag {{customer}}: {{category}}");
        let _ = sara.submits(&form).await.is(303);
        let ticket = anna.opens("Printer {{customer}}", "Billing", "It is silent").await;
        let typed = sara.writes(ticket, "Dear Anna,\n<b>").await;
        let before = world.kept().dump();
        let page = sara.submits(&inserting(&typed, "All")).await.is(200);
        let filled = format!("Dear Anna,\n<b>\n\nAnna Berg|Sara Sand|{ticket}|Printer {{{{customer}}}}|Billing");
        assert_eq!(page.form("/messages").value("body"), filled);
        assert_eq!(world.kept().dump(), before);
        world.people().change("anna", |anna| anna.language = Some(Language::german()));
        let page = inserts(&sara, ticket, "All").await;
        assert_eq!(page.form("/messages").value("body"), "Guten Tag Anna Berg: Rechnung");

        let page = sara.submits(&inserting(&typed, "Choose")).await.is(422);
        assert_eq!(page.form("/messages").value("body"), "Dear Anna,\n<b>");
        assert_eq!(page.count("#field-saved-problem"), 1);
        sara.sends_message(ticket, &inserts(&sara, ticket, "All").await.form("/messages")).await;
        assert_eq!(anna.sees(ticket).await.all(".message .text")[1], "Guten Tag Anna Berg: Rechnung");
        assert_eq!(world.mailed().await, ["anna", "sara"]);
    }

    /// T-08: one that was deleted meanwhile, or belongs to somebody else, is refused with a sentence. The text is kept.
    async fn one_that_is_gone_loses_no_text(world: World) {
        let (sara, tom) = (world.as_("sara"), world.as_("tom"));
        saves(&sara, "Hello", "Hello").await;
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        let form = inserting(&sara.writes(ticket, "A long thought").await, "Hello");
        let mut foreign = tom.writes(ticket, "A long thought").await.forced("insert", form.value("insert").as_bytes());
        foreign.action.clone_from(&form.action);
        let own = link(&world, &sara.get(PAGE).await, "Hello");
        let _ = sara.submits(&sara.get(&format!("{own}/delete")).await.form("/delete")).await.is(303);
        for (person, form) in [(&tom, foreign), (&sara, form.clone()), (&sara, form.forced("insert", b"x"))] {
            let page = person.submits(&form).await.is(422);
            assert_eq!(page.form("/messages").value("body"), "A long thought");
        }
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// T-08: a placeholder without a value leaves a gap, and an answer with a gap is not sent.
    async fn an_answer_with_a_gap_is_not_sent(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        saves(&sara, "Visit", "We visit you on [[date?]] about {{category}}.").await;
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        for category in ["Billing", "Technical", "Other"] {
            let id = world.category(category).await.id;
            world.backend().remove_category(id).await.unwrap();
        }
        let other = anna.opens("Scanner", "", "It is slow").await;
        let page = inserts(&sara, other, "Visit").await;
        let form = page.form("/messages");
        assert_eq!(form.value("body"), "We visit you on [[date?]] about [[category?]].");
        let before = world.kept().dump();
        let refused = sara.submits(&form).await.is(422);
        assert!(refused.says("There is still a gap in the text"), "{}", refused.words());
        assert_eq!(refused.form("/messages").value("body"), form.value("body"));
        assert_eq!(refused.form("/messages").value("saved"), form.value("saved"), "the use is still counted when it is sent");
        let half = refused.form("/messages").with("body", "We visit you on Monday about [[category?]].");
        let _ = sara.submits(&half).await.is(422);
        assert_eq!(world.kept().dump(), before);
        sara.sends_message(other, &half.with("body", "We visit you on Monday about if [[ -f a ]].")).await;
        // What a customer writes may look like anything.
        anna.replies(ticket, "[[date?]]").await;
        assert_eq!(world.mailed().await, ["anna", "sara", "sara", "sara", "tom"]);
    }

    /// T-08: those for the ticket's category are offered, the most used ones first. A use counts when the answer is sent, and for the
    /// supporter who sent it.
    async fn the_most_used_ones_come_first(world: World) {
        let (anna, sara, tom) = (world.as_("anna"), world.as_("sara"), world.as_("tom"));
        for title in ["Äpfel", "Birnen", "Zitronen"] {
            shares(&world, title, "Fruit {{number}}").await;
        }
        saves(&sara, "Cherries", "Cherries").await;
        let form = world.as_("ada").get("/backend/saved-answers/new").await.form("/backend/saved-answers");
        let form = form.with("title", "Cables").with("text_en", "Cables").choosing("category", "Technical");
        let _ = world.as_("ada").submits(&form).await.is(303);
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let offered = async |person: &Browser| person.sees(ticket).await.form("/messages").choices("insert")[1..].to_vec();
        assert_eq!(offered(&sara).await, ["Äpfel", "Birnen", "Cherries", "Zitronen"]);
        let inserted = inserts(&sara, ticket, "Zitronen").await.form("/messages");
        assert_eq!(offered(&sara).await, ["Äpfel", "Birnen", "Cherries", "Zitronen"], "it was not sent yet");
        sara.sends_message(ticket, &inserted).await;
        sara.sends_message(ticket, &inserted).await;
        assert_eq!(offered(&sara).await, ["Zitronen", "Äpfel", "Birnen", "Cherries"]);
        assert!(sara.get(PAGE).await.says("used once by you"), "the same form counts once");
        assert_eq!(offered(&tom).await, ["Äpfel", "Birnen", "Zitronen"]);
        let technical = anna.opens("Cable", "Technical", "It is short").await;
        assert!(tom.sees(technical).await.form("/messages").choices("insert").contains(&"Cables".to_owned()));
        assert_eq!(world.mailed().await, ["anna", "sara", "tom"]);
    }

    /// T-08: 20,000 characters, scripts and texts from right to left are kept and escaped. Unknown placeholders, blank texts and titles
    /// that exist are refused, and everything typed comes back.
    async fn odd_texts_are_kept_or_refused(world: World) {
        let sara = world.as_("sara");
        let form = sara.get("/saved-answers/new").await.form(PAGE).with("title", "Odd");
        let (longest, script) = ("ä".repeat(20_000), "</textarea><script>alert(1)</script> \u{202e}שלום {{a b}} {x} {{ y.z }}");
        let before = world.kept().dump();
        for (text, problem) in [
            ("Dear {{custmer}},", "“custmer” is not a placeholder"),
            (" \n ", "Please fill in this field."),
            (&*format!("{longest}ä"), "20,001 characters"),
        ] {
            let page = sara.submits(&form.clone().with("text_de", text)).await.is(422);
            assert!(page.says(problem), "{}", page.brief());
            let again = page.form(PAGE);
            assert_eq!((again.value("title"), again.value("text_de")), ("Odd".to_owned(), text.to_owned()));
        }
        for title in ["", " ", &*"x".repeat(81)] {
            let page = sara.submits(&form.clone().with("title", title).with("text_en", "A long text")).await.is(422);
            assert_eq!(page.form(PAGE).value("text_en"), "A long text");
        }
        for (name, value) in [("category", "nothing"), ("target", "category:nothing"), ("assign", "assign:anna")] {
            let _ = sara.submits(&form.clone().with("text_en", "x").forced(name, value.as_bytes())).await.is(422);
        }
        assert_eq!(world.kept().dump(), before);
        let _ = sara.submits(&form.clone().with("text_de", &longest).with("text_en", script)).await.is(303);
        let page = sara.submits(&form.with("title", "ODD").with("text_en", "Another")).await.is(422);
        assert_eq!(page.count("#title-problem"), 1);
        let own = link(&world, &sara.get(PAGE).await, "Odd");
        let kept = sara.get(&own).await.form(&own);
        assert_eq!((kept.value("text_de"), kept.value("text_en")), (longest, script.to_owned()));
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        let inserted = inserts(&sara, ticket, "Odd").await;
        assert_eq!(inserted.form("/messages").value("body"), script);
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// T-09: the actions happen together with the answer, each with its line of history and its letters. Each can be unticked.
    async fn actions_happen_when_the_answer_is_sent(world: World) {
        let (anna, sara, tom) = (world.as_("anna"), world.as_("sara"), world.as_("tom"));
        world.label("Refund").await;
        world.label("<b>VIP</b>").await;
        let form = sara.get("/saved-answers/new").await.form(PAGE).with("title", "Done").with("text_en", "That is done.");
        let form = form.choosing("label", "Refund").choosing("label", "<b>VIP</b>");
        let form = form.choosing("close", "close").choosing("assign", "Tom Tal").choosing("priority", "high");
        let _ = sara.submits(&form.choosing("target", "Technical")).await.is(303);
        let listed = sara.get(PAGE).await.words();
        assert!(listed.contains("close the ticket, assign it to Tom Tal, set the priority to high, change the category to Technical, add the label <b>VIP</b>, add the label Refund"), "{listed}");

        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let page = inserts(&sara, ticket, "Done").await;
        let boxes = ["close the ticket", "assign it to Tom Tal", "set the priority to high", "change the category to Technical", "add the label <b>VIP</b>", "add the label Refund"];
        assert_eq!(page.form("/messages").choices("action"), boxes);
        sara.sends_message(ticket, &page.form("/messages")).await;
        let seen = tom.sees(ticket).await;
        let told = ["assigned the ticket to Tom Tal", "set the priority to high", "changed the category to Technical", "added the label Refund", "added the label <b>VIP</b>", "closed the ticket"];
        let events = seen.all(".event");
        assert!(events.len() == 6 && events.iter().zip(told).all(|(event, told)| event.contains(told)), "{events:?}");
        assert_eq!(world.mailed().await, ["anna", "sara", "tom", "tom"]);

        let other = anna.opens("Scanner", "Billing", "It is slow").await;
        let form = inserts(&sara, other, "Done").await.form("/messages").without("action").forced("action", b"priority:high");
        let blank = sara.submits(&form.clone().with("body", " ")).await.is(422);
        assert_eq!(blank.form("/messages").choices("action"), boxes, "what was unticked can be ticked again");
        assert_eq!(blank.attributes("[name=action][checked]", "value"), ["priority:high"]);
        sara.sends_message(other, &form).await;
        let seen = sara.sees(other).await;
        assert_eq!(seen.form("/assignee").value("assignee"), "sara", "answering assigns");
        assert_eq!((seen.form("/priority").value("priority"), seen.count(".status-closed")), ("high".to_owned(), 0));
        assert_eq!(world.mailed().await, ["anna", "sara"]);
    }

    /// T-09, D-04: an assignee who left the group between page and form is refused, and their box is gone. The text and the other boxes are
    /// kept, and nothing happens.
    async fn an_action_that_cannot_happen_stops_the_answer(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let form = sara.get("/saved-answers/new").await.form(PAGE).with("title", "Hand over").with("text_en", "Tom will help you.");
        let _ = sara.submits(&form.choosing("assign", "Tom Tal").choosing("close", "close")).await.is(303);
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let form = inserts(&sara, ticket, "Hand over").await.form("/messages");
        world.people().change("tom", |tom| tom.groups.clear());
        let before = world.kept().dump();
        let page = sara.submits(&form).await.is(422);
        let again = page.form("/messages");
        assert_eq!(again.value("body"), "Tom will help you.");
        assert_eq!(again.choices("action"), ["close the ticket"]);
        assert_eq!(page.attributes("#refused a", "href"), ["#field-assignee"]);
        assert_eq!(world.kept().dump(), before);
        // A new insertion offers only what can happen.
        let offered = inserts(&sara, ticket, "Hand over").await.form("/messages").choices("action");
        assert_eq!(offered, ["close the ticket"]);
        world.people().change("tom", |tom| tom.groups = vec![GroupId::new("support")]);
        sara.sends_message(ticket, &again).await;
        assert_eq!(sara.sees(ticket).await.count(".facts .status-closed"), 1);
        assert_eq!(world.mailed().await, ["anna", "sara"]);
    }

    /// P-26: inserting marks nothing as seen, so a reply that arrived meanwhile is still shown first.
    async fn an_insertion_overlooks_no_reply(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        saves(&sara, "Hello", "Hello").await;
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let form = sara.sees(ticket).await.form("/messages");
        anna.replies(ticket, "It works again").await;
        let inserted = sara.submits(&inserting(&form, "Hello")).await.is(200).form("/messages");
        let page = sara.submits(&inserted).await.is(409);
        assert_eq!(page.form("/messages").value("body"), "Hello");
        assert_eq!(world.mailed().await, ["sara", "sara"]);
    }

    /// T-08, T-09: what a customer sends with a reply changes nothing but the text.
    async fn a_customer_has_no_saved_answers(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        shares(&world, "Hello", "Hello").await;
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let used = inserts(&sara, ticket, "Hello").await.form("/messages").value("saved");
        let form = anna.writes(ticket, "[[Still?]] silent").await;
        assert!(!form.has("insert"));
        let form = form.forced("action", b"close").forced("saved", used.as_bytes());
        anna.sends_message(ticket, &form).await;
        assert_eq!(sara.sees(ticket).await.count(".status-closed"), 0);
        let mut forged = anna.writes(ticket, "x").await.forced("insert", used.as_bytes());
        forged.action = forged.action.replace("/messages", "/saved-answers");
        let _ = anna.submits(&forged).await.is(404);
        let _ = anna.get(PAGE).await.is(404);
        let links = async |person: &Browser| person.get("/tickets").await.is(200).count("a[href$='/saved-answers']");
        assert_eq!((links(&sara).await, links(&anna).await), (1, 0), "the list of a supporter leads to them");
        assert_eq!(world.mailed().await, ["sara", "sara"]);
    }
}
