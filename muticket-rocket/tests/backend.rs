//! The pages for administrators, as a browser receives them.

#![expect(clippy::unwrap_used, reason = "for tests only")]

#[path = "backend/site.rs"]
mod site;

use muticket_core::storage::{OutboxCounts, StorageError};
use muticket_core::{Language, Settings};
use rocket::http::Status;
use site::{Site, limits};

#[rocket::async_test]
async fn the_base_leads_to_the_supporters() {
    let site = Site::empty().await;
    let answer = site.get("ada", "").await;
    assert_eq!((answer.status, answer.location.as_deref()), (Status::SeeOther, Some("/support/backend/supporters")));
}

const PAGES: [&str; 6] = ["/supporters", "/supporters/new", "/settings", "/categories", "/tickets", "/mail"];

///
#[rocket::async_test]
async fn a_guest_is_led_to_sign_in_and_posts_nothing() {
    let site = Site::empty().await;
    for path in PAGES {
        let answer = site.get("", path).await;
        let back = format!("/login?back=/support/backend{path}");
        assert_eq!((answer.status, answer.location), (Status::SeeOther, Some(back)));
    }
    let token = site.token("ada").await;
    let answer = site.post_with("", "/settings", &token, &[("ratings", "1")]).await;
    assert_eq!((answer.status, answer.location), (Status::Unauthorized, None));
}

#[rocket::async_test]
async fn who_is_no_administrator_gets_nowhere() {
    let site = Site::with_team().await;
    let before = site.settings().await;
    let token = site.token("ada").await;
    for user in ["anna", "sara"] {
        for path in PAGES {
            assert_eq!(site.get(user, path).await.status, Status::Forbidden, "{user} {path}");
        }
        assert_eq!(site.post_with(user, "/settings", &token, &[]).await.status, Status::Forbidden);
    }
    assert_eq!(site.settings().await, before);
}

/// P-08
#[rocket::async_test]
async fn a_forged_form_stores_nothing() {
    let site = Site::with_team().await;
    let before = (site.settings().await, site.supporters().await);
    let ticket = site.ticket("Printer").await;
    let sara = site.supporter_path("sara").await;
    let other = site.token("dora").await;
    for token in ["", "x", other.as_str()] {
        for path in ["/settings", "/supporters", &sara, &format!("{sara}/remove"), &format!("/tickets/{ticket}/delete")] {
            assert_eq!(site.post_with("ada", path, token, &[("user", "tom")]).await.status, Status::Forbidden, "{path}");
        }
    }
    assert_eq!((site.settings().await, site.supporters().await), before);
    assert_eq!(site.get("ada", &format!("/tickets/{ticket}/delete")).await.status, Status::Ok);
}

///
#[rocket::async_test]
async fn settings_are_saved_and_shown_again() {
    let site = Site::empty().await;
    let fields = [
        ("supporter_group", "team"),
        ("image_limit", "700"),
        ("image_limit_unit", "kb"),
        ("supporters_open", "1"),
        ("time_zone", "Asia/Kathmandu"),
    ];
    let answer = site.post("ada", "/settings", &fields).await;
    assert_eq!((answer.status, answer.location.as_deref()), (Status::SeeOther, Some("/support/backend/settings")));
    let expected = Settings {
        supporter_group: Some(muticket_core::GroupId::new("team")),
        ratings: false,
        image_limit: Some(700 * 1024),
        supporters_open: true,
        time_zone: muticket_core::TimeZone::parse("Asia/Kathmandu"),
        remove_location: false,
    };
    assert_eq!(site.settings().await, expected);
    let page = site.get("ada", "/settings").await;
    assert_eq!(page.text(".notice-success"), "Settings saved.");
    assert_eq!(page.values("#supporter_group option[selected]"), ["team"]);
    assert_eq!(page.text("#time_zone option[selected]"), "Asia/Kathmandu");
    assert_eq!([page.values("#image_limit"), page.values("#image_limit_unit option[selected]")].concat(), ["700", "kb"]);
    assert_eq!((page.count("[name=ratings][checked]"), page.count("[name=supporters_open][checked]")), (0, 1));

    let usual =
        [("supporter_group", ""), ("ratings", "1"), ("image_limit", ""), ("image_limit_unit", "mb"), ("remove_location", "1")];
    site.post("ada", "/settings", &usual).await;
    assert_eq!(site.settings().await, Settings::default());
    assert_eq!(site.get("ada", "/settings").await.count(".notice-success"), 1);
    assert_eq!(site.get("ada", "/settings").await.count(".notice-success"), 0, "a notice is shown once");
}

/// D-10
#[rocket::async_test]
async fn wrong_settings_come_back_with_every_field_kept_and_the_reasons() {
    let site = Site::with_team().await;
    let before = site.settings().await;
    for limit in ["five", "0", "-1", "99999999999999999999", "9223372036854775807", "1.5"] {
        let fields = [("supporter_group", "gone"), ("image_limit", limit), ("image_limit_unit", "kb"), ("supporters_open", "1")];
        let page = site.post("ada", "/settings", &fields).await;
        assert_eq!(page.status, Status::UnprocessableEntity, "{limit}");
        assert_eq!(page.values("#image_limit"), [limit]);
        assert_eq!(page.values("#supporter_group option[selected]"), ["gone"]);
        assert_eq!(page.values("#image_limit_unit option[selected]"), ["kb"]);
        assert_eq!((page.count("[name=ratings][checked]"), page.count("[name=supporters_open][checked]")), (0, 1));
        assert_eq!((page.count("#image_limit-problem"), page.count("#supporter_group-problem")), (1, 1));
        assert_eq!(page.count("[aria-invalid=true][aria-describedby~=image_limit-problem]"), 1);
    }
    assert_eq!(site.settings().await, before);
}

///
#[rocket::async_test]
async fn a_supporter_is_created_edited_and_removed() {
    let site = Site::empty().await;
    assert_eq!(site.get("ada", "/supporters").await.links(".empty a"), ["/support/backend/settings"]);
    site.post("ada", "/settings", &[("supporter_group", "team"), ("ratings", "1")]).await;
    assert_eq!(site.get("ada", "/supporters").await.links(".empty a"), ["/support/backend/supporters/new"]);
    assert_eq!(site.get("ada", "/supporters").await.count(".notice-warning"), 1, "support is off");

    let form = site.get("ada", "/supporters/new").await;
    assert_eq!(form.values("#user option"), ["", "sara", "tom"]);
    let answer = site.post("ada", "/supporters", &[("user", "sara"), ("present", "1")]).await;
    assert_eq!(answer.location.as_deref(), Some("/support/backend/supporters"));
    let list = site.get("ada", "/supporters").await;
    assert_eq!((list.count(".badge-present"), list.count(".badge-absent"), list.count(".notice-warning")), (1, 0, 0));

    let sara = site.supporter_path("sara").await;
    let edit = site.get("ada", &format!("{sara}/edit")).await;
    assert_eq!((edit.text("h1"), edit.count("[name=present][checked]")), ("Edit Sara <b>".to_owned(), 1));
    assert_eq!(site.post("ada", &sara, &[]).await.status, Status::SeeOther);
    let list = site.get("ada", "/supporters").await;
    assert_eq!((list.count(".badge-absent"), list.count(".notice-warning")), (1, 1));
    assert_eq!(list.text(".notice-success"), "Supporter saved.");

    assert_eq!(site.post("ada", &format!("{sara}/remove"), &[]).await.status, Status::SeeOther);
    assert!(site.supporters().await.is_empty());
    assert_eq!(site.post("ada", &format!("{sara}/remove"), &[]).await.status, Status::NotFound);
}

#[rocket::async_test]
async fn a_refused_supporter_comes_back_with_the_reason() {
    let site = Site::with_team().await;
    for (user, reason) in
        [("", "Please choose a person."), ("anna", "This person is not"), ("sara", "This person is already a supporter")]
    {
        let page = site.post("ada", "/supporters", &[("user", user), ("present", "1"), ("category", "nowhere")]).await;
        assert_eq!(page.status, Status::UnprocessableEntity);
        assert_eq!((page.count("[name=present][checked]"), page.count("[name=category][checked]")), (1, 1));
        if user != "sara" {
            assert!(page.text("#user-problem").starts_with(reason), "{}", page.text("#user-problem"));
        }
        assert_eq!(page.count("#category-problem"), 1);
    }
    let taken = site.post("ada", "/supporters", &[("user", "sara")]).await;
    assert_eq!(taken.text("#user-problem"), "This person is already a supporter.");
    assert_eq!(site.supporters().await.len(), 1);
}

/// D-04
#[rocket::async_test]
async fn who_left_the_group_is_shown_to_have_no_effect() {
    let site = Site::with_team().await;
    site.people.leave("sara");
    let list = site.get("ada", "/supporters").await;
    assert_eq!(list.text("tbody .hint"), "No longer in the group: no access");
    assert_eq!(list.count(".notice-warning"), 1, "nobody who counts is present");
    site.people.forget("sara");
    assert_eq!(site.get("ada", "/supporters").await.text("tbody th a"), "Unknown user (sara)");
}

#[rocket::async_test]
async fn presence_is_switched_from_the_list_and_nothing_else_changes() {
    let site = Site::with_team().await;
    site.post("ada", "/categories", &[("name_en", "Devices")]).await;
    let category = site.category_id().await;
    let sara = site.supporter_path("sara").await;
    site.post("ada", &sara, &[("present", "1"), ("category", &category)]).await;
    for present in [false, true] {
        let fields = site.get("ada", "/supporters").await.fields("tbody form");
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        site.post("ada", &sara, &fields).await;
        let supporter = &site.supporters().await[0];
        assert_eq!((supporter.present, supporter.categories.len()), (present, 1));
    }
}

/// R-18, D-07
#[rocket::async_test]
async fn statistics_show_figures_that_add_up() {
    let site = Site::with_team().await;
    let sara = site.supporter_path("sara").await;
    let page = site.get("ada", &sara).await;
    assert_eq!((page.count(".figures"), page.count(".empty"), page.count("svg.chart")), (1, 2, 0));

    let older = site.rated_ticket("Printer", &[Some(5), None]).await;
    let newer = site.rated_ticket("<Screen>", &[Some(2), Some(5)]).await;
    let page = site.get("ada", &sara).await;
    assert_eq!(
        page.texts("[aria-labelledby=ratings-heading] .figures dd"),
        ["4", "3 75% of the answers", "4.00 of 5 stars, from 3 ratings"]
    );
    let table = page.texts("table[aria-labelledby=distribution-heading] td");
    assert_eq!(table, ["2", "67%", "0", "0%", "0", "0%", "1", "33%", "0", "0%"]);
    assert_eq!(page.attributes("[aria-labelledby=ratings-heading] rect.bar", "width"), ["200", "0", "0", "100", "0"]);
    assert_eq!(page.links("table[aria-labelledby=latest-heading] a").len(), 0, "Ada is no supporter and can open no ticket");
    site.people.join("ada");
    site.post("ada", "/supporters", &[("user", "ada")]).await;
    let page = site.get("ada", &sara).await;
    let links = page.links("table[aria-labelledby=latest-heading] a");
    let link = |number, message| format!("/support/tickets/{number}#message-{message}");
    assert_eq!(links, [link(newer, 3), link(newer, 2), link(older, 2)], "newest first");

    site.post("ada", "/settings", &[("supporter_group", "team")]).await;
    let page = site.get("ada", &sara).await;
    let shown = page.texts("h2");
    assert_eq!((page.count(".figures"), shown), (1, vec!["Time to first answer".to_owned()]), "no customer's opinion is in that");
    assert!(page.text(".empty").contains("turned off"));
}

/// D-08
#[rocket::async_test]
async fn categories_are_added_renamed_and_removed() {
    let site = Site::empty().await;
    assert_eq!(site.get("ada", "/categories").await.count(".empty"), 1);
    assert_eq!(site.post("ada", "/categories", &[("name_de", "Geräte"), ("name_en", "")]).await.status, Status::SeeOther);
    let id = site.category_id().await;
    let renamed = site.post("ada", &format!("/categories/{id}"), &[("name_de", "Geräte"), ("name_en", "Devices")]).await;
    assert_eq!(renamed.status, Status::SeeOther);
    assert_eq!(site.get("ada", "/categories").await.text("h3"), "Devices");

    let long = "x".repeat(81);
    let page = site.post("ada", &format!("/categories/{id}"), &[("name_de", &long), ("name_en", "Devices")]).await;
    assert_eq!(page.status, Status::UnprocessableEntity);
    assert_eq!(page.values("#category-1-name_de"), [long.as_str()]);
    assert_eq!((page.count("#category-1-name_de-problem"), page.count(".field-error")), (1, 1));
    let page = site.post("ada", "/categories", &[("name_de", " "), ("name_en", "")]).await;
    assert_eq!((page.status, page.count("#add-name_de-problem")), (Status::UnprocessableEntity, 1));

    assert_eq!(site.post("ada", &format!("/categories/{id}/remove"), &[]).await.status, Status::SeeOther);
    for path in [format!("/categories/{id}"), format!("/categories/{id}/remove"), "/categories/nowhere".to_owned()] {
        assert_eq!(site.post("ada", &path, &[("name_en", "Again")]).await.status, Status::NotFound, "{path}");
    }
}

///
#[rocket::async_test]
async fn categories_of_the_host_have_no_page_here() {
    let site = Site::with_categories_of_the_host().await;
    let missing = site.get("ada", "/categories").await;
    assert_eq!((missing.status, missing.html), (Status::NotFound, site.get("ada", "/nowhere").await.html));
    assert_eq!(site.post("ada", "/categories", &[("name_en", "Mine")]).await.status, Status::NotFound);
    let nav = site.get("ada", "/settings").await.links(".nav a");
    let paths = ["tickets", "backend/supporters", "backend/settings", "backend/tickets", "backend/mail"];
    assert_eq!(nav, paths.map(|path| format!("/support/{path}")));
}

///
#[rocket::async_test]
async fn a_ticket_is_deleted_after_the_question() {
    let site = Site::with_team().await;
    let number = site.ticket("<Printer>").await;
    let list = site.get("ada", "/tickets").await;
    let link = format!("/support/backend/tickets/{number}/delete");
    assert_eq!((list.links("tbody a"), list.text("tbody th")), (vec![link.clone()], "<Printer>".to_owned()));

    let ask = site.get("ada", &format!("/tickets/{number}/delete")).await;
    assert!(ask.text("h1").contains(&format!("#{number}")));
    assert_eq!((ask.text("h1 + p"), ask.texts(".figures dd")[0].as_str()), ("<Printer>".to_owned(), "Anna"));
    assert_eq!(site.blobs.count(), 1);

    let answer = site.post("ada", &format!("/tickets/{number}/delete"), &[]).await;
    assert_eq!(answer.location.as_deref(), Some("/support/backend/tickets"));
    assert_eq!(site.blobs.count(), 0);
    let counts = site.storage.run_read(|unit| -> Result<_, StorageError> { unit.outbox().count() }).await.unwrap();
    assert_eq!(counts, OutboxCounts::default());
    let list = site.get("ada", "/tickets").await;
    assert_eq!((list.count(".empty"), list.text(".notice-success")), (1, "Ticket permanently deleted.".to_owned()));
    for method in ["get", "post"] {
        let path = format!("/tickets/{number}/delete");
        let again = if method == "get" { site.get("ada", &path).await } else { site.post("ada", &path, &[]).await };
        assert_eq!(again.status, Status::NotFound);
    }
}

#[rocket::async_test]
async fn the_list_of_tickets_goes_on_where_it_stopped() {
    let site = Site::with_team().await;
    let numbers = [site.ticket("One").await, site.ticket("Two").await, site.ticket("Three").await];
    assert_eq!(limits().page, 2);
    let first = site.get("ada", "/tickets?state=all").await;
    assert_eq!(first.texts("tbody th"), ["Three", "Two"]);
    let next = first.links(".pager a").remove(0);
    let second = site.get("ada", next.strip_prefix("/support/backend").unwrap()).await;
    assert_eq!(second.texts("tbody th"), ["One"]);
    assert_eq!(second.links(".pager a"), ["/support/backend/tickets?state=all"]);

    site.close(numbers[0]).await;
    assert_eq!(site.get("ada", "/tickets?state=closed").await.texts("tbody th"), ["One"]);
    let answer = site.post("ada", &format!("/tickets/{}/delete", numbers[0]), &[("list", "state=closed")]).await;
    assert_eq!(answer.location.as_deref(), Some("/support/backend/tickets?state=closed"), "back to the list as it was");
}

#[rocket::async_test]
async fn mail_that_failed_is_sent_again() {
    let site = Site::with_team().await;
    assert_eq!(site.get("ada", "/mail").await.count(".empty"), 1);
    site.ticket("Printer").await;
    let waiting = site.get("ada", "/mail").await;
    assert_eq!((waiting.texts(".figures dd").join(" "), waiting.count("tbody form")), ("0 1 0 0".to_owned(), 0));
    site.fail_letters("550 <unknown>").await;
    let failed = site.get("ada", "/mail").await;
    assert!(failed.text("tbody tr").contains("550 <unknown>"));
    let retry = failed.attributes("tbody form", "action").remove(0);
    let retry = retry.strip_prefix("/support/backend").unwrap();
    assert_eq!(site.post("ada", retry, &[]).await.location.as_deref(), Some("/support/backend/mail"));
    assert_eq!(site.get("ada", "/mail").await.texts(".figures dd").join(" "), "0 1 0 0");
    assert_eq!(site.post("ada", retry, &[]).await.status, Status::NotFound);
}

/// P-34
#[rocket::async_test]
async fn letters_of_a_restored_database_wait_for_a_decision_on_every_page() {
    let site = Site::with_team().await;
    assert_eq!(site.get("ada", "/settings").await.count("form[action$='mail/release']"), 0);
    for (action, figures) in [("release", "0 1 0 0"), ("discard", "0 0 2 0")] {
        site.ticket("Printer").await;
        let held = site.storage.run_write(|unit| -> Result<_, StorageError> { unit.outbox().hold() }).await.unwrap();
        for page in ["/settings", "/supporters", "/mail"] {
            let page = site.get("ada", page).await;
            assert_eq!(page.attributes(".notice-warning form", "action").len(), 2, "both answers are at hand");
            assert_eq!(page.attributes(".notice-warning form input[name=token]", "value").len(), 2);
        }
        assert_eq!(held, u64::from(action == "release") + 2 * u64::from(action == "discard"));
        let answer = site.post("ada", &format!("/mail/{action}"), &[]).await;
        assert_eq!(answer.location.as_deref(), Some("/support/backend/mail"));
        let page = site.get("ada", "/mail").await;
        let shown = page.texts(".figures dd").join(" ");
        assert_eq!((page.count(".notice-warning form"), shown.as_str()), (0, figures));
    }
}

/// P-02
#[rocket::async_test]
async fn what_is_no_identifier_is_missing_like_anything_else() {
    let site = Site::empty().await;
    let unknown = "018f2f0e-4c5a-7bcd-8abc-0123456789ab";
    let missing = site.get("ada", &format!("/supporters/{unknown}")).await;
    assert_eq!(missing.status, Status::NotFound);
    let paths =
        ["/supporters/1", "/supporters/%FF", "/supporters/x/edit", "/tickets/0/delete", "/tickets/1/delete", "/tickets/x/delete"];
    for path in paths {
        let answer = site.get("ada", path).await;
        assert_eq!((answer.status, &answer.html), (Status::NotFound, &missing.html), "{path}");
    }
    for path in ["/supporters/x", "/supporters/x/remove", "/tickets/99999999999999999999/delete", "/mail/x/retry"] {
        assert_eq!(site.post("ada", path, &[]).await.status, Status::NotFound, "{path}");
    }
}

/// D-12
#[rocket::async_test]
async fn every_page_speaks_both_languages() {
    let site = Site::with_team().await;
    let number = site.rated_ticket("Drucker", &[Some(4)]).await;
    site.post("ada", "/categories", &[("name_de", "Geräte")]).await;
    let sara = site.supporter_path("sara").await;
    let pages = [
        ("/supporters".to_owned(), "Supporter", "Supporters"),
        ("/supporters/new".to_owned(), "Supporter anlegen", "Add supporter"),
        (sara.clone(), "Sara <b>", "Sara <b>"),
        (format!("{sara}/edit"), "Sara <b> bearbeiten", "Edit Sara <b>"),
        ("/settings".to_owned(), "Einstellungen", "Settings"),
        ("/categories".to_owned(), "Kategorien", "Categories"),
        ("/tickets".to_owned(), "Tickets löschen", "Delete tickets"),
        (format!("/tickets/{number}/delete"), "endgültig löschen", "Permanently delete"),
        ("/mail".to_owned(), "E-Mail", "Email"),
    ];
    for (path, german, english) in pages {
        for (user, heading, language) in [("dora", german, Language::german()), ("ada", english, Language::english())] {
            let page = site.get(user, &path).await;
            assert_eq!(page.status, Status::Ok, "{path}: {}", page.html);
            assert!(page.text("h1").contains(heading), "{path}: {}", page.text("h1"));
            assert_eq!(page.attributes(".muticket", "lang"), [language.as_str()]);
            page.assert_accessible(&path);
        }
    }
}
