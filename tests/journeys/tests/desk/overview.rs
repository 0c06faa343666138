//! The overview of supporters.

use chrono::TimeDelta;
use muticket_journeys::{World, journey};

journey! {
    /// an icon with a legend says which tickets are new, which wait for a supporter, and which for the customer. R-40: all are there.
    async fn the_icons_and_their_legend(world: World) {
        let (anna, ben, sara) = (world.as_("anna"), world.as_("ben"), world.as_("sara"));
        anna.opens("New", "Billing", "Text").await;
        let answered = anna.opens("Answered", "Technical", "Text").await;
        sara.answers(answered, "Answer").await;
        let replied = ben.opens("Replied", "Billing", "Text").await;
        sara.answers(replied, "Answer").await;
        ben.replies(replied, "Reply").await;
        let closed = ben.opens("Closed", "Billing", "Text").await;
        sara.closes(closed).await;
        let page = sara.get("/tickets?state=all&sort=number").await.is(200);
        assert_eq!(page.all(".row-subject"), ["New", "Answered", "Replied", "Closed"]);
        let states = ["new", "customer", "supporter", "closed"];
        let shown: Vec<_> = page.attributes(".row .state", "class");
        assert_eq!(shown, states.map(|state| format!("state state-{state}")));
        let words = page.attributes(".row .state", "title");
        assert!(words.iter().all(|word| !word.is_empty()), "a word for who does not see the icon: {words:?}");
        for (state, word) in states.iter().zip(&words) {
            let legend = page.all(&format!(".legend li:has(.state-{state})"));
            assert!(legend.len() == 1 && legend[0].contains(word.as_str()), "{word} is not in {legend:?}");
        }
        for (waiting, subject) in [("new", "New"), ("supporter", "Replied"), ("customer", "Answered")] {
            assert_eq!(sara.lists(&format!("?waiting={waiting}")).await, [subject]);
        }
        assert_eq!(world.mailed().await, ["anna", "ben", "sara", "sara", "sara", "sara", "tom"]);
    }

    /// D-11: supporters filter by state, category and customer; customers see their own only, whatever they ask for.
    async fn supporters_narrow_the_list(world: World) {
        let (anna, ben, sara) = (world.as_("anna"), world.as_("ben"), world.as_("sara"));
        anna.opens("Anna's invoice", "Billing", "Text").await;
        world.later(TimeDelta::seconds(1));
        anna.opens("Anna's cable", "Technical", "Text").await;
        world.later(TimeDelta::seconds(1));
        ben.opens("Ben's invoice", "Billing", "Text").await;
        let billing = world.category("Billing").await.id;
        assert_eq!(sara.lists("").await, ["Ben's invoice", "Anna's cable", "Anna's invoice"]);
        assert_eq!(sara.lists(&format!("?category={billing}")).await, ["Ben's invoice", "Anna's invoice"]);
        assert_eq!(sara.lists("?customer=anna").await, ["Anna's cable", "Anna's invoice"]);
        assert_eq!(sara.lists(&format!("?customer=anna&category={billing}&waiting=new")).await, ["Anna's invoice"]);
        assert_eq!(sara.lists("?customer=nobody").await, [""; 0]);
        assert_eq!(ben.lists(&format!("?customer=anna&category={billing}")).await, ["Ben's invoice"]);
        let of_anna = sara.get("/tickets").await.attributes(".row-facts a", "href");
        let page = sara.whole(rocket::http::Method::Get, &of_anna[1]).go().await.is(200);
        assert_eq!(page.all(".row-subject").len(), 2);
        assert_eq!(ben.get("/tickets").await.count(".row-facts a, .legend, select[name=category]"), 0);
        assert_eq!(world.mailed().await, ["sara", "sara", "tom"]);
    }

    /// Free text over number and subject, with everything else that narrows the list; tabs count what is found, and every link keeps it.
    async fn supporters_find_tickets(world: World) {
        let (anna, ben, sara) = (world.as_("anna"), world.as_("ben"), world.as_("sara"));
        let silent = anna.opens("The printer is silent", "Technical", "Text").await;
        world.later(TimeDelta::seconds(1));
        let loud = ben.opens("Printers are LOUD in the Straße", "Technical", "Text").await;
        world.later(TimeDelta::seconds(1));
        anna.opens("Invoice", "Billing", "Printer").await;
        sara.closes(silent).await;
        assert_eq!(sara.lists("?q=printer").await, ["Printers are LOUD in the Straße"]);
        assert_eq!(sara.lists("?q=PRINT&state=all&sort=number").await, ["The printer is silent", "Printers are LOUD in the Straße"]);
        assert_eq!(sara.lists("?q=loud+strasse").await, ["Printers are LOUD in the Straße"]);
        assert_eq!(sara.lists("?q=print&state=all&customer=anna").await, ["The printer is silent"]);
        for nothing in ["?q=rinter&state=all", "?q=printer+invoice&state=all", "?q=%2399999"] {
            assert_eq!(sara.lists(nothing).await, [""; 0], "{nothing}");
        }
        for number in [format!("?q={loud}"), format!("?q=%23{loud}")] {
            assert_eq!(sara.lists(&number).await, ["Printers are LOUD in the Straße"]);
        }
        assert_eq!(sara.lists("?q=%3F%21").await.len(), 2, "what holds no word is no search");
        let page = sara.get("/tickets?q=print+%22%3E").await.is(200);
        assert_eq!(page.all(".tab .count"), ["1", "1", "2"]);
        assert_eq!(page.all("input[name=q]"), ["print \">"]);
        assert!(page.attributes(".tab", "href").iter().all(|link| link.contains("q=print%20%22%3E")));
        assert_eq!(world.mailed().await, ["sara", "tom", "tom"]);
    }

    /// a supporter has no way into the backend, an administrator no way behind the desk.
    async fn the_backend_and_the_desk_are_two_rooms(world: World) {
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        let _ = world.as_("sara").get("/backend").await.is(403);
        let ada = world.as_("ada");
        assert!(ada.does_not_find(ticket).await);
        assert_eq!(ada.lists("?state=all").await, [""; 0]);
        assert_eq!(world.mailed().await, ["sara"]);
    }
}
