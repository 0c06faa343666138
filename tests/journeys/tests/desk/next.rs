//! From one ticket to the next that waits.

use chrono::TimeDelta;
use muticket_journeys::{World, at, journey};
use rocket::http::Method;

journey! {
    /// Who has answered or closed a ticket is offered the one that has been waiting longest, and there is a way to it on every ticket.
    async fn a_supporter_works_through_what_waits(world: World) {
        let (anna, ben, sara) = (world.as_("anna"), world.as_("ben"), world.as_("sara"));
        let mut tickets = Vec::new();
        for (customer, subject) in [(&anna, "One"), (&ben, "Two"), (&anna, "Three")] {
            tickets.push(customer.opens(subject, "Billing", "Text").await);
            world.later(TimeDelta::minutes(1));
        }
        assert!(sara.get("/tickets/next").await.is(303).location().ends_with(&at(tickets[0])));
        let form = sara.writes(tickets[0], "Answer").await;
        let page = sara.submits(&form).await.is(303);
        let page = sara.follows(&page).await.is(200);
        let next = page.attributes(".notice a", "href");
        assert_eq!(next, [format!("/support/tickets/next?after={}", tickets[0])]);
        let second = sara.whole(Method::Get, &next[0]).go().await.is(303);
        assert!(second.location().ends_with(&at(tickets[1])));
        // Somebody who passes it over comes to the one after it.
        let over = sara.sees(tickets[1]).await.attributes(".trail .next-waiting", "href");
        assert!(sara.whole(Method::Get, &over[0]).go().await.is(303).location().ends_with(&at(tickets[2])));
        assert_eq!(sara.closes(tickets[1]).await.count(".notice a[href*=next]"), 1);
        assert_eq!(sara.closes(tickets[2]).await.count(".notice a[href*=next]"), 0, "none waits");
        assert_eq!(sara.get("/tickets/next").await.is(303).location(), "/support/tickets");
        anna.replies(tickets[0], "Once more").await;
        assert!(sara.get("/tickets/next?after=nonsense").await.is(303).location().ends_with(&at(tickets[0])));
        assert_eq!(world.mailed().await, ["anna", "sara", "sara", "sara", "sara"]);
    }

    /// D-05: nobody is led to his own ticket. Customers have no such way.
    async fn nobody_is_led_to_his_own_ticket(world: World) {
        world.settings(|settings| settings.supporters_open = true).await;
        world.people().change("sara", |sara| sara.level = muticket_core::AccessLevel::Add);
        let (sara, tom) = (world.as_("sara"), world.as_("tom"));
        let own = sara.opens("My screen", "Billing", "It is dark").await;
        assert_eq!(sara.get("/tickets/next").await.is(303).location(), "/support/tickets");
        assert!(tom.get("/tickets/next").await.is(303).location().ends_with(&at(own)));
        assert_eq!(sara.sees(own).await.count("a[href*=next]"), 0);
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        assert_eq!(world.as_("anna").sees(ticket).await.count("a[href*=next]"), 0);
        assert_eq!(world.mailed().await, ["sara", "tom"]);
    }
}
