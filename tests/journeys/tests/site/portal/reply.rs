//! Replying.

use muticket_journeys::{Plan, World, journey};

journey! {
    /// a reply is routed like a new ticket, by the category of its ticket.
    async fn a_reply_goes_to_who_has_the_category(world: World) {
        let anna = world.as_("anna");
        let ticket = anna.opens("Invoice", "Billing", "Too high").await;
        assert_eq!(world.mailed().await, ["sara"]);
        anna.replies(ticket, "Much too high").await;
        assert_eq!(world.mailed().await, ["sara"]);
        world.presence("sara", false).await;
        world.presence("uwe", true).await;
        anna.replies(ticket, "Hello?").await;
        assert_eq!(world.mailed().await, ["uwe"]);
        world.presence("uwe", false).await;
        anna.replies(ticket, "Anybody?").await;
        assert_eq!(world.mailed().await, ["tom"]);
    }

    /// the customer gets a letter when a supporter answers, and can reply. D-01: each message changes the side that the ticket waits
    /// for.
    async fn answer_and_reply_take_turns(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        assert_eq!(world.mailed().await, ["sara"]);
        assert_eq!(sara.sees(ticket).await.count(".status-new"), 1);
        assert_eq!(sara.answers(ticket, "Switch it on").await, 2);
        assert_eq!(world.mailed().await, ["anna"]);
        assert_eq!(sara.sees(ticket).await.count(".status-customer"), 1);
        assert_eq!(anna.replies(ticket, "It is on").await, 3);
        assert_eq!(world.mailed().await, ["sara"]);
        assert_eq!(sara.sees(ticket).await.count(".status-supporter"), 1);
    }

    /// while support is off customers read and rate, and cannot reply. Supporters go on working.
    async fn while_support_is_off_only_supporters_write(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let form = anna.writes(ticket, "Hello?").await;
        world.everybody_leaves().await;
        assert!(anna.submits(&form).await.is(409).says("Hello?"));
        let page = anna.sees(ticket).await;
        assert!(page.find_form("/messages").is_none() && page.count(".notice-warning") == 1);
        let answer = sara.answers(ticket, "I am not here").await;
        anna.rates(ticket, answer, 3).await;
        sara.closes(ticket).await;
        // Sara was present when the ticket came, so she gets the letter although she left before it was sent.
        assert_eq!(world.mailed().await, ["anna", "sara"]);
    }

    /// D-02: a reply to a closed ticket is refused, and its text is given back.
    async fn a_reply_that_comes_after_the_end_gives_its_text_back(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let (reply, answer) = (anna.writes(ticket, "One more thing").await, sara.writes(ticket, "One more answer").await);
        sara.closes(ticket).await;
        assert!(anna.submits(&reply).await.is(409).says("One more thing"));
        assert!(sara.submits(&answer).await.is(409).says("One more answer"));
        assert_eq!(anna.sees(ticket).await.count(".message"), 1);
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// D-09: nobody gets a letter about their own action. There is one letter per recipient and event, its text is escaped, and its links
    /// lead to the site.
    async fn a_letter_is_safe_and_leads_to_the_message(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let evil = "<img src=x onerror=alert(1)> & <script>alert(1)</script>";
        let form = anna.drafts(evil, "Billing", evil).await;
        let sent = anna.sending(&form).header("Host", "evil.example").header("X-Forwarded-Host", "evil.example").go().await;
        let ticket = muticket_journeys::number_in(&sent);
        sara.answers(ticket, evil).await;
        let letters = world.letters().await;
        let to: Vec<_> = letters.iter().map(|letter| letter.to.address().as_str()).collect();
        assert_eq!(to, ["anna@example.org", "sara@example.org"]);
        for (letter, message) in letters.iter().zip([2, 1]) {
            let link = format!("https://example.org/support/tickets/{ticket}/messages/{message}");
            assert!(letter.text.contains(&link) && letter.html.contains(&link), "{}", letter.text);
            assert!(letter.text.contains(evil), "the plain letter has the words as they are");
            assert!(!letter.html.contains("<img") && !letter.html.contains("<script"), "{}", letter.html);
            assert!(!letter.html.contains("evil.example") && !letter.text.contains("evil.example"));
        }
        assert_eq!(letters[0].thread, letters[1].thread);
    }
}

/// One unit opens the doors, one notes all files, and one stores the reply. Two more send its letter.
#[tokio::test]
async fn a_reply_with_five_files_takes_few_units_and_statements() {
    let world = World::new(Plan::sqlite()).await;
    let anna = world.as_("anna");
    let ticket = anna.opens("Printer", "Billing", "It is silent").await;
    assert_eq!(world.mailed().await, ["sara"]);
    let form = anna.writes(ticket, "See the logs").await;
    let form = (0..5).fold(form, |form, number| form.file(&format!("{number}.txt"), b"jam"));

    let (units, statements) = (world.units(), world.kept().statements());
    let _ = anna.submits(&form).await.is(303);
    let stored = world.units() - units;
    assert_eq!(world.delivers_once().await, 1);
    let (units, statements) = (world.units() - units, world.kept().statements() - statements);

    assert_eq!((stored, units), (3, 5));
    assert!(statements <= 45, "{statements}");
    assert_eq!(anna.sees(ticket).await.count(".attachments a[download]"), 5);
    assert_eq!(world.mailed().await, ["sara"]);
}
