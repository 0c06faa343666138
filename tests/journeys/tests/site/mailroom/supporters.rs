//! Supporters who answer by mail, where the site lets them (M-01).

use super::*;

async fn world_of_answers(adapter: Adapter) -> World {
    let rules = rules().with_answers_of_supporters();
    World::new(Plan::sqlite().over(adapter).without_categories().receiving(rules)).await
}

/// The letter to this person.
fn to<'l>(letters: &'l [Letter], person: &str) -> &'l Letter {
    let address = format!("{person}@example.org");
    letters.iter().find(|letter| letter.to.address().as_str() == address).unwrap_or_else(|| panic!("{letters:?}"))
}

/// A ticket of Anna's, and the notices about it.
async fn noticed(world: &World) -> (u64, Vec<Letter>) {
    let ticket = world.as_("anna").opens("Printer", "", "It is silent").await;
    (ticket, world.letters().await)
}

in_both! {
    /// The reply is on the ticket like an answer from the form. The customer gets what is new in it, and nothing of the notice.
    async fn a_supporters_reply_to_a_notice_is_an_answer(adapter: Adapter) {
        let world = world_of_answers(adapter).await;
        let (ticket, notices) = noticed(&world).await;
        let notice = to(&notices, "sara");
        assert_eq!(arrives(&world, &reply(notice, "sara@example.org", PASSED, "Is it plugged in?")).await, "replied");
        let letters = world.letters().await;
        assert_eq!(letters.len(), 1, "{letters:?}");
        let letter = to(&letters, "anna");
        let address = notice.reply_to.as_ref().unwrap().to_string();
        let token = address.split('@').next().unwrap();
        for text in [&letter.text, &letter.html] {
            assert!(text.contains("Is it plugged in?") && !text.contains("sara@example.org") && !text.contains(token), "{text}");
        }
        let page = world.as_("anna").sees(ticket).await;
        assert_eq!(page.texts("#message-2 .message-body > .text"), ["Is it plugged in?"]);
        assert!(page.count(".quoted") == 0 && page.count("a[href*='/letters/']") == 0);
        let page = world.as_("tom").sees(ticket).await;
        let original = page.attributes("#message-2 a[href*='/letters/']", "href").remove(0);
        assert!(world.as_("tom").whole(Method::GET, &original).go().await.is(200).text().contains(token), "all of it is kept");
        // Tom answers the same ticket with his own address, and not with Sara's.
        assert_eq!(arrives(&world, &reply(notice, "tom@example.org", PASSED, "Tom with the address of Sara")).await, "not-confirmed");
        assert_eq!(arrives(&world, &reply(to(&notices, "tom"), "tom@example.org", PASSED, "Tom here")).await, "replied");
        assert_eq!(world.mailed().await, ["anna", "sara"], "Sara learns of the letter that was not confirmed");
        world.ends().await;
    }

    /// The token alone is not enough, because an answer reaches a customer.
    async fn an_answer_that_is_not_confirmed_is_held(adapter: Adapter) {
        let world = world_of_answers(adapter).await;
        let (ticket, notices) = noticed(&world).await;
        assert_eq!(arrives(&world, &reply(to(&notices, "sara"), "sara@example.org", "", "Perhaps not Sara")).await, "from-supporter");
        let letters = world.letters().await;
        let told = to(&letters, "sara").text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains("Perhaps the site could not confirm that it is yours,"), "{told}");
        assert_eq!(world.as_("anna").sees(ticket).await.count(".message"), 1);
        world.ends().await;
    }

    /// D-02: a closed ticket gets no answer.
    async fn an_answer_to_a_closed_ticket_is_held(adapter: Adapter) {
        let world = world_of_answers(adapter).await;
        let (ticket, notices) = noticed(&world).await;
        world.as_("tom").closes(ticket).await;
        assert_eq!(arrives(&world, &reply(to(&notices, "sara"), "sara@example.org", PASSED, "Too late")).await, "from-supporter");
        assert_eq!(world.mailed().await, ["sara"]);
        assert_eq!(world.as_("anna").sees(ticket).await.count(".message"), 1);
        world.ends().await;
    }

    /// D-04: who left the supporters' group answers nothing. Who has other categories now may answer, as with the form.
    async fn rights_are_those_of_the_moment(adapter: Adapter) {
        let world = world_of_answers(adapter).await;
        let (ticket, notices) = noticed(&world).await;
        world.people().set_groups("sara", &[]);
        assert_eq!(arrives(&world, &reply(to(&notices, "sara"), "sara@example.org", PASSED, "I am gone")).await, "not-allowed");
        let letters = world.letters().await;
        let told = &to(&letters, "sara").text;
        assert!(told.contains("You may not reply to this ticket.") && !told.contains("/tickets/"), "{told}");
        assert_eq!(arrives(&world, &reply(to(&notices, "sara"), "sara@example.org", "", "Was it she?")).await, "not-confirmed");
        assert_eq!(world.mailed().await, ["tom"], "they learn of it");
        assert_eq!(world.as_("anna").sees(ticket).await.count(".message"), 1);
        world.ends().await;

        let rules = rules().with_answers_of_supporters();
        let world = World::new(Plan::sqlite().over(adapter).receiving(rules)).await;
        let ticket = world.as_("anna").opens("Bill", "Billing", "It is wrong").await;
        let notices = world.letters().await;
        let form = world.as_("sara").sees(ticket).await.form("/category").choosing("category", "Technical");
        let _ = world.as_("sara").submits(&form).await.is(303);
        assert_eq!(world.mailed().await, ["tom"]);
        assert_eq!(arrives(&world, &reply(to(&notices, "sara"), "sara@example.org", PASSED, "Which one?")).await, "replied");
        assert_eq!(world.mailed().await, ["anna"]);
        world.ends().await;
    }

    /// D-05: on their own ticket a supporter is the customer, and replies.
    async fn a_supporters_reply_on_their_own_ticket_is_no_answer(adapter: Adapter) {
        let world = world_of_answers(adapter).await;
        world.settings(|settings| settings.supporters_open = true).await;
        world.people().set_level("sara", AccessLevel::Add);
        let ticket = world.as_("sara").opens("My chair", "", "It squeaks").await;
        world.as_("tom").answers(ticket, "Oil it").await;
        let letters = world.letters().await;
        let notice = letters.iter().find(|letter| letter.text.contains("Oil it")).unwrap();
        assert!(notice.text.contains("You can reply to this email."), "{}", notice.text);
        assert_eq!(arrives(&world, &reply(notice, "sara@example.org", PASSED, "I have no oil")).await, "replied");
        let page = world.as_("tom").sees(ticket).await;
        assert!(page.says("I have no oil") && page.count("#message-3 .quoted") == 1, "a reply keeps what it quotes");
        assert_eq!(world.mailed().await, ["tom"]);
        world.ends().await;
    }

    /// T-01: "customers never learn of notes". A notice about a note has no address for replies: a reply to it is for a colleague.
    async fn the_words_of_a_note_never_reach_the_customer(adapter: Adapter) {
        let world = world_of_answers(adapter).await;
        let (ticket, notices) = noticed(&world).await;
        let form = world.as_("tom").sees(ticket).await.form("/notes").with("body", "He never pays").choosing("mention", "sara");
        world.as_("tom").sends_note(&form).await;
        let mention = world.letters().await.remove(0);
        assert!(mention.text.contains("He never pays") && mention.reply_to.is_none(), "{}", mention.text);
        assert!(mention.text.contains("Replies to this email are not read."), "{}", mention.text);
        let quoted: String = mention.text.lines().map(|line| format!("> {line}\r\n")).collect();
        let thread = format!("References: <{}> <{}>\r\nIn-Reply-To: <{}>\r\n", mention.thread, mention.message_id, mention.message_id);
        let head = format!("{PASSED}From: <sara@example.org>\r\nSubject: Re: {}\r\n", mention.subject);
        let address = to(&notices, "sara").reply_to.as_ref().unwrap();
        let inside = format!("Content-Type: message/rfc822\r\n\r\nMessage-ID: <1@x.example>\r\n\r\n{}", mention.text);
        for (letter, verdict) in [
            (format!("{head}{thread}To: <support@example.org>\r\n\r\nI know\r\n\r\n{quoted}"), "from-supporter"),
            // She writes to the address of another notice, and quotes the note, or attaches the notice about it.
            (format!("{head}{thread}To: <{address}>\r\n\r\nI know\r\n\r\n{quoted}\r\nSorry, Tom\r\n"), "from-supporter"),
            (
                format!("{head}To: <{address}>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee\r\n--b\r\n{inside}\r\n--b--\r\n"),
                "from-supporter",
            ),
            (format!("{head}{thread}To: <{address}>\r\n\r\nPlease pay\r\n\r\nOn Monday, Support wrote:\r\n{quoted}"), "replied"),
        ] {
            assert_eq!(arrives(&world, &letter).await, verdict, "{letter}");
            for letter in world.letters().await.iter().filter(|letter| letter.to.address().as_str() == "anna@example.org") {
                assert!(!letter.text.contains("never pays") && !letter.html.contains("never pays"), "{}", letter.text);
            }
        }
        let page = world.as_("anna").sees(ticket).await;
        assert!(page.says("Please pay") && !page.says("never pays") && !page.says("I know"), "{}", page.words());
        assert_eq!(page.count(".message"), 2);
        world.ends().await;
    }
}
