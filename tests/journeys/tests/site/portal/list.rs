//! A customer's overview, and its pages.

use chrono::TimeDelta;
use muticket_journeys::{World, journey};

journey! {
    /// D-11: open tickets first, tabs, latest activity first, 20 per page, and stable while new tickets are opened.
    async fn the_pages_hold_every_ticket_once_while_new_ones_arrive(world: World) {
        let anna = world.as_("anna");
        for number in 1..=25 {
            anna.opens(&format!("Ticket {number}"), "Billing", "Text").await;
            world.later(TimeDelta::seconds(1));
        }
        let first = anna.get("/tickets").await.is(200);
        let next = first.attributes("a[rel=next]", "href");
        for number in 26..=30 {
            anna.opens(&format!("Ticket {number}"), "Billing", "Text").await;
        }
        let second = anna.whole(muticket_journeys::Method::GET, &next[0]).go().await.is(200);
        assert_eq!(second.count("a[rel=next]"), 0);
        let shown: Vec<_> = [first.all(".row-subject"), second.all(".row-subject")].concat();
        let expected: Vec<_> = (1..=25).rev().map(|number| format!("Ticket {number}")).collect();
        assert_eq!(shown, expected);
        assert_eq!(world.mailed().await.len(), 30);
    }

    /// D-11: the tabs hold the open, the closed and all tickets. The order can be reversed.
    async fn the_tabs_and_the_order(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let mut tickets = Vec::new();
        for subject in ["One", "Two", "Three"] {
            tickets.push(anna.opens(subject, "Billing", "Text").await);
            world.later(TimeDelta::minutes(1));
        }
        sara.closes(tickets[0]).await;
        world.later(TimeDelta::minutes(1));
        sara.answers(tickets[1], "Answer").await;
        assert_eq!(anna.lists("").await, ["Two", "Three"]);
        assert_eq!(anna.lists("?state=closed").await, ["One"]);
        assert_eq!(anna.lists("?state=all&sort=-number").await, ["Three", "Two", "One"]);
        assert_eq!(anna.lists("?state=all&sort=number").await, ["One", "Two", "Three"]);
        assert_eq!(anna.lists("?sort=activity").await, ["Three", "Two"]);
        let counts = anna.get("/tickets").await.all(".tab .count");
        assert_eq!(counts, ["2", "1", "3"]);
        assert_eq!(world.mailed().await, ["anna", "sara", "sara", "sara"]);
    }

    /// A customer finds only their own tickets, and nothing shows that there are others.
    async fn customers_find_their_own(world: World) {
        let (anna, ben) = (world.as_("anna"), world.as_("ben"));
        let own = anna.opens("The printer is silent", "Technical", "Text").await;
        let foreign = ben.opens("The printer is loud", "Technical", "Text").await;
        assert_eq!(anna.lists("?q=printer").await, ["The printer is silent"]);
        assert_eq!(anna.lists(&format!("?q={own}")).await, ["The printer is silent"]);
        for query in [format!("?q={foreign}"), "?q=loud".to_owned()] {
            let page = anna.get(&format!("/tickets{query}")).await.is(200);
            assert_eq!((page.count(".row"), page.all(".tab .count")), (0, vec!["0".to_owned(); 3]));
            assert_eq!(page.count("input[name=q]"), 1, "the search can be changed");
        }
        assert_eq!(world.mailed().await, ["tom", "tom"]);
    }

    /// R-20, T-12: the base redirects to the overview, and a supporter to what waits for them.
    async fn the_base_leads_to_the_overview(world: World) {
        assert_eq!(world.as_("anna").get("/").await.is(303).location(), "/support/tickets");
        assert_eq!(world.as_("sara").get("").await.is(303).location(), "/support/tickets?view=waiting");
    }
}
