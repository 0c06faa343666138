//! The labels of a ticket.

use muticket_journeys::{Answer, World, journey};

/// The labels in the head of a ticket's page.
fn marks(page: &Answer) -> Vec<String> {
    page.all(".head .label bdi")
}

journey! {
    /// T-06: supporters put labels on a ticket and take them off. Each change is one line of the history.
    async fn labels_are_put_on_and_taken_off(world: World) {
        let (anna, sara, tom) = (world.as_("anna"), world.as_("sara"), world.as_("tom"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        assert!(sara.sees(ticket).await.find_form("/labels").is_none(), "there are no labels to choose from");
        for name in ["Refund", "<b>VIP</b>", "Ärger"] {
            world.label(name).await;
        }
        let page = sara.labels(ticket, &["Refund", "<b>VIP</b>"]).await;
        assert_eq!(marks(&page), ["<b>VIP</b>", "Refund"]);
        assert_eq!(page.count("[data-done=labelled]"), 1);
        assert_eq!(page.form("/labels").choices("label"), ["<b>VIP</b>", "Ärger", "Refund"], "sorted by name");
        let form = tom.sees(ticket).await.form("/labels").without("label").choosing("label", "Ärger");
        let answer = tom.submits(&form).await.is(303);
        assert!(answer.location().ends_with(&format!("/tickets/{ticket}#labels")));
        let page = tom.follows(&answer).await;
        assert_eq!(marks(&page), ["Ärger"]);
        let told = [
            "Sara Sand added the label Refund", "Sara Sand added the label <b>VIP</b>", "Tom Tal removed the label Refund",
            "Tom Tal removed the label <b>VIP</b>", "Tom Tal added the label Ärger",
        ];
        let events = page.all(".event");
        assert!(events.len() == 5 && events.iter().zip(told).all(|(event, told)| event.contains(told)), "{events:?}");
        // The same labels once more change nothing.
        let before = world.kept().dump();
        let _ = tom.submits(&tom.sees(ticket).await.form("/labels")).await.is(303);
        assert_eq!(world.kept().dump(), before);
        assert!(anna.sees(ticket).await.count(".label") == 0 && !anna.sees(ticket).await.says("Ärger"));
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// T-06: a label that was removed meanwhile is refused with a sentence. What else was ticked stays ticked, and nothing changes.
    async fn a_label_that_is_gone_is_refused(world: World) {
        let (ada, sara) = (world.as_("ada"), world.as_("sara"));
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        let gone = world.label("Gone").await;
        world.label("Refund").await;
        let form = sara.sees(ticket).await.form("/labels").choosing("label", "Gone").choosing("label", "Refund");
        let _ = ada.submits(&ada.get(&format!("/backend/labels/{gone}/remove")).await.form("/remove")).await.is(303);
        let before = world.kept().dump();
        let page = sara.submits(&form).await.is(422);
        assert!(page.says("A label you chose was removed meanwhile."), "{}", page.words());
        assert_eq!(page.count("input[name=label][checked]"), 1, "Refund is still ticked");
        assert!(marks(&page).is_empty());
        let _ = sara.submits(&form.clone().forced("label", b"nonsense")).await.is(400);
        assert_eq!(world.kept().dump(), before);
        let _ = sara.submits(&page.form("/labels")).await.is(303);
        assert_eq!(marks(&sara.sees(ticket).await), ["Refund"]);
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// T-06: a ticket has at most 10 labels.
    async fn an_eleventh_label_is_refused(world: World) {
        let sara = world.as_("sara");
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        let names: Vec<String> = (1..=11).map(|number| format!("Label {number}.")).collect();
        for name in &names {
            world.label(name).await;
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let page = sara.labels(ticket, &names[..10]).await;
        assert_eq!(marks(&page), names[..10], "numbers are sorted by their value");
        let page = sara.submits(&page.form("/labels").choosing("label", "Label 11.")).await.is(422);
        assert!(page.says("A ticket can have up to 10 labels."), "{}", page.words());
        assert_eq!((marks(&page).len(), page.count("input[name=label][checked]")), (10, 11));
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// P-26: who changes the labels of a ticket on an older page is told what another supporter did.
    async fn the_second_is_told_what_the_first_did(world: World) {
        let (sara, tom) = (world.as_("sara"), world.as_("tom"));
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        world.label("Refund").await;
        world.label("VIP").await;
        let page = tom.sees(ticket).await;
        sara.labels(ticket, &["Refund"]).await;
        let refused = tom.submits(&page.form("/labels").choosing("label", "VIP")).await.is(409);
        assert!(refused.says("Sara Sand added the label Refund"), "{}", refused.words());
        assert_eq!(marks(&tom.sees(ticket).await), ["Refund"]);
        // Another property was not changed by anybody else.
        let _ = tom.submits(&page.form("/priority").choosing("priority", "high")).await.is(303);
        assert_eq!(marks(&tom.labels(ticket, &["VIP"]).await), ["Refund", "VIP"]);
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// T-06: lists of supporters show the labels of each ticket, and are filtered by one. A supporter's own tickets show none, and no
    /// filter tells one.
    async fn lists_show_labels_and_are_filtered_by_them(world: World) {
        world.settings(|settings| settings.supporters_open = true).await;
        world.people().change("sara", |sara| sara.level = muticket_core::AccessLevel::Add);
        let (anna, sara, tom) = (world.as_("anna"), world.as_("sara"), world.as_("tom"));
        assert_eq!(sara.get("/tickets").await.count("#filter-label"), 0, "there are no labels to choose from");
        let [vip, refund] = [world.label("VIP").await, world.label("Refund").await];
        let printer = anna.opens("Printer", "Billing", "It is silent").await;
        let own = sara.opens("Mine", "Billing", "It is silent").await;
        anna.opens("Scanner", "Billing", "It is dark").await;
        tom.labels(printer, &["VIP", "Refund"]).await;
        tom.labels(own, &["VIP"]).await;
        let page = tom.get("/tickets").await;
        assert_eq!(page.all("#filter-label option"), ["All labels", "Refund", "VIP"]);
        assert_eq!(page.count(".row .label"), 3);
        assert_eq!(tom.lists(&format!("?label={vip}&sort=number")).await, ["Printer", "Mine"]);
        assert_eq!(tom.lists(&format!("?label={refund}")).await, ["Printer"]);
        assert_eq!(tom.lists(&format!("?label={refund}&state=closed")).await, [""; 0]);
        assert_eq!(sara.lists(&format!("?label={vip}")).await, ["Printer"], "not the supporter's own ticket");
        assert_eq!(sara.get("/tickets").await.count(".row .label"), 2);
        assert_eq!(tom.lists("?label=nonsense").await, [""; 0]);
        // A row shows three labels, and names the others.
        for name in ["Calm", "Draft", "Extra"] {
            world.label(name).await;
        }
        tom.labels(printer, &["Calm", "Draft", "Extra"]).await;
        let page = tom.get("/tickets").await;
        assert_eq!((page.count(".row .label"), page.attributes(".more-labels", "title")), (4, vec!["Refund, VIP".to_owned()]));
        // Someone kept the address of a list by a label that was removed meanwhile.
        world.backend().remove_label(refund.parse().unwrap()).await.unwrap();
        let page = tom.get(&format!("/tickets?label={refund}")).await.is(200);
        assert_eq!((page.count(".row"), page.all("#filter-label option[selected]")), (0, vec!["Removed label".to_owned()]));
        assert_eq!(anna.get("/tickets").await.count(".label, #filter-label"), 0);
        assert_eq!(world.mailed().await.len(), 3);
    }
}
