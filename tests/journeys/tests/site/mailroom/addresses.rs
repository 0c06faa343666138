//! Letters from addresses that the directory does not know: whose they are, and how many of them are shown.

use super::*;

/// What the relay writes about an address at this domain that it could confirm.
fn passed(domain: &str) -> String {
    PASSED.replace("header.from=example.org", &format!("header.from={domain}"))
}

/// The form of the newest letter on hold.
async fn newest(world: &World) -> (Answer, String) {
    let page = world.as_("ada").get("/backend/mail/received").await.is(200);
    let action = page.attributes("form[action$='/take']", "action").remove(0);
    (page, action)
}

/// Assigns the address of the newest letter on hold.
async fn assigns(world: &World, user: &str) -> Answer {
    let (page, action) = newest(world).await;
    world.as_("ada").submits(&page.form(&action).with("user", user).forced("always", b"1")).await
}

in_both! {
    /// M-04: an administrator assigns an address that the directory does not know to a user. It counts only for confirmed senders, and only
    /// while nobody else has the address. The letter itself counts, too.
    async fn letters_from_an_assigned_address_are_those_of_the_user(adapter: Adapter) {
        let world = world(adapter).await;
        let confirmed = passed("home.example");
        let letter = |head: &str, text: &str| format!("{head}From: ANNA@home.example\r\nSubject: Toner\r\n\r\n{text}\r\n");
        assert_eq!(arrives(&world, &letter(&confirmed, "One")).await, "unknown-sender");
        let (ada, (page, action)) = (world.as_("ada"), newest(&world).await);
        let assigned = ada.submits(&page.form(&action).with("user", "anna").forced("always", b"1")).await.is(303);
        assert!(ada.follows(&assigned).await.says("From now on"));
        taken_in(&world).await;
        assert!(world.as_("anna").get("/tickets").await.says("Toner"), "this letter counts, too");
        assert_eq!(arrives(&world, &letter(&confirmed, "Two")).await, "opened");
        assert_eq!(arrives(&world, &letter("", "Forged")).await, "unknown-sender");
        assert_eq!(arrives(&world, &letter(&confirmed.replace("pass", "fail"), "Forged, too")).await, "unknown-sender");
        // A reply from the other address needs the token that was made for Anna, and a confirmed sender.
        world.mailed().await;
        let (ticket, answer) = answered(&world).await;
        assert_eq!(arrives(&world, &reply(&answer, "anna@home.example", &confirmed, "It is me")).await, "replied");
        assert_eq!(arrives(&world, &reply(&answer, "anna@home.example", "", "It is not me")).await, "not-confirmed");
        let shown = world.as_("anna").sees(ticket).await;
        assert!(shown.says("It is me") && !shown.says("It is not me"));

        let list = ada.get("/backend/mail/senders").await.is(200);
        assert!(list.says("anna@home.example") && list.says("Anna"), "{}", list.words());
        let forget = list.form("/senders/forget");
        let _ = ada.submits(&forget).await.is(303);
        let _ = ada.submits(&forget).await.is(404);
        assert_eq!(arrives(&world, &letter(&confirmed, "Three")).await, "unknown-sender");
        world.mailed().await;
        world.ends().await;
    }

    /// M-03, M-04: a customer replies from a second address. The page proposes them, and the letter becomes the reply that it is.
    async fn a_reply_from_a_second_address_counts_once_it_is_assigned(adapter: Adapter) {
        let world = world(adapter).await;
        let (ticket, letter) = answered(&world).await;
        let from_home = |head: &str, text: &str| reply(&letter, "anna@home.example", head, text);
        assert_eq!(arrives(&world, &from_home(&passed("home.example"), "I am at home")).await, "not-confirmed");
        let (page, action) = newest(&world).await;
        assert!(page.says("about a ticket of Anna") && page.says("DMARC"), "{}", page.words());
        assert_eq!(page.attributes(&format!("form[action='{action}'] input[name=user]"), "value"), ["anna"]);
        let ada = world.as_("ada");
        // What is proposed is sent as it stands.
        let _ = ada.submits(&page.form(&action).forced("always", b"1")).await.is(303);
        taken_in(&world).await;
        assert_eq!(world.as_("anna").sees(ticket).await.texts("#message-3 .message-body > .text"), ["I am at home"]);
        assert_eq!(world.mailed().await, ["sara"]);
        assert_eq!(arrives(&world, &from_home(&passed("home.example"), "Still at home")).await, "replied");
        // Who is not confirmed stays on hold, however often they are assigned.
        assert_eq!(arrives(&world, &from_home("", "It is not me")).await, "not-confirmed");
        let _ = assigns(&world, "anna").await.is(303);
        taken_in(&world).await;
        assert_eq!(newest(&world).await.0.count("form[action$='/take']"), 1);
        assert!(!world.as_("anna").sees(ticket).await.says("It is not me"));
        world.mailed().await;
        world.ends().await;
    }

    /// M-04, R-41: an address is not assigned where that would say nothing, or take it from somebody. The page says why, and what was typed
    /// stays.
    async fn an_address_that_belongs_to_somebody_is_not_assigned(adapter: Adapter) {
        let world = world(adapter).await;
        let (_, letter) = answered(&world).await;
        assert_eq!(arrives(&world, &reply(&letter, "anna@home.example", &passed("home.example"), "At home")).await, "not-confirmed");
        for (user, words) in [("who@x.example", "No account has this ID or address"), ("sara", "is a supporter")] {
            let refused = assigns(&world, user).await.is(422);
            assert!(refused.says(words), "{}", refused.words());
            assert_eq!(refused.count(&format!("details[open] input[value='{user}'][aria-invalid=true]")), 1);
        }
        let _ = assigns(&world, "anna").await.is(303);
        taken_in(&world).await;
        assert_eq!(arrives(&world, &reply(&letter, "anna@home.example", "", "Not confirmed")).await, "not-confirmed");
        let taken = assigns(&world, "ben").await.is(422);
        assert!(taken.says("is already assigned to Anna") && taken.says("Addresses"), "{}", taken.words());
        assert_eq!(arrives(&world, &reply(&letter, "ben@example.org", PASSED, "I am Ben")).await, "not-confirmed");
        let known = assigns(&world, "anna").await.is(422);
        assert!(known.says("already belongs to the account of Ben"), "{}", known.words());
        // A letter that says to come from the customer's own address, and does not, is forged.
        assert_eq!(arrives(&world, &reply(&letter, "anna@example.org", &PASSED.replace("pass", "fail"), "Forged")).await, "not-confirmed");
        let (page, action) = newest(&world).await;
        assert_eq!(page.count(&format!("form[action='{action}'] button[name=always]")), 0);
        let _ = assigns(&world, "anna").await.is(422);
        let listed = world.as_("ada").get("/backend/mail/senders").await.is(200);
        assert_eq!(listed.count("form[action$='/senders/forget']"), 1, "{}", listed.words());
        world.mailed().await;
        world.ends().await;
    }

    /// M-03: anybody who got a letter can send thousands of replies to it. The ticket shows the newest that are not confirmed.
    async fn a_ticket_shows_the_newest_letters_that_are_not_confirmed(adapter: Adapter) {
        let world = world(adapter).await;
        let (ticket, letter) = answered(&world).await;
        assert_eq!(arrives(&world, &reply(&letter, "anna@example.org", "", "Yes, it is.")).await, "replied");
        for number in 1..=21 {
            let text = format!("Forged {number}");
            assert_eq!(arrives(&world, &reply(&letter, "who@x.example", "", &text)).await, "not-confirmed");
            world.later(TimeDelta::seconds(1));
            let (page, shown) = (world.as_("sara").sees(ticket).await, number.min(20));
            let letters = page.attributes("a[href*='/letters/'][href$='/text']", "href");
            assert_eq!((letters.len(), page.says("More than 20 emails")), (shown, number > 20), "{}", page.words());
            let text = world.as_("sara").whole(Method::GET, &letters[0]).go().await.is(200).text().to_owned();
            assert!(text.starts_with(&format!("Forged {number}")), "the newest is first: {text}");
        }
        let page = world.as_("sara").sees(ticket).await;
        assert_eq!((page.count("a[href$='/backend/mail/received']"), page.count("#message-3 a[href*='/letters/']")), (0, 1));
        world.people().set_level("sara", AccessLevel::Admin);
        assert_eq!(world.as_("sara").sees(ticket).await.count(".notice a[href$='/backend/mail/received']"), 1);
        assert_eq!(world.as_("anna").sees(ticket).await.texts("#message-3 .message-body > .text"), ["Yes, it is."]);
        world.mailed().await;
        world.ends().await;
    }
}
