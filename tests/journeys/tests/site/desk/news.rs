//! How many tickets of the list have news.

use chrono::TimeDelta;
use muticket_journeys::{Answer, Browser, Method, Plan, World, journey};

/// The address that the list gives to its script.
fn address(page: &Answer) -> String {
    page.attributes(".news", "data-news")[0].clone()
}

/// What the address says, and where its link leads; nothing without news.
async fn news(browser: &Browser, address: &str) -> Option<(String, String)> {
    let part = browser.whole(Method::GET, address).go().await.is(200);
    part.all("a").into_iter().zip(part.attributes("a", "href")).next()
}

fn said(text: &str, link: &str) -> Option<(String, String)> {
    Some((text.to_owned(), format!("/support/tickets{link}")))
}

journey! {
    /// T-12: the list of a supporter says how many of its tickets came or changed since it was loaded, and leads to them. What the
    /// supporter did does not count.
    async fn a_list_tells_what_is_new(world: World) {
        let (anna, sara, tom) = (world.as_("anna"), world.as_("sara"), world.as_("tom"));
        let whole = address(&sara.get("/tickets").await.is(200));
        world.later(TimeDelta::seconds(1));
        let old = anna.opens("Old", "Billing", "Text").await;
        assert_eq!(news(&sara, &whole).await, said("1 new. Show", ""), "also for an empty list");
        let mine = anna.opens("Mine", "Billing", "Text").await;
        sara.assigns(mine, "Sara Sand").await;
        world.later(TimeDelta::seconds(1));
        let [whole, of_sara, of_nobody] = [
            address(&sara.get("/tickets").await),
            address(&sara.get("/tickets?view=mine").await),
            address(&sara.get("/tickets?assignee=none&sort=number").await),
        ];
        for list in [&whole, &of_sara, &of_nobody] {
            assert_eq!(news(&sara, list).await, None);
        }
        world.later(TimeDelta::seconds(1));
        sara.answers(mine, "Answer").await;
        sara.notes(mine, "A note").await;
        tom.prioritizes(old, "high").await;
        assert_eq!(news(&sara, &whole).await, None, "neither what she did, nor what moves no ticket");
        assert_eq!(news(&tom, &whole).await, said("1 new. Show", ""), "for him it is news");
        anna.replies(mine, "Reply").await;
        anna.opens("New", "Technical", "Text").await;
        assert_eq!(news(&sara, &whole).await, said("2 new. Show", ""));
        assert_eq!(news(&sara, &of_sara).await, said("1 new. Show", "?view=mine"));
        assert_eq!(news(&sara, &of_nobody).await, said("1 new. Show", "?assignee=none&sort=number"));
        sara.closes(old).await;
        let closed = whole.replace("?since", "?state=closed&since");
        assert_eq!(news(&sara, &closed).await, None, "she closed it");
        assert_eq!(news(&tom, &closed).await, said("1 new. Show", "?state=closed"));
        assert_eq!(news(&sara.clone().speaking("de"), &whole).await, said("2 neu. Anzeigen", ""));
        let after = address(&sara.get("/tickets").await);
        assert_eq!(news(&sara, &after).await, None, "the list was loaded again");
        world.mailed().await;
    }

    /// T-01, D-05: nothing of it is there for customers, and a supporter learns nothing of the desk about their own tickets.
    async fn the_news_are_those_of_the_desk(world: World) {
        world.settings(|settings| settings.supporters_open = true).await;
        world.people().set_level("tom", muticket_core::AccessLevel::Add);
        let (anna, sara, tom) = (world.as_("anna"), world.as_("sara"), world.as_("tom"));
        assert_eq!(anna.get("/tickets").await.is(200).count("[data-news]"), 0);
        let [all, urgent] = [address(&tom.get("/tickets").await), address(&tom.get("/tickets?priority=urgent").await)];
        world.later(TimeDelta::seconds(1));
        let own = tom.opens("Own", "Billing", "Text").await;
        sara.prioritizes(own, "urgent").await;
        assert_eq!([news(&tom, &all).await, news(&tom, &urgent).await], [None, None]);
        sara.answers(own, "Answer").await;
        assert_eq!(news(&tom, &all).await, said("1 new. Show", ""), "an answer is news to its customer");
        assert_eq!(news(&tom, &urgent).await, None);
        for odd in ["", "?since=", "?since=x", "?since=-1&view=yours", "?since=99999999999999999999", "?since=9223372036854775807"] {
            assert_eq!(tom.get(&format!("/tickets/news{odd}")).await.is(200).text().trim(), "", "{odd}");
        }
        for early in ["0", "-1", "-62135596800000000"] {
            assert_eq!(tom.get(&format!("/tickets/news?since={early}")).await.is(200).all("a"), ["1 new. Show"], "{early}");
        }
        world.mailed().await;
    }
}

/// However many tickets have news, the question takes the same number of statements.
#[tokio::test]
async fn the_question_takes_few_statements() {
    let world = World::new(Plan::sqlite()).await;
    let (anna, sara) = (world.as_("anna"), world.as_("sara"));
    let statements = async |query: &str| {
        let path = format!("/tickets/news?{query}");
        // The first request may open a connection.
        let _ = sara.get(&path).await.is(200);
        let before = world.kept().statements();
        let _ = sara.get(&path).await.is(200);
        world.kept().statements() - before
    };
    let queries = ["since=0", "view=waiting&since=0", "view=nobody&priority=normal&since=0"];
    let mut before = Vec::new();
    for query in queries {
        before.push(statements(query).await);
    }
    assert!(before.iter().all(|statements| *statements <= 9), "{before:?}");
    for number in 0..20 {
        anna.opens(&format!("Ticket {number}"), "Billing", "Text").await;
    }
    for (query, before) in queries.into_iter().zip(before) {
        assert_eq!(statements(query).await, before, "{query}");
    }
    world.mailed().await;
}
