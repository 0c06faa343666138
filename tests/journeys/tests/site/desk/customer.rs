//! The customer's card beside a ticket.

use muticket_core::{CustomerFact, Language, TimeZone};
use muticket_journeys::{World, journey};

journey! {
    /// T-13: the card shows who the customer is, their other tickets and their ratings. It is on the page, so it takes no click.
    async fn a_supporter_sees_who_the_customer_is(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        world.people().change("anna", |anna| {
            anna.language = Some(Language::german());
            anna.time_zone = TimeZone::parse("Asia/Tokyo");
        });
        let first = anna.opens("Printer", "Rechnung", "It is silent").await;
        let page = sara.sees(first).await;
        assert!(page.all(".customer")[0].contains("anna@example.org") && page.all(".customer")[0].contains("This is their first ticket."), "{:?}", page.all(".customer"));
        assert!(page.all(".customer dd").iter().any(|fact| fact == "German"), "{:?}", page.all(".customer dd"));
        assert!(page.all(".customer dd").iter().any(|fact| fact.contains("GMT+9")), "{:?}", page.all(".customer dd"));
        let answer = sara.answers(first, "Switch it on").await;
        anna.rates(first, answer, 4).await;
        for subject in ["One", "Two", "Three", "Four", "Five", "Six"] {
            anna.opens(subject, "Rechnung", "Text").await;
        }
        world.as_("ben").opens("Not hers", "Billing", "Text").await;
        let page = sara.sees(first).await;
        let others = page.all(".customer li a");
        assert_eq!(others.len(), 5, "{others:?}");
        assert!(others[0].starts_with("Six") && others[4].starts_with("Two"), "{others:?}");
        let text = page.all(".customer")[0].clone();
        assert!(text.contains("All 7 tickets") && text.contains("4.0 of 5 stars on average, 1 rating") && !text.contains("Not hers"), "{text}");
        let all = page.attributes(".customer p a", "href");
        assert_eq!(sara.get(all[0].trim_start_matches("/support")).await.is(200).count(".row"), 7);
        assert_eq!(anna.sees(first).await.count(".customer"), 0, "the customer sees no card");
        let _ = world.mailed().await;
    }

    /// T-13: the host adds facts and links. What could run a script is no link. If the host fails, the page says so and shows the rest.
    async fn the_host_tells_facts_about_the_customer(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        world.people().set_facts(Some(vec![
            CustomerFact::new("Plan", "Pro <b>"),
            CustomerFact::new("Order 7", "Lamp").linked("/orders/7"),
            CustomerFact::new("Site", "evil").linked("javascript:alert(1)"),
        ]));
        let page = sara.sees(ticket).await;
        let text = page.all(".customer")[0].clone();
        assert!(text.contains("Pro <b>") && text.contains("Order 7") && text.contains("evil"), "{text}");
        assert_eq!(page.attributes(".customer dd a", "href"), ["/orders/7"]);
        let page = anna.sees(ticket).await;
        assert!(!page.says("Pro <b>") && !page.says("Order 7"), "{}", page.text());
        world.people().set_facts(None);
        let page = sara.sees(ticket).await;
        assert!(page.says("More about this customer is not available right now.") && page.says("It is silent"));
        assert_eq!(world.mailed().await, ["sara"]);
    }
}
