//! Something around the module fails. Typed text is not lost, nothing is stored in part, and no visitor is taken for another.

use muticket_journeys::bytes::PNG;
use muticket_journeys::{Adapter, Method, Plan, World, at, in_both, journey};

journey! {
    /// the host cannot answer questions about its users. Pages are not available, and a form gives its text back.
    async fn the_directory_is_silent(world: World) {
        let (anna, sara, ada) = (world.as_("anna"), world.as_("sara"), world.as_("ada"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let (open, reply) = (anna.drafts("Cable", "Billing", "Too short").await, anna.writes(ticket, "Hello?").await);
        let answer = sara.writes(ticket, "Switch it on").await;
        let before = world.kept().dump();
        world.something_breaks();
        world.people().fail();
        for (browser, path) in [(&anna, at(ticket)), (&sara, "/tickets".to_owned()), (&ada, "/backend/supporters".to_owned())] {
            let _ = browser.get(&path).await.is(503);
        }
        assert!(anna.submits(&open).await.is(503).says("Too short"));
        assert!(anna.submits(&reply).await.is(503).says("Hello?"));
        assert!(sara.submits(&answer).await.is(503).says("Switch it on"));
        assert_eq!(world.kept().dump(), before);
        world.people().answer();
        world.all_is_well();
        assert_eq!(sara.sends_message(ticket, &answer).await, 2);
        assert_eq!(world.mailed().await, ["anna", "sara"]);
    }

    /// the host cannot tell who the visitor is. The answer is an error, and the visitor is not treated as a guest.
    async fn the_sessions_do_not_work(world: World) {
        let anna = world.as_("anna");
        let form = anna.drafts("Cable", "Billing", "Too short").await;
        let before = world.kept().dump();
        world.something_breaks();
        world.people().fail_sessions(true);
        for browser in [&anna, &world.guest()] {
            for path in ["/", "/tickets", "/tickets/new", "/tickets/1", "/backend", "/nowhere"] {
                let answer = browser.get(path).await;
                assert_eq!(answer.status, 503, "{}", answer.brief());
            }
        }
        assert!(anna.submits(&form).await.is(503).says("Too short"));
        let _ = anna.get("/assets/nothing.css").await.is(404);
        assert_eq!(world.kept().dump(), before);
    }

    /// D-10: wherever the storage fails during a form, nothing is stored in part, the text is given back, and sending it again works.
    async fn the_storage_fails_at_any_place(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let other = anna.opens("Socket", "Billing", "It is warm").await;
        let forms = [
            (&anna, anna.drafts("Cable", "Billing", "CANARY").await),
            (&anna, anna.writes(ticket, "CANARY").await),
            (&anna, anna.drafts("Plug", "Billing", "CANARY").await.file("a.png", PNG)),
            (&sara, sara.sees(other).await.form("/close")),
        ];
        let mut failures = 0;
        for (browser, form) in forms {
            let before = tables(&world.kept().dump());
            for place in 0.. {
                world.storage_goes_away_after(place);
                let answer = browser.submits(&form).await;
                world.storage_is_back();
                if answer.status == 303 {
                    break;
                }
                assert_eq!(answer.status, 503, "{}", answer.brief());
                assert!(!form.has("body") || answer.says("CANARY"), "failed at {place}: {}", answer.brief());
                assert_eq!(tables(&world.kept().dump()), before, "failed at {place}");
                assert!(place < 20, "it never goes well");
                failures += 1;
            }
        }
        assert!(failures >= 8, "{failures}");
        assert_eq!(world.mailed().await, ["sara", "sara", "sara", "sara", "sara"]);
        world.later(chrono::TimeDelta::hours(25));
        world.helpdesk().sweep().await.unwrap();
        assert_eq!(world.kept().files(), 2);
    }

    /// D-10: pages say that they are not available while the storage is away, and work again afterwards.
    async fn the_storage_is_away_for_a_while(world: World) {
        let (anna, ada) = (world.as_("anna"), world.as_("ada"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        world.storage_goes_away_after(0);
        for path in [at(ticket), "/tickets".to_owned(), "/tickets/new".to_owned()] {
            let _ = anna.get(&path).await.is(503);
        }
        for path in ["supporters", "settings", "categories", "tickets", "mail"] {
            let _ = ada.get(&format!("/backend/{path}")).await.is(503);
        }
        let guest = world.guest().get(&at(ticket)).await;
        assert_eq!(guest.status, 303, "a guest is a guest all the same");
        world.storage_is_back();
        anna.sees(ticket).await;
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// D-09: while the mail server is down, the site works as usual. The letters are sent when it is back, once each in spite of all
    /// attempts.
    async fn the_mail_server_is_down(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        world.mail().go_down();
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        for _ in 0..30 {
            assert_eq!(world.mailed().await, [""; 0]);
            world.later(chrono::TimeDelta::minutes(7));
        }
        sara.answers(ticket, "Switch it on").await;
        world.mail().come_back();
        world.later(chrono::TimeDelta::hours(2));
        assert_eq!(world.mailed().await, ["anna", "sara"]);
        world.later(chrono::TimeDelta::hours(2));
    }
}

/// What is stored, without the notes of files that belong to no message yet, because those are there to be swept.
fn tables(dump: &str) -> Vec<String> {
    // The dump of the memory storage is one line, and the notes in it have no braces.
    let (start, rest) = dump.split_once("orphans: {").unwrap_or((dump, "}"));
    let end = rest.split_once('}').map_or("", |(_, end)| end);
    let lines = start.lines().chain(end.lines());
    lines.filter(|line| !line.starts_with("muticket_orphan: ")).map(str::to_owned).collect()
}

in_both! {
    /// the upload folder is gone. A form with a file gives its text back, one without goes through, and the page says that a file is
    /// missing.
    async fn the_upload_folder_is_gone(adapter: Adapter) {
        let world = World::new(Plan::sqlite().over(adapter)).await;
        let anna = world.as_("anna");
        let form = anna.drafts("Printer", "Billing", "See the log").await;
        let ticket = anna.opens_with(&form.clone().file("log.txt", b"jam").file("red.png", PNG)).await;
        let page = anna.sees(ticket).await;
        let uploads = world.kept().uploads().unwrap();
        std::fs::remove_dir_all(&uploads).unwrap();
        std::fs::write(&uploads, "in the way").unwrap();
        world.something_breaks();
        for link in [page.attributes(".attachments a", "href"), page.attributes(".picture img", "src")].concat() {
            let answer = anna.whole(Method::GET, &link).go().await;
            assert!(matches!(answer.status, 410 | 503), "{}", answer.brief());
        }
        let form = anna.drafts("Cable", "Billing", "See the picture").await;
        let refused = anna.submits(&form.clone().file("red.png", PNG)).await.is(503);
        assert!(refused.says("Cable") && refused.says("See the picture"), "{}", refused.brief());
        world.all_is_well();
        anna.opens_with(&form).await;
        assert!(anna.sees(ticket).await.says("See the log"), "a missing file does not hide the text");
        assert_eq!(world.mailed().await, ["sara", "sara"]);
        world.ends().await;
    }
}
