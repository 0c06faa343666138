//! The overview of supporters.

use chrono::TimeDelta;
use muticket_journeys::{World, journey};

journey! {
    /// an icon with a legend shows which tickets are new, which wait for a supporter, and which for the customer. R-40: all tickets
    /// are listed.
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

    /// D-11: supporters filter by state, category and customer. Customers see only their own tickets, whatever filter they send.
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
        let page = sara.whole(muticket_journeys::Method::GET, &of_anna[1]).go().await.is(200);
        assert_eq!(page.all(".row-subject").len(), 2);
        assert_eq!(ben.get("/tickets").await.count(".row-facts a, .legend, select[name=category]"), 0);
        assert_eq!(world.mailed().await, ["sara", "sara", "tom"]);
    }

    /// T-12: on request each row shows the beginning of the newest message on one line. A supporter's own ticket shows none. Tabs and the
    /// way back keep the choice. Customers do not have it.
    async fn rows_show_the_last_message_on_request(world: World) {
        world.settings(|settings| settings.supporters_open = true).await;
        world.people().change("sara", |sara| sara.level = muticket_core::AccessLevel::Add);
        let (anna, ben, sara) = (world.as_("anna"), world.as_("ben"), world.as_("sara"));
        let answered = anna.opens("Answered", "Billing", "Question").await;
        sara.answers(answered, "First <b>line</b>\n\n\tand   second\u{2028}line").await;
        world.later(TimeDelta::seconds(1));
        ben.opens("Long", "Billing", &"word ".repeat(100)).await;
        world.later(TimeDelta::seconds(1));
        let own = sara.opens("Own", "Billing", "Mine").await;
        assert_eq!(sara.get("/tickets").await.count(".row-text, .toolbar [name=text][checked]"), 0, "nobody asked");
        let page = sara.get("/tickets?text=1").await.is(200);
        assert_eq!(page.all(".row-subject"), ["Own", "Long", "Answered"]);
        let long = "word ".repeat(40).trim_end().to_owned();
        assert_eq!(page.texts(".row-text"), [long, "First <b>line</b> and second line".to_owned()]);
        assert_eq!(page.count(&format!(".row:has([value='{own}']) .row-text")), 0, "nothing is shown of one's own ticket");
        assert_eq!(page.count(".toolbar [name=text][checked]"), 1);
        assert_eq!(page.count(".chips"), 0, "it selects nothing");
        let tabs = page.attributes(".tab", "href");
        assert!(tabs.iter().all(|link| link.contains("text=1")), "{tabs:?}");
        let rows = page.attributes(".row-subject", "href");
        assert!(rows.iter().all(|link| link.contains("text%3D1")), "{rows:?}");
        // The first page still says that the ticket was sent.
        let _ = anna.get("/tickets").await;
        let hidden = anna.get("/tickets").await.is(200);
        let asked = anna.get("/tickets?text=1").await.is(200);
        assert_eq!((asked.text(), asked.count(".row-text, [name=text]")), (hidden.text(), 0), "customers cannot ask for it");
        let _ = world.mailed().await;
    }

    /// P-13: a filter that cannot be parsed finds nothing, on every tab and page, instead of everything. The page links to the list
    /// without it.
    async fn a_filter_that_cannot_be_read_finds_nothing(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        anna.opens("Anna's invoice", "Billing", "Text").await;
        for query in ["customer=%00", "customer=a%00b", "category=%00", "category=a%00", "waiting=everybody", "waiting=NEW", "waiting=%00", "customer=%00&category=&q=invoice"] {
            for state in ["", "&state=all", "&sort=number", "&after=9999999999999-1"] {
                let page = sara.get(&format!("/tickets?{query}{state}")).await.is(200);
                assert_eq!((page.count(".row"), page.all(".tab:not(.view) .count")), (0, vec!["0".to_owned(); 3]), "{query}{state}");
                for tab in page.attributes(".tab", "href") {
                    assert_eq!(sara.whole(muticket_journeys::Method::GET, &tab).go().await.count(".row"), 0, "{tab}");
                }
                assert!(page.attributes(".chips a", "href").contains(&"/support/tickets".to_owned()));
                assert!(page.says("Unreadable filter"), "{query}{state}");
                let without = page.attributes(".chip", "href")[0].clone();
                assert!(!without.contains("%00") && !without.contains("odd"), "{without}");
            }
        }
        for everything in ["", "?customer=&category=&waiting=", "?state=everything", "?sort=sideways", "?after=garbage"] {
            assert_eq!(sara.lists(everything).await, ["Anna's invoice"], "{everything}");
        }
        // Customers see their own tickets only, and with such a filter none.
        assert_eq!((anna.lists("?waiting=everybody").await, anna.lists("?category=%00").await), (vec![], vec![]));
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// Text search in number and subject, with all other filters. The tabs count what is found, and every link keeps the search.
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
        assert_eq!(sara.lists(&format!("?q={loud}")).await, ["Printers are LOUD in the Straße"]);
        let page = sara.get("/tickets?q=print+%22%3E").await.is(200);
        assert_eq!(page.all(".tab:not(.view) .count"), ["1", "1", "2"]);
        assert_eq!(page.all("input[name=q]"), ["print \">"]);
        assert!(page.attributes(".tab", "href").iter().all(|link| link.contains("q=print%20%22%3E")));
        assert_eq!(world.mailed().await, ["sara", "tom", "tom"]);
    }

    /// A ticket number alone opens its ticket. With other words the ticket comes first, on any tab.
    async fn a_number_leads_to_its_ticket(world: World) {
        let (anna, ben, sara) = (world.as_("anna"), world.as_("ben"), world.as_("sara"));
        let first = anna.opens("The first", "Billing", "Text").await;
        sara.closes(first).await;
        for number in 0..3 {
            world.later(TimeDelta::seconds(1));
            ben.opens(&format!("Order {first}{number}"), "Billing", "Text").await;
        }
        let alone = ["%23", "%5B%23", "%EF%BC%83", "Ticket+", "Re%3A+%5B%23", "Nr.+"].map(|before| format!("{before}{first}"));
        for typed in alone.into_iter().chain([format!("https%3A%2F%2Fsite.example%2Fsupport%2Ftickets%2F{first}")]) {
            let answer = sara.get(&format!("/tickets?q={typed}&category=nothing")).await.is(303);
            assert_eq!(answer.location(), format!("/support/tickets/{first}"), "{typed}");
            assert_eq!(anna.get(&format!("/tickets?q={typed}")).await.is(303).location(), answer.location(), "its customer, too");
            let page = ben.get(&format!("/tickets?q={typed}&state=all")).await.is(200);
            assert!(!page.all(".row-subject").contains(&"The first".to_owned()), "nobody else: {typed}");
        }
        for typed in [format!("{first}"), format!("Order+%23{first}"), format!("%5B%23{first}%5D+Something+else")] {
            for query in ["", "&state=all", "&sort=number", "&state=closed"] {
                assert_eq!(sara.lists(&format!("?q={typed}{query}")).await[0], "The first", "{typed}{query}");
            }
            assert!(!sara.lists(&format!("?q={typed}&customer=ben")).await.contains(&"The first".to_owned()));
        }
        assert_eq!(sara.lists("?q=%2399999").await, [""; 0]);
        assert_eq!(world.mailed().await, ["sara"; 4]);
    }

    /// A search that is not possible says why, and finds nothing instead of everything. It can be removed.
    async fn an_empty_search_says_why(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        anna.opens("A C++ question about Müller & Co. 😀", "Billing", "Text").await;
        for typed in ["%3F%21", "*", "-", "%2E%2E"] {
            let page = sara.get(&format!("/tickets?q={typed}")).await.is(200);
            assert!(page.count(".row") == 0 && page.says("cannot be searched for"), "{typed}: {}", page.words());
        }
        for typed in ["C%2B%2B", "c%2b%2b", "M%FCller", "mueller", "Mu%CC%88ller", "%26", "%26%23128512%3B", "%F0%9F%98%80"] {
            let found = sara.lists(&format!("?q={typed}")).await.len();
            assert_eq!(found, 1, "{typed}");
        }
        let page = sara.get("/tickets?q=question*+~").await.is(200);
        assert!(page.count(".row") == 1 && page.says("Not searched for: * ~"), "{}", page.words());
        let page = sara.get("/tickets?q=E07&sort=number&waiting=new").await.is(200);
        assert!(page.says("Nothing found for “E07”") && page.says("subjects and numbers of the open tickets"), "{}", page.words());
        let links = page.attributes(".empty a", "href");
        assert_eq!(links, ["/support/tickets?state=all&q=E07&sort=number", "/support/tickets?waiting=new&sort=number"]);
        assert_eq!(sara.lists("?q=&state=all").await.len(), 1, "an empty field is no search");
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// Every active filter is shown: a category that was removed or never existed, for customers too, and filters that they cannot choose.
    async fn a_filter_that_works_is_shown(world: World) {
        let (anna, sara, ada) = (world.as_("anna"), world.as_("sara"), world.as_("ada"));
        anna.opens("Bill", "Billing", "Text").await;
        let billing = world.category("Billing").await.id;
        let removal = ada.get("/backend/categories").await.form(&format!("/categories/{billing}/remove"));
        let _ = ada.submits(&removal).await.is(303);
        let page = sara.get(&format!("/tickets?category={billing}")).await.is(200);
        assert_eq!(page.all(".row-subject"), ["Bill"]);
        assert_eq!(page.all("#filter-category option[selected]"), ["Billing (removed)"]);
        assert_eq!(page.attributes("#filter-category option[selected]", "value"), [billing.to_string()]);
        let page = sara.get("/tickets?category=nothing").await.is(200);
        assert_eq!((page.count(".row"), page.all("#filter-category option[selected]")), (0, vec!["Unknown category".to_owned()]));
        let page = sara.get("/tickets?state=closed&waiting=new&customer=nobody").await.is(200);
        assert!(page.attributes(".tab:not(.view)", "href").iter().all(|link| !link.contains("waiting")), "nobody waits on a closed ticket");
        let page = anna.get(&format!("/tickets?category={billing}&waiting=new&customer=ben")).await.is(200);
        assert_eq!((page.all(".row-subject"), page.count(".chip")), (vec!["Bill".to_owned()], 2));
        assert!(page.says("Category: Billing") && page.attributes(".tab", "href").iter().all(|link| !link.contains("customer")));
        assert_eq!(page.attributes(".toolbar input[type=hidden]", "name"), ["category", "waiting"], "sent again with a search");
        assert_eq!(anna.get("/tickets?sort=number").await.all("#sort option[selected]").len(), 1);
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// a supporter cannot enter the backend, and an administrator cannot enter the desk.
    async fn the_backend_and_the_desk_are_two_rooms(world: World) {
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        let _ = world.as_("sara").get("/backend").await.is(403);
        let ada = world.as_("ada");
        assert!(ada.does_not_find(ticket).await);
        assert_eq!(ada.lists("?state=all").await, [""; 0]);
        assert_eq!(world.mailed().await, ["sara"]);
    }
}
