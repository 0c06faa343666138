//! Saved views of the list: own ones, shared ones, and the one that opens first.

use chrono::TimeDelta;
use muticket_core::AccessLevel;
use muticket_journeys::{Answer, Browser, Method, World, journey};

const PAGE: &str = "/views";
const MISSING: &str = "018f2f0e-4c5a-7bcd-8abc-0123456789ab";

/// Saves a list as a view, and returns the id of the view.
async fn saves(person: &Browser, query: &str, name: &str) -> String {
    let form = person.get(&format!("/tickets?{query}")).await.is(200).form(PAGE);
    let done = person.submits(&form.with("view_name", name)).await.is(303);
    done.location().split_once("?view=").expect("it leads to the view").1.to_owned()
}

/// Sends a form of the page of the views.
async fn changes(person: &Browser, id: &str, verb: &str) -> Answer {
    let form = person.get(PAGE).await.is(200).form(&format!("/views/{id}/{verb}"));
    person.submits(&form).await
}

/// Three tickets, the second of which is urgent.
async fn three_tickets(world: &World) -> Vec<u64> {
    let mut tickets = Vec::new();
    for subject in ["One", "Two", "Three"] {
        tickets.push(world.as_("anna").opens(subject, "Billing", "Text").await);
        world.later(TimeDelta::minutes(1));
    }
    world.as_("sara").prioritizes(tickets[1], "urgent").await;
    tickets
}

journey! {
    /// T-12: a supporter saves any list as a view of their own, order included, and has it beside the ready ones with its number.
    async fn a_list_is_saved_as_a_view(world: World) {
        let (sara, tom) = (world.as_("sara"), world.as_("tom"));
        three_tickets(&world).await;
        assert!(sara.get("/tickets").await.find_form(PAGE).is_none(), "the default list is no view");
        let id = saves(&sara, "priority=normal&sort=number", "Calm <b>").await;
        let page = sara.get(&format!("/tickets?view={id}")).await.is(200);
        assert_eq!(page.all(".row-subject"), ["One", "Three"]);
        assert_eq!(page.all(".tab-current"), ["Calm <b> 2"]);
        assert_eq!(page.attributes(".tab.saved-view", "href"), [format!("{}/tickets?view={id}", world.base())]);
        assert_eq!(page.count(".chips"), 0, "its filters are the view");
        assert!(page.find_form(PAGE).is_none() && page.text().contains("Calm &lt;b&gt; · Tickets"));
        assert_eq!(sara.get("/tickets?view=mine").await.all(".tab.saved-view .count"), ["2"]);
        assert_eq!(tom.get("/tickets").await.count(".saved-view"), 0, "nobody else has it");
        for odd in [&id[..], MISSING] {
            let page = tom.get(&format!("/tickets?view={odd}")).await.is(200);
            assert!(page.count(".row") == 0 && page.says("Unreadable filter"), "{odd}");
        }
        let _ = world.mailed().await;
    }

    /// T-12: filters on top of a view change only their parts. The changed list is saved as a new view, or replaces the view.
    async fn filters_change_a_view_in_place(world: World) {
        let sara = world.as_("sara");
        three_tickets(&world).await;
        let id = saves(&sara, "priority=normal&sort=number", "Calm").await;
        let changed = format!("?view={id}&priority=");
        assert_eq!(sara.lists(&changed).await, ["One", "Two", "Three"], "the order stays");
        let page = sara.get(&format!("/tickets{changed}")).await.is(200);
        assert_eq!(page.all(".tab-current"), ["Calm 2"]);
        let fixed = ["view", "state"].map(|name| page.attributes(&format!(".toolbar input[name={name}]"), "value").concat());
        assert_eq!(fixed, [id.clone(), "open".to_owned()]);
        assert_eq!(page.attributes(".toolbar [name=sort] [selected]", "value"), ["number"]);
        let copy = sara.submits(&page.form(PAGE).with("view_name", "All by number")).await.is(303);
        assert_eq!(sara.whole(Method::GET, copy.location()).go().await.all(".row-subject"), ["One", "Two", "Three"]);
        let replaced = sara.submits(&page.form(&format!("/views/{id}/filter"))).await.is(303);
        assert_eq!(replaced.location(), format!("{}/tickets?view={id}", world.base()));
        assert_eq!(sara.lists(&format!("?view={id}")).await, ["One", "Two", "Three"]);
        let page = sara.get("/tickets?view=waiting&q=one").await;
        let twice = sara.submits(&page.form(PAGE).with("view_name", "CALM")).await.is(422);
        assert_eq!((twice.form(PAGE).value("view_name"), twice.count(".field-error")), ("CALM".to_owned(), 1));
        let _ = sara.submits(&twice.form(PAGE).with("view_name", "Ones")).await.is(303);
        let tabs = sara.get("/tickets").await;
        assert_eq!(tabs.all(".tab.saved-view"), ["All by number 3", "Calm 3", "Ones"], "a search is not counted");
        let _ = world.mailed().await;
    }

    /// T-12: views are renamed and deleted on a page of their own, after a question.
    async fn views_are_managed(world: World) {
        let (sara, tom, anna) = (world.as_("sara"), world.as_("tom"), world.as_("anna"));
        assert_eq!(sara.get(PAGE).await.is(200).count(".empty"), 1);
        let _ = anna.get(PAGE).await.is(404);
        let id = saves(&sara, "priority=high", "High").await;
        let rename = sara.get(PAGE).await.form(&format!("/views/{id}"));
        let empty = sara.submits(&rename.clone().with("view_name", " ")).await.is(422);
        assert_eq!((empty.count(".field-error"), empty.all(".line h3")), (1, vec!["High".to_owned()]));
        let stolen = rename.clone().with("view_name", "Mine").forced("token", tom.token().await.as_bytes());
        let _ = tom.submits(&stolen).await.is(404);
        let _ = sara.submits(&rename.with("view_name", "Higher")).await.is(303);
        let question = sara.get(&format!("/views/{id}/remove")).await.is(200);
        assert!(question.says("Higher") && sara.get(PAGE).await.all(".line h3") == ["Higher"], "a question deletes nothing");
        let _ = tom.get(&format!("/views/{id}/remove")).await.is(404);
        let _ = sara.submits(&question.form("/remove")).await.is(303);
        assert_eq!(sara.get(PAGE).await.count(".line"), 0);
        let _ = sara.get(&format!("/views/{id}/remove")).await.is(404);
    }

    /// T-12: an administrator among the supporters shares a view. The others open it, and cannot change it.
    async fn an_administrator_shares_views(world: World) {
        let (sara, tom) = (world.as_("sara"), world.as_("tom"));
        three_tickets(&world).await;
        let own = saves(&tom, "priority=low", "Low").await;
        assert!(tom.get(PAGE).await.find_form(&format!("/views/{own}/share")).is_none());
        world.people().set_level("sara", AccessLevel::Admin);
        let id = saves(&sara, "priority=urgent", "Urgent").await;
        let _ = changes(&sara, &id, "share").await.is(303);
        assert_eq!(tom.get("/tickets").await.all(".tab.saved-view"), ["Low 0", "Urgent 1"]);
        assert_eq!(tom.lists(&format!("?view={id}")).await, ["Two"]);
        let page = tom.get(PAGE).await.is(200);
        assert!(page.find_form(&format!("/views/{id}")).is_none() && page.says("For all supporters"));
        assert!(tom.get(&format!("/tickets?view={id}&priority=")).await.find_form("/filter").is_none());
        let _ = tom.get(&format!("/views/{id}/remove")).await.is(403);
        let _ = changes(&sara, &id, "unshare").await.is(303);
        assert_eq!(tom.get("/tickets").await.all(".tab.saved-view"), ["Low 0"]);
        let _ = world.mailed().await;
    }

    /// T-12: a supporter chooses which view opens first. The other lists keep their addresses, and a deleted view opens no more.
    async fn the_chosen_view_opens_first(world: World) {
        let sara = world.as_("sara");
        three_tickets(&world).await;
        let id = saves(&sara, "priority=urgent", "Urgent").await;
        let choose = async |choice: &str| {
            let form = sara.get(PAGE).await.is(200).form("/views/first");
            let _ = sara.submits(&form.choosing("view", choice)).await.is(303);
        };
        choose("Urgent").await;
        assert_eq!(sara.follows(&sara.get("/").await.is(303)).await.all(".row-subject"), ["Two"]);
        let page = sara.get("/tickets").await.is(200);
        assert_eq!((page.all(".row-subject"), page.all(".tab-current")), (vec!["Two".to_owned()], vec!["Urgent 1".to_owned()]));
        let open = page.attributes(".tab:not(.view):not(.saved-view)", "href")[0].clone();
        let plain = sara.whole(Method::GET, &open).go().await.is(200);
        assert_eq!((plain.count(".row"), plain.all(".tab-current")), (3, vec!["Open 3".to_owned()]));
        assert!(plain.attributes(".row-subject", "href").iter().all(|link| link.contains("list=state%3Dopen")));
        choose("Mine").await;
        assert_eq!(sara.get("/tickets").await.all(".tab-current"), ["Mine 0"]);
        choose("Urgent").await;
        let _ = sara.submits(&sara.get(&format!("/views/{id}/remove")).await.form("/remove")).await.is(303);
        assert_eq!(sara.get("/tickets").await.all(".tab-current"), ["Open 3"]);
        assert!(sara.get("/").await.is(303).location().ends_with("?view=waiting"));
        let _ = world.mailed().await;
    }

    /// T-12: the way to the next ticket goes through the saved view, and the way back leads to it.
    async fn one_walks_through_a_saved_view(world: World) {
        let sara = world.as_("sara");
        let tickets = three_tickets(&world).await;
        sara.prioritizes(tickets[2], "urgent").await;
        let id = saves(&sara, "priority=urgent&sort=todo", "Urgent").await;
        let mut page = sara.get(&format!("/tickets?view={id}")).await.is(200);
        let mut subjects = Vec::new();
        loop {
            let next = sara.whole(Method::GET, &page.attributes("a.next-waiting", "href")[0]).go().await.is(303);
            page = sara.follows(&next).await.is(200);
            if page.count(".rows") > 0 {
                break;
            }
            subjects.extend(page.all("h1 bdi"));
            assert_eq!(page.attributes(".trail a", "href")[0], format!("{}/tickets?view={id}", world.base()));
        }
        assert_eq!((subjects, page.all(".tab-current")), (vec!["Two".to_owned(), "Three".to_owned()], vec!["Urgent 2".to_owned()]));
        let _ = world.mailed().await;
    }

    /// T-12: a view whose label is gone still opens. It is empty and says why. More than five views are folded.
    async fn a_view_outlives_its_label(world: World) {
        let sara = world.as_("sara");
        let tickets = three_tickets(&world).await;
        let label = world.label("VIP").await;
        sara.labels(tickets[0], &["VIP"]).await;
        let id = saves(&sara, &format!("label={label}"), "VIP").await;
        assert_eq!(sara.lists(&format!("?view={id}")).await, ["One"]);
        world.backend().remove_label(label.parse().unwrap()).await.unwrap();
        let page = sara.get(&format!("/tickets?view={id}")).await.is(200);
        assert_eq!((page.count(".row"), page.all("#filter-label option[selected]")), (0, vec!["Removed label".to_owned()]));
        for number in 1..=5 {
            saves(&sara, &format!("q={number}"), &format!("View {number}")).await;
        }
        let page = sara.get(&format!("/tickets?view={id}")).await.is(200);
        assert_eq!((page.count(".views-more .saved-view"), page.all(".tab-current")), (3, vec!["VIP 0".to_owned()]));
        let _ = world.mailed().await;
    }

    /// T-12: a view keeps that its rows show the last message. It is switched off on top of the view, also without script.
    async fn a_view_keeps_the_last_messages(world: World) {
        let sara = world.as_("sara");
        three_tickets(&world).await;
        let id = saves(&sara, "priority=normal&text=1", "Calm").await;
        let page = sara.get(&format!("/tickets?view={id}")).await.is(200);
        assert_eq!((page.all(".row-text"), page.count(".toolbar [name=text][checked]")), (vec!["Text".to_owned(); 2], 1));
        assert_eq!(page.attributes(".toolbar [name=text]", "value"), ["1", ""], "the box, and what an empty one means");
        let page = sara.get(&format!("/tickets?view={id}&text=")).await.is(200);
        assert_eq!((page.all(".row-subject").len(), page.count(".row-text"), page.count(".chips")), (2, 0, 0));
        let _ = sara.submits(&page.form(&format!("/views/{id}/filter"))).await.is(303);
        assert_eq!(sara.get(&format!("/tickets?view={id}")).await.count(".row-text"), 0);
        let page = sara.get(&format!("/tickets?view={id}&text=1&text=")).await.is(200);
        assert_eq!(page.count(".row-text"), 2, "the first value counts");
        let _ = world.mailed().await;
    }

    /// T-12, T-01: views do not exist for customers.
    async fn customers_have_no_saved_views(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        three_tickets(&world).await;
        let id = saves(&sara, "priority=urgent", "Urgent").await;
        let _ = anna.get("/tickets").await;
        let plain = anna.get("/tickets").await.is(200);
        let page = anna.get(&format!("/tickets?view={id}")).await.is(200);
        assert_eq!((page.all(".row"), page.attributes("a", "href")), (plain.all(".row"), plain.attributes("a", "href")));
        assert_eq!(plain.count(".saved-view, .view-save"), 0);
        let _ = world.mailed().await;
    }
}
