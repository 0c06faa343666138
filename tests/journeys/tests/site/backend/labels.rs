//! The labels of the site.

use futures_util::future::join_all;
use muticket_core::Language;
use muticket_journeys::{World, journey};

const PAGE: &str = "/backend/labels";

journey! {
    /// T-06: labels are added, renamed and coloured. Tickets show the new name; their histories keep the old one.
    async fn labels_are_edited(world: World) {
        let (ada, sara) = (world.as_("ada"), world.as_("sara"));
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        let page = ada.get(PAGE).await.is(200);
        assert_eq!((page.count(".empty"), page.form(PAGE).choices("colour").len()), (1, 8));
        let form = page.form(PAGE).with("name", " Räder & <b>more</b> ").choosing("colour", "Blue");
        let page = ada.follows(&ada.submits(&form).await.is(303)).await;
        assert_eq!((page.all(".line h3"), page.count("[data-done], [role=status]")), (vec!["Räder & <b>more</b>".to_owned()], 1));
        assert!(page.says("On no ticket"));
        assert_eq!(sara.labels(ticket, &["more"]).await.attributes(".head .label", "class"), ["badge label label-blue"]);

        let page = ada.get(PAGE).await;
        assert!(page.says("On one ticket"));
        let address = page.attributes(".line form", "action")[0].clone();
        let form = page.form(&address).with("name", "Wheels").choosing("colour", "Red");
        let _ = ada.submits(&form).await.is(303);
        let page = sara.sees(ticket).await;
        assert_eq!(page.attributes(".head .label", "class"), ["badge label label-red"]);
        assert_eq!(page.all(".head .label bdi"), ["Wheels"]);
        assert!(page.all(".event")[0].contains("added the label Räder & <b>more</b>"));
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// T-06: before a label is removed, a page says how many tickets have it. Then it is on no ticket. Histories keep its name.
    async fn a_label_is_removed_from_all_tickets(world: World) {
        let (ada, anna, sara) = (world.as_("ada"), world.as_("anna"), world.as_("sara"));
        let id = world.label("VIP").await;
        world.label("Refund").await;
        let mut tickets = Vec::new();
        for subject in ["A", "B", "C"] {
            tickets.push(anna.opens(subject, "Billing", "Text").await);
        }
        sara.labels(tickets[0], &["VIP", "Refund"]).await;
        sara.labels(tickets[1], &["VIP"]).await;
        let question = format!("{PAGE}/{id}/remove");
        assert!(ada.get(PAGE).await.attributes(".line a", "href").iter().any(|link| link.ends_with(&question)));
        let before = world.kept().dump();
        let page = ada.get(&question).await.is(200);
        assert!(page.says("2 tickets have it."), "{}", page.words());
        assert_eq!(world.kept().dump(), before);
        let form = page.form("/remove");
        let _ = ada.submits(&form).await.is(303);
        assert_eq!(sara.sees(tickets[0]).await.all(".head .label bdi"), ["Refund"]);
        let page = sara.sees(tickets[1]).await;
        assert_eq!(page.count(".head .label"), 0);
        assert!(page.all(".event")[0].contains("added the label VIP"));
        assert_eq!(page.form("/labels").choices("label"), ["Refund"]);
        let _ = ada.submits(&form).await.is(404);
        let _ = ada.get(&question).await.is(404);
        let _ = ada.get(&format!("{PAGE}/nonsense/remove")).await.is(404);
        assert_eq!(world.mailed().await, ["sara", "sara", "sara"]);
    }

    /// T-06: a name has 1 to 40 characters on one line, and no two labels look the same. What was typed is shown again.
    async fn a_name_that_does_not_fit_is_refused(world: World) {
        let ada = world.as_("ada");
        let id = world.label("VIP").await;
        world.label("Refund").await;
        let page = ada.get(PAGE).await;
        let before = world.kept().dump();
        let (long, rename) = ("x".repeat(41), format!("{PAGE}/{id}"));
        for (name, sentence) in [
            ("", "Please fill in this field."),
            ("\u{200b} ", "Please fill in this field."),
            (&long, "The limit is 40."),
            ("refund\u{200b}", "There is a label whose name looks the same."),
            ("ＲＥＦＵＮＤ", "There is a label whose name looks the same."),
        ] {
            for address in [PAGE, &rename] {
                let form = page.form(address).with("name", name).choosing("colour", "Pink");
                let again = ada.submits(&form).await.is(422);
                assert!(again.says(sentence), "{name:?}: {}", again.words());
                assert_eq!((again.form(address).value("name"), again.form(address).value("colour")), (name.to_owned(), "pink".to_owned()));
                assert_eq!(again.count("[aria-invalid]"), 1);
            }
        }
        for colour in ["", "Red", "<b>"] {
            let form = page.form(PAGE).with("name", "Kept text").forced("colour", colour.as_bytes());
            assert!(ada.submits(&form).await.is(400).says("Kept text"));
        }
        assert_eq!(world.kept().dump(), before);
        // Its own name is free.
        let _ = ada.submits(&page.form(&rename).with("name", "ＶＩＰ")).await.is(303);
    }

    /// T-06: two administrators give two labels the same name at once. One of them is told.
    async fn of_two_equal_names_at_once_one_is_refused(world: World) {
        let ada = world.as_("ada");
        for round in 0..8 {
            let form = ada.get(PAGE).await.form(PAGE).with("name", &format!("Label {round}"));
            let answers = join_all([&form, &form, &form].map(|form| ada.submits(form))).await;
            let mut codes: Vec<_> = answers.iter().map(|answer| answer.status).collect();
            codes.sort_unstable();
            assert_eq!(codes, [303, 422, 422], "round {round}");
        }
    }

    /// T-06: a label is removed while supporters put it on tickets. In the end it is on no ticket, and every answer is one of the expected.
    async fn a_label_is_removed_while_it_is_put_on(world: World) {
        let (ada, anna, sara) = (world.as_("ada"), world.as_("anna"), world.as_("sara"));
        let mut tickets = Vec::new();
        for subject in ["A", "B", "C", "D"] {
            tickets.push(anna.opens(subject, "Billing", "Text").await);
        }
        for round in 0..4 {
            let (name, id) = (format!("Label {round}"), world.label(&format!("Label {round}")).await);
            let mut forms = Vec::new();
            for ticket in &tickets {
                forms.push(sara.sees(*ticket).await.form("/labels").choosing("label", &name));
            }
            let removal = ada.get(&format!("{PAGE}/{id}/remove")).await.form("/remove");
            let put_on = join_all(forms.iter().map(|form| sara.submits(form)));
            let (put_on, removed) = futures_util::future::join(put_on, ada.submits(&removal)).await;
            let _ = removed.is(303);
            assert!(put_on.iter().all(|answer| [303, 422].contains(&answer.status)), "{:?}", put_on.iter().map(|answer| answer.status).collect::<Vec<_>>());
            for ticket in &tickets {
                assert_eq!(sara.sees(*ticket).await.count(".head .label"), 0);
            }
        }
        assert_eq!(world.mailed().await, ["sara"; 4]);
    }

    /// Labels are sorted as the reader's language sorts.
    async fn labels_are_sorted_by_name(world: World) {
        for name in ["Zoll", "10. Stock", "Ärger", "2. Stock", "Arbeit"] {
            world.label(name).await;
        }
        let german = world.as_("ada").speaking(Language::german().as_str());
        assert_eq!(german.get(PAGE).await.all(".line h3"), ["2. Stock", "10. Stock", "Arbeit", "Ärger", "Zoll"]);
    }
}
