//! Letters to customers about their own tickets: the receipt, and that a ticket is closed.

use chrono::TimeDelta;
use muticket_core::Language;
use muticket_core::mail::Letter;
use muticket_journeys::{Browser, Method, World, journey};

const SETTINGS: &str = "/backend/settings";

/// An administrator switches both letters on.
async fn switched_on(world: &World) {
    let ada = world.as_("ada");
    let form = ada.get(SETTINGS).await.is(200).form(SETTINGS);
    assert_eq!((form.value("receipts").as_str(), form.value("closing_letters").as_str()), ("", ""));
    let saved = ada.submits(&form.choosing("receipts", "1").choosing("closing_letters", "1")).await.is(303);
    let shown = ada.follows(&saved).await.is(200).form(SETTINGS);
    assert_eq!((shown.value("receipts").as_str(), shown.value("closing_letters").as_str()), ("1", "1"));
}

/// The only letter that was sent since the last call.
async fn only(world: &World) -> Letter {
    let mut letters = world.letters().await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    letters.remove(0)
}

fn words(letter: &Letter) -> String {
    letter.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Follows the link of a letter, as far as the page of the ticket.
async fn follows(reader: &Browser, letter: &Letter) -> muticket_journeys::Answer {
    let link = letter.text.split_whitespace().rfind(|word| word.starts_with("https://")).unwrap();
    let leads = reader.whole(Method::GET, link.strip_prefix("https://example.org").unwrap()).go().await.is(303);
    reader.follows(&leads).await.is(200)
}

/// Closes these tickets with the form of the list, and gets the page that follows.
async fn closes_all(reader: &Browser, tickets: [u64; 2]) -> muticket_journeys::Answer {
    let mut form = reader.get("/tickets").await.is(200).form("/tickets/actions");
    for ticket in tickets {
        form = form.choosing("number", &ticket.to_string());
    }
    let closed = reader.submits(&form.forced("action", b"close").forced("value", b"")).await.is(303);
    reader.follows(&closed).await.is(200)
}

journey! {
    /// D-15, M-10: who opens a ticket gets one receipt, in their language, whose link leads to the ticket.
    async fn a_customer_gets_a_receipt(world: World) {
        switched_on(&world).await;
        let anna = world.as_("anna");
        let form = anna.drafts("Printer", "Billing", "It is silent").await.file("photo.txt", b"dark");
        let ticket = anna.opens_with(&form).await;
        assert_eq!(anna.opens_with(&form).await, ticket);
        let letters = world.letters().await;
        let [receipt, notice] = &letters[..] else { panic!("{letters:?}") };
        let to = [receipt, notice].map(|letter| letter.to.address().as_str());
        assert_eq!((to, receipt.subject.as_str()), (["anna@example.org", "sara@example.org"], "[#1] Printer"));
        assert!(receipt.automatic && !receipt.is_answer);
        let said = words(receipt);
        for part in ["We have received your ticket.", "Category: Billing Files: photo.txt > It is silent", "Replies to this email are not read."] {
            assert!(said.contains(part), "{said}");
        }
        assert!(follows(&anna, receipt).await.says("It is silent"));
        world.people().change("ben", |ben| ben.language = Language::parse("de"));
        world.as_("ben").opens("Toner", "Rechnung", "Leer").await;
        let letters = world.letters().await;
        assert!(letters.len() == 2 && letters[0].text.contains("Wir haben Ihr Ticket erhalten."), "{letters:?}");
    }

    /// D-15, P-08: the letter says who closed the ticket and how to go on. Its link leads to the stars, and rates nothing.
    async fn a_customer_reads_that_their_ticket_is_closed(world: World) {
        switched_on(&world).await;
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        sara.answers(ticket, "Switch it on").await;
        assert_eq!(world.mailed().await, ["anna", "anna", "sara"]);
        sara.closes(ticket).await;
        assert_eq!(world.mailed().await, [""; 0], "it can still be undone");
        world.later(TimeDelta::minutes(1));
        let letter = only(&world).await;
        assert_eq!((letter.to.address().as_str(), letter.subject.as_str()), ("anna@example.org", "[#1] Printer"));
        let said = words(&letter);
        assert!(said.contains("Sara Sand has closed your ticket.") && said.contains("Then open a follow-up ticket"), "{said}");
        assert!(said.contains("You can rate our answers on the ticket: https://"), "{said}");
        let before = world.kept().dump();
        let page = follows(&anna, &letter).await;
        assert_eq!((page.count("form.rating"), page.count(".star-given")), (1, 0));
        assert_eq!(world.kept().dump(), before, "a link changes nothing");
    }

    /// R-44, T-11: of closings that were undone with the notice nobody hears, of one ticket or of several.
    async fn closings_that_were_undone_mail_nobody(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let tickets = [anna.opens("One", "Billing", "Text").await, anna.opens("Two", "Billing", "Text").await];
        assert_eq!(world.mailed().await, ["sara", "sara"]);
        switched_on(&world).await;
        let notice = sara.closes(tickets[0]).await;
        let _ = sara.submits(&notice.form("/reopen")).await.is(303);
        let notice = closes_all(&sara, tickets).await;
        let _ = sara.submits(&notice.form("/tickets/actions")).await.is(303);
        world.later(TimeDelta::minutes(1));
        assert_eq!(world.mailed().await, [""; 0]);
        assert!(world.as_("ada").get("/backend/mail").await.is(200).says("What the email says is no longer so."));
        closes_all(&sara, tickets).await;
        world.later(TimeDelta::minutes(1));
        assert_eq!(world.mailed().await, ["anna", "anna"]);
    }

    /// D-15, T-10: *Send and close* mails one letter, which says both.
    async fn send_and_close_is_one_letter(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        assert_eq!(world.mailed().await, ["sara"]);
        switched_on(&world).await;
        let form = sara.writes(ticket, "Switch it on").await.forced("then", b"close");
        let _ = sara.submits(&form).await.is(303);
        let letter = only(&world).await;
        let said = words(&letter);
        assert!(said.contains("Sara Sand has answered your ticket. The ticket is closed now.") && said.contains("> Switch it on"), "{said}");
        assert!(!letter.automatic, "a person wrote it (M-10)");
        world.later(TimeDelta::minutes(1));
        assert_eq!(world.mailed().await, [""; 0]);
    }
}
