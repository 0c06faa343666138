//! Rows that cannot be read: pages show everything else, and say what is missing (P-28, P-33).

use muticket_journeys::{Plan, World};

/// One damaged ticket and one damaged message take no page down, for nobody.
#[rocket::async_test]
async fn a_damaged_row_takes_no_page_down() {
    let world = World::new(Plan::sqlite()).await;
    let (anna, sara, ada) = (world.as_("anna"), world.as_("sara"), world.as_("ada"));
    let lost = anna.opens("Printer", "Billing", "It is silent").await;
    let ticket = anna.opens("Scanner", "Billing", "It is dark").await;
    let answer = sara.answers(ticket, "Is it on?").await;
    anna.rates(ticket, answer, 4).await;
    world.kept().execute(&format!("UPDATE muticket_ticket SET last_role = 'odd' WHERE number = {lost}"));
    world.kept().execute(&format!("UPDATE muticket_message SET written_at = 'yesterday' WHERE ticket = {ticket} AND number = 1"));

    for (person, list) in [(&anna, "/tickets"), (&sara, "/tickets"), (&ada, "/backend/tickets")] {
        let page = person.get(list).await.is(200);
        assert!(page.says("Scanner") && !page.says("Printer"), "{list}");
        assert!(page.says(&format!("Ticket #{lost} can’t be shown because its data is damaged.")), "{list}");
    }
    for person in [&anna, &sara] {
        let page = person.sees(ticket).await;
        assert!(page.says("Is it on?") && !page.says("It is dark"));
        assert!(page.says("Message 1 can’t be shown completely because its data is damaged."));
    }
    world.kept().execute("UPDATE muticket_rating SET score = 9");
    let list = ada.get("/backend/supporters").await.is(200);
    let links = list.attributes("a[href*='/backend/supporters/']", "href");
    let link = links.iter().find(|link| !link.ends_with("/edit") && !link.ends_with("/new")).unwrap();
    let statistics = ada.whole(rocket::http::Method::Get, link).go().await.is(200);
    assert!(statistics.says("Some data is damaged and left out here."));
}
