//! The settings.

use muticket_journeys::bytes::PNG;
use muticket_journeys::{World, journey};

use super::{link, sent_to};

const SETTINGS: &str = "/backend/settings";

journey! {
    /// the administrator chooses the host's group whose members may be supporters. D-04: people outside it are no longer supporters.
    async fn the_supporters_group_is_chosen(world: World) {
        let (ada, sara) = (world.as_("ada"), world.as_("sara"));
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        let form = ada.get(SETTINGS).await.is(200).form(SETTINGS);
        assert_eq!(form.choices("supporter_group")[1..], ["Support team", "Sales"]);
        let saved = ada.submits(&form.clone().choosing("supporter_group", "Sales")).await.is(303);
        assert_eq!(ada.follows(&saved).await.form(SETTINGS).value("supporter_group"), "sales");
        assert!(sara.does_not_find(ticket).await);
        let _ = ada.submits(&form.clone().forced("supporter_group", b"hackers")).await.is(422);
        ada.submits(&form).await.is(303).location();
        sara.sees(ticket).await;
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// ratings are switched off and on. R-13: the size of images can be limited, and the limit chosen.
    async fn ratings_and_the_limit_of_images(world: World) {
        let (ada, anna) = (world.as_("ada"), world.as_("anna"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        world.as_("sara").answers(ticket, "Switch it on").await;
        let form = ada.get(SETTINGS).await.form(SETTINGS);
        let off = form.clone().without("ratings").with("image_limit", "1").choosing("image_limit_unit", "kb");
        let saved = ada.submits(&off).await.is(303);
        let shown = ada.follows(&saved).await.form(SETTINGS);
        assert_eq!((shown.value("ratings"), shown.value("image_limit"), shown.value("image_limit_unit")), (String::new(), "1".into(), "kb".into()));
        assert_eq!(anna.sees(ticket).await.count(".rating"), 0);
        let large = [PNG.to_vec(), vec![0; 1000]].concat();
        let reply = anna.writes(ticket, "See").await;
        assert!(anna.submits(&reply.clone().file("large.png", &large)).await.is(413).says("large.png"));
        anna.sends_message(ticket, &reply.file("small.png", PNG)).await;
        let _ = ada.submits(&form).await.is(303);
        assert_eq!(anna.sees(ticket).await.count("form.rating"), 1);
        assert_eq!(world.mailed().await, ["anna", "sara", "sara"]);
    }

    /// every setting is shown as it was saved. The notice about it is shown once.
    async fn settings_are_saved_and_shown_again(world: World) {
        let ada = world.as_("ada");
        let form = ada.get(SETTINGS).await.form(SETTINGS);
        let typed = form.clone().choosing("time_zone", "Asia/Kathmandu").without("ratings").choosing("supporters_open", "1");
        let saved = ada.submits(&typed.without("remove_location")).await.is(303);
        let shown = ada.follows(&saved).await.is(200);
        assert_eq!(shown.all(".notice-success"), ["Settings saved."]);
        let kept = shown.form(SETTINGS);
        assert_eq!((kept.value("time_zone").as_str(), kept.value("supporters_open").as_str()), ("Asia/Kathmandu", "1"));
        assert_eq!((kept.value("ratings").as_str(), kept.value("remove_location").as_str()), ("", ""));
        assert_eq!(ada.get(SETTINGS).await.count(".notice-success"), 0, "a notice is shown once");
        let stored = world.backend().settings().await.unwrap().settings;
        assert_eq!((stored.time_zone, stored.supporters_open), (muticket_core::TimeZone::parse("Asia/Kathmandu"), true));
        assert_eq!((stored.ratings, stored.remove_location), (false, false));
        let _ = ada.submits(&form).await.is(303);
        let stored = world.backend().settings().await.unwrap().settings;
        let group = Some(muticket_core::GroupId::new("support"));
        let usual = muticket_core::Settings { supporter_group: group, receipts: false, closing_letters: false, ..Default::default() };
        assert_eq!(stored, usual);
    }

    /// D-10: a wrong setting is refused with the reason beside its field. Every field keeps its value, and nothing is stored.
    async fn a_wrong_setting_is_refused_and_kept(world: World) {
        let ada = world.as_("ada");
        let form = ada.get(SETTINGS).await.form(SETTINGS);
        let before = world.kept().dump();
        for limit in ["0", "-1", "many", "1.5", "99999999999999999999999", "9223372036854775807", "<b>1</b>"] {
            let typed = form.clone().with("image_limit", limit).without("ratings").forced("supporters_open", b"1");
            let again = ada.submits(&typed).await.is(422);
            assert_eq!(again.attributes("[aria-invalid=true]", "name"), ["image_limit"]);
            let kept = again.form(SETTINGS);
            assert_eq!((kept.value("image_limit").as_str(), kept.value("ratings").as_str()), (limit, ""));
            assert_eq!(kept.value("supporters_open"), "1");
        }
        let again = ada.submits(&form.with("image_limit", "five").forced("supporter_group", b"gone")).await.is(422);
        assert_eq!(again.attributes("#supporter_group option[selected]", "value"), ["gone"]);
        assert_eq!((again.count("#image_limit-problem"), again.count("#supporter_group-problem")), (1, 1));
        assert_eq!(again.count("[aria-invalid=true][aria-describedby~=image_limit-problem]"), 1);
        assert_eq!(world.kept().dump(), before);
    }

    /// the backend configures, manages supporters and deletes. It cannot answer or close a ticket, and shows no message.
    async fn nobody_answers_in_the_backend(world: World) {
        let ada = world.as_("ada");
        let ticket = world.as_("anna").opens("Printer", "Billing", "CANARY-4711").await;
        let pages = ["/supporters", "/supporters/new", "/settings", "/categories", "/tickets?state=all", "/mail"];
        for page in pages.iter().map(|page| (*page).to_owned()).chain([format!("/tickets/{ticket}/delete")]) {
            let page = ada.get(&format!("/backend{page}")).await.is(200);
            assert!(page.find_form("/messages").is_none() && page.find_form("/close").is_none());
            assert!(!page.text().contains("CANARY"), "{}", page.asked);
            let parts = page.attributes("nav li a[href*='/backend/']", "href");
            assert_eq!(parts, ["supporters", "statistics", "settings", "categories", "labels", "saved-answers", "tickets", "mail"].map(|part| format!("/support/backend/{part}")));
        }
        assert_eq!(ada.get("/backend").await.is(303).location(), "/support/backend/supporters");
        for stranger in ["anna", "sara", "rita"] {
            let _ = world.as_(stranger).get("/backend/tickets").await.is(403);
        }
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// D-12: every page of the backend has its heading in the visitor's language.
    async fn every_page_speaks_both_languages(world: World) {
        let ada = world.as_("ada");
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        let sara = link(&ada, "/backend/supporters", "Sara Sand", "").await;
        let sara = sara.trim_start_matches("/support");
        let pages = [
            ("/backend/supporters", "Supporter", "Supporters"),
            ("/backend/supporters/new", "Supporter anlegen", "Add supporter"),
            (sara, "Sara Sand", "Sara Sand"),
            (&format!("{sara}/edit"), "Sara Sand bearbeiten", "Edit Sara Sand"),
            ("/backend/statistics", "Statistik", "Statistics"),
            (SETTINGS, "Einstellungen", "Settings"),
            ("/backend/categories", "Kategorien", "Categories"),
            ("/backend/labels", "Labels", "Labels"),
            ("/backend/tickets", "Tickets löschen", "Delete tickets"),
            (&format!("/backend/tickets/{ticket}/delete"), "endgültig löschen", "Permanently delete"),
            ("/backend/mail", "E-Mail", "Email"),
        ];
        for (path, german, english) in pages {
            for (language, heading) in [("de", german), ("en", english)] {
                let page = ada.clone().speaking(language).get(path).await.is(200);
                assert!(page.all("h1")[0].contains(heading), "{path}: {:?}", page.all("h1"));
                assert_eq!(page.attributes(".muticket", "lang"), [language], "{path}");
            }
        }
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// P-02: what is no id is missing like anything else, byte for byte.
    async fn what_is_no_id_is_missing_like_anything_else(world: World) {
        let ada = world.as_("ada");
        let missing = ada.get("/backend/supporters/018f2f0e-4c5a-7bcd-8abc-0123456789ab").await.is(404);
        for path in ["supporters/1", "supporters/%FF", "supporters/x/edit", "labels/x/remove", "tickets/0/delete", "tickets/1/delete", "tickets/x/delete"] {
            assert_eq!(ada.get(&format!("/backend/{path}")).await.is(404).text(), missing.text(), "{path}");
        }
        let form = ada.get(SETTINGS).await.form(SETTINGS);
        for path in ["supporters/x", "supporters/x/remove", "tickets/99999999999999999999/delete", "mail/x/retry", "categories/nowhere", "labels/x", "labels/x/remove"] {
            let _ = ada.submits(&sent_to(&form, &format!("/support/backend/{path}"))).await.is(404);
        }
    }

    /// every page of the backend says when support is off, and only then.
    async fn every_page_says_that_support_is_off(world: World) {
        let ada = world.as_("ada");
        let pages = ["/supporters", "/supporters/new", "/settings", "/categories", "/labels", "/tickets", "/mail"];
        for warnings in [0, 1] {
            for page in pages {
                assert_eq!(ada.get(&format!("/backend{page}")).await.is(200).count(".notice-warning"), warnings, "{page}");
            }
            world.everybody_leaves().await;
        }
    }
}
