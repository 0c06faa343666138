//! Doing the same with several tickets.

use muticket_journeys::{Browser, Form, Plan, World, journey};

/// The form around the list with these tickets ticked, for an action and its value.
async fn ticked(browser: &Browser, query: &str, tickets: &[u64], action: &str, value: &str) -> Form {
    let mut form = browser.get(&format!("/tickets{query}")).await.is(200).form("/tickets/actions");
    for ticket in tickets {
        form = form.choosing("number", &ticket.to_string());
    }
    form.forced("action", action.as_bytes()).forced("value", value.as_bytes())
}

journey! {
    /// T-11: several tickets are assigned, prioritized, put into a category, closed and reopened. Each has its line of history.
    async fn several_tickets_are_changed_at_once(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let mut tickets = Vec::new();
        for subject in ["One", "Two", "Three"] {
            tickets.push(anna.opens(subject, "Billing", "Text").await);
        }
        let technical = world.category("Technical").await.id.to_string();
        let vip = world.label("VIP").await;
        for (action, value, said) in [
            ("assign", "tom", "3 tickets are assigned."),
            ("priority", "high", "The priority of 3 tickets has been changed."),
            ("category", &technical, "The category of 3 tickets has been changed."),
            ("label", &vip, "3 tickets have the label."),
            ("label", &vip, "3 tickets have the label."),
            ("close", "", "3 tickets are closed."),
        ] {
            let form = ticked(&sara, "?sort=number", &tickets, action, value).await;
            let answer = sara.submits(&form).await.is(303);
            assert!(answer.location().starts_with("/support/tickets?sort=number&done="), "{}", answer.location());
            let page = sara.follows(&answer).await.is(200);
            assert!(page.says(said), "{action}: {}", page.brief());
            assert_eq!(page.find_form("/tickets/actions").is_some_and(|form| form.value("action") == "reopen"), action == "close");
        }
        assert_eq!(sara.lists("").await, [""; 0]);
        for ticket in &tickets {
            let events = sara.sees(*ticket).await.all(".event");
            assert_eq!(events.len(), 5, "{events:?}");
        }
        // The undo of the notice.
        let page = sara.submits(&ticked(&sara, "?state=closed", &tickets[..2], "reopen", "").await).await.is(303);
        let _ = sara.follows(&page).await.is(200);
        let closing = sara.submits(&ticked(&sara, "", &tickets[..2], "close", "").await).await.is(303);
        let notice = sara.follows(&closing).await.is(200);
        let undone = sara.submits(&notice.form("/tickets/actions")).await.is(303);
        assert!(sara.follows(&undone).await.says("2 tickets are open again."));
        assert_eq!(sara.lists(&format!("?assignee=tom&priority=high&label={vip}")).await.len(), 2);
        let answer = sara.submits(&ticked(&sara, "", &tickets[..1], "unlabel", &vip).await).await.is(303);
        assert!(sara.follows(&answer).await.says("The label has been removed from one ticket."));
        assert_eq!(sara.lists(&format!("?label={vip}")).await.len(), 1);
        assert_eq!(world.mailed().await, ["sara", "sara", "sara", "tom", "tom", "tom", "tom", "tom", "tom"], "assigned to Tom, and moved to his category");
    }

    /// T-11, P-26: what is not possible with one ticket does not stop the others, and is named with the reason.
    async fn what_was_not_done_is_named(world: World) {
        world.settings(|settings| settings.supporters_open = true).await;
        world.people().change("sara", |sara| sara.level = muticket_core::AccessLevel::Add);
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let own = sara.opens("My screen", "Billing", "It is dark").await;
        let (fine, newer) = (anna.opens("Fine", "Billing", "Text").await, anna.opens("Newer", "Billing", "Text").await);
        let form = ticked(&sara, "", &[own, fine, newer], "close", "").await;
        anna.replies(newer, "Wait").await;
        let page = sara.submits(&form.choosing("number", &fine.to_string())).await.is(409);
        assert!(page.says("One ticket is closed."), "{}", page.brief());
        let named = page.all(".line");
        assert!(named.len() == 2 && named[0].starts_with(&format!("#{own} This is your own ticket")), "{named:?}");
        assert!(named[1].starts_with(&format!("#{newer} There is something new")), "{named:?}");
        assert_eq!(sara.lists("?state=closed").await, ["Fine"]);
        let missing = sara.get("/tickets").await.form("/tickets/actions").forced("number", b"4711").forced("action", b"reopen");
        let page = sara.submits(&missing).await.is(409);
        assert_eq!(page.all(".line"), ["#4711 There is no such ticket."]);
        assert_eq!(page.all("h1"), ["Nothing was changed"]);
        // The chosen person is no longer a supporter: nothing is changed, and the form says why.
        let form = ticked(&sara, "", &[newer], "assign", "vera").await;
        let page = sara.submits(&form).await.is(422);
        assert!(page.says("This person is no longer a supporter.") && page.says("Nothing was changed"));
        assert_eq!(sara.get(&format!("/tickets?ticked={newer}")).await.is(200).count(".tick[checked]"), 1, "the way back keeps the ticks");
        assert_eq!(page.count(&format!("a[href='/support/tickets?ticked={newer}']")), 1);
        assert_eq!(sara.lists("?assignee=none").await, ["Newer"]);
        // The label was removed meanwhile.
        let page = sara.submits(&ticked(&sara, "", &[newer], "label", "00000000-0000-4000-8000-000000000001").await).await.is(422);
        assert!(page.says("A label you chose was removed meanwhile."), "{}", page.brief());
        world.mailed().await;
    }

    /// T-11: a ticket that is full of labels does not stop the others, whichever comes first. The page says why it was left out.
    async fn a_ticket_full_of_labels_does_not_stop_the_others(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let (full, free) = (anna.opens("Full", "Billing", "Text").await, anna.opens("Free", "Billing", "Text").await);
        let names: Vec<String> = (0..10).map(|number| format!("Label {number}")).collect();
        for name in &names {
            world.label(name).await;
        }
        sara.labels(full, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
        for (name, order) in [("First", [full, free]), ("Last", [free, full])] {
            let label = world.label(name).await;
            let mut form = sara.get("/tickets").await.form("/tickets/actions");
            for ticket in order {
                form = form.choosing("number", &ticket.to_string());
            }
            let form = form.forced("action", b"label").forced("value", label.as_bytes());
            let page = sara.submits(&form).await.is(409);
            assert!(page.says("One ticket has the label."), "{name}: {}", page.brief());
            assert_eq!(page.all(".line"), [format!("#{full} A ticket can have up to 10 labels.")]);
            assert_eq!(page.count(&format!("a[href='/support/tickets?ticked={full}']")), 1);
            assert_eq!(sara.lists(&format!("?label={label}")).await, ["Free"]);
        }
        let form = ticked(&sara, "", &[full], "label", &world.label("Other").await).await;
        assert_eq!(sara.submits(&form).await.is(409).all("h1"), ["Nothing was changed"]);
        world.mailed().await;
    }

    /// T-11: at most 100 at once, at least one, and only what can be read. Otherwise nothing is changed.
    async fn odd_selections_are_refused(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Bill", "Billing", "Text").await;
        let form = sara.get("/tickets").await.form("/tickets/actions").forced("action", b"close");
        let token = form.value("token");
        let send = async |body: String| {
            let sending = sara.sends(muticket_journeys::Method::POST, "/tickets/actions");
            sending.header("Content-Type", "application/x-www-form-urlencoded").body(format!("token={token}&{body}")).go().await
        };
        let many: String = (0..100).map(|number| format!("number={}&", 1000 + number)).collect();
        let page = send(format!("{many}number={ticket}&action=close")).await.is(422);
        assert!(page.says("At most 100 tickets at once."), "{}", page.brief());
        assert!(send("action=close".to_owned()).await.is(422).says("Tick at least one ticket."));
        for odd in ["action=close&number=", "action=close&number=x", "action=close&number=0", "action=delete", "action=", "action=priority&value=5", "action=label", "action=unlabel&value=x"] {
            let _ = send(format!("number={ticket}&{odd}")).await.is(400);
        }
        let _ = send(format!("number={ticket}&action=close&action=reopen")).await.is(400);
        assert_eq!(sara.lists("").await, ["Bill"], "nothing was changed");
        let _ = send(format!("number={ticket}&number={ticket}&action=close&list=//evil.example")).await.is(303);
        assert_eq!(sara.lists("?state=closed").await, ["Bill"]);
        // Customers have no such address.
        let form = anna.get("/tickets/new").await.form("/tickets").forced("number", ticket.to_string().as_bytes());
        let sending = anna.sends(muticket_journeys::Method::POST, "/tickets/actions");
        let body = format!("token={}&number={ticket}&action=reopen", form.value("token"));
        let _ = sending.header("Content-Type", "application/x-www-form-urlencoded").body(body).go().await.is(404);
        assert_eq!(world.mailed().await, ["sara"]);
    }
}

/// T-11: several tickets cost what they cost one by one. Ten take ten times the statements of one, and those of the form only once.
#[tokio::test]
async fn closing_several_takes_few_statements() {
    let world = World::new(Plan::sqlite()).await;
    let (anna, sara) = (world.as_("anna"), world.as_("sara"));
    let mut tickets = Vec::new();
    for number in 0..15 {
        tickets.push(anna.opens(&format!("Ticket {number}"), "Billing", "Text").await);
    }
    let statements = async |form: &Form| {
        let before = world.kept().statements();
        let _ = sara.submits(form).await.is(303);
        world.kept().statements() - before
    };
    // The first closing may open a connection.
    sara.closes(tickets[0]).await;
    let alone = statements(&sara.sees(tickets[1]).await.form("/close")).await;
    let mut several = Vec::new();
    for closed in [&tickets[2..3], &tickets[3..5], &tickets[5..]] {
        several.push(statements(&ticked(&sara, "", closed, "close", "").await).await);
    }
    let each = several[1] - several[0];
    assert!(each <= alone, "one of several: {each}, alone: {alone}");
    assert!(several[2] <= several[0] + 9 * each, "{several:?}");
    assert!(several[0] <= each + 10, "the form takes few statements: {several:?}, alone: {alone}");
    world.mailed().await;
}
