//! From one ticket to the next one that waits.

use chrono::TimeDelta;
use muticket_journeys::{Answer, Browser, Method, World, at, journey};

/// Follows a page's link to the next ticket.
async fn goes_on(browser: &Browser, page: &Answer) -> Answer {
    let way = page.attributes("a.next-waiting", "href");
    browser.whole(Method::GET, &way[0]).go().await.is(303)
}

journey! {
    /// after answering or closing a ticket, a supporter is offered the next one in the queue. Every ticket and the list link to it
    /// too. The way goes forward: a skipped ticket does not come back, and the page tells the end of the queue.
    async fn a_supporter_works_through_what_waits(world: World) {
        let (anna, ben, sara) = (world.as_("anna"), world.as_("ben"), world.as_("sara"));
        let mut tickets = Vec::new();
        for (customer, subject) in [(&anna, "One"), (&ben, "Two"), (&anna, "Three")] {
            tickets.push(customer.opens(subject, "Billing", "Text").await);
            world.later(TimeDelta::minutes(1));
        }
        let first = goes_on(&sara, &sara.get("/tickets").await).await;
        assert!(first.location().ends_with(&format!("{}#start", at(tickets[0]))), "the list begins with the one that has waited longest");
        // Sara skips the first ticket, and answers the second one.
        let second = goes_on(&sara, &sara.sees(tickets[0]).await).await;
        assert!(second.location().ends_with(&format!("{}#start", at(tickets[1]))));
        let page = sara.submits(&sara.writes(tickets[1], "Answer").await).await.is(303);
        let page = sara.follows(&page).await.is(200);
        let next = page.attributes(".notice a", "href");
        let third = sara.whole(Method::GET, &next[0]).go().await.is(303);
        assert!(third.location().ends_with(&format!("{}#start", at(tickets[2]))), "never back");
        assert_eq!(goes_on(&sara, &page).await.location(), third.location());
        // The end of the queue. One ticket was skipped.
        let end = goes_on(&sara, &sara.closes(tickets[2]).await).await;
        assert_eq!(end.location(), "/support/tickets");
        let list = sara.follows(&end).await.is(200);
        assert!(list.says("end of the queue"), "{}", list.brief());
        let again = sara.whole(Method::GET, &list.attributes(".notice a", "href")[0]).go().await.is(303);
        assert!(again.location().ends_with(&format!("{}#start", at(tickets[0]))));
        // Only the ticket itself waits, and then none.
        for way in [sara.sees(tickets[0]).await, sara.closes(tickets[0]).await] {
            let list = sara.follows(&goes_on(&sara, &way).await).await.is(200);
            assert!(list.says("No other ticket is waiting."), "{}", list.brief());
        }
        assert_eq!(sara.get("/tickets/next").await.is(303).location(), "/support/tickets");
        ben.replies(tickets[1], "No").await;
        assert!(sara.get("/tickets/next?after=nonsense").await.is(303).location().ends_with(&format!("{}#start", at(tickets[1]))));
        assert_eq!(world.mailed().await, ["ben", "sara", "sara", "sara", "sara"]);
    }

    /// D-11: the way back leads to the list with its filter, wherever it was opened, and never to another site.
    async fn the_way_back_keeps_filter_order_and_page(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer & co", "Billing", "It is silent").await;
        let query = "?state=all&q=printer%20co&sort=number";
        let list = sara.get(&format!("/tickets{query}")).await.is(200);
        let back = format!("/support/tickets{query}");
        let row = list.attributes(".row-subject", "href");
        let page = sara.whole(Method::GET, row[0].trim_end_matches("#start")).go().await.is(200);
        assert_eq!(page.attributes(".trail a", "href")[0], back);
        // Through an answer, a closing, its undo, and on to the next ticket.
        let answered = sara.submits(&page.form("/messages").with("body", "Switch it on")).await.is(303);
        let page = sara.follows(&answered).await.is(200);
        assert_eq!(page.attributes(".trail a", "href")[0], back);
        let closed = sara.submits(&page.form("/close")).await.is(303);
        let page = sara.follows(&closed).await.is(200);
        let reopened = sara.submits(&page.form("/reopen")).await.is(303);
        let page = sara.follows(&reopened).await.is(200);
        assert_eq!(page.attributes(".trail a", "href")[0], back);
        assert_eq!(goes_on(&sara, &page).await.location(), back);
        // A customer's rating leads back as well.
        let own = anna.get(&format!("/tickets{query}")).await.attributes(".row-subject", "href");
        let page = anna.whole(Method::GET, &own[0]).go().await.is(200);
        let rated = anna.submits(&page.form("/rating").forced("stars", b"4")).await.is(303);
        assert_eq!(anna.follows(&rated).await.is(200).attributes(".trail a", "href")[0], back);
        for evil in ["//evil.example", "https:%2F%2Fevil.example", "%2e%2e/logout", "x%0d%0aLocation:%20/y", "%22%3E%3Cscript%3E"] {
            let page = sara.get(&format!("/tickets/{ticket}?list={evil}")).await.is(200);
            assert_eq!(page.attributes(".trail a", "href")[0], "/support/tickets", "{evil}");
        }
        assert_eq!(world.mailed().await, ["anna", "sara"]);
    }

    /// D-05: supporters are not led to their own tickets. Customers have no such link.
    async fn nobody_is_led_to_their_own_ticket(world: World) {
        world.settings(|settings| settings.supporters_open = true).await;
        world.people().change("sara", |sara| sara.level = muticket_core::AccessLevel::Add);
        let (sara, tom) = (world.as_("sara"), world.as_("tom"));
        let own = sara.opens("My screen", "Billing", "It is dark").await;
        assert_eq!(sara.get("/tickets/next").await.is(303).location(), "/support/tickets");
        assert!(tom.get("/tickets/next").await.is(303).location().ends_with(&format!("{}#start", at(own))));
        assert_eq!(sara.sees(own).await.count("a[href*=next]"), 0);
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        assert_eq!(world.as_("anna").sees(ticket).await.count("a[href*=next]"), 0);
        assert_eq!(world.mailed().await, ["sara", "tom"]);
    }
}
