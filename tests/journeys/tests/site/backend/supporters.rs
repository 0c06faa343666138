//! Creating and editing supporters.

use muticket_journeys::{World, journey, user};

use super::{link, rows};

const LIST: &str = "/backend/supporters";

journey! {
    /// an administrator picks a member of the group, with presence and categories, who is a supporter from then on.
    async fn a_supporter_is_made(world: World) {
        let (ada, kim) = (world.as_("ada"), world.as_("kim"));
        let ticket = world.as_("anna").opens("Cable", "Technical", "Too short").await;
        assert!(kim.does_not_find(ticket).await);
        let form = ada.get("/backend/supporters/new").await.is(200).form(LIST);
        assert_eq!(form.choices("user")[1..], ["Kim Korn"], "who has a record, or is not in the group, cannot be picked");
        let saved = ada.submits(&form.choosing("user", "Kim Korn").choosing("present", "1").choosing("category", "Technical")).await;
        let page = ada.follows(&saved.is(303)).await;
        assert_eq!(rows(&page, "Kim Korn").len(), 1);
        kim.sees(ticket).await;
        world.as_("ben").opens("Plug", "Technical", "Too small").await;
        assert_eq!(world.mailed().await, ["kim", "tom", "tom"]);
    }

    /// the empty list leads to what has to be done next: choose the group, then add a supporter.
    async fn an_empty_list_leads_to_the_next_step(world: World) {
        let ada = world.as_("ada");
        for report in world.backend().supporters().await.unwrap().supporters {
            world.backend().remove_supporter(report.supporter.id).await.unwrap();
        }
        assert_eq!(ada.get(LIST).await.attributes(".empty a", "href"), ["/support/backend/supporters/new"]);
        world.settings(|settings| settings.supporter_group = None).await;
        assert_eq!(ada.get(LIST).await.attributes(".empty a", "href"), ["/support/backend/settings"]);
    }

    /// a person outside the group, or with a record already, is refused. The form keeps what was ticked.
    async fn only_members_without_a_record_can_be_made_one(world: World) {
        let ada = world.as_("ada");
        let form = ada.get("/backend/supporters/new").await.form(LIST).choosing("present", "1").choosing("category", "Billing");
        let before = world.kept().dump();
        for user in ["", "anna", "sara", "vera", "nobody", "<script>"] {
            let again = ada.submits(&form.clone().forced("user", user.as_bytes())).await.is(422);
            assert_eq!(again.count("input[name=category][checked]"), 1, "{user}");
            let reason = match user {
                "" => "Please choose a person.",
                "sara" => "This person is already a supporter.",
                _ => "This person is not",
            };
            assert!(again.all("#user-problem")[0].starts_with(reason), "{user}: {:?}", again.all("#user-problem"));
        }
        let _ = ada.submits(&form.choosing("user", "kim").forced("category", b"nonsense")).await.is(422);
        assert_eq!(world.kept().dump(), before);
    }

    /// presence and categories are edited. R-15: the first present supporter switches support on, the last who leaves switches it
    /// off.
    async fn presence_switches_support_on_and_off(world: World) {
        let (ada, anna) = (world.as_("ada"), world.as_("anna"));
        let edit = link(&ada, LIST, "Sara Sand", "/edit").await;
        let record = edit.trim_end_matches("/edit").to_owned();
        let form = ada.whole(muticket_journeys::Method::GET, &edit).go().await.is(200).form(&record);
        assert_eq!(form.value("present"), "1");
        let saved = ada.submits(&form.without("present")).await.is(303);
        assert_eq!(ada.follows(&saved).await.all(".notice-success"), ["Supporter saved."]);
        let record = link(&ada, LIST, "Tom Tal", "/edit").await.trim_end_matches("/edit").to_owned();
        let one_click = ada.get(LIST).await.form(&record);
        let _ = ada.submits(&one_click).await.is(303);
        let edit = ada.get(&format!("{}/edit", record.trim_start_matches("/support"))).await;
        assert_eq!(edit.count("input[name=category][checked]"), 1, "one click keeps the categories");
        let _ = anna.get("/tickets/new").await.is(409);
        assert_eq!(ada.get(LIST).await.count(".notice-warning"), 1);
        let record = link(&ada, LIST, "Uwe Ulm", "/edit").await.trim_end_matches("/edit").to_owned();
        let one_click = ada.get(LIST).await.form(&record);
        let _ = ada.submits(&one_click).await.is(303);
        anna.opens("Cable", "Technical", "Too short").await;
        assert_eq!(world.mailed().await, ["uwe"], "one click keeps the categories, and nobody else is there");
    }

    /// D-04: a record without the group has no effect, and the list says so. R-14: it can be removed, and its supporter stays the author
    /// of their answers.
    async fn a_record_of_somebody_who_left(world: World) {
        let (ada, sara) = (world.as_("ada"), world.as_("sara"));
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        sara.answers(ticket, "Switch it on").await;
        let vera = &rows(&ada.get(LIST).await, "Vera Vogt")[0];
        assert!(vera.contains("#warning") && vera.contains("No longer in the group: no access"), "{vera}");
        assert!(!rows(&ada.get(LIST).await, "Sara Sand")[0].contains("#warning"));
        let edit = link(&ada, LIST, "Sara Sand", "/edit").await;
        let form = ada.whole(muticket_journeys::Method::GET, &edit).go().await.form("/remove");
        let _ = ada.submits(&form).await.is(303);
        assert_eq!(rows(&ada.get(LIST).await, "Sara Sand").len(), 0);
        assert!(sara.does_not_find(ticket).await);
        let page = world.as_("anna").sees(ticket).await;
        assert!(page.count(".message-supporter") == 1 && page.says("Sara Sand"));
        let _ = ada.submits(&form).await.is(404);
        // The removed supporter no longer gets the letter that was waiting for them.
        assert_eq!(world.mailed().await, ["anna"]);
    }

    /// people come and go at the host, and every page still works.
    async fn somebody_whom_the_host_forgot(world: World) {
        let (ada, sara) = (world.as_("ada"), world.as_("sara"));
        world.people().add(user("otto", "Otto Out", muticket_core::AccessLevel::Add, &[]));
        let ticket = world.as_("otto").opens("Printer", "Billing", "It is silent").await;
        sara.answers(ticket, "Switch it on").await;
        sara.closes(ticket).await;
        for gone in ["otto", "sara", "vera"] {
            world.people().remove(gone);
        }
        assert_eq!(rows(&ada.get(LIST).await, "Unknown user (sara)").len(), 1);
        world.as_("tom").sees(ticket).await;
        world.as_("tom").get("/tickets?state=all").await.is(200).words();
        for page in ["/supporters", "/tickets?state=all", "/mail", &format!("/tickets/{ticket}/delete")] {
            let _ = ada.get(&format!("/backend{page}")).await.is(200);
        }
        let form = ada.get(LIST).await.attributes("tbody th a", "href");
        for record in form {
            let _ = ada.whole(muticket_journeys::Method::GET, &record).go().await.is(200);
            let _ = ada.whole(muticket_journeys::Method::GET, &format!("{record}/edit")).go().await.is(200);
        }
        assert_eq!(world.mailed().await, [""; 0]);
    }
}
