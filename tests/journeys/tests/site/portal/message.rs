//! From a letter to the message it is about.

use muticket_core::{NewMessage, Visitor};
use muticket_journeys::{World, at, journey};

/// The decoded `back=` address of a login link.
fn way_back(login: &str) -> String {
    let coded = login.strip_prefix("/login?back=").unwrap();
    percent_encoding::percent_decode_str(coded).decode_utf8().unwrap().into_owned()
}

/// The path of the one link in a letter.
fn link(letter: &muticket_core::mail::Letter) -> String {
    let link = letter.text.lines().find_map(|line| line.strip_prefix("https://example.org/support")).unwrap();
    assert!(letter.html.contains(&format!("href=\"https://example.org/support{link}\"")), "both forms lead to the same place");
    link.to_owned()
}

journey! {
    /// the letter links to the exact message, also through the host's login.
    async fn a_letter_leads_over_the_login_to_the_message(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let answer = sara.answers(ticket, "Switch it on").await;
        let letters = world.letters().await;
        let link = link(&letters[0]);
        assert_eq!(link, format!("{}/messages/{answer}", at(ticket)));

        let login = world.guest().get(&link).await.is(303);
        let back = way_back(login.location());
        assert_eq!(back, format!("/support{link}"));
        // The host has signed Anna in, and redirects her back.
        let there = anna.whole(muticket_journeys::Method::GET, &back).go().await.is(303);
        assert_eq!(there.location(), format!("/support{}#message-{answer}", at(ticket)));
        assert_eq!(anna.follows(&there).await.is(200).count(&format!("#message-{answer}")), 1);
    }

    /// a supporter comes to the same message. Their own ticket is shown to them as to a customer (D-05).
    async fn supporters_are_led_there_too(world: World) {
        world.settings(|settings| settings.supporters_open = true).await;
        world.people().change("sara", |sara| sara.level = muticket_core::AccessLevel::Add);
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let tickets = [anna.opens("Printer", "Billing", "Silent").await, sara.opens("Desk", "Technical", "Wobbly").await];
        for ticket in tickets {
            let there = sara.get(&format!("{}/messages/1", at(ticket))).await.is(303);
            assert_eq!(there.location(), format!("/support{}#message-1", at(ticket)));
        }
        assert_eq!(world.mailed().await, ["sara", "tom"]);
    }

    /// An older message is on another page, which the address names.
    async fn an_older_message_is_on_its_own_page(world: World) {
        let anna = world.as_("anna");
        let ticket = anna.opens("Printer", "Billing", "Message 1").await;
        let newest = world.helpdesk().limits().messages + 2;
        let door = world.helpdesk().portal(&Visitor::User(world.people().find("anna").unwrap())).unwrap();
        for number in 2..=newest {
            let new = NewMessage { body: format!("Message {number}"), ..NewMessage::default() };
            door.reply(ticket.to_string().parse().unwrap(), new).await.unwrap();
        }
        let leads = async |message: u32| {
            let there = anna.get(&format!("{}/messages/{message}", at(ticket))).await.is(303);
            let page = anna.follows(&there).await.is(200);
            assert_eq!(page.count(&format!("#message-{message}")), 1, "the page has the message");
            there.location().strip_prefix(&format!("/support{}", at(ticket))).unwrap().to_owned()
        };
        assert_eq!(leads(2).await, "?from=2#message-2");
        assert_eq!(leads(3).await, "#message-3");
        assert_eq!(leads(newest).await, format!("#message-{newest}"));
        let _ = world.letters().await;
    }

    /// a missing message gets the same answer, byte for byte, as a missing ticket or another customer's ticket.
    async fn a_missing_message_looks_like_a_missing_ticket(world: World) {
        let (anna, ben) = (world.as_("anna"), world.as_("ben"));
        let ticket = anna.opens("Printer", "Billing", "CANARY-4711").await;
        let missing = anna.get("/tickets/999999999/messages/1").await.is(404);
        for text in ["2", "0", "-1", "01", "+1", "99999999999", "1e0", "x", "%00"] {
            let answer = anna.get(&format!("{}/messages/{text}", at(ticket))).await.is(404);
            assert_eq!(answer.text(), missing.text(), "{text}");
        }
        let foreign = ben.get(&format!("{}/messages/1", at(ticket))).await.is(404);
        assert_eq!(foreign.text(), ben.get("/tickets/999999999/messages/1").await.is(404).text());
        assert_eq!(world.mailed().await, ["sara"]);
    }
}
