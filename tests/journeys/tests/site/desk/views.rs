//! Views, filters, orders and pages of the supporters' list.

use chrono::TimeDelta;
use muticket_core::overview::{AssigneeFilter, DeskFilter, Filter};
use muticket_core::saved_view::FirstView;
use muticket_core::storage::StateFilter;
use muticket_core::{LabelId, Visitor};
use muticket_journeys::{Method, Plan, World, journey};

journey! {
    /// T-03, T-05: the list is filtered by assignee and by priority. Its rows show both, and who answered last.
    async fn the_list_knows_assignees_and_priorities(world: World) {
        let (anna, sara, tom) = (world.as_("anna"), world.as_("sara"), world.as_("tom"));
        let mut tickets = Vec::new();
        for subject in ["One", "Two", "Three"] {
            tickets.push(anna.opens(subject, "Billing", "Text").await);
            world.later(TimeDelta::seconds(1));
        }
        sara.assigns(tickets[0], "Sara Sand").await;
        sara.assigns(tickets[1], "Tom Tal").await;
        sara.prioritizes(tickets[1], "urgent").await;
        tom.answers(tickets[1], "Answer").await;
        for (query, subjects) in [
            ("?assignee=me", &["One"][..]),
            ("?assignee=tom", &["Two"]),
            ("?assignee=none", &["Three"]),
            ("?assignee=sara&priority=normal", &["One"]),
            ("?priority=urgent", &["Two"]),
            ("?priority=low", &[]),
            ("?assignee=nobody-is-called-so", &[]),
            ("?assignee=none&customer=anna&sort=number", &["Three"]),
        ] {
            assert_eq!(sara.lists(query).await, subjects, "{query}");
        }
        assert_eq!(tom.lists("?assignee=me").await, ["Two"]);
        let page = sara.get("/tickets?sort=number&state=all").await.is(200);
        assert_eq!(page.all(".row-assignee"), ["Assignee: Sara Sand", "Assignee: Tom Tal"]);
        assert_eq!(page.all(".priority"), ["Priority: urgent"], "the normal priority is not shown");
        assert_eq!(page.count(".row-last"), 0, "the assignee wrote last");
        let page = sara.get("/tickets?assignee=tom&priority=urgent").await.is(200);
        assert_eq!(page.all("#filter-assignee option[selected]"), ["Tom Tal"]);
        assert_eq!(page.all("#filter-priority option[selected]"), ["urgent"]);
        anna.replies(tickets[1], "Reply").await;
        assert_eq!(sara.get("/tickets").await.count(".row-last"), 0, "the customer wrote last");
        for odd in ["assignee=%00", "priority=4", "priority=URGENT", "view=yours"] {
            let page = sara.get(&format!("/tickets?{odd}")).await.is(200);
            assert!(page.count(".row") == 0 && page.says("Unreadable filter"), "{odd}");
        }
        assert_eq!(world.mailed().await, ["anna", "sara", "sara", "sara", "tom", "tom"]);
        sara.assigns(tickets[1], "Sara Sand").await;
        tom.answers(tickets[1], "Answer again").await;
        assert_eq!(sara.get("/tickets?state=all").await.all(".row-last"), ["Answered last: Tom Tal"]);
        let _ = world.mailed().await;
    }

    /// D-05, T-01: no view, filter or order of the desk holds a supporter's own ticket, because it would tell them what the desk knows.
    async fn own_tickets_are_in_no_list_of_the_desk(world: World) {
        world.settings(|settings| settings.supporters_open = true).await;
        world.people().set_level("tom", muticket_core::AccessLevel::Add);
        let (sara, tom) = (world.as_("sara"), world.as_("tom"));
        let own = tom.opens("Own", "Billing", "Text").await;
        sara.assigns(own, "Sara Sand").await;
        sara.prioritizes(own, "urgent").await;
        for query in ["view=waiting", "view=mine", "view=nobody", "view=categories", "assignee=sara", "priority=urgent", "sort=todo"] {
            assert_eq!(tom.lists(&format!("?{query}")).await, [""; 0], "{query}");
        }
        assert_eq!((tom.lists("").await, sara.lists("?view=waiting").await), (vec!["Own".to_owned()], vec!["Own".to_owned()]));
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// T-12: each view holds its tickets and says how many there are, and the other filters narrow it.
    async fn a_view_is_a_name_for_a_list(world: World) {
        let (anna, ben, sara) = (world.as_("anna"), world.as_("ben"), world.as_("sara"));
        let bill = anna.opens("Bill", "Billing", "Text").await;
        world.later(TimeDelta::minutes(1));
        let cable = ben.opens("Cable", "Technical", "Text").await;
        world.later(TimeDelta::minutes(1));
        let answered = anna.opens("Answered", "Technical", "Text").await;
        sara.answers(answered, "Answer").await;
        let closed = ben.opens("Closed", "Billing", "Text").await;
        sara.closes(closed).await;
        sara.prioritizes(cable, "high").await;
        for (query, subjects) in [
            ("?view=waiting", &["Cable", "Bill"][..]),
            ("?view=waiting&sort=activity", &["Bill", "Cable"]),
            ("?view=mine", &["Answered"]),
            ("?view=nobody", &["Cable", "Bill"]),
            ("?view=categories", &["Bill"]),
            ("?view=categories&state=all&sort=number", &["Bill", "Closed"]),
            ("?view=waiting&customer=anna", &["Bill"]),
            ("?view=waiting&waiting=customer", &[]),
            ("?view=mine&assignee=none", &[]),
            ("?view=nobody&priority=high", &["Cable"]),
            ("", &["Answered", "Cable", "Bill"]),
            ("?sort=todo", &["Cable", "Bill", "Answered"]),
        ] {
            assert_eq!(sara.lists(query).await, subjects, "{query}");
        }
        let page = sara.get("/tickets?view=nobody").await.is(200);
        assert_eq!(page.all(".tab.view .count"), ["2", "1", "2", "1"]);
        assert_eq!(page.all(".tab:not(.view) .count"), ["3", "1", "4"]);
        assert_eq!(page.all(".tab-current"), ["Unassigned 2"]);
        assert_eq!(page.attributes(".toolbar input[type=hidden]", "value"), ["nobody"], "sent again with a filter");
        let narrowed = sara.get("/tickets?view=nobody&customer=ben").await.is(200);
        assert_eq!(narrowed.all(".tab.view .count"), ["1", "0", "1", "0"]);
        for (tab, count) in narrowed.attributes(".tab", "href").iter().zip(narrowed.all(".tab .count")) {
            let rows = sara.whole(Method::GET, tab).go().await.is(200).count(".row");
            assert_eq!(rows.to_string(), count, "{tab}");
        }
        assert_eq!(world.as_("uwe").get("/tickets").await.all(".tab.view .count").len(), 4, "Uwe has Billing");
        assert_eq!(sara.get("/tickets?view=mine&customer=ben").await.count(".empty"), 1);
        let _ = bill;
        assert_eq!(world.mailed().await, ["anna", "sara", "sara", "tom", "tom"]);
    }

    /// T-03: an assignee who left the group counts as nobody, in lists and counts too, as soon as the host says so.
    async fn the_tickets_of_former_supporters_are_nobodys(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        for (subject, assignee) in [("One", "Tom Tal"), ("Two", "Uwe Ulm"), ("Three", "Sara Sand")] {
            let ticket = anna.opens(subject, "Billing", "Text").await;
            sara.assigns(ticket, assignee).await;
            world.later(TimeDelta::seconds(1));
        }
        assert_eq!(sara.lists("?view=nobody").await, [""; 0]);
        world.people().change("tom", |tom| tom.groups.clear());
        for _ in 0..2 {
            let page = sara.get("/tickets?view=nobody").await.is(200);
            assert_eq!(page.all(".row-subject"), ["One"]);
            assert_eq!(page.all(".tab.view .count")[2], "1");
            assert_eq!(page.count(".row-assignee"), 0);
        }
        assert_eq!(sara.lists("?assignee=tom").await, ["One"], "the filter still finds them");
        world.people().change("tom", |tom| tom.groups = vec![muticket_core::GroupId::new("support")]);
        assert_eq!(sara.lists("?view=nobody").await, [""; 0]);
        assert_eq!(world.mailed().await.len(), 5);
    }

    /// T-01: what only supporters select does not exist for customers.
    async fn customers_have_no_views(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Bill", "Billing", "Text").await;
        sara.prioritizes(ticket, "urgent").await;
        let _ = anna.get("/tickets").await;
        let plain = anna.get("/tickets").await.is(200);
        for query in ["view=mine", "view=yours", "assignee=none", "priority=low", "priority=4", "sort=todo", "before=1-1", "at=7", "done=1"] {
            let page = anna.get(&format!("/tickets?{query}")).await.is(200);
            assert_eq!((page.all("a"), page.all(".row")), (plain.all("a"), plain.all(".row")), "{query}");
            assert_eq!(page.attributes("a", "href"), plain.attributes("a", "href"), "{query}");
        }
        assert_eq!(plain.count(".view, .filters, .tick, .priority, .row-assignee, .row-last, form[method=post]"), 0);
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// D-11: supporters have 50 tickets on a page, the way back to the page before, and the range of the page.
    async fn pages_go_forward_and_back(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        for number in 1..=112 {
            anna.opens(&format!("Ticket {number}"), "Billing", "Text").await;
            world.later(TimeDelta::seconds(1));
        }
        let range = |page: &muticket_journeys::Answer| page.all(".pager .hint").join("");
        for order in ["number", "-activity", "todo"] {
            let first = sara.get(&format!("/tickets?sort={order}")).await.is(200);
            assert_eq!((first.count(".row"), range(&first).as_str(), first.count("a[rel=prev]")), (50, "1–50 of 112", 0), "{order}");
            let follow = async |page: &muticket_journeys::Answer, way: &str| {
                let link = page.attributes(&format!("a[rel={way}]"), "href")[0].clone();
                sara.whole(Method::GET, &link).go().await.is(200)
            };
            let second = follow(&first, "next").await;
            let third = follow(&second, "next").await;
            assert_eq!((third.count(".row"), range(&third).as_str(), third.count("a[rel=next]")), (12, "101–112 of 112", 0));
            let back = follow(&third, "prev").await;
            assert_eq!((back.all(".row-subject"), range(&back)), (second.all(".row-subject"), "51–100 of 112".to_owned()), "{order}");
            let begin = follow(&back, "prev").await;
            assert_eq!((begin.all(".row-subject"), range(&begin)), (first.all(".row-subject"), "1–50 of 112".to_owned()), "{order}");
            assert_eq!(follow(&back, "next").await.all(".row-subject"), third.all(".row-subject"), "{order}");
        }
        for odd in ["before=x", "before=high-1-1", "after=low-1-1&at=7", "at=0", "at=-1", "before=1-01"] {
            let page = sara.get(&format!("/tickets?{odd}")).await.is(200);
            assert_eq!((page.count(".row"), range(&page).as_str()), (50, "1–50 of 112"), "{odd}");
        }
        let page = sara.get("/tickets?after=9999999999999999-1&at=4294967295").await.is(200);
        assert_eq!(range(&page), "", "a place that is not possible is not shown");
        let _ = world.mailed().await;
    }

    /// T-12: the way to the next ticket goes through the view from which the ticket was opened.
    async fn the_next_ticket_is_one_of_the_view(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let mut tickets = Vec::new();
        for subject in ["One", "Two", "Three", "Four"] {
            tickets.push(anna.opens(subject, "Billing", "Text").await);
            world.later(TimeDelta::minutes(1));
        }
        sara.prioritizes(tickets[2], "urgent").await;
        sara.assigns(tickets[1], "Sara Sand").await;
        sara.assigns(tickets[3], "Sara Sand").await;
        let walk = async |query: &str| {
            let mut page = sara.get(&format!("/tickets{query}")).await.is(200);
            let mut subjects = Vec::new();
            loop {
                let next = sara.whole(Method::GET, &page.attributes("a.next-waiting", "href")[0]).go().await.is(303);
                page = sara.follows(&next).await.is(200);
                if page.count(".row-subject") > 0 {
                    return subjects;
                }
                subjects.extend(page.all("h1 bdi"));
            }
        };
        assert_eq!(walk("").await, ["One", "Two", "Three", "Four"]);
        assert_eq!(walk("?view=waiting").await, ["Three", "One", "Two", "Four"], "what is to be done first");
        assert_eq!(walk("?view=mine").await, ["Two", "Four"]);
        assert_eq!(walk("?view=nobody").await, ["One", "Three"]);
        assert_eq!(walk("?priority=urgent").await, ["Three"]);
        sara.answers(tickets[1], "Answer").await;
        assert_eq!(walk("?view=mine").await, ["Four"]);
        world.mailed().await;
    }
}

/// However the list is filtered and whatever it shows, it takes the same number of statements: one for changes of the settings, the
/// assignees, the saved views, the view that opens first, the list, all counts, the marks, and those of the transaction. A list of all
/// states takes one more, and so do one that is sorted by number and filtered, and one that shows the last messages. Saved views take none,
/// however many there are. If any of them has a label, one statement looks at all their labels.
#[tokio::test]
async fn a_list_takes_few_statements() {
    let world = World::new(Plan::sqlite()).await;
    let (anna, sara) = (world.as_("anna"), world.as_("sara"));
    let statements = async |query: &str| {
        // The first request may open a connection.
        let _ = sara.get(&format!("/tickets{query}")).await.is(200);
        let before = world.kept().statements();
        let _ = sara.get(&format!("/tickets{query}")).await.is(200);
        world.kept().statements() - before
    };
    for number in [0, 20, 40] {
        for (query, expected) in [
            ("", 9),
            ("?view=waiting", 9),
            ("?view=nobody&priority=high", 9),
            ("?assignee=me&category=nothing&customer=anna&sort=todo", 9),
            ("?state=all", 10),
            ("?view=mine&sort=number", 10),
            ("?text=1", 10),
            ("?view=nobody&priority=high&text=1", 10),
            ("?text=", 9),
        ] {
            assert_eq!(statements(query).await, expected, "{query} with {number} tickets");
        }
        for other in 0..20 {
            anna.opens(&format!("Ticket {number} {other}"), "Billing", "Text").await;
        }
    }
    let desk = world.helpdesk().desk(&Visitor::User(world.people().find("sara").unwrap())).await.unwrap();
    let saves = async |number: usize, label: Option<LabelId>| {
        let filter = DeskFilter { label, assignee: Some(AssigneeFilter::Nobody), ..DeskFilter::default() };
        let list = Filter { state: StateFilter::All, desk: filter, ..Filter::default() };
        desk.save_view(&format!("View {number}"), &list).await.unwrap().id
    };
    for number in 0..10 {
        saves(number, None).await;
    }
    assert_eq!(statements("").await, 9, "with ten views");
    let mut last = None;
    for number in 10..20 {
        last = Some(saves(number, Some(world.label(&format!("Label {number}")).await.parse().unwrap())).await);
    }
    // The labels of the tickets on the page are one more statement, as soon as the site has labels.
    assert_eq!(statements("").await, 11, "with ten views that have labels, too");
    desk.open_first(last.map(FirstView::Saved)).await.unwrap();
    // The list itself has a label and all states.
    assert_eq!(statements("").await, 13, "with a view that opens first");
    let before = world.kept().statements();
    let _ = anna.get("/tickets?text=1").await.is(200);
    assert_eq!(world.kept().statements() - before, 6, "customers have no assignees and no last messages");
    world.mailed().await;
}
