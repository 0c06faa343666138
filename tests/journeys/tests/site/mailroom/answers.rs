//! The letters of the mailroom itself: what senders are told, and when they are told nothing.

use super::*;

/// A letter to the site that answers none of its letters.
pub(super) fn fresh(head: &str, from: &str, text: &str) -> String {
    format!(
        "{head}From: <{from}>\r\nTo: support@example.org\r\nSubject: Toner\r\nMessage-ID: <{}@mail.example>\r\n\r\n{text}\r\n",
        text.len()
    )
}

/// The only letter that was sent since the last call.
async fn only(world: &World) -> Letter {
    let mut letters = world.letters().await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    letters.remove(0)
}

/// The words of a letter, without its line ends.
pub(super) fn words(letter: &Letter) -> String {
    letter.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

in_both! {
    /// M-01, R-15: who replies while nobody is present is told once, however often it is tried again.
    async fn who_writes_while_nobody_is_present_is_told_once(adapter: Adapter) {
        let world = world(adapter).await;
        let (ticket, letter) = answered(&world).await;
        world.everybody_leaves().await;
        assert_eq!(arrives(&world, &reply(&letter, "anna@example.org", "", "Hello?")).await, "support-off");
        let told = only(&world).await;
        assert_eq!((told.to.address().as_str(), told.subject.as_str()), ("anna@example.org", "Re: [#1] Printer"));
        assert!(words(&told).contains("You need not write again.") && told.text.contains(&format!("/tickets/{ticket}\n")), "{}", told.text);
        assert!(told.automatic && told.envelope_sender().is_none(), "M-05, M-10: no program answers it");
        assert_eq!(letter.envelope_sender(), Some(letter.from.address()));
        assert_eq!(told.thread.as_str(), "6@mail.example", "it answers her letter");
        for _ in 0..5 {
            world.later(TimeDelta::minutes(10));
            assert!(world.helpdesk().work_on_letters().await.unwrap().is_some(), "it still waits");
            assert_eq!(world.mailed().await, [""; 0]);
        }
        // A reply to that letter is a reply, too.
        assert_eq!(arrives(&world, &reply(&told, "anna@example.org", "", "Is nobody there?")).await, "support-off");
        assert_eq!(world.mailed().await, ["anna"], "each letter that waits is told about");
        world.presence("tom", true).await;
        world.later(TimeDelta::minutes(10));
        taken_in(&world).await;
        let page = world.as_("anna").sees(ticket).await;
        assert!(page.says("Hello?") && page.says("Is nobody there?"));
        assert_eq!(world.mailed().await, ["tom", "tom"]);
        world.ends().await;
    }

    /// M-01: somebody came before the letter was sent. What it says is no longer so.
    async fn nobody_is_told_what_is_no_longer_so(adapter: Adapter) {
        let world = world(adapter).await;
        let (_, letter) = answered(&world).await;
        world.everybody_leaves().await;
        assert_eq!(arrives(&world, &reply(&letter, "anna@example.org", "", "Hello?")).await, "support-off");
        world.presence("tom", true).await;
        world.later(TimeDelta::minutes(10));
        taken_in(&world).await;
        assert_eq!(world.mailed().await, ["tom"]);
        let page = world.as_("ada").get("/backend/mail").await.is(200);
        assert!(page.says("What the email says is no longer so."), "{}", page.words());
        world.ends().await;
    }

    /// M-01, M-04, R-15: a letter that would open a ticket waits as well.
    async fn a_ticket_by_mail_waits_for_a_supporter(adapter: Adapter) {
        let world = world(adapter).await;
        world.everybody_leaves().await;
        assert_eq!(arrives(&world, &fresh(PASSED, "anna@example.org", "It is empty")).await, "support-off");
        let told = only(&world).await;
        assert!(words(&told).contains("Your email: Toner") && words(&told).contains("You need not write again."), "{}", told.text);
        assert!(told.reply_to.is_none());
        world.presence("tom", true).await;
        world.later(TimeDelta::minutes(10));
        taken_in(&world).await;
        assert!(world.as_("anna").sees(1).await.says("It is empty"));
        assert_eq!(world.mailed().await, ["tom"]);
        world.ends().await;
    }

    /// M-04: who may not get "one letter that says why". Who is unknown or not confirmed gets none, and neither does a program.
    async fn who_may_not_is_told_why(adapter: Adapter) {
        let world = world(adapter).await;
        let (ticket, letter) = answered(&world).await;
        for person in ["anna", "ben"] {
            world.people().set_level(person, AccessLevel::Read);
        }
        assert_eq!(arrives(&world, &fresh(PASSED, "ben@example.org", "Me, too")).await, "not-allowed");
        let told = only(&world).await;
        assert!(told.text.contains("You may not open tickets.") && told.text.contains("/tickets\n"), "{}", told.text);
        assert_eq!(arrives(&world, &reply(&letter, "anna@example.org", "", "Yes")).await, "not-allowed");
        let told = only(&world).await;
        assert!(told.text.contains("You may not reply to this ticket.") && told.text.contains(&format!("/tickets/{ticket}\n")));
        assert!(told.reply_to.is_none());
        for (letter, verdict) in [
            (fresh("", "ben@example.org", "Not me"), "not-confirmed"),
            (fresh(PASSED, "who@x.example", "Please help"), "unknown-sender"),
            (fresh(&format!("{PASSED}Auto-Submitted: auto-replied\r\n"), "ben@example.org", "I am away"), "automatic"),
            (fresh(&format!("{PASSED}X-MuTicket-Loop: 1\r\n"), "ben@example.org", "Our answer"), "not-allowed"),
        ] {
            assert_eq!(arrives(&world, &letter).await, verdict);
            assert_eq!(world.mailed().await, [""; 0], "{verdict}");
        }
        // An administrator lets it be worked on again: it is not told about again.
        let held = world.as_("ada").get("/backend/mail/received").await.is(200);
        for action in held.attributes("form[action$='/again']", "action") {
            let _ = world.as_("ada").submits(&held.form(&action)).await.is(303);
        }
        world.helpdesk().work_on_letters().await.unwrap();
        assert_eq!(world.mailed().await, [""; 0]);
        world.ends().await;
    }

    /// M-04, D-08: the reasons that lie with the site.
    async fn what_letters_cannot_do_is_said(adapter: Adapter) {
        let letter = fresh(PASSED, "anna@example.org", "It is empty");
        let categories = world_with(adapter, rules()).await;
        assert_eq!(arrives(&categories, &letter).await, "needs-category");
        let told = only(&categories).await;
        assert!(words(&told).contains("where you can choose one") && told.text.contains("/tickets/new\n"), "{}", told.text);
        categories.ends().await;
        let on_page = world_with(adapter, rules().without_new_tickets()).await;
        assert_eq!(arrives(&on_page, &letter).await, "not-allowed");
        let told = only(&on_page).await;
        assert!(words(&told).contains("Please open a ticket on the page."));
        assert!(told.text.contains("/tickets/new\n") && told.html.contains(">Open a ticket</a>"), "{}", told.html);
        on_page.ends().await;
    }

    /// "Supporters answer in the frontend, and only there." They are led to the ticket.
    async fn a_supporter_is_told_to_answer_on_the_page(adapter: Adapter) {
        let world = world(adapter).await;
        let ticket = world.as_("anna").opens("Printer", "", "It is silent").await;
        let letters = world.letters().await;
        let letter = letters.iter().find(|letter| letter.to.address().as_str() == "sara@example.org").unwrap();
        let head = format!("{PASSED}References: <{}>\r\nIn-Reply-To: <{}>\r\n", letter.thread, letter.message_id);
        assert_eq!(arrives(&world, &fresh(&head, "sara@example.org", "Is it plugged in?")).await, "from-supporter");
        let told = only(&world).await;
        assert_eq!(told.to.address().as_str(), "sara@example.org");
        assert!(told.text.contains("Supporters answer on the page") && told.text.contains(&format!("/tickets/{ticket}\n")), "{}", told.text);
        assert_eq!(world.as_("anna").sees(ticket).await.count(".message"), 1);
        // A made-up id leads nowhere, and is told all the same.
        let head = format!("{PASSED}References: <ticket-{ticket}.0123456789abcdef0123@example.org>\r\n");
        assert_eq!(arrives(&world, &fresh(&head, "sara@example.org", "And now?")).await, "from-supporter");
        assert!(only(&world).await.text.contains("/tickets\n"));
        assert_eq!(arrives(&world, &fresh("", "sara@example.org", "Not me")).await, "not-confirmed");
        assert_eq!(world.mailed().await, [""; 0]);
        world.ends().await;
    }

    /// M-05: "Two helpdesks writing to each other stop after three." The other one answers each letter, and its letters have no mark.
    async fn a_help_desk_that_answers_everything_stops_after_three(adapter: Adapter) {
        let world = world(adapter).await;
        let (_, mut letter) = answered(&world).await;
        world.everybody_leaves().await;
        let mut sent = 0;
        for round in 0..10 {
            let text = format!("We have your email {}", "!".repeat(round));
            assert_eq!(arrives(&world, &reply(&letter, "anna@example.org", "", &text)).await, "support-off");
            let Some(next) = world.letters().await.pop() else { continue };
            sent += 1;
            letter = next;
        }
        assert_eq!(sent, 3);
        // What waits is tried again for days. Each day some more may be told about, and never the same letter twice.
        world.later(TimeDelta::hours(25));
        world.helpdesk().work_on_letters().await.unwrap();
        assert!(world.mailed().await.len() <= 3);
        world.ends().await;
    }

    /// M-05: "a cap per thread and per sender". An administrator can take what was held.
    async fn letters_that_come_too_often_are_held(adapter: Adapter) {
        let plan = Plan::sqlite().over(adapter).without_categories().receiving(rules().with_budget(3, 2));
        let world = World::new(plan).await;
        let (ticket, letter) = answered(&world).await;
        for (text, verdict) in [("One", "replied"), ("Second", "replied"), ("And a third", "too-many")] {
            assert_eq!(arrives(&world, &reply(&letter, "anna@example.org", "", text)).await, verdict);
        }
        assert_eq!(world.mailed().await, ["sara", "sara"], "nobody is told");
        let held = world.as_("ada").get("/backend/mail/received").await.is(200);
        assert!(held.says("too many emails in one hour"), "{}", held.words());
        let again = held.attributes("form[action$='/again']", "action").remove(0);
        let _ = world.as_("ada").submits(&held.form(&again)).await.is(303);
        taken_in(&world).await;
        assert!(world.as_("anna").sees(ticket).await.says("And a third"));
        world.later(TimeDelta::minutes(61));
        assert_eq!(arrives(&world, &reply(&letter, "anna@example.org", "", "An hour later")).await, "replied");
        // The same for tickets.
        for (text, verdict) in [("Toner one", "opened"), ("Toner again", "opened"), ("Toner and again", "too-many")] {
            assert_eq!(arrives(&world, &fresh(PASSED, "anna@example.org", text)).await, verdict);
        }
        assert_eq!(arrives(&world, &fresh(PASSED, "ben@example.org", "Others are others")).await, "opened");
        let _ = world.mailed().await;
        world.ends().await;
    }
}
