//! The categories that the module stores itself.

use futures_util::future::join_all;
use muticket_journeys::{Adapter, Plan, World, in_both, journey};

use super::sent_to;

const PAGE: &str = "/backend/categories";

journey! {
    /// D-08: categories are added, renamed and removed in the backend. Tickets with a removed category keep its name.
    async fn categories_are_edited(world: World) {
        let (ada, anna) = (world.as_("ada"), world.as_("anna"));
        let form = ada.get(PAGE).await.is(200).form(PAGE);
        let _ = ada.submits(&form.with("name_en", "Räder & <b>more</b>").with("name_de", "Räder + 100 %")).await.is(303);
        let offered = anna.get("/tickets/new").await.form("/tickets").choices("category");
        assert_eq!(offered[1..], ["Billing", "Other", "Räder & <b>more</b>", "Technical"]);
        let german = anna.clone().speaking("de").get("/tickets/new").await.form("/tickets").choices("category");
        assert!(german.contains(&"Räder + 100 %".to_owned()), "{german:?}");

        let ticket = anna.opens("Wheel", "Räder & <b>more</b>", "Flat").await;
        assert_eq!(world.mailed().await, ["sara", "tom"]);
        let id = world.category("Räder & <b>more</b>").await.id;
        let rename = ada.get(PAGE).await.form(&format!("/categories/{id}"));
        let _ = ada.submits(&rename.with("name_en", "Wheels")).await.is(303);
        assert_eq!(anna.sees(ticket).await.all(".facts .badge").len(), 1);
        assert!(anna.sees(ticket).await.says("Wheels"));
        let remove = ada.get(PAGE).await.form(&format!("/categories/{id}/remove"));
        let _ = ada.submits(&remove).await.is(303);
        assert!(!anna.get("/tickets/new").await.form("/tickets").choices("category").contains(&"Wheels".to_owned()));
        assert!(anna.sees(ticket).await.says("Wheels"));
        let _ = ada.submits(&remove).await.is(404);
    }

    /// D-17: an administrator arranges the categories for everybody, and can sort them by name again.
    async fn categories_are_arranged(world: World) {
        let (ada, anna) = (world.as_("ada"), world.as_("anna"));
        let offered = async || anna.get("/tickets/new").await.form("/tickets").choices("category")[1..].join(" ");
        let page = ada.get(PAGE).await.is(200);
        let actions = page.attributes("form", "action").concat();
        assert_eq!((actions.matches("/up").count(), actions.matches("/down").count()), (2, 2), "the first and the last stay");
        let id = world.category("Technical").await.id;
        let (up, down) = (format!("/categories/{id}/up"), format!("/categories/{id}/down"));
        let old = page.form(&up);
        let moved = ada.submits(&old).await.is(303);
        assert!(moved.header("Location").unwrap().ends_with(&format!("{PAGE}#category-{id}")), "{moved:?}");
        assert_eq!(offered().await, "Billing Technical Other");
        let _ = ada.submits(&old).await.is(303);
        let _ = ada.submits(&old).await.is(303);
        assert_eq!(offered().await, "Technical Billing Other", "the first cannot go up");
        assert_eq!(world.as_("sara").get("/tickets").await.all("#filter-category option")[1..].join(" "), offered().await);

        let _ = ada.submits(&ada.get(PAGE).await.form(PAGE).with("name_en", "Added")).await.is(303);
        assert_eq!(offered().await, "Technical Billing Other Added");
        let _ = ada.submits(&ada.get(PAGE).await.form(&down)).await.is(303);
        assert_eq!(offered().await, "Billing Technical Other Added");
        let sort = ada.get(PAGE).await.form("/backend/category-order");
        let _ = ada.submits(&sort).await.is(303);
        assert_eq!(offered().await, "Added Billing Other Technical");
        assert!(!ada.get(PAGE).await.attributes("form", "action").concat().contains("category-order"));
        let lost = ada.submits(&old.forced("token", b"x")).await;
        assert_eq!((lost.status, offered().await.as_str()), (403, "Added Billing Other Technical"));
    }

    /// B8: two administrators give two categories the same name at once. One of them is told.
    async fn of_two_equal_names_at_once_one_is_refused(world: World) {
        let ada = world.as_("ada");
        let mut renamed = ["Billing", "Technical"].map(str::to_owned);
        for round in 0..8 {
            let page = ada.get(PAGE).await;
            let name = format!("Wheels {round}");
            let mut forms = Vec::new();
            for old in &renamed {
                let id = world.category(old).await.id;
                forms.push(page.form(&format!("{PAGE}/{id}")).with("name_en", &name));
            }
            forms.push(page.form(PAGE).with("name_en", &name));
            let answers = join_all(forms.iter().map(|form| ada.submits(form))).await;
            let mut codes: Vec<_> = answers.iter().map(|answer| answer.status).collect();
            codes.sort_unstable();
            assert_eq!(codes, [303, 422, 422], "round {round}");
            for (old, answer) in renamed.iter_mut().zip(&answers) {
                if answer.status == 303 {
                    old.clone_from(&name);
                }
            }
        }
    }

    /// D-10: a category without a name is refused, and the typed values are kept.
    async fn a_category_needs_a_name(world: World) {
        let ada = world.as_("ada");
        let form = ada.get(PAGE).await.form(PAGE);
        let before = world.kept().dump();
        let empty = ada.submits(&form.clone().with("name_en", " ").with("name_de", "")).await.is(422);
        assert_eq!(empty.count("#add-name_de-problem"), 1);
        let long = "x".repeat(10_000);
        let again = ada.submits(&form.with("name_en", &long).with("name_de", "Kurz")).await.is(422);
        let kept = again.form(PAGE);
        assert_eq!((kept.value("name_en"), kept.value("name_de")), (long, "Kurz".to_owned()));
        assert_eq!(world.kept().dump(), before);
    }

    /// D-10: while the storage is away, the typed names are given back with the error, and nothing is stored.
    async fn names_are_not_lost_with_the_storage(world: World) {
        let ada = world.as_("ada");
        let page = ada.get(PAGE).await;
        let id = world.category("Billing").await.id;
        let before = world.kept().dump();
        world.storage_goes_away_after(0);
        let forms = [page.form(PAGE), page.form(&format!("{PAGE}/{id}"))];
        for form in forms {
            let lost = ada.submits(&form.with("name_en", "Returned goods").with("name_de", "Retouren")).await.is(503);
            assert!(lost.says("Returned goods") && lost.says("Retouren"), "{}", lost.brief());
        }
        world.storage_is_back();
        assert_eq!(world.kept().dump(), before);
    }

    /// when the last category is removed, the frontend shows no categories, and everything else works.
    async fn the_last_category_takes_the_field_with_it(world: World) {
        let (ada, anna) = (world.as_("ada"), world.as_("anna"));
        for name in ["Billing", "Technical", "Other"] {
            let id = world.category(name).await.id;
            let remove = ada.get(PAGE).await.form(&format!("/categories/{id}/remove"));
            let _ = ada.submits(&remove).await.is(303);
        }
        let form = anna.drafts("Printer", "", "It is silent").await;
        assert!(!form.has("category"));
        anna.opens_with(&form).await;
        assert_eq!(world.mailed().await, ["sara", "tom"]);
        assert_eq!(ada.get(PAGE).await.count(".empty"), 1);
    }
}

in_both! {
    /// categories that the host supplies have no page here.
    async fn categories_of_the_host_have_no_page(adapter: Adapter) {
        let world = World::new(Plan::memory().with_categories_of_the_host().over(adapter)).await;
        let (ada, anna) = (world.as_("ada"), world.as_("anna"));
        assert_eq!(ada.get(PAGE).await.is(404).text(), ada.get("/backend/nowhere").await.is(404).text());
        let settings = ada.get("/backend/settings").await.is(200);
        let parts = settings.attributes("nav li a[href*='/backend/']", "href");
        let here = ["supporters", "statistics", "settings", "labels", "saved-answers", "tickets", "mail"];
        assert_eq!(parts, here.map(|part| format!("/support/backend/{part}")));
        let add = sent_to(&settings.form("/backend/settings"), "/support/backend/categories").forced("name_en", b"Mine");
        let _ = ada.submits(&add).await.is(404);
        assert_eq!(anna.get("/tickets/new").await.form("/tickets").choices("category")[1..], ["Devices"]);
    }
}
